"""How a table of a build that goes on changes rows: what was found first goes, and of an input only what is asked for is read."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace

import duckdb
import jinja2
import pytest

MACROS = Path(__file__).parents[3] / "dbt_project" / "macros" / "materializations"
COLUMNS = ["record_key", "node_id", "note", "seen_at"]


def test_what_a_transaction_found_stays_in_its_place_until_it_ends(tmp_path: Path) -> None:
    with duckdb.connect(tmp_path / "warehouse.duckdb") as con:
        con.execute("create table keys as select range as key from range(500000)")
        con.execute("delete from keys where key < 300000")
        con.execute("begin")
        con.execute("create temp table found as select key, rowid as place from keys where key % 7 = 0")
        with con.cursor() as other:
            other.execute("create table more as select range as key from range(500000)")
            other.execute("delete from more where key % 2 = 0")
            with pytest.raises(duckdb.TransactionException, match="other write transactions"):
                other.execute("checkpoint")
        con.execute("delete from keys where rowid in (select place from found)")
        con.execute("commit")
        assert con.execute("select count(*), count(*) filter (where key % 7 = 0) from keys").fetchone() == (200000 - 28571, 0)


@pytest.mark.parametrize(
    ("select", "columns"),
    [
        ("select node_id, count(*) from keys -- of all notes, all *\ngroup by 1", "node_id"),
        ("select k.record_key from keys as k where k.seen_at is null", "record_key, seen_at"),
        ("with k as (select node_id from keys) select k.*, 1 as one from k", "node_id"),
        ("with k as (select node_id from keys) select * from k", "node_id"),
        ("with k as (select node_id from keys) select * from k inner join keys as t on true", "*"),
        ("select keys.* from keys", "*"),
        ("select k.* from keys as k", "*"),
        ("with k as (select *\nfrom keys) select node_id from k", "*"),
        ("select distinct * from keys", "*"),
        ("select node_id from (from keys)", "*"),
    ],
)
def test_columns_that_a_select_does_not_name_are_not_read(select: str, columns: str) -> None:
    assert _columns_asked(select, {"reads": {}}) == columns


def test_columns_that_only_the_rule_names_are_read_too() -> None:
    rule = {"reads": {"others": "record_key in (select record_key from part)"}}
    assert _columns_asked("select node_id from keys", rule) == "record_key, node_id"


def test_a_column_that_a_select_does_not_give_is_an_error_and_no_null() -> None:
    written = _given("standing.sql", "standing_columns", "select record_key, node_id from keys -- all of them", this="keys")
    with duckdb.connect() as con:
        con.execute("create table keys (record_key varchar, node_id bigint)")
        con.execute(written.replace(', "note", "seen_at"', ""))
        with pytest.raises(duckdb.BinderException, match="note"):
            con.execute(written)


def _columns_asked(select: str, rule: dict) -> str:
    return _given("news_parts.sql", "columns_asked", "keys", select, rule)


def _given(file: str, macro: str, *arguments: object, **known: object) -> str:
    """What a macro returns, or writes if it returns nothing, where every table has the columns COLUMNS."""
    (text,) = re.findall(rf"{{% macro {macro}.*?{{%-? endmacro %}}", (MACROS / file).read_text("utf-8"), re.S)
    said: list[str] = []

    def give(value: str) -> str:
        said.append(value)
        return value

    known |= {"modules": SimpleNamespace(re=re), "run_query": lambda _: SimpleNamespace(column_names=COLUMNS), "return": give}
    called = text + "{{ " + macro + "(*arguments) }}"
    written = jinja2.Environment(autoescape=False, extensions=["jinja2.ext.do"]).from_string(called).render(arguments=arguments, **known)
    return said[0] if said else written
