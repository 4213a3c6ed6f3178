PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready

.PHONY: setup demo run test lint bench lock clean

setup: $(READY)

# The environment is made from the lock file alone: versions and hashes, whatever registry pip is set up to use.
$(READY): requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Stafett needs Python 3.11 or later")'
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $(READY)

demo: setup
	$(BIN)/stafett demo

run: setup
	$(BIN)/stafett serve

test: lint
	$(BIN)/pytest

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: setup
	$(BIN)/python -m benchmarks

# For maintainers: refresh the lock file after a change in pyproject.toml (needs uv).
lock:
	uv pip compile --universal --python-version 3.11 --extra dev --generate-hashes --no-header --no-emit-index-url \
		--quiet pyproject.toml -o requirements.lock

clean:
	rm -rf .venv .stafett
