"""Taking people out of the releases that are kept: the one lawful change to a version. Every file is written aside and put in place.

Rows about money (with an `order_key`) stay and lose their customer and touch; every other row that names the customer, or holds one
of their tokens, goes. A reader with an open connection keeps what it had opened; the next one sees the version without the person.
"""

from __future__ import annotations

import json
import os
from collections.abc import Collection
from dataclasses import asdict, replace
from pathlib import Path

import duckdb

from orchestration.lake.durable import sync
from orchestration.lake.engine import open_engine
from orchestration.lake.layout import Lake
from orchestration.lake.release_files import FILE_NAME, STORAGE, comments_of, parquet_file, put_comments
from orchestration.lake.releases import NOTE, list_versions, release_note
from orchestration.lake.sql import identifier, literal, literals

CUSTOMER = "customer_id"  # columns that end so name a customer
KEPT_EVIDENCE = "order_field"  # a touch that an order row itself tells of stays with its order
Columns = dict[str, dict[str, str]]  # `schema.table` → column → type


def erase_releases(lake: Lake, tokens: Collection[str]) -> dict[str, int]:
    """Every kept release without the people of these tokens; version → rows that were taken out or lost their customer."""
    changed = {version: _erase(lake, version, tokens) for version in list_versions(lake)}
    return {version: rows for version, rows in changed.items() if rows}


def _erase(lake: Lake, version: str, tokens: Collection[str]) -> int:
    folder = lake.releases / version
    aside = folder / f".{FILE_NAME}.part"
    folder.chmod(0o755)
    aside.unlink(missing_ok=True)
    with open_engine() as con:
        con.execute(f"attach {literal(str(folder / FILE_NAME))} as source (read_only)")
        tables = _tables(con)
        people = _people(con, tokens)
        rules = {name: _rule(name, columns, people, tokens) for name, columns in tables.items()}
        counts = {name: _count(con, f"source.{name} where {where}") for name, (where, _) in rules.items()}
        if any(counts.values()):
            _write(con, folder, aside, rules, {name for name, rows in counts.items() if rows})
    if any(counts.values()):
        _note(lake, version, folder)
    folder.chmod(0o555)
    return sum(counts.values())


def _count(con: duckdb.DuckDBPyConnection, rows: str) -> int:
    return con.execute(f"select count(*) from {rows}").fetchall()[0][0]


def _tables(con: duckdb.DuckDBPyConnection) -> Columns:
    found = con.execute("""select schema_name || '.' || table_name, column_name, data_type from duckdb_columns()
        where database_name = 'source' order by table_oid, column_index""").fetchall()
    tables: Columns = {}
    for table, column, kind in found:
        tables.setdefault(table, {})[column] = kind
    return tables


def _people(con: duckdb.DuckDBPyConnection, tokens: Collection[str]) -> list[str]:
    query = f"select distinct customer_id from source.customer.customer_keys where key_token in {literals(sorted(tokens))}"
    return sorted(row[0] for row in con.execute(query).fetchall())


def _rule(name: str, columns: dict[str, str], people: Collection[str], tokens: Collection[str]) -> tuple[str, str]:
    """(condition of the rows that are concerned, SELECT of the table as it may stay)."""
    named = [column for column in columns if column.endswith(CUSTOMER)]
    texts = [column for column, kind in columns.items() if kind == "VARCHAR" and column not in named]
    who = [f"{identifier(column)} in {literals(people)}" for column in named] if people else []
    words = f"concat_ws(' ', {', '.join(map(identifier, texts))})"
    found = f"regexp_matches({words}, {literal('|'.join(sorted(tokens)))})" if texts else "false"
    mine = f"coalesce({' or '.join([*who, found])}, false)"
    if "order_key" not in columns:
        return mine, f"select * from source.{name} where not {mine}"
    without = [*named, *(column for column in ("touch_key",) if column in columns and name != "attribution.fct_touches")]
    blanked = ", ".join(f"case when {mine} then null else {identifier(column)} end as {identifier(column)}" for column in without)
    kept = f"where not {mine} or evidence = {literal(KEPT_EVIDENCE)}" if "evidence" in columns else ""
    return mine, f"select * {f'replace ({blanked})' if blanked else ''} from source.{name} {kept}"


def _write(con: duckdb.DuckDBPyConnection, folder: Path, aside: Path, rules: dict[str, tuple[str, str]], touched: Collection[str]) -> None:
    """A whole new database file, and the Parquet of the tables that changed."""
    con.execute(f"attach {literal(str(aside))} as release (storage_version '{STORAGE}')")
    for schema in sorted({name.partition(".")[0] for name in rules}):
        con.execute(f"create schema release.{schema}")
    for name, (_, query) in rules.items():
        con.execute(f"create table release.{name} as {query if name in touched else f'from source.{name}'}")
    put_comments(con, comments_of(con, rules))
    parquet = {name: parquet_file(folder, name) for name in touched}
    for name, file in parquet.items():
        file.parent.chmod(0o755)
        con.execute(f"copy release.{name} to {literal(str(_aside(file)))} (format parquet, compression zstd)")
    con.execute("checkpoint release")
    con.execute("detach release")
    con.execute("detach source")
    for part, file in ((aside, folder / FILE_NAME), *((_aside(file), file) for file in parquet.values())):
        sync(part)
        part.chmod(0o444)
        os.replace(part, file)
        sync(file.parent)
    for file in parquet.values():
        file.parent.chmod(0o555)


def _aside(file: Path) -> Path:
    return file.with_name(f".{file.name}.part")


def _note(lake: Lake, version: str, folder: Path) -> None:
    """The release's note tells its new size and rows, so that it still knows itself."""
    with duckdb.connect(str(folder / FILE_NAME), read_only=True) as con:
        note = release_note(lake, version)
        rows = {name: _count(con, name) for name in note.rows}
    aside = folder / f".{NOTE}.part"
    aside.write_text(json.dumps(asdict(replace(note, rows=rows, bytes=(folder / FILE_NAME).stat().st_size)), indent=1), "utf-8")
    aside.chmod(0o444)
    os.replace(aside, folder / NOTE)
    sync(folder)
