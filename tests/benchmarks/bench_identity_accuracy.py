"""How right identity is on a brand with hard cases planted: families with one phone, recycled numbers, the store's tablet, lent cards.

Writes the sample with its truth, walks the road up to the canonical relations, and compares. BENCH_CUSTOMERS sets its size (default 2,000).
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from builders.identity_truth import accuracy
from rich.console import Console

from orchestration.cli.app import call
from orchestration.cli.execute import execute_job
from orchestration.defs.dbt_runs import prepare_manifest
from orchestration.lake.catalog import load_catalog
from orchestration.lake.layout import Lake
from orchestration.lake.pepper import resolve_pepper
from orchestration.settings import read_settings

CUSTOMERS = os.environ.get("BENCH_CUSTOMERS", "2000")


def test_precision_at_default_guards_is_nine_hundred_ninety_nine_in_a_thousand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FISHPOND_LAKE", str(tmp_path / "lake"))
    assert call(["sample", "--customers", CUSTOMERS, "--hard-cases", "--truth", str(tmp_path / "truth")]) == 0
    settings = read_settings()
    lake = Lake(settings.lake)
    prepare_manifest(settings, load_catalog())
    for job in ("land", "canonical"):
        execute_job(Console(quiet=True), lake, job)
    found = accuracy(lake.warehouse, tmp_path / "truth", resolve_pepper(lake, None))
    print(f"\n{found}")
    assert found.pair_precision >= 0.999
