"""What pipeline tests do with a lake: compare its published tables, hash its files, ask it, read all it says."""

from __future__ import annotations

import os
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import duckdb

from orchestration.lake.layout import Lake

DEPENDS_ON_PAST_RUNS = {"customer_changes", "customer_id_history"}
COMPARED = ("customer", "attribution", "ltv", "private_domain")


def tables(lake: Path) -> dict[str, str]:
    """Every published table that must not depend on how it came about: its name and a hash of its rows in their order."""
    con = duckdb.connect((lake / "published" / "current" / "fishpond.duckdb").resolve(), read_only=True)
    try:
        names = con.execute("select schema_name, table_name from duckdb_tables() order by all").fetchall()
        kept = [f"{schema}.{name}" for schema, name in names if schema in COMPARED and name not in DEPENDS_ON_PAST_RUNS]
        return {name: sha256(repr(con.execute(f"select * from {name}").fetchall()).encode()).hexdigest() for name in kept}
    finally:
        con.close()


def every_byte(folder: Path) -> dict[str, str]:
    """Every file and link below a folder, with what it holds."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() or path.is_symlink())
    return {str(path.relative_to(folder)): os.readlink(path) if path.is_symlink() else _hash(path) for path in files}


def ask(lake: Lake, query: str) -> list[tuple]:
    """Rows of the published version."""
    con = duckdb.connect((lake.current / "fishpond.duckdb").resolve(), read_only=True)
    try:
        return con.execute(query).fetchall()
    finally:
        con.close()


def everything_said(lake: Lake) -> Iterator[tuple[Path, str, str]]:
    """Every file outside landing: the file, which table of it (or `bytes`), and the text; tables are compressed, bytes do not tell all."""
    with duckdb.connect() as con:
        for path in sorted(path for path in lake.root.rglob("*") if path.is_file() and not path.is_symlink()):
            if lake.landing in path.parents:
                continue
            yield path, "bytes", path.read_bytes().decode("utf-8", "replace")
            if path.suffix == ".parquet":
                yield path, "rows", str(con.execute("select * from read_parquet($1)", [str(path)]).fetchall())
            elif path.suffix == ".duckdb":
                con.execute(f"attach '{path}' as looked_at (read_only)")
                named = "select schema_name || '.' || table_name from duckdb_tables() where database_name = 'looked_at'"
                for (table,) in con.execute(named).fetchall():
                    yield path, table, str(con.execute(f"select * from looked_at.{table}").fetchall())
                con.execute("detach looked_at")


def _hash(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()
