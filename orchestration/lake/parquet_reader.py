"""Parquet deliveries as relations: flat files as text cells, nested ones (event exports) as one JSON document per row."""

from __future__ import annotations

import tempfile
from pathlib import Path

import duckdb

from orchestration.lake import header
from orchestration.lake.contract import Export
from orchestration.lake.parts import Limits, Part, fresh, new_rejects
from orchestration.lake.refusal import Refused
from orchestration.lake.sql import identifier, literal

NESTED = ("STRUCT", "MAP", "LIST", "UNION", "[")


def read_parquet(
    con: duckdb.DuckDBPyConnection, path: Path, export: Export, workdir: Path, limits: Limits, name: str | None
) -> Part:
    """A view over the file; `_line` is the row, from 1. Raises Refused for damage, NoHeader when required columns are missing."""
    link = Path(tempfile.mkdtemp(dir=workdir)) / "table.parquet"
    link.symlink_to(path.resolve())
    source = f"read_parquet({literal(str(link))}, hive_partitioning=false, file_row_number=true)"
    try:
        columns = [(row[0], row[1]) for row in con.execute(f"describe select * exclude (file_row_number) from {source}").fetchall()]
        records = con.execute(f"select count(*) from {source}").fetchall()[0][0]
    except (duckdb.InvalidInputException, duckdb.IOException) as error:
        raise Refused(f"the Parquet file is damaged or cut off ({str(error).splitlines()[0]}): deliver it again") from None
    relation = fresh("rows")
    start = f"create temp view {relation} as select file_row_number + 1 as _line, "
    if any(word in kind for _, kind in columns for word in NESTED):
        packed = ", ".join(f"{identifier(column.strip())} := {identifier(column)}" for column, _ in columns)
        con.execute(f"{start}to_json(struct_pack({packed})) as doc from {source}")
        return Part(name, "json", relation, [], new_rejects(con), [], records)
    headers = [column for column, _ in columns]
    header.find([headers], export)
    cells = ", ".join(f"coalesce({identifier(column)}::varchar, '') as c{index}" for index, column in enumerate(headers))
    con.execute(f"{start}{cells} from {source}")
    return Part(name, "tabular", relation, headers, new_rejects(con), [], records)
