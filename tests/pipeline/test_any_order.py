"""The same landing gives the same tables, in whatever order files come."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

from pipeline_lake import remove, tables
from rich.console import Console

from orchestration.cli.app import call
from orchestration.cli.execute import execute_job
from orchestration.lake.build_marks import drop_warehouse
from orchestration.lake.landing import delivered_files
from orchestration.lake.layout import Lake

SEED = 20261001


def test_files_in_shuffled_portions_give_the_tables_of_one_delivery(lake: Lake, good_tables: dict[str, str]) -> None:
    files = delivered_files(lake)
    random.Random(SEED).shuffle(files)
    aside = lake.root.with_name("aside")
    _move(files, lake.landing, aside)
    remove(lake.bronze, lake.quarantine, lake.fences, lake.published)
    drop_warehouse(lake)
    for portion in (files[:1], files[1 : len(files) // 2]):
        _move(_under(portion, lake.landing, aside), aside, lake.landing)
        execute_job(Console(quiet=True), lake, "land")
    _move(_under(files[len(files) // 2 :], lake.landing, aside), aside, lake.landing)
    assert call(["run"]) == 0
    assert tables(lake.root) == good_tables


def _under(files: list[Path], before: Path, now: Path) -> list[Path]:
    return [now / path.relative_to(before) for path in files]


def _move(files: list[Path], source: Path, target: Path) -> None:
    for path in files:
        place = target / path.relative_to(source)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(path, place)
