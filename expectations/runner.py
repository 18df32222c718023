"""Runs suites on a DuckDB database: the one module that imports Great Expectations, and only when something is checked.

Belongs here: the ephemeral context, validation, and keys of failing rows. Does not: what is expected (suites), what follows
from a result (the gate).

Two passes keep it cheap: everything is first asked for a verdict alone (aggregates, bundled into one query per table); only
what did not pass is asked again for counts and keys.
"""

from __future__ import annotations

import logging
import os
import threading
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import sqlalchemy as sa

from expectations.checks import WRONG_COLUMNS, CheckResult, Severity, Suite
from expectations.dialect import database_url, open_database
from expectations.outcomes import could_not, from_validation, is_broken, is_rowwise, with_samples

VERDICT = {"result_format": "BOOLEAN_ONLY"}
NUMBERS = {"result_format": "SUMMARY"}
QUERY = {"result_format": "BASIC", "partial_unexpected_count": 0, "return_unexpected_index_query": True}
SAMPLES = 5
WHOLE = "whole"  # the batch definition: all rows


def run_suites(
    database: Path | str | None, suites: Sequence[Suite], where: str | None = None, severity_default: Severity = "critical",
) -> list[CheckResult]:
    """Check every suite on `database` (a DuckDB file, opened read-only; the name of one in memory; None: an empty one), give its lock back.

    `where` limits every table to the rows for which this SQL condition holds. An expectation that could not be evaluated is
    `could_not_check`, never passed; a missing table makes that of all its expectations. Results stand in the suites' order.
    """
    asked = {f"asset_{place}": suite.limited_to(where) if where else suite for place, suite in enumerate(suites)}
    unreadable = _unreadable(database, asked)
    results: list[CheckResult] = []
    with _source(database, {name: suite for name, suite in asked.items() if name not in unreadable}) as source:
        for name, suite in asked.items():
            expectations = [{"severity": severity_default, **expectation} for expectation in suite.expectations]
            if name in unreadable:
                results += [could_not(suite, expectation, unreadable[name]) for expectation in expectations]
            else:
                batch = source.get_asset(name).get_batch_definition(WHOLE).get_batch()
                results += _run(source, batch, suite, expectations)
    return results


@cache
def import_ahead() -> None:
    """Begin to import Great Expectations (2–4 s) beside work that leaves Python's lock alone, such as DuckDB's.

    SQLAlchemy's ORM comes first, and here: its half-imported modules break queries that Dagster makes of its own storage meanwhile.
    """
    import sqlalchemy.orm  # noqa: F401

    threading.Thread(target=_gx_module, name="import great_expectations", daemon=True).start()


def _unreadable(database: Path | str | None, asked: Mapping[str, Suite]) -> dict[str, str]:
    """Why the table (or query) of a suite cannot be read, by the name it was asked under."""
    reasons = {}
    with open_database(database) as con:
        for name, suite in asked.items():
            try:
                con.execute(f"select * from {suite.relation} limit 0").fetchall()
            except duckdb.Error as error:
                reasons[name] = str(error)
    return reasons


def _run(source: Any, batch: Any, suite: Suite, expectations: Sequence[Mapping[str, Any]]) -> list[CheckResult]:
    found = _validate(batch, suite, [e for e in expectations if is_rowwise(e)], VERDICT)
    found |= _validate(batch, suite, [e for e in expectations if not is_rowwise(e)], NUMBERS)
    return [_result(source, batch, suite, expectation, found[expectation["check"]]) for expectation in expectations]


def _result(source: Any, batch: Any, suite: Suite, expectation: Mapping[str, Any], verdict: Any) -> CheckResult:
    """A failed verdict is asked again for its numbers, the query of its rows, and (with that) some of their keys."""
    if verdict.success or is_broken(verdict) or not is_rowwise(expectation):
        return from_validation(suite, expectation, verdict)
    key = {"unexpected_index_column_names": list(suite.key)} if suite.key else {}
    numbers = _validate(batch, suite, [expectation], {**QUERY, **key})[expectation["check"]]
    if is_broken(numbers) and key:  # a key column is missing: the finding stands without its samples
        numbers = _validate(batch, suite, [expectation], QUERY)[expectation["check"]]
    result = from_validation(suite, expectation, numbers)
    return with_samples(result, _keys(source, suite, result.query)) if result.query and suite.key else result


def _keys(source: Any, suite: Suite, query: str) -> list[dict[str, Any]]:
    """Keys of a few failing rows, the smallest first; none where the query does not give the key or cannot be read again."""
    try:
        with source.get_execution_engine().engine.connect() as connection:
            columns = connection.exec_driver_sql(f"select * from ({query}) as failing limit 0").keys()
            key = [column for column in (*suite.key, WRONG_COLUMNS) if column in columns]
            found = f"select distinct {', '.join(key)} from ({query}) as failing order by all limit {SAMPLES}"
            return [dict(zip(key, row, strict=True)) for row in connection.exec_driver_sql(found)] if key else []
    except sa.exc.DBAPIError:  # Great Expectations spells some literals (dates) in Python
        return []


def _validate(batch: Any, suite: Suite, expectations: Sequence[Mapping[str, Any]], result_format: dict) -> dict[str, Any]:
    """Results by check name. One that cannot be evaluated may take others of its query along: these are asked again alone."""
    if not expectations:
        return {}
    results = batch.validate(_gx_suite(suite, expectations), result_format=result_format).results
    found = {result.expectation_config.meta["check"]: result for result in results}
    for expectation in expectations if len(expectations) > 1 else ():
        if is_broken(found[expectation["check"]]):
            found |= _validate(batch, suite, [expectation], result_format)
    return found


def _gx_suite(suite: Suite, expectations: Iterable[Mapping[str, Any]]) -> Any:
    said = [
        {
            "type": e["type"], "kwargs": dict(e.get("kwargs", {})), "severity": e["severity"],
            "description": e["description"], "meta": {"check": e["check"]},
        }
        for e in expectations
    ]
    return _gx().library.ExpectationSuite(name=suite.name, expectations=said)


def _asset(name: str, suite: Suite) -> dict[str, Any]:
    asset = {"name": name, "batch_definitions": [{"name": WHOLE}]}
    if suite.is_query:
        return asset | {"type": "query", "query": suite.table}
    schema, _, table = suite.table.rpartition(".")
    return asset | {"type": "table", "table_name": table, "schema_name": schema or None}


@contextmanager
def _source(database: Path | str | None, asked: Mapping[str, Suite]) -> Iterator[Any]:
    """The database as Great Expectations' source, all assets and their batches given at once: adding them one by one writes its
    whole configuration out again each time (15 ms and growing)."""
    sources, url = _gx().context.data_sources, database_url(database)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it recommends its own PostgreSQL source, and names deprecated arguments
        source = sources.add_sql(name=url, connection_string=url, assets=[_asset(name, suite) for name, suite in asked.items()])
        try:
            yield source
        finally:
            for engine in (source.get_engine(), source.get_execution_engine().engine):
                engine.dispose()
            sources.delete(url)


class _GreatExpectations:
    """The imported library with one context for the whole process (import 2–4 s, context 0.1 s)."""

    def __init__(self) -> None:
        great_expectations = _gx_module()
        for name in ("great_expectations", "great_expectations.data_context.types.base"):  # the second has a level of its own
            logging.getLogger(name).setLevel(logging.CRITICAL)  # what went wrong is a result, not a log line
        self.library = great_expectations
        self.context = great_expectations.get_context(mode="ephemeral")
        self.context.variables.progress_bars = {"globally": False}


def _gx_module() -> Any:
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    import great_expectations

    return great_expectations


@cache
def _gx() -> _GreatExpectations:
    return _GreatExpectations()
