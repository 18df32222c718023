"""What tests of faults share: a folder where a hundred lakes can be loaded without waiting for a disk."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from builders.sealed import remove

MEMORY = Path("/dev/shm")


@pytest.fixture
def in_memory() -> Iterator[Path]:
    """A folder in memory where the machine has such a place, else on disk: killed processes test order, not the disk's patience."""
    folder = Path(tempfile.mkdtemp(prefix="fishpond-", dir=MEMORY if MEMORY.is_dir() else None))
    yield folder
    remove(folder)
