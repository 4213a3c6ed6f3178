from collections.abc import Iterator
from pathlib import Path

import pytest
from town import Town


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    """The town on Monday 16 November 2026 at 09.00, everybody installed."""
    made = Town(tmp_path)
    yield made
    made.close()
