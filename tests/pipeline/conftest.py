"""A tiny brand that walked the road once; every test starts from that good day, at the same path."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from pipeline_lake import remove, tables

from orchestration.cli.app import call
from orchestration.lake.layout import Lake


@pytest.fixture(scope="session")
def good_day(lake_root: Path) -> Path:
    """A copy of the lake after the first run; that run itself must have published."""
    shutil.rmtree(lake_root, ignore_errors=True)
    assert call(["sample", "--customers", "60", "--days", "60"]) == 0
    assert call(["run"]) == 0
    kept = lake_root.with_name("good_day")
    shutil.copytree(lake_root, kept, symlinks=True)
    return kept


@pytest.fixture
def lake(good_day: Path, lake_root: Path) -> Lake:
    """The lake as it was after the good day."""
    remove(lake_root)
    shutil.copytree(good_day, lake_root, symlinks=True)
    return Lake(lake_root)


@pytest.fixture
def good_tables(good_day: Path) -> dict[str, str]:
    return tables(good_day)
