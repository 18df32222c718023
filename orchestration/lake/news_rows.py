"""The records that new deliveries touch, as they stand now and as they stood before: what dbt computes the news of its tables from.

Schemas of the warehouse, for one build: `news_now` holds per export every row of every touched record, and the staging views over
them; `news_before` the same without the new deliveries; `news` is dbt's own (which rows of each table changed).
Rows that nothing new touches may stand in both: what they give is the same twice, and falls out of the difference.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence

import duckdb

from orchestration.lake import bronze
from orchestration.lake.catalog import Catalog, ExportRef
from orchestration.lake.columns import bronze_types
from orchestration.lake.layout import Lake
from orchestration.lake.news import export_of
from orchestration.lake.raw import select_files
from orchestration.lake.sql import identifier, literal

NOW, BEFORE = "news_now", "news_before"
Links = list[tuple[str, str]]
LARGE_FITS = ["customer_predictions"]  # a row per customer, and every day another: nothing is won by comparing
PLACE = "_delivery_id, _part, _line"  # of a row in bronze
NUMBERS = ("order_id", "transaction_id")  # identity keys by which staging joins records of one platform


def forget_news(con: duckdb.DuckDBPyConnection) -> None:
    """After this every model of dbt computes its table whole."""
    for schema in (BEFORE, NOW, "news"):
        con.execute(f"drop schema if exists {schema} cascade")


def keep_what_stood(con: duckdb.DuckDBPyConnection) -> None:
    """Before schema `raw` is made again: copies of what the loader and the fits said to the standing build, in `news_before`."""
    forget_news(con)
    con.execute(f"create schema {BEFORE}")
    query = "select table_name from duckdb_tables() where schema_name = 'raw' and starts_with(table_name, 'lake__') order by 1"
    for (name,) in con.execute(query).fetchall():
        con.execute(f"create table {BEFORE}.{name} as from raw.{name}")
    fits = "select view_name from duckdb_views() where schema_name = 'analytics' and not list_contains($1, view_name) order by 1"
    for (name,) in con.execute(fits, [LARGE_FITS]).fetchall():
        con.execute(f"create table {BEFORE}.{name} as from analytics.{name}")


def write_news(
    con: duckdb.DuckDBPyConnection, lake: Lake, catalog: Catalog, added: Collection[str], told_together: Mapping[str, Sequence[str]]
) -> int:
    """Make the schemas from the bronze files `added` since the standing build; gives the number of rows that they touch.

    `told_together`: raw relation → columns by which its staging models join or number several records. Besides, records touch each
    other by what a newer export replaces with them, and within a platform by order and payment numbers.
    """
    for schema in (NOW, BEFORE, "news"):
        con.execute(f"create schema if not exists {schema}")
    new: dict[str, list[str]] = defaultdict(list)
    for name in sorted(added):
        new[export_of(name)].append(name.rsplit("/", 1)[1].split(".", 1)[0])
    con.execute("create or replace table news.of_exports (relation varchar)")
    con.execute("insert into news.of_exports select unnest($1)", [[catalog.exports[name].relation for name in new]])
    rows = 0
    for platform in catalog.platforms:
        refs = catalog.of_platform(platform)
        links = {ref.id: _links(ref, told_together) for ref in refs}
        touched = _follow(con, refs, links, new) if any(ref.id in new for ref in refs) else {}
        for ref in refs:
            rows += _write_rows(con, lake, ref, touched.get(ref.id), new.get(ref.id, []))
    _say_of_lake(con)
    _stage(con)
    return rows


def _links(ref: ExportRef, told_together: Mapping[str, Sequence[str]]) -> Links:
    """(kind, expression): rows of a platform that share a value of one kind are staged together."""
    links = [] if _numbers_of(ref, ref.export.key) else [(f"record of {ref.id}", "_record_key")]
    for name, column in ref.export.columns.items():
        if column.identity and column.identity.type in NUMBERS:
            links.append((column.identity.type, identifier(name)))
    if columns := told_together.get(ref.relation):
        links.append((f"together in {ref.id}", _text(columns)))
    return links


def _group(ref: ExportRef) -> Links:
    """The same for what a newer export replaces as a whole: whether a row still stands is told by all rows of its group."""
    restates = ref.export.restates
    if restates.by not in ("group", "snapshot") or (restates.by == "group" and _numbers_of(ref, restates.columns)):
        return []
    return [(f"group of {ref.id}", _text(restates.columns))]


def _numbers_of(ref: ExportRef, columns: Sequence[str]) -> list[str]:
    """The numbers among some columns that every row has: rows that agree in the columns share them, and are found by them."""
    named = {name: ref.export.columns[name] for name in columns if name in ref.export.columns}
    return [name for name, column in named.items() if column.required is True and column.identity and column.identity.type in NUMBERS]


def _text(columns: Sequence[str]) -> str:
    """Several columns as one value; NULLs are equal to each other, as they are in a window's partition."""
    return " || '|' || ".join(f"coalesce(cast({identifier(name)} as varchar), '')" for name in columns) or "''"


def _follow(
    con: duckdb.DuckDBPyConnection, refs: Sequence[ExportRef], links: Mapping[str, Links], new: Mapping[str, Sequence[str]]
) -> dict[str, str]:
    """Fill the temporary table `links`: what new rows, and rows of the groups that they replace, share with others, and those with others.
    Gives per export with touched rows a select of their places.

    Groups are not followed from record to record, or one day's bill would lead to every day's: last come those of what was found,
    which need their neighbours only to be told which of them still stand.
    """
    con.execute("create or replace temp table links (kind varchar, value varchar)")
    grown = Counter[str]()  # kind → how often values came to it
    for ref in refs:
        if ref.id in new:
            grown.update(_add(con, ref, [*links[ref.id], *_group(ref)], f"_delivery_id in ({_listed(new[ref.id])})"))
            con.execute(  # a list that names nobody closes its scope
                f"insert into links select distinct {literal(f'group of {ref.id}')}, scope from raw.lake__empty_lists"
                f" where delivery_id in ({_listed(new[ref.id])}) except select kind, value from links"
            )
            if _group(ref):
                grown.update(_add(con, ref, links[ref.id], _is_linked(_group(ref))))
    read: dict[str, list[int]] = {ref.id: [0] * len(links[ref.id]) for ref in refs}  # what an export was last asked for
    while waiting := [ref for ref in refs if read[ref.id] != [grown[kind] for kind, _ in links[ref.id]]]:
        for ref in waiting:
            read[ref.id] = [grown[kind] for kind, _ in links[ref.id]]
            # the last look at an export finds all of its linked rows: since then nothing new came that it is asked for
            grown.update(_add(con, ref, [*links[ref.id], *_beside(ref, links[ref.id])], _is_linked(links[ref.id]), _found_of(ref)))
    touched = {ref.id: f"select {PLACE} from {_found_of(ref)}" for ref in refs if any(read[ref.id])}
    for ref in refs:
        if _group(ref) and (ref.id in touched or ref.id in new):
            selects = [touched[ref.id]] if ref.id in touched else []
            selects.append(f"select {PLACE} from raw.{identifier(ref.relation)} where {_is_linked(_group(ref))}")
            if (beside := _beside(ref, links[ref.id])) != _group(ref):
                selects.append(_tellers(ref, beside))
            touched[ref.id] = " union ".join(selects)
    return touched


def _beside(ref: ExportRef, links: Links) -> Links:
    """The groups of rows that were found. Which of them stand is told by one row of every delivery that speaks of the group, where staging
    asks nothing else of neighbours: of entries of orders. Such groups are a kind of their own beside those that come anew."""
    of_orders = ref.export.restates.by == "group" and any(kind in NUMBERS for kind, _ in links)
    return [(f"beside {ref.id}", value) for _, value in _group(ref)] if of_orders else _group(ref)


def _tellers(ref: ExportRef, beside: Links) -> str:
    """A select of places: of each group and delivery the row that was changed last, by which staging puts deliveries in order."""
    changed = f"{identifier(ref.export.updated_at)} desc nulls last, " if ref.export.updated_at else ""
    return (
        f"select {PLACE} from raw.{identifier(ref.relation)} where {_is_linked(beside)}"
        f" qualify row_number() over (partition by {beside[0][1]}, _delivery_id order by {changed}_part, _line) = 1"
    )


def _found_of(ref: ExportRef) -> str:
    return identifier(f"found_of_{ref.relation}")


def _add(con: duckdb.DuckDBPyConnection, ref: ExportRef, links: Links, where: str, kept: str = "found") -> list[str]:
    """Put the values of the rows that `where` finds into `links`; gives the kinds with new ones. The rows' places stay in `kept`."""
    names = ", ".join(f"cast({value} as varchar) as v{place}" for place, (_, value) in enumerate(links))
    con.execute(f"create or replace temp table {kept} as select {PLACE}, {names} from raw.{identifier(ref.relation)} where {where}")
    found = " union ".join(f"select {literal(kind)} as kind, v{place} as value from {kept}" for place, (kind, _) in enumerate(links))
    query = f"create or replace temp table came as select kind, value from ({found}) where value is not null except from links"
    con.execute(query)
    con.execute("insert into links from came")
    return [kind for kind, in con.execute("select distinct kind from came").fetchall()]


def _is_linked(links: Links) -> str:
    known = "select value from links where kind ="
    return " or ".join(f"coalesce({value} in ({known} {literal(kind)}), false)" for kind, value in links)


def _write_rows(con: duckdb.DuckDBPyConnection, lake: Lake, ref: ExportRef, places: str | None, new: Sequence[str]) -> int:
    """`news_now.<export>`: touched rows, read from the files that hold some; `news_before.<export>`: those without the new deliveries."""
    types = bronze_types(ref.export)
    rows, name = bronze.no_rows(types), identifier(ref.relation)
    if places:
        con.execute(f"create or replace temp table touched as {places}")
        holding = con.execute("select distinct _delivery_id from touched order by 1").fetchall()
        files = [bronze.bronze_folder(lake, ref) / f"{delivery}.{ref.fingerprint}.parquet" for (delivery,) in holding]
        if files:
            rows = (
                f"select bronze.* from ({select_files(types, set(types), files)}) as bronze semi join touched"
                " on bronze._delivery_id = touched._delivery_id and bronze._part is not distinct from touched._part"
                " and bronze._line is not distinct from touched._line"
            )
    con.execute(f"create table {NOW}.{name} as {rows}")
    old = f"where _delivery_id not in ({_listed(new)})" if new else ""
    con.execute(f"create view {BEFORE}.{name} as select * from {NOW}.{name} {old}")
    return con.execute(f"select count(*) from {NOW}.{name}").fetchone()[0]


def _say_of_lake(con: duckdb.DuckDBPyConnection) -> None:
    """What the loader says, beside the rows; `keep_what_stood` has put by what it said before."""
    query = "select table_name from information_schema.tables where table_schema = 'raw' and starts_with(table_name, 'lake__') order by 1"
    for (name,) in con.execute(query).fetchall():
        for schema in (NOW, BEFORE):
            con.execute(f"create view if not exists {schema}.{name} as from raw.{name}")


def _stage(con: duckdb.DuckDBPyConnection) -> None:
    """The staging views once more, over the rows of either schema: the code is that of the standing build, and so are they."""
    for name, sql in con.execute("select view_name, sql from duckdb_views() where schema_name = 'staging' order by 1").fetchall():
        for schema in (NOW, BEFORE):
            moved = re.sub(r"\b(?:warehouse\.)?raw\.(\w+__\w+)", rf"{schema}.\1", sql)
            con.execute(moved.replace(f"CREATE VIEW staging.{name} ", f"CREATE VIEW {schema}.{name} ", 1))


def _listed(values: Sequence[str]) -> str:
    return ", ".join(map(literal, values))
