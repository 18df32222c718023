"""Whether a build may go on from the standing one: which bronze files that read, and what came since.

Here: the decision and its ground. Not here: which records new deliveries touch (`news_rows`), what is computed of them (dbt,
materialization `standing`).
"""

from __future__ import annotations

from collections.abc import Mapping

import duckdb

from orchestration.lake.catalog import Catalog
from orchestration.lake.layout import Lake
from orchestration.lake.raw import DeliverySet

COVERED = "raw.lake__covered"
# Computing everything is the shorter way for a lake of fewer bronze bytes (about 100,000 orders: comparing costs each table some
# milliseconds), and where more than this share of them is new.
LEAST_BYTES, MOST_NEWS = 60_000_000, 0.2
Stamps = Mapping[str, tuple[int, int]]


def covered_files(con: duckdb.DuckDBPyConnection) -> dict[str, tuple[int, int]] | None:
    """Bronze file → (bytes, modified ns) as the standing build read them; None where no build wrote it down."""
    if not con.execute("select count(*) from duckdb_tables() where schema_name = 'raw' and table_name = 'lake__covered'").fetchone()[0]:
        return None
    return {name: (size, modified) for name, size, modified in con.execute(f"select file, bytes, modified_ns from {COVERED}").fetchall()}


def cover_files(con: duckdb.DuckDBPyConnection, stamps: Stamps) -> None:
    """Write down which bronze files this build reads."""
    con.execute(f"create or replace table {COVERED} (file varchar, bytes bigint, modified_ns bigint)")
    rows = {"files": list(stamps), "sizes": [size for size, _ in stamps.values()], "times": [modified for _, modified in stamps.values()]}
    con.execute(f"insert into {COVERED} select unnest($files), unnest($sizes), unnest($times)", rows)


def file_stamps(lake: Lake, deliveries: DeliverySet) -> dict[str, tuple[int, int]]:
    """The bronze files of a delivery set with what tells a replaced file from the one that was read."""
    states = {name: (lake.bronze / name).stat() for name in deliveries.files}
    return {name: (state.st_size, state.st_mtime_ns) for name, state in states.items()}


def why_whole(catalog: Catalog, before: Stamps | None, now: Stamps) -> str | None:
    """Why every table must be computed from all deliveries, or None if those that came since `before` are enough.

    Whatever is not certain to give the same tables is a reason: what was read may only have grown, by records of today's contracts.
    """
    if before is None:
        return "the standing build did not say what it covers"
    gone = before.keys() - now.keys()
    if gone:
        return f"{len(gone)} deliveries are gone, held out or loaded anew"
    if any(now[name] != stamp for name, stamp in before.items()):
        return "a bronze file was replaced"
    refs = {ref.id: ref for ref in catalog.exports.values()}
    if any(refs[export_of(name)].fingerprint != name.rsplit(".", 2)[1] for name in now):
        return "a delivery stands under an older contract"
    added = now.keys() - before.keys()
    if any(refs[export_of(name)].export.kind == "rulings" for name in added):
        return "a list of rulings came"
    size = sum(size for size, _ in now.values())
    if size < LEAST_BYTES:
        return "the lake is small"
    if sum(now[name][0] for name in added) > MOST_NEWS * size:
        return f"more than {MOST_NEWS:.0%} of all data are new"
    return None


def month_began(con: duckdb.DuckDBPyConnection) -> bool:
    """Whether this build and the standing one know of different months. Then the fits move, and with them most tables; and whatever a
    build that goes on might ever get wrong is gone within a month."""
    months = "select date_trunc('month', max(as_of_on)) from {}.lake__context"
    query = f"select ({months.format('raw')}) is distinct from ({months.format('news_before')})"
    return con.execute(query).fetchone()[0]


def export_of(name: str) -> str:
    """`taobao/orders` of `taobao/orders/<delivery>.<fingerprint>.parquet`."""
    return name.rsplit("/", 1)[0]
