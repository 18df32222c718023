"""The first fence: many new deliveries of some exports are checked in one go, and the verdict is given for each of them.

Belongs here: how the files of several deliveries become one checked relation, and whose the failing rows are. Does not: what is
expected of an export (`contract_suite`), what happens to a delivery that fails (the gate).

Checking delivery by delivery costs one validation each (about 40 ms); together they cost one per export. A failing check is then attributed
with one query over its failing rows. Only where a check cannot be evaluated is every file read by itself, to find broken ones.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

import duckdb

from expectations.checks import CheckResult, Suite
from expectations.outcomes import could_not
from expectations.runner import run_suites

DELIVERY = "_delivery_id"
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
    again: list[tuple[Batch, Outcome]] = []
    with tempfile.TemporaryDirectory(prefix="fishpond-fence-") as folder:
        database = Path(folder) / "deliveries.duckdb"  # a database and a schema of one name are ambiguous
        halves = [_halves(batch.suite, place) for place, (batch, _) in enumerate(asked)]
        results = iter(_results(database, [batch for batch, _ in asked], halves))
        for (batch, outcome), suites in zip(asked, halves, strict=True):
            own = [result for suite in suites for result in islice(results, len(suite.expectations))]
            broken = _unreadable(batch.files) if any(result.status == "could_not_check" for result in own) else {}
            if not broken:
                for result in own:
                    _give(result, batch.files, database, outcome)
                continue
            for delivery, reason in broken.items():
                outcome[delivery] += [could_not(suite, expectation, reason) for suite in suites for expectation in suite.expectations]
            if readable := {delivery: path for delivery, path in batch.files.items() if delivery not in broken}:
                again.append((replace(batch, files=readable), outcome))
    if again:
        _check(again)


def _halves(suite: Suite, place: int) -> list[Suite]:
    """What the suite asks about rows, and what about files, each on its own relation."""
    about_files = tuple(e for e in suite.expectations if e.get("per_delivery"))
    about_rows = tuple(e for e in suite.expectations if not e.get("per_delivery"))
    key = tuple(dict.fromkeys((DELIVERY, *suite.key)))
    rows = replace(suite, table=_rows(place), expectations=about_rows, key=key, asset=suite.shown_as)
    return [half for half in (rows, replace(rows, table=_files(place), expectations=about_files, key=(DELIVERY,))) if half.expectations]


def _rows(place: int) -> str:
    return f"fence.records_{place}"


def _files(place: int) -> str:
    return f"fence.files_{place}"


def _results(database: Path, batches: Sequence[Batch], halves: Sequence[Sequence[Suite]]) -> list[CheckResult]:
    """The results of all expectations in order. A file that cannot be opened makes those of its export could-not-check."""
    why: dict[int, str] = {}
    with duckdb.connect(str(database)) as con:
        con.execute("create schema fence")
        for place, batch in enumerate(batches):
            try:
                _write_views(con, place, batch)
            except duckdb.Error as error:
                why[place] = str(error)
    found = iter(run_suites(database, [suite for place, suites in enumerate(halves) for suite in suites if place not in why]))
    return [
        could_not(suite, expectation, why[place]) if place in why else next(found)
        for place, suites in enumerate(halves) for suite in suites for expectation in suite.expectations
    ]  # fmt: skip


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


def _write_views(con: duckdb.DuckDBPyConnection, place: int, batch: Batch) -> None:
    """Two views of one batch, so that nothing is copied and Great Expectations sees tables with typed columns."""
    paths, names = _texts([str(path) for path in batch.files.values()]), f"fence.names_{place}"
    all_files = _texts([str(path) for path in (*batch.files.values(), *((batch.shape,) if batch.shape else ()))])
    con.execute(f"create table {names} as select unnest({_texts(batch.files)}) as {DELIVERY}, unnest({paths}) as file_name")
    con.execute(f"create view {_rows(place)} as select * from read_parquet({all_files}, union_by_name = true)")
    con.execute(f"""create view {_files(place)} as
        select names.{DELIVERY}, footer.num_rows as rows_loaded,
            cast(receipt ->> 'rows_in_file' as bigint) as rows_in_file,
            cast(receipt ->> 'rows_quarantined' as bigint) as rows_quarantined,
            cast(receipt ->> 'rows_skipped' as bigint) as rows_skipped
        from {names} as names
        join parquet_file_metadata({paths}) as footer using (file_name)
        left join (
            select file_name, decode(value) as receipt from parquet_kv_metadata({paths}) where decode(key) = 'fishpond'
        ) as receipts using (file_name)""")


def _texts(texts: Sequence[str] | Mapping[str, Path]) -> str:
    return "[" + ", ".join("'" + text.replace("'", "''") + "'" for text in texts) + "]"
