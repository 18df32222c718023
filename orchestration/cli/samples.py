"""Writing the sample brand: only into a lake that holds nothing yet, so sample and real data never mix."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from rich.console import Console

from orchestration.lake.layout import Lake
from orchestration.lake.marker import MixedLake, lake_kind, mark_sample
from orchestration.lake.one_writer import one_writer
from orchestration.settings import read_settings

ASIDE = ".sample-writing"
CUSTOMERS, DAYS, SEED = 2000, 240, 1


def write_sample_brand(console: Console, customers: int, days: int, seed: int, truth: Path | None, hard_cases: bool) -> None:
    """`fishpond sample`: refuses a lake that is not empty."""
    lake = Lake(read_settings().lake).prepare()
    with one_writer(lake):
        if not is_empty(lake):
            raise MixedLake(f"the sample needs an empty lake; set FISHPOND_LAKE to another folder, or move away what is in {lake.root}")
        _write(console, lake, customers, days, seed, truth, hard_cases)


def write_sample_if_empty(console: Console, lake: Lake) -> None:
    """What `fishpond run` does first on an empty lake."""
    if is_empty(lake):
        _write(console, lake, CUSTOMERS, DAYS, SEED, None)


def is_empty(lake: Lake) -> bool:
    """Nothing landed, loaded or published; a sample whose writing was killed counts as nothing."""
    return lake_kind(lake) == "empty" or (lake.landing / ASIDE).exists()


def _write(console: Console, lake: Lake, customers: int, days: int, seed: int, truth: Path | None, hard_cases: bool = False) -> None:
    """Write aside, mark the lake, move into place: the folder aside goes last, so a kill anywhere is seen and repaired."""
    from orchestration.sample import write_sample  # late: numpy and pyarrow

    aside = lake.landing / ASIDE
    shutil.rmtree(aside, ignore_errors=True)
    for name in {path.name for path in lake.landing.iterdir() if not path.name.startswith(".")}:
        shutil.rmtree(lake.landing / name)  # moved here by the killed writing
    aside.mkdir(mode=0o700)
    with console.status("writing the sample brand"):
        report = write_sample(aside, truth, customers=customers, days=days, seed=seed, hard_cases=hard_cases)
        mark_sample(lake, report.files)
        for folder in sorted(aside.iterdir()):
            os.replace(folder, lake.landing / folder.name)
        aside.rmdir()
    console.print(f"sample brand: {len(report.files)} files of {customers:,} customers over {days} days in {lake.landing}", soft_wrap=True)
