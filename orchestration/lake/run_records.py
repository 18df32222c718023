"""What a release says about its own making: check results, the list of versions, and how customers changed since the last one.

Here: building these tables from the candidate, the published version and the run's facts. Not here: their columns (`record_tables`),
deciding anything.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from orchestration.lake.customer_history import CHANGES, HISTORY, LINKS
from orchestration.lake.engine import open_engine
from orchestration.lake.history import ever_published, now
from orchestration.lake.layout import Lake
from orchestration.lake.metric_changes import changes_query
from orchestration.lake.record_tables import record_rows, record_schema
from orchestration.lake.release_files import FILE_NAME
from orchestration.lake.releases import current_version, list_versions
from orchestration.lake.sql import literal


@dataclass(frozen=True)
class VersionFacts:
    """One row of `quality.publish_versions` before it is written."""

    version: str
    run_id: str
    as_of_on: date
    is_sample: bool
    deliveries: int
    checks_passed: int
    checks_warned: int
    rows: Mapping[str, int]


def check_results(version: str, run_id: str, results: Iterable[Mapping[str, Any]]) -> pa.Table:
    """`quality.check_results` from check results as plain data."""
    return record_rows("quality.check_results", ({**result, "version": version, "run_id": run_id} for result in results))


def publish_versions(lake: Lake, facts: VersionFacts) -> pa.Table:
    """`quality.publish_versions`: the rows of the newest release on disk that readers really saw, and this version's."""
    versions = list_versions(lake)
    newest = lake.releases / versions[-1] / FILE_NAME if versions else None
    seen = ever_published(lake)
    before = [row for row in _read(newest, "quality.publish_versions").to_pylist() if row["version"] in seen]
    row = {
        **asdict(facts),
        "published_at": datetime.fromisoformat(now()),
        "rows_per_table": json.dumps(dict(sorted(facts.rows.items()))),
        "replaced_version": current_version(lake),
    }
    return record_rows("quality.publish_versions", [*before, row])


def customer_records(
    warehouse: Path, published: Path | None, version: str, replaced: str | None, erased: bool = False
) -> dict[str, pa.Table]:
    """`customer.customer_changes` and `customer.customer_id_history` of the candidate against the published version.

    Both carry on what the published version says; without one, every customer is new. `erased`: somebody was forgotten since.
    """
    with open_engine() as con:
        compare_customers(con, warehouse, published)
        con.execute("set variable version = ?", [version])
        con.execute("set variable replaced = ?", [replaced])
        con.execute("set variable erased = ?", [erased])
        for name, table in (("old_changes", "customer.customer_changes"), ("old_history", "customer.customer_id_history")):
            con.register("rows_before", _read(published, table))
            con.execute(f"create table {name} as select * from rows_before")
            con.unregister("rows_before")
        return {
            "customer.customer_changes": _typed(con, CHANGES, "customer.customer_changes"),
            "customer.customer_id_history": _typed(con, HISTORY, "customer.customer_id_history"),
        }


def metric_records(warehouse: Path, published: Path | None, version: str, is_new_code: bool) -> dict[str, pa.Table]:
    """`quality.metric_changes` of the candidate against the published version, after what that one says of earlier ones."""
    table = "quality.metric_changes"
    before = _read(published, table)
    if published is None:
        return {table: before}
    with open_engine() as con:
        con.execute(f"attach {literal(str(warehouse))} as candidate (read_only)")
        con.execute(f"attach {literal(str(published))} as published (read_only)")
        con.execute("set variable version = ?", [version])
        return {table: pa.concat_tables([before, _typed(con, changes_query(is_new_code), table)])}


def compare_customers(con: duckdb.DuckDBPyConnection, warehouse: Path, published: Path | None) -> None:
    """Attach both sides (`candidate`, and `published` where there is one) and make the tables of `customer_history.LINKS`."""
    con.execute(f"attach {literal(str(warehouse))} as candidate (read_only)")
    for side, table in (("keys", "customer_keys"), ("review", "identity_review")):
        con.execute(f"create table now_{side} as from candidate.customer.{table}")
        con.execute(f"create table old_{side} as from now_{side} limit 0")
    if published:
        con.execute(f"attach {literal(str(published))} as published (read_only)")
        for side, table in (("keys", "customer_keys"), ("review", "identity_review")):
            if shared := _shared_columns(con, table):
                con.execute(f"insert into old_{side} by name select {', '.join(shared)} from published.customer.{table}")
    for name, query in LINKS.items():
        con.execute(f"create table {name} as {query}")


def _shared_columns(con: duckdb.DuckDBPyConnection, table: str) -> list[str]:
    """Columns that both versions of a table have: a release may be older than a column."""
    found = con.execute(
        """select column_name from duckdb_columns() where schema_name = 'customer' and table_name = ?
        and database_name in ('candidate', 'published') group by 1 having count(*) = 2 order by 1""",
        [table],
    ).fetchall()
    return [name for (name,) in found]


def _typed(con: duckdb.DuckDBPyConnection, query: str, table: str) -> pa.Table:
    return con.sql(query).to_arrow_table().select(record_schema(table).names).cast(record_schema(table))


def _read(database: Path | None, table: str) -> pa.Table:
    """A record table of a release; empty where there is no release, or one from before the table came."""
    empty = record_schema(table).empty_table()
    if database is None:
        return empty
    schema, _, name = table.partition(".")
    with duckdb.connect(str(database), read_only=True) as con:
        there = {column for (column,) in con.execute(
            "select column_name from duckdb_columns() where schema_name = ? and table_name = ?", [schema, name]).fetchall()}  # fmt: skip
        columns = ", ".join(column if column in there else f"null as {column}" for column in empty.schema.names)
        return con.sql(f"select {columns} from {table}").to_arrow_table().cast(empty.schema) if there else empty
