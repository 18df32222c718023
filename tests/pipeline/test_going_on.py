"""A build that goes on from a standing one gives the tables of a whole build."""

from __future__ import annotations

import random
import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest
from pipeline_lake import tables
from rich.console import Console

from orchestration.cli.app import call
from orchestration.cli.execute import execute_job
from orchestration.defs.dbt_runs import prepare_manifest
from orchestration.lake import news
from orchestration.lake.catalog import load_catalog
from orchestration.lake.landing import delivered_files
from orchestration.lake.layout import Lake
from orchestration.settings import read_settings

SEED = 20261001
LATE = 30  # files that come after the first build


def test_files_that_come_late_in_any_order_give_the_tables_of_one_build(
    delivered: Lake, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], request: pytest.FixtureRequest
) -> None:
    """Late orders, refunds of old orders, lists and merges come in whatever files the shuffle left for the second build."""
    monkeypatch.setattr(news, "LEAST_BYTES", 0)
    monkeypatch.setattr(news, "MOST_NEWS", 1)
    lake, aside = delivered, delivered.root.with_name("aside")
    files = delivered_files(lake)
    random.Random(SEED).shuffle(files)
    files.sort(key=lambda file: "rulings" not in file.parts)  # after a ruling everything is computed
    _move(files[-LATE:], lake.landing, aside)
    prepare_manifest(read_settings(), load_catalog())
    for job in ("land", "canonical", "analytics", "marts"):
        execute_job(Console(quiet=True), lake, job)
    _move([aside / path.relative_to(lake.landing) for path in files[-LATE:]], aside, lake.landing)
    capsys.readouterr()
    assert call(["run"]) == 0
    assert f"goes on from the standing build: {LATE} deliveries came" in " ".join(capsys.readouterr().out.split())
    found = tables(lake.root)
    assert found == request.getfixturevalue("good_tables")  # only now: whoever asks first walks that road, in this very lake


def _move(files: Sequence[Path], source: Path, target: Path) -> None:
    for path in files:
        place = target / path.relative_to(source)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(path, place)
