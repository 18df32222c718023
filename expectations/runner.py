"""Runs suites on a DuckDB database by Great Expectations, which is imported only when something is checked.

Belongs here: validation, and keys of failing rows. Does not: what is expected (suites), what follows
from a result (the gate).

Two passes keep it cheap: everything is first asked for a verdict alone (aggregates, bundled into one query per table; on small tables SQL
checks of all of them in one query, see `together`); only what did not pass is asked again for counts and keys.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import sqlalchemy as sa

from expectations import together
from expectations.checks import SQL_TYPE, WRONG_COLUMNS, CheckResult, Severity, Suite
from expectations.dialect import database_url, open_database
from expectations.library import FIRST_ROWS, library
from expectations.outcomes import could_not, from_validation, is_broken, is_rowwise, with_samples

VERDICT = {"result_format": "BOOLEAN_ONLY"}
NUMBERS = {"result_format": "SUMMARY"}
QUERY = {"result_format": "BASIC", "partial_unexpected_count": 0, "return_unexpected_index_query": True}
ROWS = {"result_format": "COMPLETE"}
SAMPLES = 5
WHOLE = "whole"  # the batch definition: all rows


def run_suites(
    database: Path | str | None, suites: Sequence[Suite], where: str | None = None, severity_default: Severity = "critical",
) -> list[CheckResult]:
    """Check every suite on `database` (a DuckDB file, opened read-only; the name of one in memory; None: an empty one), give its lock back.

    `where` limits every table to the rows for which this SQL condition holds. An expectation that could not be evaluated is
    `could_not_check`, never passed; a missing table makes that of all its expectations. Results stand in the suites' order.
    """
    asked = {
        f"asset_{place}": replace(suite, expectations=tuple({"severity": severity_default, **said} for said in suite.expectations))
        for place, suite in enumerate(suite.limited_to(where) if where else suite for suite in suites)
    }
    unreadable, small = _look(database, asked)
    told: dict[tuple[str, str], together.Verdict] = {}
    for checks in together.groups({name: asked[name] for name in small}):
        told |= _ask_together(database, checks)
    known = {name: {said["check"]: told[name, said["check"]] for said in suite.expectations if (name, said["check"]) in told}
             for name, suite in asked.items()}  # fmt: skip
    passed = {name for name, suite in asked.items() if list(known[name].values()) == [together.PASSED] * len(suite.expectations)}
    results: list[CheckResult] = []
    with _source(database, {name: suite for name, suite in asked.items() if name not in unreadable and name not in passed}) as source:
        for name, suite in asked.items():
            if name in unreadable:
                results += [could_not(suite, expectation, unreadable[name]) for expectation in suite.expectations]
            else:
                batch = None if name in passed else _batch(source, name)
                results += _run(source, batch, suite, known[name])
    return results


def _look(database: Path | str | None, asked: Mapping[str, Suite]) -> tuple[dict[str, str], list[str]]:
    """Why the table (or query) of a suite cannot be read, by the name it was asked under; and the names of those whose checks need
    little: no table has many rows, and their own is no view, of which that is not known."""
    reasons = {}
    with open_database(database) as con:
        for name, suite in asked.items():
            try:
                con.execute(f"select * from {suite.relation} limit 0").fetchall()
            except duckdb.Error as error:
                reasons[name] = str(error)
        most = con.execute("select coalesce(max(estimated_size), 0) from duckdb_tables()").fetchall()[0][0]
        views = {name for name, in con.execute("select schema_name || '.' || view_name from duckdb_views()").fetchall()}
    return reasons, [name for name, suite in asked.items() if most <= together.MANY and name not in reasons and suite.table not in views]


def _ask_together(database: Path | str | None, checks: Sequence[together.Check]) -> together.Told:
    """The verdicts on some checks by one query. Where it cannot be evaluated, each half is asked by itself; a check that cannot be is left
    out: whoever asks it alone hears why."""
    suite = together.as_one(checks)
    with _source(database, {suite.name: suite}) as source:
        said = _validate(_batch(source, suite.name), suite, suite.expectations, ROWS)[suite.expectations[0]["check"]]
    if not is_broken(said):
        return together.told(checks, said.result["details"]["unexpected_rows"])
    half = len(checks) // 2
    return {**_ask_together(database, checks[:half]), **_ask_together(database, checks[half:])} if half else {}


def _batch(source: Any, name: str) -> Any:
    return source.get_asset(name).get_batch_definition(WHOLE).get_batch()


def _run(source: Any, batch: Any, suite: Suite, told: Mapping[str, together.Verdict]) -> list[CheckResult]:
    """The results of one suite; `told` are verdicts that are known already, by check."""
    asked = [e for e in suite.expectations if e["check"] not in told]
    found: dict[str, Any] = {**told, **_validate(batch, suite, [e for e in asked if is_rowwise(e)], VERDICT)}
    found |= _validate(batch, suite, [e for e in asked if not is_rowwise(e)], NUMBERS)
    return [_result(source, batch, suite, expectation, found[expectation["check"]]) for expectation in suite.expectations]


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
    results = batch.validate(_gx_suite(suite, expectations, result_format in (VERDICT, ROWS)), result_format=result_format).results
    found = {result.expectation_config.meta["check"]: result for result in results}
    for expectation in expectations if len(expectations) > 1 else ():
        if is_broken(found[expectation["check"]]):
            found |= _validate(batch, suite, [expectation], result_format)
    return found


def _gx_suite(suite: Suite, expectations: Iterable[Mapping[str, Any]], is_first: bool) -> Any:
    """`is_first`: only a verdict is asked for, or the few rows that come first; nobody counts all of them."""
    said = [
        {
            "type": FIRST_ROWS if is_first and e["type"] == SQL_TYPE else e["type"], "kwargs": dict(e.get("kwargs", {})),
            "severity": e["severity"], "description": e["description"], "meta": {"check": e["check"]},
        }
        for e in expectations
    ]
    return library().suite(name=suite.name, expectations=said)


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
    sources, url = library().context.data_sources, database_url(database)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it recommends its own PostgreSQL source, and names deprecated arguments
        source = sources.add_sql(name=url, connection_string=url, assets=[_asset(name, suite) for name, suite in asked.items()])
        try:
            yield source
        finally:
            for engine in (source.get_engine(), source.get_execution_engine().engine):
                engine.dispose()
            sources.delete(url)
