"""The first fence: what each delivery's bronze rows must look like. One that fails critically is held out; the road goes on.

Here: which suite an export has, and remembering verdicts (`warehouse/fences/deliveries/`), so that each delivery is checked once.
Not here: how suites run (expectations), what holding out means for SQL (`lake/raw.py`).
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from expectations.checks import CheckResult, Suite, load_suites, with_more
from expectations.contract_suite import suite_from_contract
from expectations.fence import Batch, fence_deliveries
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


Files = Mapping[str, Path]  # delivery id → bronze file


def judge(lake: Lake, exports: Sequence[tuple[ExportRef, Files]]) -> list[dict[str, Verdict]]:
    """The verdict on each delivery, export by export; only files that an export's suite has not seen yet are checked now."""
    asked = [_Asked(lake, ref, files) for ref, files in exports if files]
    outcomes = fence_deliveries([Batch(each.new, each.suite, _shape(lake, each.ref)) for each in asked if each.new])
    for each, outcome in zip([each for each in asked if each.new], outcomes, strict=True):
        each.remember(outcome)
    verdicts = {each.ref.id: each.verdicts() for each in asked}
    return [verdicts.get(ref.id, {}) for ref, _ in exports]


class _Asked:
    """The deliveries of one export beside what is remembered of them."""

    def __init__(self, lake: Lake, ref: ExportRef, files: Files) -> None:
        self.ref, self.files, self.suite, self._path = ref, files, export_suite(ref), _path(lake, ref)
        meaning = json.dumps(asdict(self.suite), sort_keys=True, default=str)
        self._meaning = hashlib.sha256(meaning.encode()).hexdigest()[:12]
        self._known = {name: said for name, said in _read(self._path).items() if said["suite"] == self._meaning}
        self.new = {delivery: path for delivery, path in files.items() if path.name not in self._known}

    def remember(self, outcome: Mapping[str, Sequence[CheckResult]]) -> None:
        for delivery, results in outcome.items():
            findings = [asdict(result) for result in results if not result.passed]
            entry = {"suite": self._meaning, "checks": len(results), "findings": findings, "delivery": delivery}
            self._known[self.files[delivery].name] = entry
        _write(self._path, self._known)

    def verdicts(self) -> dict[str, Verdict]:
        return {delivery: _verdict(self._known[path.name]) for delivery, path in self.files.items()}


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
    write_empty(lake, ref)
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
