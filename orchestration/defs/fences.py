"""Results of fences 2 and 3, kept for exactly one build, so that the check steps and the publishing code never check twice.

Here: which tables are behind which fence, running it, remembering it (`warehouse/fences/build.json`). Not here: what blocks (the gate).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict

from expectations.checks import CheckResult
from expectations.runner import run_suites
from orchestration.defs.gate import canonical_suites, mart_suites
from orchestration.lake.build_marks import BuildMark
from orchestration.lake.drift import compare
from orchestration.lake.durable import write_durably
from orchestration.lake.identity_diff import identity_drift
from orchestration.lake.layout import Lake
from orchestration.lake.releases import current_file, current_version
from orchestration.lake.volumes import check_volumes


def check_canonical(lake: Lake, mark: BuildMark) -> list[CheckResult]:
    """Fence 2 on the canonical relations of this build; from memory if these very questions were asked of exactly them."""
    suites = canonical_suites()
    return _remembered(lake, "canonical", f"{mark.canonical_by}, {suites}", lambda: run_suites(lake.warehouse, suites))


def check_marts(lake: Lake, mark: BuildMark) -> list[CheckResult]:
    """Fence 3 on the candidate marts of this build, and their drift against the published version; from memory as above."""
    suites = mart_suites(lake.warehouse)

    def run() -> list[CheckResult]:
        before = current_file(lake)
        drift = [*compare(lake.warehouse, before), check_volumes(lake.warehouse), *identity_drift(lake.warehouse, before)]
        return [*run_suites(lake.warehouse, suites), *(CheckResult(**result) for result in drift)]

    return _remembered(lake, "marts", f"{mark.marts_by}, {mark.warehouse}, against {current_version(lake)}, {suites}", run)


def _remembered(lake: Lake, fence: str, question: str, run: Callable[[], Sequence[CheckResult]]) -> list[CheckResult]:
    path = lake.fences / f"build_{fence}.json"
    of = hashlib.sha256(question.encode()).hexdigest()
    try:
        said = json.loads(path.read_text("utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):
        said = {}
    if said.get("of") == of:
        return [CheckResult(**{**result, "samples": tuple(result["samples"])}) for result in said["results"]]
    results = list(run())
    path.parent.mkdir(parents=True, exist_ok=True)
    write_durably(path, json.dumps({"of": of, "results": [asdict(result) for result in results]}, ensure_ascii=False))
    return results
