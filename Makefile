PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready

.PHONY: setup demo tavlan run test lint bench chaos kill-series simulate fuzz fuzz-setup bilder handbok licences audit lock clean

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

# Microsoft's script for tabs, which Tavlan signs people in with: fetched once, served from our own address.
tavlan: setup
	$(BIN)/stafett board fetch

run: setup tavlan
	$(BIN)/stafett serve

# Two files at a time, the long ones first, so that both have something to do until the end.
test: lint
	$(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder \
		tests/simulation tests/e2e tests/crash tests/chaos tests/faults tests/graph tests/stories tests/unit tests/contract \
		tests/law tests/fuzz

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: setup
	$(BIN)/python -m benchmarks

# Kills servers at moments drawn from a seed. Choose with CHAOS="--seed 7 --kills 500 --database postgres --replicas 2".
chaos: setup
	PYTHONPATH=tests:tests/stories $(BIN)/python -m chaos $(CHAOS)

# Kills the process that puts a series into a calendar, at moments drawn from a seed. Choose with KILLS="--seed 7 --kills 9".
kill-series: setup
	PYTHONPATH=tests:tests/stories:tests/graph $(BIN)/python tests/graph/killed_series.py $(KILLS)

# The engine on a simulated clock. Choose with SIMULATE="care --seed 7 --days 30", "outage --due 10000" or "plants";
# as it stands, a million deadlines are held against the oracle of the rules.
simulate: setup
	PYTHONPATH=tests:tests/stories:tests/unit $(BIN)/python -m simulation $(SIMULATE)

# Drawn input against every door. Choose with FUZZ="door --runs 100000 --seed 7", "files --runs 20000", "profile --guided",
# "graph --runs 20000", "schema --runs 20000";
# --guided needs `make fuzz-setup` first.
fuzz: setup
	PYTHONPATH=tests:tests/stories:tests/contract:tests/unit $(BIN)/python -m fuzz $(FUZZ)

fuzz-setup: setup
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-fuzz.lock

# Pictures of every flow in the client, wide and 360 pixels wide, to look at. Choose with BILDER="FOLDER --flows question".
bilder: setup
	$(BIN)/python tests/e2e/pictures.py $(BILDER)

# The handbook's pictures, taken anew. Look at them before they are kept.
handbok: setup
	$(BIN)/python tests/e2e/handbook_pictures.py
	$(BIN)/python tests/e2e/board_pictures.py

# Every locked package with its version and licence. The suite holds them against those that are allowed.
licences: setup
	$(BIN)/python tests/contract/dependencies.py

# Known vulnerabilities in the locked packages. Needs uv and a network, and is therefore no part of the suite.
audit:
	uv tool run pip-audit --require-hashes --disable-pip --requirement requirements.lock

# For maintainers: refresh the lock file after a change in pyproject.toml (needs uv).
lock:
	uv pip compile --universal --python-version 3.11 --extra dev --generate-hashes --no-header --no-emit-index-url \
		--quiet pyproject.toml -o requirements.lock
	uv pip compile --universal --python-version 3.11 --extra image --generate-hashes --no-header --no-emit-index-url \
		--no-annotate --quiet --constraint requirements.lock pyproject.toml -o requirements-serve.lock
	echo "atheris~=3.0.0" | uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url \
		--quiet - -o requirements-fuzz.lock

clean:
	rm -rf .venv .stafett
