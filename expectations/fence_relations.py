"""The database that the first fence asks: views over new deliveries' bronze files, and one table about the files themselves.

Belongs here: how files become relations, and which of them cannot be read. Does not: what is asked of them (`fence`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import duckdb

from expectations.checks import WRONG_COLUMNS
from expectations.dialect import open_database

DELIVERY = "_delivery_id"
FILES = "fence.files"  # _delivery_id, place, rows_loaded, rows_in_file, rows_quarantined, rows_skipped
SMALL = 20_000  # rows of a batch that are copied: reading them again from many small files costs more for each check than the check
_NUMBERS = count()  # databases in memory are told apart by name


def rows_of(place: int) -> str:
    """The relation with all rows of the batch in this place."""
    return f"fence.records_{place}"


@contextmanager
def relations(batches: Sequence[tuple[Mapping[str, Path], Path | None]]) -> Iterator[tuple[str, dict[int, str]]]:
    """A database in memory with the relations of each batch (delivery id → bronze file, and the export's zero-row file): its name, and why
    some could not be made, by place.

    Few rows are copied, many are read where they lie. Counts are those of the Parquet footer and of the receipt in it.
    """
    name, why = f":memory:fence_{next(_NUMBERS)}", {}
    with open_database(name) as con:
        con.execute("create schema fence")
        con.execute(
            f"""create table {FILES} ({DELIVERY} varchar, place integer,
                rows_loaded bigint, rows_in_file bigint, rows_quarantined bigint, rows_skipped bigint)"""
        )
        for place, (files, shape) in enumerate(batches):
            try:
                rows = _describe(con, place, files)
                paths = _texts(str(path) for path in (*files.values(), *((shape,) if shape else ())))
                kind = "table" if rows <= SMALL else "view"
                con.execute(f"create {kind} {rows_of(place)} as select * from read_parquet({paths}, union_by_name = true)")
            except duckdb.Error as error:
                why[place] = str(error)
        if not con.execute(f"select count(*) from {FILES} group by place having sum(rows_loaded) > {SMALL} limit 1").fetchall():
            con.execute("set threads = 1")  # waking others costs more than such checks
        yield name, why


def unreadable(files: Mapping[str, Path]) -> dict[str, str]:
    """The deliveries whose file cannot be read to its end, with the reason."""
    reasons = {}
    with open_database(None) as con:
        for delivery, path in files.items():
            try:
                con.execute("select sum(hash(record)) from read_parquet(?) as record", [str(path)]).fetchall()
            except duckdb.Error as error:
                reasons[delivery] = str(error)
    return reasons


def failing_rows(database: str, query: str) -> dict[str, tuple[int, str]]:
    """How many rows of this query each delivery has, and which columns are wrong in them, where the query says it."""
    with open_database(database) as con:
        told = WRONG_COLUMNS in [column for column, *_ in con.execute(f"select * from ({query}) as failing limit 0").description]
        columns = f"string_agg(distinct {WRONG_COLUMNS}, '; ' order by {WRONG_COLUMNS})" if told else "''"
        found = con.execute(f"select {DELIVERY}, count(*), {columns} from ({query}) as failing group by 1").fetchall()
    return {delivery: (rows, said) for delivery, rows, said in found}


def _describe(con: duckdb.DuckDBPyConnection, place: int, files: Mapping[str, Path]) -> int:
    """One row per file of the batch; gives how many rows they have together."""
    paths = _texts(map(str, files.values()))
    con.execute(f"""insert into {FILES}
        select names.{DELIVERY}, {place}, footer.num_rows,
            cast(receipt ->> 'rows_in_file' as bigint), cast(receipt ->> 'rows_quarantined' as bigint),
            cast(receipt ->> 'rows_skipped' as bigint)
        from (select unnest({_texts(files)}) as {DELIVERY}, unnest({paths}) as file_name) as names
        join parquet_file_metadata({paths}) as footer using (file_name)
        left join (
            select file_name, decode(value) as receipt from parquet_kv_metadata({paths}) where decode(key) = 'fishpond'
        ) as receipts using (file_name)""")
    return con.execute(f"select coalesce(sum(rows_loaded), 0) from {FILES} where place = {place}").fetchone()[0]


def _texts(texts: Iterable[str]) -> str:
    return "[" + ", ".join("'" + text.replace("'", "''") + "'" for text in texts) + "]"
