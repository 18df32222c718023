"""Great Expectations' validation results as check results, with samples that hold keys alone.

Belongs here: reading one result object (by attribute; the library is not imported). Does not: running anything.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from expectations.checks import SQL_QUERY, SQL_TYPE, CheckResult, Suite

ROWWISE = ("expect_column_values_", "expect_column_pair_values_", "expect_compound_columns_", "expect_select_column_", SQL_TYPE)
REASON_LENGTH = 300
PERSONAL = re.compile(r"(?<![0-9])1[3-9][0-9]{9}(?![0-9])|[0-9a-f]{64}|[^\s@:]+@[^\s@]+\.[a-z]{2,}", re.IGNORECASE)


def from_validation(suite: Suite, expectation: Mapping[str, Any], result: Any) -> CheckResult:
    """One expectation's result; one that raised, or judges rows and cannot count them, is `could_not_check`."""
    said = result.result or {}
    rows = 0 if result.success else said.get("observed_value" if expectation["type"] == SQL_TYPE else "unexpected_count")
    if is_broken(result) or (is_rowwise(expectation) and rows is None):
        return could_not(suite, expectation, _reason(result))
    return CheckResult(
        asset=suite.shown_as,
        suite=suite.name,
        expectation=expectation["check"],
        severity=expectation["severity"],
        status="passed" if result.success else "failed",
        observed=_observed(is_rowwise(expectation), result.success, said, rows),
        expected=expected(expectation),
        failing_rows=rows if is_rowwise(expectation) else None,
        query="" if result.success else _query(suite, expectation, said),
    )


def could_not(suite: Suite, expectation: Mapping[str, Any], reason: str) -> CheckResult:
    """An expectation that could not be evaluated, with the reason in `observed`."""
    return CheckResult(
        suite.shown_as, suite.name, expectation["check"], expectation["severity"], "could_not_check",
        _short(reason) or "no result", expected(expectation),
    )


def with_samples(result: CheckResult, rows: Sequence[Mapping[str, Any]]) -> CheckResult:
    """The result with these rows' keys as text; what looks like a phone, a token or an e-mail address is taken out."""
    texts = (", ".join(f"{column}={value}" for column, value in row.items()) for row in rows)
    return replace(result, samples=tuple(PERSONAL.sub("…", text) for text in texts))


def expected(expectation: Mapping[str, Any]) -> str:
    """What was expected, in words, with the arguments where they say more than the words."""
    arguments = {k: v for k, v in expectation.get("kwargs", {}).items() if k not in ("column", SQL_QUERY)}
    words = expectation["description"]
    return f"{words} {json.dumps(arguments, ensure_ascii=False, default=str)}" if arguments else words


def failing_rows_query(suite: Suite, expectation: Mapping[str, Any]) -> str:
    """The SQL of a check that says its failing rows itself, on its suite's table or query."""
    batch = f"({suite.table})" if suite.is_query else suite.table  # unnamed: a query may name it itself
    return expectation["kwargs"][SQL_QUERY].format(batch=batch).strip().rstrip(";")


def is_rowwise(expectation: Mapping[str, Any]) -> bool:
    """Whether the expectation judges rows one by one (and can count the failing ones), not the table as a whole."""
    return expectation["type"].startswith(ROWWISE)


def is_broken(result: Any) -> bool:
    """Whether evaluating it raised: reported per result, or per metric of the result."""
    return any(info.get("raised_exception") for info in _infos(result))


def _infos(result: Any) -> list[Mapping[str, Any]]:
    info = result.exception_info or {}
    return [info] if "raised_exception" in info else [one for one in info.values() if isinstance(one, Mapping)]


def _reason(result: Any) -> str:
    return next((str(info.get("exception_message")) for info in _infos(result) if info.get("raised_exception")), "")


def _short(text: str) -> str:
    said = re.sub(r"^\(_duckdb\.(\w+)\) ", "", text.split("[SQL:")[0])
    return PERSONAL.sub("…", " ".join(said.split()))[:REASON_LENGTH]


def _observed(rowwise: bool, success: bool, said: Mapping[str, Any], rows: int | None) -> str:
    if rowwise:
        total = said.get("element_count")
        return f"{rows} rows" if total is None else f"{rows} of {total} rows"
    if "observed_value" in said:
        return _short(str(said["observed_value"]))
    return "as expected" if success else "not as expected"


def _query(suite: Suite, expectation: Mapping[str, Any], said: Mapping[str, Any]) -> str:
    """The SQL that lists the failing rows; empty where Great Expectations' own does not run (dates in Python's spelling) or
    would join the table with itself row by row (compound keys)."""
    if expectation["type"] == SQL_TYPE:
        return failing_rows_query(suite, expectation)
    query = str(said.get("unexpected_index_query") or "").strip().rstrip(";")
    return "" if "datetime." in query or expectation["type"].startswith("expect_compound_columns_") else query
