"""Some dozens of checks asked by one query: which of them have failing rows at all.

Belongs here: that query, as a suite, and reading its answer. Does not: running it (`runner`), numbers and keys of failing rows (they are
asked check by check).

Great Expectations takes about 10 ms for a check that says its failing rows in SQL, whatever the table holds: on a small lake that is most
of the gate. A check is told here only where the whole query could be evaluated.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from expectations.checks import SQL_TYPE, Suite
from expectations.outcomes import failing_rows_query

MANY = 250_000  # rows of a table from which each check is asked alone: several at once would need the memory of all
TOGETHER = 100  # checks of one query; Great Expectations gives at most 200 rows of an answer
ALL = {"check": "all", "type": SQL_TYPE, "kwargs": {"unexpected_rows_query": "select place from {batch}"}, "severity": "critical",
       "description": "No check has failing rows."}  # fmt: skip

Check = tuple[str, Suite, Mapping[str, Any]]  # the name that its suite was asked under, the suite, the expectation


@dataclass(frozen=True)
class Verdict:
    """What is known of a check before it is asked alone; it reads like a validation result of Great Expectations."""

    success: bool
    result: Mapping[str, Any] = field(default_factory=dict)
    exception_info: Mapping[str, Any] = field(default_factory=dict)


PASSED, FAILED = Verdict(True), Verdict(False)
Told = Mapping[tuple[str, str], Verdict]  # (name of the suite, check) → verdict


def groups(asked: Mapping[str, Suite]) -> list[list[Check]]:
    """The checks that can be asked together, some dozens each: those whose failing rows can be said in SQL."""
    checks = [(name, suite, said) for name, suite in asked.items() for said in suite.expectations if _failing(suite, said)]
    return [checks[first : first + TOGETHER] for first in range(0, len(checks), TOGETHER)]


def as_one(checks: Sequence[Check]) -> Suite:
    """A suite of one check, whose failing rows are the places of those that have any."""
    asks = (
        f"(select {place} as place from (\n{_failing(suite, said)}\n) as asked limit 1)"
        for place, (_, suite, said) in enumerate(checks)
    )
    return Suite("together", f"select place from ({' union all '.join(asks)}) as failing", (ALL,))


def _failing(suite: Suite, said: Mapping[str, Any]) -> str | None:
    """The failing rows in SQL: as the check says itself, or as the commonest expectations on a column mean it; None: ask it alone."""
    if said["type"] == SQL_TYPE:
        return failing_rows_query(suite, said)
    match said["type"].removeprefix("expect_column_values_to_"), dict(said.get("kwargs", {})):
        case "not_be_null", {"column": str(column), **others} if not others:
            wrong = f'"{column}" is null'
        case "be_in_set", {"column": str(column), "value_set": [*words], **others} if not others and _are_texts(words):
            listed = ", ".join("'" + word.replace("'", "''") + "'" for word in words)
            wrong = f'"{column}" not in ({listed})'  # of NULL that is not known: it is nobody's failing row
        case "be_unique", {"column": str(column), **others} if not others:
            return f'select "{column}" from {suite.relation} where "{column}" is not null group by 1 having count(*) > 1'
        case _:
            return None
    return f"select 1 as failing from {suite.relation} where {wrong}"


def _are_texts(words: Sequence[object]) -> bool:
    return bool(words) and all(isinstance(word, str) for word in words)


def told(checks: Sequence[Check], rows: Sequence[Mapping[str, Any]]) -> Told:
    """The verdict on each, from the rows of `as_one`."""
    named = [(name, said["check"]) for name, _, said in checks]
    return dict.fromkeys(named, PASSED) | {named[row["place"]]: FAILED for row in rows}
