"""The gate: which findings keep a candidate from being published, and what a person may let pass. Called by the publishing code itself.

Here: decisions over check results. Not here: what is expected (suites), the files of a candidate (`lake/candidates.py`), the switch.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from expectations.checks import CheckResult, Suite, load_suites
from expectations.personal_data import personal_data_suites
from orchestration.lake.candidates import Acceptance, Candidate, acceptances, add_acceptance, list_candidates, write_candidate
from orchestration.lake.layout import Lake

CANONICAL = ("staging", "intermediate")
MARTS = ("customer", "attribution", "ltv", "private_domain", "quality")


class GateError(ValueError):
    """What was asked of the gate cannot be done; the message says what can."""


@dataclass(frozen=True)
class Verdict:
    """`blocking` findings refuse the candidate; `accepted` would, had nobody let them pass; `warnings` are for reading.
    `could_not` are all results, blocking or not, that could not be evaluated."""

    blocking: tuple[CheckResult, ...]
    warnings: tuple[CheckResult, ...]
    accepted: tuple[CheckResult, ...]
    could_not: tuple[CheckResult, ...]
    checks_passed: int

    @property
    def passed(self) -> bool:
        return not self.blocking


@dataclass(frozen=True)
class Explanation:
    """What `gate explain` shows of one candidate: its verdict, what was accepted, and the ids of findings that may be."""

    candidate: Candidate
    verdict: Verdict
    acceptances: tuple[Acceptance, ...]


def judge(results: Sequence[CheckResult], accepted: Sequence[Acceptance] = ()) -> Verdict:
    """Critical results that did not pass block, whether they failed or could not be evaluated, unless this very finding
    (check and observed value) was accepted."""
    let_pass = {(acceptance.check, acceptance.observed) for acceptance in accepted}
    wrong = [result for result in results if not result.passed]
    critical = [result for result in wrong if result.severity == "critical"]
    return Verdict(
        blocking=tuple(result for result in critical if (result.check, result.observed) not in let_pass),
        warnings=tuple(result for result in wrong if result.severity != "critical"),
        accepted=tuple(result for result in critical if (result.check, result.observed) in let_pass),
        could_not=tuple(result for result in wrong if result.status == "could_not_check"),
        checks_passed=len(results) - len(wrong),
    )


def mart_suites(database: Path) -> list[Suite]:
    """Fence 3: the suites of all published tables, and the scan of their text for personal data."""
    return [*_suites_of(MARTS), *personal_data_suites(database, MARTS)]


def canonical_suites() -> list[Suite]:
    """Fence 2: the suites of the canonical relations."""
    return _suites_of(CANONICAL)


def held_out_results(held_out: Iterable[tuple[str, str, str]], required: Collection[str]) -> list[CheckResult]:
    """Fence 1 as the gate sees it: (export id, delivery id, reason) of deliveries held out; critical where the export is required."""
    return [
        CheckResult(
            asset=f"raw/{export}",
            suite=export.replace("/", "__"),
            expectation=f"delivery_{delivery}_passes_its_fence",
            severity="critical" if export in required else "warning",
            status="failed",
            observed=reason,
            expected="Every delivery passes its fence; one that does not is held out, and its export is stale.",
        )
        for export, delivery, reason in held_out
    ]


def decide(lake: Lake, run_id: str, fingerprint: str, results: Sequence[CheckResult]) -> Verdict:
    """The verdict on this run's candidate, kept where `gate explain` finds it. `fingerprint` names its data and code."""
    verdict = judge(results, acceptances(lake, fingerprint))
    write_candidate(lake, run_id, fingerprint, verdict.passed, [asdict(result) for result in results])
    return verdict


def accept(lake: Lake, check: str, reason: str, by: str, run_id: str | None = None) -> Acceptance:
    """Let one named finding of one candidate (the newest, unless given) pass; it holds for reruns of the same data and code."""
    if not reason.strip():
        raise GateError("an acceptance needs a reason: the next person will ask for it")
    explained = explain(lake, run_id)
    findings = {result.check: result for result in explained.verdict.blocking}
    if check not in findings:
        raise GateError(f"{check!r} blocks nothing in run {explained.candidate.run_id}; blocking: {', '.join(findings) or 'nothing'}")
    return add_acceptance(lake, explained.candidate, check, findings[check].observed, reason, by)


def explain(lake: Lake, run_id: str | None = None) -> Explanation:
    """The newest candidate (or that of one run) with its findings, the worst first, as they stand with what was accepted since."""
    candidates = [each for each in list_candidates(lake) if run_id in (None, each.run_id)]
    if not candidates:
        raise GateError("no candidate was judged yet" if run_id is None else f"run {run_id} has no judged candidate here")
    candidate = candidates[-1]
    accepted = acceptances(lake, candidate.fingerprint)
    results = [CheckResult(**{**said, "samples": tuple(said["samples"])}) for said in candidate.results]
    return Explanation(candidate, judge(results, accepted), tuple(accepted))


def _suites_of(schemas: Collection[str]) -> list[Suite]:
    return [suite for suite in load_suites() if suite.table.partition(".")[0] in schemas]
