"""How right identity is on a brand with hard cases planted: families with one phone, recycled numbers, the store's tablet, lent cards.

Writes the sample with its truth, walks the road up to the canonical relations, and compares. BENCH_CUSTOMERS sets its size (default 2,000),
BENCH_SEED its world. The table has every planted case; the bound is on pairs of keys and of orders of people whom an exact key tells
apart, which leaves out two of a family who share their only phone and have no kind of account in common.
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

CUSTOMERS, SEED = os.environ.get("BENCH_CUSTOMERS", "2000"), os.environ.get("BENCH_SEED", "1")


def test_of_pairs_that_an_exact_key_tells_apart_999_in_1000_are_right_at_default_guards(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FISHPOND_LAKE", str(tmp_path / "lake"))
    assert call(["sample", "--customers", CUSTOMERS, "--seed", SEED, "--hard-cases", "--truth", str(tmp_path / "truth")]) == 0
    settings = read_settings()
    lake = Lake(settings.lake)
    prepare_manifest(settings, load_catalog())
    for job in ("land", "canonical"):
        execute_job(Console(quiet=True), lake, job)
    found = accuracy(lake.warehouse, tmp_path / "truth", resolve_pepper(lake, None))
    print(f"\n{found}")
    assert min(found.keys.told_precision, found.orders.told_precision) >= 0.999
