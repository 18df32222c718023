"""A tiny brand that walked the road once, for all workers; every test starts from that good day, at the path of its worker's lake."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from builders.sealed import remove
from filelock import FileLock
from pipeline_lake import tables

from orchestration.cli.app import call
from orchestration.lake.build_marks import end_build, need_canonical
from orchestration.lake.layout import Lake
from orchestration.lake.pepper import resolve_pepper

SAMPLE = ["sample", "--customers", "60", "--days", "60", "--truth"]
TOUCHED, TOLD = ".touched", "told.json"


@pytest.fixture(scope="session")
def sampled(lake_root: Path, shared: Path) -> Path:
    """What every road begins with: a folder with `landing`, its pepper included, and the sample's `truth`."""
    kept, aside = shared / "sampled", shared / "sampling"
    with FileLock(f"{kept}.lock"):
        if not kept.exists():
            remove(aside)
            _empty(lake_root)
            assert call([*SAMPLE, str(aside / "truth")]) == 0
            resolve_pepper(Lake(lake_root), None)
            shutil.copytree(lake_root / "landing", aside / "landing")
            aside.rename(kept)
    return kept


@pytest.fixture(scope="session")
def walked(sampled: Path, lake_root: Path, shared: Path) -> Path:
    """The one road: a folder with the `lake` after its first run, where that lake stood, and what its tables hold."""
    kept, aside = shared / "walked", shared / "walking"
    with FileLock(f"{kept}.lock"):
        if not kept.exists():
            remove(aside)
            _deliver(sampled, lake_root)
            assert call(["run"]) == 0
            shutil.copytree(lake_root, aside / "lake", symlinks=True)
            (aside / TOLD).write_text(json.dumps({"stood_at": str(lake_root), "tables": tables(lake_root)}), "utf-8")
            aside.rename(kept)
    return kept


@pytest.fixture(scope="session")
def good_day(walked: Path, lake_root: Path) -> Path:
    """That lake as it would be if this worker had walked: a copy to be laid at this worker's path."""
    kept, stood_at = lake_root.with_name("good_day"), json.loads((walked / TOLD).read_text("utf-8"))["stood_at"]
    remove(lake_root)
    shutil.copytree(walked / "lake", lake_root, symlinks=True)
    if stood_at != str(lake_root):
        _move(Lake(lake_root), stood_at)
    shutil.copytree(lake_root, kept, symlinks=True, ignore=_what_dbt_read)
    return kept


@pytest.fixture
def lake(good_day: Path, lake_root: Path) -> Iterator[Lake]:
    """The lake as it was after the good day, to do with as one likes."""
    yield _laid(good_day, lake_root)
    (lake_root / TOUCHED).touch()


@pytest.fixture
def untouched(good_day: Path, lake_root: Path) -> Lake:
    """The same, for tests that only look."""
    return _laid(good_day, lake_root) if not lake_root.exists() or (lake_root / TOUCHED).exists() else Lake(lake_root)


@pytest.fixture
def delivered(sampled: Path, lake_root: Path) -> Iterator[Lake]:
    """The good day's files in landing, and nothing else."""
    yield _deliver(sampled, lake_root)
    (lake_root / TOUCHED).touch()


@pytest.fixture
def truth(sampled: Path) -> Path:
    """The ground truth of the sample, as a folder of Parquet."""
    return sampled / "truth"


@pytest.fixture
def good_tables(walked: Path) -> dict[str, str]:
    """Every table that the good day published, and a hash of its rows."""
    return json.loads((walked / TOLD).read_text("utf-8"))["tables"]


def _laid(kept: Path, lake_root: Path) -> Lake:
    _empty(lake_root)
    shutil.copytree(kept, lake_root, symlinks=True, dirs_exist_ok=True)
    return Lake(lake_root)


def _deliver(sampled: Path, lake_root: Path) -> Lake:
    _empty(lake_root)
    shutil.copytree(sampled / "landing", lake_root / "landing")
    return Lake(lake_root)


def _empty(lake_root: Path) -> None:
    """Remove everything but what dbt read of its project: that is the same for any lake at this path, and costs ten seconds."""
    rooms = lake_root.iterdir() if lake_root.exists() else ()
    remove(*(part for room in rooms for part in (room.iterdir() if room.name == "warehouse" else [room]) if part.name != "dbt"))


def _what_dbt_read(folder: str, names: list[str]) -> list[str]:
    """Most of a lake's files, and the same in all of them."""
    return [name for name in names if name == "dbt" and Path(folder).name == "warehouse"]


def _move(lake: Lake, stood_at: str) -> None:
    """Views name the files that they read by whole paths: make them name those of this lake, and let its end mark know."""
    with duckdb.connect(lake.warehouse) as con:
        views = "select schema_name || '.' || view_name, sql from duckdb_views() where contains(sql, $1) order by all"
        for name, sql in con.execute(views, [stood_at]).fetchall():
            _, _, select = sql.replace(stood_at, str(lake.root)).partition(" AS ")
            con.execute(f"create or replace view {name} as {select}")
    end_build(lake, need_canonical(lake).marts_by)
