"""People who asked to be forgotten: what the lake keeps of them (a mark that names nobody), and rows without them, in SQL.

A mark is HMAC-SHA-256(pepper, 'forget' || token): it tells whether a key that comes again was forgotten, and gives no key away.
Here: the marks and the SQL over bronze-shaped rows. Not here: rewriting files (`erase_bronze`, `erase_landing`, `erase_releases`).
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace

import duckdb

from orchestration.lake.catalog import ExportRef
from orchestration.lake.durable import write_durably
from orchestration.lake.layout import Lake
from orchestration.lake.receipt import Receipt
from orchestration.lake.sql import identifier, literals
from orchestration.lake.tokens import hmac_sql, token

FILE = ".forgotten"
MONEY = frozenset({"orders", "order_lines", "refunds", "order_costs", "payments"})  # what stays, without its person
FORGET = "'forget' || "
Hit = Callable[[str], str]  # SQL of a token → SQL condition "it is of somebody who is forgotten"


@dataclass(frozen=True)
class Cleared:
    """`query`: the rows as they may stay. `erased`: how many rows are gone, `blanked`: how many stay without their person."""

    query: str
    erased: int
    blanked: int


def forgotten(lake: Lake) -> frozenset[str]:
    """The marks of everybody who was forgotten."""
    path = lake.landing / FILE
    return frozenset(json.loads(path.read_text("utf-8"))["marks"]) if path.exists() else frozenset()


def add_forgotten(lake: Lake, pepper: bytes, tokens: Iterable[str]) -> None:
    """Remember these tokens' marks, for good."""
    marks = forgotten(lake) | {token(pepper, f"forget{each}") for each in tokens}
    write_durably(lake.landing / FILE, json.dumps({"marks": sorted(marks)}, indent=0))
    os.chmod(lake.landing / FILE, 0o600)


def marked(marks: Collection[str]) -> Hit:
    """Hit by mark, for rows at the door; the connection's pepper must be bound."""
    wanted = literals(sorted(marks))
    return lambda key: f"coalesce({hmac_sql(FORGET + key)} in {wanted}, false)"


def named(tokens: Collection[str]) -> Hit:
    """Hit by the token itself, while somebody is being forgotten."""
    wanted = literals(sorted(tokens))
    return lambda key: f"coalesce(cast({key} as varchar) in {wanted}, false)"


def keeps_rows(ref: ExportRef) -> bool:
    """Whether rows of the export tell of money: they stay, as money of nobody; all other rows go with their person."""
    return bool(MONEY & set(ref.export.feeds))


def cleared(con: duckdb.DuckDBPyConnection, ref: ExportRef, source: str, hit: Hit) -> Cleared | None:
    """Bronze-shaped rows of `source` (anything behind FROM) without the forgotten; None where nothing is theirs."""
    described = con.execute(f"describe select * from {source}").fetchall()
    kinds = {row[0]: row[1] for row in described}
    keys = [name for name in kinds if f"{name}_class" in kinds]
    lists = _key_lists(ref, kinds)
    mine = " or ".join(hit(identifier(key)) for key in keys) or "false"
    inside = " or ".join(_any_inside(name, fields, hit) for name, fields in lists.items()) or "false"
    counts = f"count(*) filter (where {mine}), count(*) filter (where ({inside}) and not ({mine}))"
    theirs, near = con.execute(f"select {counts} from {source}").fetchone()
    if not theirs and not near:
        return None
    changed = {name: _without(name, fields, hit) for name, fields in lists.items()}
    if keeps_rows(ref):
        changed |= {part: f"case when {hit(identifier(key))} then null else {identifier(part)} end"
                    for key in keys for part in (key, f"{key}_class", f"{key}_scope")}  # fmt: skip
        changed["_extra"] = f"case when {mine} then null else _extra end"
        changed["_record_key"] = f"case when {mine} then regexp_replace(_record_key, '[0-9a-f]{{64}}', 'erased', 'g') else _record_key end"
    replaced = ", ".join(f"{expression} as {identifier(name)}" for name, expression in changed.items())
    rows = f"select * {f'replace ({replaced})' if replaced else ''} from {source}"
    return Cleared(rows, 0, theirs + near) if keeps_rows(ref) else Cleared(f"{rows} where not ({mine})", theirs, near)


def with_erased(receipt: Receipt, rows: Cleared) -> Receipt:
    """The receipt after an erasure: the row equation holds, and a note tells the number."""
    note = {"kind": "erased", "rows": rows.erased + rows.blanked}
    loaded, skipped = receipt.rows_loaded - rows.erased, receipt.rows_skipped + rows.erased
    return replace(receipt, rows_loaded=loaded, rows_skipped=skipped, notes=[*receipt.notes, note])


def _key_lists(ref: ExportRef, kinds: Collection[str]) -> dict[str, list[str]]:
    """List columns whose elements carry keys: the names of these fields."""
    columns = {name: column for name, column in ref.export.columns.items() if column.type == "list" and name in kinds}
    found = {name: [field for field, inner in column.fields.items() if inner.identity] for name, column in columns.items()}
    return {name: fields for name, fields in found.items() if fields}


def _any_inside(name: str, fields: list[str], hit: Hit) -> str:
    return f"len(list_filter({identifier(name)}, lambda element: {_one_of(fields, hit)})) > 0"


def _without(name: str, fields: list[str], hit: Hit) -> str:
    return f"list_filter({identifier(name)}, lambda element: not ({_one_of(fields, hit)}))"


def _one_of(fields: list[str], hit: Hit) -> str:
    return " or ".join(hit(f"element.{identifier(field)}") for field in fields)
