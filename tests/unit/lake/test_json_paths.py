"""Paths of JSON documents: those of a large delivery, looked at in portions, are those of a small one, looked at whole."""

from __future__ import annotations

import json

import duckdb
import pytest

from orchestration.lake import source_cells

DOCS = (
    {"id": "1", "user": None, "items": [], "extra": {}, "tags": [1]},
    {"id": "2", "user": {"name": "x", "level": None}, "items": [{"sku": "a"}], "tags": None},
    {"id": "3", "user": {"level": {"no": 1}}, "items": [{"sku": "b", "price": 1.5}], "late": True},
    {"id": "4", "user": None, "items": None, "tags": []},
)


@pytest.fixture
def con() -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    con.execute("create temp table docs (_line bigint, doc json)")
    con.executemany("insert into docs values (?, ?)", [(line, json.dumps(doc)) for line, doc in enumerate(DOCS, 1)])
    return con


@pytest.mark.parametrize("portion", [1, 100, 1 << 20])
def test_documents_have_the_same_paths_however_many_are_looked_at_together(con, portion: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source_cells, "TOGETHER_BYTES", portion)
    leaves, there = source_cells._structure(con, "docs")
    assert sorted(leaves) == ["extra", "id", "items[*].price", "items[*].sku", "late", "tags[*]", "user.level.no", "user.name"]
    assert there - set(leaves) - {""} == {"user", "user.level", "items", "items[*]", "tags"}


def test_no_document_has_no_path_but_itself(con) -> None:
    con.execute("delete from docs")
    assert source_cells._structure(con, "docs") == ([""], {""})
