"""Table `raw.lake__empty_lists`: whole lists, and pages of lists, that hold no record: their silence closes what stood in their scope.

A list with records says in each of them whose list it is; an empty one says it in its path or its page, or nowhere: then it closes
nothing. Belongs here: reading the scope at load time, the table. Does not: what the silence means (dbt, macro `newest`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import duckdb
import pyarrow as pa

from orchestration.lake.context import said
from orchestration.lake.contract import ContextRule, Export
from orchestration.lake.facts import Facts
from orchestration.lake.receipt import Receipt

SCHEMA = pa.schema([
    ("delivery_id", pa.string()), ("source", pa.string()), ("export", pa.string()), ("exported_at", pa.timestamp("us")),
    ("scope", pa.string()), ("is_last_page", pa.bool_()), ("page", pa.int64()),
])  # fmt: skip


def empty_list(export: Export, facts: Facts, payload: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """{scope, is_last_page, page} of a snapshot without records; `scope` joins the scope's columns by |, None when nothing tells one."""
    if export.restates.by != "snapshot":
        return None
    certain = facts.certain()
    known: dict[str, Any] = {"account": certain.account, "business_on": certain.business_on}
    values = [known[name][0] if known.get(name) else _in_page(export, name, payload) for name in export.restates.columns]
    optional = [name == "account" for name in export.restates.columns]  # an export without account rules has one scope: none
    is_told = all(value is not None or may_miss for value, may_miss in zip(values, optional, strict=True))
    page = _in_page(export, export.restates.page, payload)
    return {
        "scope": "|".join("" if value is None else str(value) for value in values) if is_told else None,
        # a bare list says nothing of further pages
        "is_last_page": export.restates.last_page is None or (
            payload is not None and _in_page(export, export.restates.last_page, payload) is None
        ),
        "page": int(page) if page is not None and page.isdigit() else None,
    }


def _in_page(export: Export, name: str | None, payload: Mapping[str, Any] | None) -> str | None:
    """What the page around the records says for a column read from there (`$.…`)."""
    paths = export.columns[name].headers if name in export.columns else ()
    answers = (said(ContextRule(payload=path), None, payload) for path in paths if path.startswith("$."))
    return next((answer for answer in answers if answer is not None), None)


def write_empty_lists(con: duckdb.DuckDBPyConnection, receipts: Iterable[Receipt]) -> None:
    """(Re)make `raw.lake__empty_lists`: one row per loaded delivery without records that says whose list it is."""
    table = pa.Table.from_pylist(sorted(_rows(receipts), key=lambda row: row["delivery_id"]), schema=SCHEMA)
    con.register("fishpond_empty_lists", table)
    con.execute("create or replace table raw.lake__empty_lists as select * from fishpond_empty_lists")
    con.unregister("fishpond_empty_lists")


def _rows(receipts: Iterable[Receipt]) -> Iterator[dict[str, Any]]:
    for receipt in receipts:
        if receipt.status in ("loaded", "stale_contract") and receipt.empty_list and receipt.empty_list["scope"] is not None:
            yield {
                "delivery_id": receipt.delivery_id, "source": receipt.source, "export": receipt.export,
                "exported_at": receipt.exported_at, **receipt.empty_list,
            }  # fmt: skip
