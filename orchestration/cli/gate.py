"""`gate explain` and `gate accept`: the last candidate's findings, and letting one of them pass by name."""

from __future__ import annotations

import getpass

from rich.console import Console

from expectations.checks import CheckResult
from orchestration.cli.exits import PUBLISHED, REFUSED
from orchestration.defs.gate import accept, explain
from orchestration.lake.layout import Lake
from orchestration.lake.one_writer import one_writer
from orchestration.settings import read_settings


def explain_gate(console: Console) -> int:
    """Print the newest candidate's findings; 1 if it is refused as things stand, else 0."""
    explained = explain(Lake(read_settings().lake))
    verdict, candidate = explained.verdict, explained.candidate
    console.print(
        f"candidate of run {candidate.run_id}, {candidate.at}: {'passed' if verdict.passed else 'refused'}; "
        f"{verdict.checks_passed:,} checks passed, {len(verdict.blocking)} block, {len(verdict.warnings)} warn",
        soft_wrap=True,
    )
    for word, results in (("blocks", verdict.blocking), ("accepted", verdict.accepted), ("warns", verdict.warnings)):
        for result in results:
            _show(console, word, result)
    for acceptance in explained.acceptances:
        console.print(f"accepted by {acceptance.by} at {acceptance.at}: {acceptance.check}: {acceptance.reason}", markup=False)
    if not verdict.passed:
        console.print('\nmend the data or the rule and run again, or: fishpond gate accept --check … --reason "…"', markup=False)
    return PUBLISHED if verdict.passed else REFUSED


def accept_finding(console: Console, check: str, reason: str) -> None:
    """Write the acceptance down, with the person's login name."""
    lake = Lake(read_settings().lake)
    with one_writer(lake):
        accepted = accept(lake, check, reason, by=getpass.getuser())
    console.print(f"accepted {accepted.check} ({accepted.observed}); now: fishpond publish", markup=False, soft_wrap=True)


def _show(console: Console, word: str, result: CheckResult) -> None:
    console.print(f"\n{word}  {result.check}  on {result.asset}", markup=False, soft_wrap=True)
    console.print(f"  {result.status.replace('_', ' ')}: {result.observed}", markup=False, soft_wrap=True)
    console.print(f"  expected: {result.expected}", markup=False, soft_wrap=True)
    if result.samples:
        console.print(f"  first: {'; '.join(result.samples)}", markup=False, soft_wrap=True)
