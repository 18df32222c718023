"""The first fence: what each delivery's bronze rows must look like. One that fails critically is held out; the road goes on.

Here: which suite an export has, and remembering verdicts (`warehouse/fences/deliveries/`), so that each delivery is checked once.
Not here: how suites run (expectations), what holding out means for SQL (`lake/raw.py`).
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import duckdb

from expectations.checks import CheckResult, Suite, load_suites, with_more
from expectations.contract_suite import suite_from_contract
from expectations.fence import fence_deliveries
from orchestration.lake.bronze import empty_file, write_empty
from orchestration.lake.catalog import ExportRef
from orchestration.lake.layout import Lake


@dataclass(frozen=True)
class Verdict:
    """What the fence said of one delivery: `checks` were asked, `findings` are those that did not pass."""

    checks: int
    findings: tuple[CheckResult, ...]

    @property
    def held_out(self) -> str | None:
        """Why the delivery must stay out of the warehouse, or None."""
        critical = [finding for finding in self.findings if finding.severity == "critical"]
        return "; ".join(f"{each.expectation}: {each.observed}" for each in critical[:3]) or None


def judge(lake: Lake, ref: ExportRef, files: Mapping[str, Path]) -> dict[str, Verdict]:
    """The verdict on each delivery (id → bronze file); only files that this suite has not seen yet are checked now."""
    suite = export_suite(ref)
    meaning = hashlib.sha256(json.dumps(asdict(suite), sort_keys=True, default=str).encode()).hexdigest()[:12]
    known = {name: said for name, said in _read(_path(lake, ref)).items() if said["suite"] == meaning}
    new = {delivery: path for delivery, path in files.items() if path.name not in known}
    for delivery, results in fence_deliveries(new, suite, _shape(lake, ref) if new else None).items():
        findings = [asdict(result) for result in results if not result.passed]
        known[files[delivery].name] = {"suite": meaning, "checks": len(results), "findings": findings, "delivery": delivery}
    if new:
        _write(_path(lake, ref), known)
    return {delivery: _verdict(known[path.name]) for delivery, path in files.items()}


def held_out(lake: Lake) -> dict[str, str]:
    """delivery id → reason, for every delivery that the fence holds out of the warehouse."""
    said = [entry for path in sorted((lake.fences / "deliveries").glob("*.json")) for entry in _read(path).values()]
    return {entry["delivery"]: reason for entry in said if (reason := _verdict(entry).held_out)}


def export_suite(ref: ExportRef) -> Suite:
    """What the contract says of the rows, and what `suites/<platform>__<export>.yml` asks beyond it."""
    said = suite_from_contract({**ref.export.model_dump(mode="json"), "platform": ref.platform.platform, "name": ref.name})
    return with_more(said, load_suites(prefix=ref.relation))


def _shape(lake: Lake, ref: ExportRef) -> Path:
    """The export's zero-row file: a delivery kept under an older contract may lack a column that has come since."""
    with duckdb.connect() as con:
        write_empty(con, lake, ref)
    return empty_file(lake, ref)


def _verdict(entry: Mapping) -> Verdict:
    findings = tuple(CheckResult(**{**finding, "samples": tuple(finding["samples"])}) for finding in entry["findings"])
    return Verdict(entry["checks"], findings)


def _path(lake: Lake, ref: ExportRef) -> Path:
    return lake.fences / "deliveries" / f"{ref.relation}.json"


def _read(path: Path) -> dict:
    try:
        return json.loads(path.read_text("utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):
        return {}


def _write(path: Path, said: Mapping) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_suffix(".part")
    aside.write_text(json.dumps(said, ensure_ascii=False, indent=0, sort_keys=True), "utf-8")
    os.replace(aside, path)
