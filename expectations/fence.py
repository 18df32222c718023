"""The first fence: many new deliveries of one export are checked in one go, and the verdict is given for each of them.

Belongs here: how the files of several deliveries become one checked relation, and whose the failing rows are. Does not: what is
expected of an export (`contract_suite`), what happens to a delivery that fails (the gate).

Checking delivery by delivery costs one validation each (about 40 ms); together they cost one. A failing check is then attributed
with one query over its failing rows. Only where a check cannot be evaluated is every file read by itself, to find broken ones.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import duckdb

from expectations.checks import CheckResult, Suite
from expectations.outcomes import could_not
from expectations.runner import run_suites

ROWS, FILES = "fence.records", "fence.files"
DELIVERY = "_delivery_id"


def fence_deliveries(files: Mapping[str, Path], suite: Suite, shape: Path | None = None) -> dict[str, list[CheckResult]]:
    """Check the bronze files of one export's deliveries; the results of every delivery by its id.

    `shape` is the export's zero-row file: a column that only files of an older contract lack is NULL there, not an error.

    Row checks see the rows of all files (`_delivery_id` says whose they are; an SQL check must select it). A check that is
    `per_delivery` sees one row per file instead: `_delivery_id, rows_loaded, rows_in_file, rows_quarantined, rows_skipped`,
    from the Parquet footer and the receipt in it. Passed results are shared by the deliveries that were checked together.
    """
    outcome: dict[str, list[CheckResult]] = {delivery: [] for delivery in files}
    if files:
        _check(files, shape, _halves(suite), outcome)
    return outcome


def _halves(suite: Suite) -> list[Suite]:
    """What the suite asks about rows, and what about files, each on its own relation."""
    about_files = tuple(e for e in suite.expectations if e.get("per_delivery"))
    about_rows = tuple(e for e in suite.expectations if not e.get("per_delivery"))
    key = tuple(dict.fromkeys((DELIVERY, *suite.key)))
    rows = replace(suite, table=ROWS, expectations=about_rows, key=key, asset=suite.shown_as)
    return [half for half in (rows, replace(rows, table=FILES, expectations=about_files, key=(DELIVERY,))) if half.expectations]


def _check(files: Mapping[str, Path], shape: Path | None, suites: Sequence[Suite], outcome: dict[str, list[CheckResult]]) -> None:
    with tempfile.TemporaryDirectory(prefix="fishpond-fence-") as folder:
        database = Path(folder) / "deliveries.duckdb"  # a database and a schema of one name are ambiguous
        results = _results(database, files, shape, suites)
        broken = _unreadable(files) if any(result.status == "could_not_check" for result in results) else {}
        if not broken:
            for result in results:
                _give(result, files, database, outcome)
    for delivery, reason in broken.items():
        outcome[delivery] += [could_not(suite, expectation, reason) for suite in suites for expectation in suite.expectations]
    readable = {delivery: path for delivery, path in files.items() if delivery not in broken}
    if broken and readable:
        _check(readable, shape, suites, outcome)


def _results(database: Path, files: Mapping[str, Path], shape: Path | None, suites: Sequence[Suite]) -> list[CheckResult]:
    try:
        _write_views(database, files, shape)
    except duckdb.Error as error:
        return [could_not(suite, expectation, str(error)) for suite in suites for expectation in suite.expectations]
    return run_suites(database, suites)


def _unreadable(files: Mapping[str, Path]) -> dict[str, str]:
    """The deliveries whose file cannot be read to its end, with the reason."""
    reasons = {}
    with duckdb.connect() as con:
        for delivery, path in files.items():
            try:
                con.execute("select sum(hash(record)) from read_parquet(?) as record", [str(path)]).fetchall()
            except duckdb.Error as error:
                reasons[delivery] = str(error)
    return reasons


def _give(result: CheckResult, files: Mapping[str, Path], database: Path, outcome: dict[str, list[CheckResult]]) -> None:
    """Give one result to the deliveries it belongs to: a failed one to those whose rows failed, its pass to all others."""
    if result.status != "failed" or len(files) == 1 or not result.query:
        for delivery in files:
            outcome[delivery].append(result)
        return
    failing = _failing_rows(database, result.query)
    passed = replace(result, status="passed", observed="0 rows", failing_rows=0, samples=(), query="")
    for delivery in files:
        if rows := failing.get(delivery):
            samples = tuple(sample for sample in result.samples if f"{DELIVERY}={delivery}" in sample)
            outcome[delivery].append(replace(result, observed=f"{rows} rows", failing_rows=rows, samples=samples))
        else:
            outcome[delivery].append(passed)


def _failing_rows(database: Path, query: str) -> dict[str, int]:
    with duckdb.connect(str(database), read_only=True) as con:
        return dict(con.execute(f"select {DELIVERY}, count(*) from ({query}) as failing group by 1").fetchall())


def _write_views(database: Path, files: Mapping[str, Path], shape: Path | None) -> None:
    """A database of two views, so that nothing is copied and Great Expectations sees tables with typed columns."""
    paths = _texts([str(path) for path in files.values()])
    with duckdb.connect(str(database)) as con:
        con.execute("create schema fence")
        con.execute(f"create table fence.names as select unnest({_texts(files)}) as {DELIVERY}, unnest({paths}) as file_name")
        all_files = _texts([str(path) for path in (*files.values(), *((shape,) if shape else ()))])
        con.execute(f"create view {ROWS} as select * from read_parquet({all_files}, union_by_name = true)")
        con.execute(f"""create view {FILES} as
            select names.{DELIVERY}, footer.num_rows as rows_loaded,
                cast(receipt ->> 'rows_in_file' as bigint) as rows_in_file,
                cast(receipt ->> 'rows_quarantined' as bigint) as rows_quarantined,
                cast(receipt ->> 'rows_skipped' as bigint) as rows_skipped
            from fence.names as names
            join parquet_file_metadata({paths}) as footer using (file_name)
            left join (
                select file_name, decode(value) as receipt from parquet_kv_metadata({paths}) where decode(key) = 'fishpond'
            ) as receipts using (file_name)""")


def _texts(texts: Sequence[str] | Mapping[str, Path]) -> str:
    return "[" + ", ".join("'" + text.replace("'", "''") + "'" for text in texts) + "]"
