"""A tiny brand that walked the road once; every test starts from that good day, at the same path."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from pipeline_lake import remove, tables

from orchestration.cli.app import call
from orchestration.lake.layout import Lake

TOUCHED, TRUTH = ".touched", "truth"


@pytest.fixture(scope="session")
def good_day(lake_root: Path) -> Path:
    """A copy of the lake after the first run; that run itself must have published."""
    shutil.rmtree(lake_root, ignore_errors=True)
    assert call(["sample", "--customers", "60", "--days", "60", "--truth", str(lake_root.with_name(TRUTH))]) == 0
    assert call(["run"]) == 0
    kept = lake_root.with_name("good_day")
    shutil.copytree(lake_root, kept, symlinks=True)
    return kept


@pytest.fixture
def lake(good_day: Path, lake_root: Path) -> Iterator[Lake]:
    """The lake as it was after the good day, to do with as one likes."""
    yield _restored(good_day, lake_root)
    (lake_root / TOUCHED).touch()


@pytest.fixture
def untouched(good_day: Path, lake_root: Path) -> Lake:
    """The same, for tests that only look."""
    return _restored(good_day, lake_root) if not lake_root.exists() or (lake_root / TOUCHED).exists() else Lake(lake_root)


def _restored(good_day: Path, lake_root: Path) -> Lake:
    remove(lake_root)
    shutil.copytree(good_day, lake_root, symlinks=True)
    return Lake(lake_root)


@pytest.fixture
def truth(good_day: Path) -> Path:
    """The ground truth of the sample, as a folder of Parquet."""
    return good_day.with_name(TRUTH)


@pytest.fixture
def good_tables(good_day: Path) -> dict[str, str]:
    return tables(good_day)
