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
    runs = run_nodes(read_settings(), ["test", "--select", "test_name:holds"], lambda *_: None)
    tests = [each for each in runs if each.kind == "test"]
    assert [f"{each.name}: {each.message}" for each in tests if each.status != "pass"] == []
    assert sum(".news." in each.sql for each in tests) > 100


def test_data_tests_of_what_came_find_what_those_of_the_whole_table_find(lake: Lake) -> None:
    with duckdb.connect(lake.warehouse) as con:
        one = "(from intermediate.int_orders order by order_key limit 1)"
        con.execute(f"insert into intermediate.int_orders select * replace (null as is_paid) from {one}")
        con.execute("create schema news")
        con.execute("create table news.int_orders as select *, true as is_now from intermediate.int_orders where is_paid is null")
    of_news = _found(lake)
    with duckdb.connect(lake.warehouse) as con:
        con.execute("drop schema news cascade")
    assert of_news == (True, [("key order_key", 1), ("never_null is_paid", 1)])
    assert _found(lake) == (False, of_news[1])


def _found(lake: Lake) -> tuple[bool, list[tuple[str, int]]]:
    """Whether the tests of orders asked for news, and which rules they found broken."""
    runs = run_nodes(read_settings(), ["test", "--select", "int_orders,test_name:holds"], lambda *_: None)
    (run,) = [each for each in runs if each.kind == "test"]
    with duckdb.connect(lake.warehouse, read_only=True) as con:
        return "news.int_orders" in run.sql, sorted(rule for rules in findings(con, [run]).values() for rule in rules)
