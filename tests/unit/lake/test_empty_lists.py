"""A whole list that holds nobody says whose list it is, by the real contracts; one that cannot say it closes nothing."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from orchestration.lake.catalog import Catalog, load_catalog
from orchestration.lake.landing import scan
from orchestration.lake.layout import Lake
from orchestration.lake.loader import load_export
from orchestration.lake.raw import register

AT = datetime(2026, 9, 30)
EMPTY_PAGE = {"fetched_at": "2026-09-30 00:00:00", "external_contact_list": [], "next_cursor": ""}


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()


def empty_lists(export: str, name: str, text: str, catalog: Catalog, folder: Path) -> list[tuple]:
    lake = Lake(folder).prepare()
    file = lake.landing / export / name
    file.parent.mkdir(parents=True)
    file.write_text(text, "utf-8")
    catalog = replace(catalog, exports={export: catalog.exports[export]})  # a hundred others would each get an empty file and a view
    (receipt,) = load_export(lake, catalog.exports[export], scan(lake, catalog), b"pepper")
    assert (receipt.status, receipt.rows_loaded, receipt.reason) == ("loaded", 0, None)
    with duckdb.connect(lake.warehouse) as con:
        register(con, lake, catalog, {})
        columns = "source || '/' || export, exported_at, scope, is_last_page, page"
        return con.execute(f"select {columns} from raw.lake__empty_lists").fetchall()


@pytest.mark.parametrize(
    ("export", "name", "text", "told"),
    [
        ("crm/members", "account=vip/members_20260930.csv", "会员号,手机号\n", ("vip", True, None)),
        ("rulings/identity", "date=2026-09-30/rulings.csv", "编号,裁定,手机号,登记日期\n", ("", True, None)),
        ("wechat_group/members", "account=tool/g_20260930.json", '{"room_id": "r1", "members": []}', ("tool|r1", True, None)),
        ("wecom/contacts", "account=wwFish/page_20260930000000_0003.json", json.dumps(EMPTY_PAGE), ("wwFish", True, 3)),
        ("wecom/contacts", "account=wwFish/page_20260930000000.json", "[]", ("wwFish", False, None)),
        ("wecom/contacts", "account=wwFish/page.json", json.dumps(EMPTY_PAGE | {"next_cursor": "more"}), ("wwFish", False, None)),
    ],
)  # fmt: skip
def test_an_empty_list_is_told_with_its_scope(export, name, text, told, catalog: Catalog, tmp_path: Path) -> None:
    scope, is_last_page, page = told
    assert empty_lists(export, name, text, catalog, tmp_path) == [(export, AT, scope, is_last_page, page)]


def test_an_empty_list_that_names_no_group_closes_none(catalog: Catalog, tmp_path: Path) -> None:
    assert empty_lists("wechat_group/members", "account=tool/members_20260930.csv", "群ID,微信ID,入群时间\n", catalog, tmp_path) == []


def test_a_list_whose_every_row_was_refused_is_not_empty(catalog: Catalog, tmp_path: Path) -> None:
    text = "会员号,手机号\n,13900005555\n"
    assert empty_lists("crm/members", "account=vip/members_20260930.csv", text, catalog, tmp_path) == []
