"""A figure that moved says why, to the cent; an export that brought unusually little is noticed; the report opens offline."""

from __future__ import annotations

import re
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path

import duckdb
import pytest

from orchestration.lake.record_tables import record_schema
from orchestration.lake.report_page import report_page
from orchestration.lake.run_records import metric_records
from orchestration.lake.volumes import check_volumes

ORDERS = """create table customer.fct_orders (order_key varchar, platform varchar, customer_id varchar, order_class varchar,
    order_status varchar, is_paid boolean, paid_at timestamp, receivable_cny decimal(18,2), refunded_cny decimal(18,2),
    net_revenue_cny decimal(18,2))"""
LEDGER = """create table attribution.fct_attribution (order_key varchar, model varchar, channel varchar, paid_on date,
    attributed_revenue_cny decimal(18,2))"""
SPEND = "create table attribution.channel_daily (on_date date, channel varchar, model varchar, spend_cny decimal(18,2))"
FIRST = {key: ("taobao", f"c{key}", "consumer_sale", "completed", True, "2026-08-01", 100, 0) for key in "abcde"}


def version(path: Path, orders: dict[str, tuple], spend: int = 10) -> Path:
    with duckdb.connect(path) as con:
        for statement in ("create schema customer", "create schema attribution", ORDERS, LEDGER, SPEND):
            con.execute(statement)
        for key, (platform, customer, kind, status, paid, at, gross, refunded) in orders.items():
            con.execute("insert into customer.fct_orders values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                        [key, platform, customer, kind, status, paid, at, gross, refunded, gross - refunded])  # fmt: skip
            if paid and kind == "consumer_sale":
                con.execute("insert into attribution.fct_attribution values (?, 'last', 'search', ?, ?)", [key, at, gross - refunded])
        con.execute("insert into attribution.channel_daily values (date '2026-08-01', 'search', 'last', ?)", [spend])
    return path


def changed(key: str, **words: object) -> tuple:
    names = ("platform", "customer", "kind", "status", "paid", "at", "gross", "refunded")
    return tuple(words.get(name, value) for name, value in zip(names, FIRST[key], strict=True))


def causes(folder: Path, orders: dict[str, tuple], is_new_code: bool = False, spend: int = 10) -> dict[tuple[str, str], Decimal]:
    old, new = version(folder / "old.duckdb", FIRST), version(folder / "new.duckdb", orders, spend)
    rows = metric_records(new, old, "2026-10-01.002", is_new_code)["quality.metric_changes"].to_pylist()
    figures: dict[tuple, list] = {}
    for row in rows:
        figures.setdefault((row["month"], row["dimension"], row["member"], row["metric"]), []).append(row)
    for told in figures.values():
        assert sum(row["change"] for row in told) == told[0]["after"] - told[0]["before"], "the causes explain the whole change"
    return {(row["metric"], row["cause"]): row["change"] for row in rows if row["metric"] in ("net_revenue_cny", "identified_orders")}


def test_each_order_says_what_moved_it(tmp_path: Path) -> None:
    orders = {
        "a": changed("a", refunded=30), "b": changed("b", status="closed", paid=False), "c": changed("c", customer=None),
        "d": changed("d", kind="brushing"), "e": FIRST["e"], "f": FIRST["e"],
    }  # fmt: skip
    assert causes(tmp_path, orders) == {
        ("net_revenue_cny", "refund"): -30, ("net_revenue_cny", "status"): -100, ("net_revenue_cny", "ruling"): -100,
        ("net_revenue_cny", "late_file"): 100, ("identified_orders", "identity"): -1, ("identified_orders", "status"): -1,
        ("identified_orders", "ruling"): -1, ("identified_orders", "late_file"): 1,
    }  # fmt: skip


def test_what_no_order_explains_is_the_rule_that_changed(tmp_path: Path) -> None:
    assert causes(tmp_path, FIRST | {"a": changed("a", gross=90)}, is_new_code=True) == {("net_revenue_cny", "rule_change"): -10}


def test_equal_versions_have_nothing_to_say_and_the_first_has_none_before_it(tmp_path: Path) -> None:
    assert causes(tmp_path, FIRST) == {}
    empty = metric_records(tmp_path / "new.duckdb", None, "v", False)["quality.metric_changes"]
    assert (empty.num_rows, empty.schema) == (0, record_schema("quality.metric_changes"))


@pytest.mark.parametrize(("last_rows", "status"), [(100, "passed"), (60, "passed"), (30, "failed"), (0, "failed"), (180, "failed")])
def test_an_export_is_measured_by_its_own_days(tmp_path: Path, last_rows: int, status: str) -> None:
    with duckdb.connect(tmp_path / "w.duckdb") as con:
        con.execute("create schema quality; create schema customer")
        con.execute("""create table customer.dim_calendar as select cast(day as date) as on_date, cast(null as varchar) as promo,
            cast(null as varchar) as phase from range(date '2026-08-01', date '2026-11-01', interval 1 day) as days (day)""")
        con.execute(f"""create table quality.deliveries as
            select 'shop' as source, 'orders' as export, 'loaded' as status, cast(day as timestamp) as exported_at,
                case when day = date '2026-09-30' then {last_rows} else 95 + day(day) % 10 end as rows_in_file
            from range(date '2026-08-10', date '2026-10-01', interval 1 day) as days (day)""")
    result = check_volumes(tmp_path / "w.duckdb")
    assert result["status"] == status and ("shop/orders" in result["observed"]) == (status == "failed")


def test_a_volume_that_cannot_be_judged_is_no_pass(tmp_path: Path) -> None:
    duckdb.connect(tmp_path / "w.duckdb").close()
    assert check_volumes(tmp_path / "w.duckdb")["status"] == "could_not_check"


def test_the_report_is_one_page_that_loads_nothing_and_runs_nothing() -> None:
    result = {
        "asset": "customer.fct_orders", "suite": "s", "expectation": "e", "severity": "critical", "status": "failed",
        "observed": "<script>alert(1)</script> 3 rows", "expected": "none", "failing_rows": 3, "samples": ("order_key=a&b",),
    }  # fmt: skip
    page = report_page("Checks of run 1", {"verdict": "refused"}, [result, {**result, "status": "passed", "expectation": "f"}])
    assert "<script" not in page and not re.search(r"(src|href)\s*=|@import|url\(", page)
    said: list[str] = []
    reader = HTMLParser()
    reader.handle_data = said.append
    reader.feed(page)
    for words in ("refused", "1 of 2 passed", "<script>alert(1)</script> 3 rows", "order_key=a&b"):
        assert any(words in text for text in said)
