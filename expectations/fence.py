"""The first fence: many new deliveries of some exports are checked in one go, and the verdict is given for each of them.

Belongs here: what is asked of several deliveries together, and whose the failing rows are. Does not: how their files become relations
(`fence_relations`), what is expected of an export (`contract_suite`), what happens to a delivery that fails (the gate).

Checking delivery by delivery costs one validation each (about 40 ms); together they cost one per export. A failing check is then attributed
with one query over its failing rows. Only where a check cannot be evaluated is every file read by itself, to find broken ones.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from expectations.checks import CheckResult, Suite
from expectations.fence_relations import DELIVERY, FILES, failing_rows, relations, rows_of, unreadable
from expectations.outcomes import could_not
from expectations.runner import run_suites

Outcome = dict[str, list[CheckResult]]  # delivery id → its results


@dataclass(frozen=True)
class Batch:
    """New bronze files of one export (by delivery id) and its suite.

    `shape` is the export's zero-row file: a column that only files of an older contract lack is NULL there, not an error.
    """

    files: Mapping[str, Path]
    suite: Suite
    shape: Path | None = None


def fence_deliveries(batches: Sequence[Batch]) -> list[Outcome]:
    """Check the bronze files of some exports' deliveries; for each batch the results of every delivery by its id.

    Row checks see the rows of all files (`_delivery_id` says whose they are; an SQL check must select it). A check that is
    `per_delivery` sees one row per file instead: `_delivery_id, rows_loaded, rows_in_file, rows_quarantined, rows_skipped`,
    from the Parquet footer and the receipt in it. Passed results are shared by the deliveries that were checked together.
    """
    outcomes: list[Outcome] = [{delivery: [] for delivery in batch.files} for batch in batches]
    asked = [(batch, outcome) for batch, outcome in zip(batches, outcomes, strict=True) if batch.files]
    if asked:
        _check(asked)
    return outcomes


def _check(asked: Sequence[tuple[Batch, Outcome]]) -> None:
    """All checks of these batches; then, once more, of those that hold broken files, without these."""
    again: list[tuple[Batch, Outcome]] = []
    with relations([(batch.files, batch.shape) for batch, _ in asked]) as (database, why):
        found = _ask(database, {place: batch.suite for place, (batch, _) in enumerate(asked) if place not in why})
        for place, (batch, outcome) in enumerate(asked):
            answers = found.get(place) or _nothing(batch.suite, why[place])
            broken = unreadable(batch.files) if any(answer.result.status == "could_not_check" for answer in answers) else {}
            for delivery in batch.files:
                if not broken:
                    outcome[delivery] += [answer.of(delivery) for answer in answers]
                elif delivery in broken:
                    outcome[delivery] += [answer.result for answer in _nothing(batch.suite, broken[delivery])]
            if broken and (readable := {delivery: path for delivery, path in batch.files.items() if delivery not in broken}):
                again.append((replace(batch, files=readable), outcome))
    if again:
        _check(again)


@dataclass(frozen=True)
class _Answer:
    """One result, and of its failing rows how many came in which delivery and what is wrong there; None where it is about no rows."""

    result: CheckResult
    failing: Mapping[str, tuple[int, str]] | None

    def of(self, delivery: str) -> CheckResult:
        """The result for one delivery: its own failing rows, or a pass."""
        if self.failing is None:
            return self.result
        rows, columns = self.failing.get(delivery, (0, ""))
        if not rows:
            return replace(self.result, status="passed", observed="0 rows", failing_rows=0, samples=(), query="")
        samples = tuple(sample for sample in self.result.samples if f"{DELIVERY}={delivery}" in sample)
        observed = f"{rows} rows ({columns})" if columns else f"{rows} rows"
        return replace(self.result, observed=observed, failing_rows=rows, samples=samples)


def _nothing(suite: Suite, reason: str) -> list[_Answer]:
    return [_Answer(could_not(suite, expectation, reason), None) for expectation in suite.expectations]


def _ask(database: str, suites: Mapping[int, Suite]) -> dict[int, list[_Answer]]:
    """The answers for each batch by its place. What is asked about files is the same for nearly all exports: such are asked together,
    and each has the answers under its own name."""
    asked, whose = [], []
    about_files: dict[str, tuple[tuple, list[int]]] = {}
    for place, suite in suites.items():
        rows = tuple(e for e in suite.expectations if not e.get("per_delivery"))
        files = tuple(e for e in suite.expectations if e.get("per_delivery"))
        if rows:
            asked.append(replace(suite, table=rows_of(place), expectations=rows, key=tuple(dict.fromkeys((DELIVERY, *suite.key)))))
            whose.append([place])
        if files:
            about_files.setdefault(json.dumps(files), (files, []))[1].append(place)
    for files, places in about_files.values():
        table = f"select * from {FILES} where place in ({', '.join(map(str, places))})"
        asked.append(Suite("files", table, files, (DELIVERY,)))
        whose.append(places)
    answers: dict[int, list[_Answer]] = {place: [] for place in suites}
    results = iter(run_suites(database, asked))
    for suite, places in zip(asked, whose, strict=True):
        for result in islice(results, len(suite.expectations)):
            failing = failing_rows(database, result.query) if result.status == "failed" and result.query else None
            for place in places:
                named = replace(result, asset=suites[place].shown_as, suite=suites[place].name)
                answers[place].append(_Answer(named, failing))
    return answers
