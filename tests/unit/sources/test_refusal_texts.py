"""What a person reads when a platform renamed a column, or a file does not say whose it is or of when: for every contract."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from orchestration.lake.catalog import ExportRef, load_catalog
from orchestration.lake.context import place_of
from orchestration.lake.facts import resolve
from orchestration.lake.header import ADVICE
from orchestration.lake.readers import Limits, read_delivery, release
from orchestration.lake.refusal import Refused
from orchestration.lake.source_cells import find_cells
from orchestration.lake.workers import open_connection

CATALOG = load_catalog()
RUN_ON = date(2026, 10, 1)
NEW = "平台改了的名字"
TOLD = "account=鱼塘/date=2026-09-30"


def must_stand_in_the_file(ref: ExportRef) -> str | None:
    """The last column whose header must be there, and that no other column's header stands in for."""
    heads = [head for name in ref.export.columns for head in aliases(ref, name)[:1]]
    named = [
        name for name, column in ref.export.columns.items()
        if column.required and column.default is None and aliases(ref, name)
        and heads.count(aliases(ref, name)[0]) == 1 and not set(aliases(ref, name)[1:]) & set(heads)
    ]  # fmt: skip
    return named[-1] if named else None


def aliases(ref: ExportRef, name: str) -> list[str]:
    return [alias for alias in ref.export.columns[name].headers if not alias.startswith("$.")]


def written(ref: ExportRef, renamed: str | None) -> tuple[str, str]:
    """(text, ending) of a file with one record in which `renamed` has a new name."""
    heads = {name: aliases(ref, name)[0] for name in ref.export.columns if aliases(ref, name)}
    if {"csv", "xlsx"} & set(ref.export.container):
        out = io.StringIO()
        writer = csv.writer(out, delimiter=ref.export.delimiter)
        writer.writerow([NEW if name == renamed else head for name, head in heads.items()])
        writer.writerow(["1"] * len(heads))
        return out.getvalue(), "csv"
    record: dict[str, Any] = {}
    for name, head in heads.items():
        if name == renamed:
            record[NEW] = "1"
        elif name != renamed and not any(head.startswith(f"{other}.") for other in heads.values()):
            put(record, head.split("."), [] if ref.export.columns[name].type == "list" else "1")
    for path in ref.export.records[0].path.split(".")[::-1] if ref.export.records[0].path != "." else []:
        record = {path: [record] if path == ref.export.records[0].path.split(".")[-1] else record}
    return json.dumps(record, ensure_ascii=False), "json" if "json" in ref.export.container else "jsonl"


def put(node: dict[str, Any], path: list[str], value: Any) -> None:
    for key in path[:-1]:
        node = node.setdefault(key, {})
    node.setdefault(path[-1], value)


def refusal(con: duckdb.DuckDBPyConnection, ref: ExportRef, text: str, place: str, folder: Path) -> str:
    """Why the file is refused before any of its rows is looked at; empty when it is not."""
    file = folder / place
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")
    try:
        result = read_delivery(con, file, ref.export, folder / "work", Limits())
        cells = [find_cells(con, part, ref.export, result.payload) for part in result.parts]
        resolve(con, ref, place_of(place.split("/")), result.payload, cells, RUN_ON)
    except Refused as refused:
        return refused.reason
    finally:
        release(con)
    return ""


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with open_connection(b"pepper") as opened:
        yield opened


@pytest.mark.parametrize("export", [name for name, ref in CATALOG.exports.items() if must_stand_in_the_file(ref)])
def test_a_renamed_column_is_named_with_what_the_file_has_instead(export: str, con, tmp_path: Path) -> None:
    ref = CATALOG.exports[export]
    column = must_stand_in_the_file(ref)
    text, ending = written(ref, column)
    reason = refusal(con, ref, text, f"{TOLD}/file_20260930.{ending}", tmp_path)
    assert f"{column} ({ref.export.columns[column].headers[0]}" in reason and NEW in reason and ADVICE in reason


@pytest.mark.parametrize("export", CATALOG.exports)
def test_a_file_that_says_neither_account_nor_day_is_told_the_folder(export: str, con, tmp_path: Path) -> None:
    """No cell of the file is a time. Where a column or a constant may tell the account, the file needs no folder."""
    ref = CATALOG.exports[export]
    text, ending = written(ref, None)
    day = refusal(con, ref, text, f"account=鱼塘/file.{ending}", tmp_path)
    assert "put it into a folder date=YYYY-MM-DD" in day
    account = refusal(con, ref, text, f"date=2026-09-30/file_20260930.{ending}", tmp_path)
    needs_folder = ref.export.account and not any(rule.constant or rule.column for rule in ref.export.account)
    assert ("put it into a folder account=" in account) == bool(needs_folder)
