"""A build that goes on gives every table of a build from nothing, whatever came late: restated amounts, sales of closed months, keys of
another person that make two customers one, whole lists. Its data tests look at what came, and find what those of whole tables find."""

from __future__ import annotations

import random
import shutil

import duckdb
import pytest
from builders.going_on import COMPARED, build, differing
from builders.late_news import WAYS, deliver_late

from orchestration.defs.data_tests import findings
from orchestration.defs.dbt_runs import run_nodes
from orchestration.lake import news
from orchestration.lake.catalog import load_catalog
from orchestration.lake.layout import Lake
from orchestration.settings import read_settings

SEED, FILES = 20261122, 36


def test_late_news_of_any_kind_leave_the_tables_of_a_build_from_nothing(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(news, "LEAST_BYTES", 0)
    monkeypatch.setattr(news, "MOST_NEWS", 1)
    settings, catalog = read_settings(), load_catalog()
    told = deliver_late(lake, catalog, random.Random(SEED), FILES)
    assert {each.split(" ", 1)[1] for each in told} == set(WAYS) and len({each.split("/")[0] for each in told}) > 5
    build(lake, catalog, settings, goes_on=True)
    gone_on = lake.root.with_name("gone_on.duckdb")
    shutil.copy(lake.warehouse, gone_on)
    build(lake, catalog, settings, goes_on=False)
    assert differing(gone_on, lake.warehouse) == []


def test_data_tests_of_what_came_are_asked_of_every_table(lake: Lake) -> None:
    """Whatever a key or rule is said with: as if all rows had come."""
    with duckdb.connect(lake.warehouse) as con:
        con.execute("create schema news")
        listed = "select schema_name || '.' || table_name, table_name from duckdb_tables() where schema_name = any($1) order by 1"
        for relation, name in con.execute(listed, [list(COMPARED)]).fetchall():
            con.execute(f"create table news.{name} as select *, true as is_now from {relation}")
        con.execute("create schema news_now")
        for (name,) in con.execute("select view_name from duckdb_views() where schema_name = 'staging' order by 1").fetchall():
            con.execute(f"create view news_now.{name} as from staging.{name}")
    runs = run_nodes(read_settings(), ["test", "--select", "test_name:holds", "test_name:feeds_hold", "ledger_closes"], lambda *_: None)
    tests = [each for each in runs if each.kind == "test"]
    assert [f"{each.name}: {each.message}" for each in tests if each.status != "pass"] == []
    assert sum(".news." in each.sql for each in tests) > 100
    assert sum(".news_now." in each.sql for each in tests) > 10


def test_data_tests_of_what_came_find_what_those_of_the_whole_table_find(lake: Lake) -> None:
    with duckdb.connect(lake.warehouse) as con:
        one = "(from intermediate.int_orders order by order_key limit 1)"
        con.execute(f"insert into intermediate.int_orders select * replace (null as is_paid) from {one}")
        con.execute("create schema news")
        con.execute("create table news.int_orders as select *, true as is_now from intermediate.int_orders where is_paid is null")
        credited = "(from attribution.fct_attribution where model = 'linear' order by order_key, touch_key limit 1)"
        con.execute("create table news.fct_attribution as select *, true as is_now from attribution.fct_attribution limit 0")
        con.execute(f"insert into news.fct_attribution by name select *, true as is_now from {credited}")
        con.execute(f"insert into attribution.fct_attribution from {credited}")
        con.execute("create schema news_now")
        nameless = "select * replace (null as order_key) from staging.stg_taobao__orders limit 1"
        con.execute(f"create view news_now.stg_taobao__orders as {nameless}")
        for (name,) in con.execute("select view_name from duckdb_views() where schema_name = 'staging' order by 1").fetchall():
            con.execute(f"create view if not exists news_now.{name} as from staging.{name} limit 0")
    of_news = _found(lake)
    assert of_news["holds"] == (True, [("key order_key", 1), ("never_null is_paid", 1)])
    assert of_news["feeds_hold"] == (True, [("stg_taobao__orders: never_null order_key", 1)])
    with duckdb.connect(lake.warehouse) as con:
        (closed,) = of_news["ledger_closes"][1]
        for schema in ("news", "news_now"):
            con.execute(f"drop schema {schema} cascade")
    whole = _found(lake)
    assert whole["holds"] == (False, of_news["holds"][1]) and whole["feeds_hold"] == (False, [])
    assert whole["ledger_closes"] == (False, [closed])


def _found(lake: Lake) -> dict[str, tuple[bool, list]]:
    """Test → whether it asked for news, and what it found broken."""
    asked = ["int_orders,test_name:holds", "test_name:feeds_hold,int_orders__unioned", "ledger_closes"]
    runs = [each for each in run_nodes(read_settings(), ["test", "--select", *asked], lambda *_: None) if each.kind == "test"]
    with duckdb.connect(lake.warehouse, read_only=True) as con:
        return {
            next(name for name in ("feeds_hold", "holds", "ledger_closes") if name in run.name):
            ("news" in run.sql, sorted(found for each in findings(con, [run]).values() for found in each))
            for run in runs
        }  # fmt: skip
