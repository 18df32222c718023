"""What a run's candidate was told by the gate, kept in `warehouse/candidates/<run_id>/` until ten newer ones came.

Files: `check_results.parquet` (for SQL), `verdict.json` (everything, for `gate explain`), `accepted.json` (findings a person accepted),
`report.html` (all of it for a browser, offline).
Here: plain data in and out. Not here: what blocks (the gate).
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from orchestration.lake.durable import write_durably
from orchestration.lake.history import now
from orchestration.lake.layout import Lake
from orchestration.lake.record_tables import record_rows
from orchestration.lake.report_page import report_page

KEEP = 10
REPORT = "report.html"


@dataclass(frozen=True)
class Acceptance:
    """One finding that one person lets pass for one candidate. It binds the number that was seen: another one is another finding."""

    check: str
    observed: str
    reason: str
    by: str
    at: str


@dataclass(frozen=True)
class Candidate:
    """`fingerprint` names the data and code that were judged, so that an acceptance holds for a rerun of the same, and for no other.

    `number` grows with every candidate: clocks step back, and the newest must stay the newest.
    """

    run_id: str
    fingerprint: str
    at: str
    passed: bool
    results: tuple[dict[str, Any], ...]
    number: int = 0


def write_candidate(lake: Lake, run_id: str, fingerprint: str, passed: bool, results: Sequence[Mapping[str, Any]]) -> Path:
    """Keep a judged candidate (results as plain data, with `check`), and forget the oldest ones; its folder."""
    folder = lake.candidates / run_id
    folder.mkdir(parents=True, exist_ok=True)
    pq.write_table(record_rows("quality.check_results", ({**r, "run_id": run_id} for r in results)), folder / "check_results.parquet")
    number = max((each.number for each in list_candidates(lake)), default=0) + 1
    candidate = Candidate(run_id, fingerprint, now(), passed, tuple(dict(result) for result in results), number)
    write_durably(folder / "verdict.json", json.dumps(asdict(candidate), ensure_ascii=False, indent=1))
    facts = {"run": run_id, "judged at": candidate.at, "candidate": fingerprint, "verdict": "passed" if passed else "refused"}
    write_durably(folder / REPORT, report_page(f"Checks of run {run_id}", facts, results))
    prune_candidates(lake)
    return folder


def report_of(lake: Lake, run_id: str) -> Path:
    """Where a run's page of check results lies."""
    return lake.candidates / run_id / REPORT


def list_candidates(lake: Lake) -> list[Candidate]:
    """Judged candidates, oldest first; a folder without a verdict (a killed run) is none."""
    paths = sorted(lake.candidates.glob("*/verdict.json"), key=lambda path: (path.stat().st_mtime_ns, path))
    said = [json.loads(path.read_text("utf-8")) for path in paths]
    return sorted((Candidate(**{**each, "results": tuple(each["results"])}) for each in said), key=lambda candidate: candidate.number)


def add_acceptance(lake: Lake, candidate: Candidate, check: str, observed: str, reason: str, by: str) -> Acceptance:
    """Write down that somebody accepts one finding of one candidate."""
    path = lake.candidates / candidate.run_id / "accepted.json"
    accepted = Acceptance(check, observed, reason, by, now())
    said = [*(json.loads(path.read_text("utf-8")) if path.exists() else []), asdict(accepted)]
    write_durably(path, json.dumps(said, ensure_ascii=False, indent=1))
    return accepted


def acceptances(lake: Lake, fingerprint: str) -> list[Acceptance]:
    """What was accepted for candidates of this fingerprint."""
    paths = [lake.candidates / each.run_id / "accepted.json" for each in list_candidates(lake) if each.fingerprint == fingerprint]
    return [Acceptance(**said) for path in paths if path.exists() for said in json.loads(path.read_text("utf-8"))]


def prune_candidates(lake: Lake, keep: int = KEEP) -> None:
    """Forget all but the newest `keep` candidates, and what killed runs left."""
    kept = {candidate.run_id for candidate in list_candidates(lake)[-keep:]}
    for folder in lake.candidates.iterdir():
        if folder.is_dir() and folder.name not in kept:
            shutil.rmtree(folder)
