"""Identity against the sample's true people: nobody is merged at default guards, and no guard refuses evidence of one person."""

from __future__ import annotations

from pathlib import Path

from builders.identity_truth import accuracy

from orchestration.lake.layout import Lake
from orchestration.lake.pepper import resolve_pepper


def test_default_guards_merge_nobody_and_keep_what_the_evidence_gives(untouched: Lake, truth: Path) -> None:
    found = accuracy(untouched.warehouse, truth, resolve_pepper(untouched, None))
    assert min(found.keys.precision, found.bought.precision) == 1 and found.customers[0] == found.customers[1], f"\n{found}"
    assert found.orders.recall > 0.8, f"\n{found}"  # Xiaohongshu's keys join nothing, and its few buyers weigh much among sixty people
    assert sum(lost for _, _, lost, _ in found.guards) == 0, f"\n{found}"
