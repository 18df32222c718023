"""Drift against the published version: closed months only grow, tables keep their size, the last day is like its kind."""

from __future__ import annotations

from collections.abc import Callable

import duckdb
import pytest

from orchestration.lake.drift import compare
from orchestration.lake.layout import Lake
from orchestration.lake.releases import current_file
from tests.unit.releases.conftest import fill

QUIET = {
    "closed_months_keep_their_orders": "passed", "closed_months_keep_their_revenue": "passed",
    "tables_keep_their_size": "passed", "last_day_is_like_others": "passed", "last_day_earns_like_others": "passed",
}  # fmt: skip


def change(lake: Lake, *statements: str) -> None:
    with duckdb.connect(str(lake.warehouse)) as con:
        for statement in statements:
            con.execute(statement)


def calendar(promo_day: str = "null") -> str:
    return f"""create table customer.dim_calendar as
        select cast(day as date) as on_date, case when cast(day as date) = {promo_day} then '双11' end as promo,
            cast(null as varchar) as phase
        from range(date '2026-01-01', date '2027-01-01', interval 1 day) as days (day)"""


@pytest.fixture
def drift(lake: Lake, publish: Callable[..., str]) -> Callable[..., dict[str, str]]:
    """`drift(sql…)`: publish 240 orders, change the warehouse, and compare; status by check."""
    fill(lake, orders=240)
    change(lake, calendar())
    publish()

    def run(*statements: str) -> dict[str, str]:
        change(lake, *statements)
        return {result["expectation"]: result["status"] for result in compare(lake.warehouse, current_file(lake))}

    return run


def test_the_first_version_has_nothing_to_drift_from(lake: Lake) -> None:
    assert compare(lake.warehouse, None) == []


def test_the_same_data_does_not_drift(drift) -> None:
    assert drift() == QUIET


def test_a_closed_month_that_lost_an_order_is_critical(drift, lake: Lake) -> None:
    assert drift("delete from customer.fct_orders where order_key = 'taobao:0'")["closed_months_keep_their_orders"] == "failed"
    (result, *_) = compare(lake.warehouse, current_file(lake))
    assert (result["severity"], result["samples"]) == ("critical", ("taobao 2026-06: 59 (before 60)",))


def test_a_platform_that_vanished_from_a_closed_month_is_critical(drift) -> None:
    assert drift("update customer.fct_orders set platform = 'tmall'")["closed_months_keep_their_orders"] == "failed"


def test_a_closed_month_that_lost_revenue_is_critical_but_pennies_are_not(drift) -> None:
    assert drift("update customer.fct_orders set receivable_cny = 99.95")["closed_months_keep_their_revenue"] == "passed"
    assert drift("update customer.fct_orders set receivable_cny = 90")["closed_months_keep_their_revenue"] == "failed"


def test_the_running_month_may_still_lose_orders(drift) -> None:
    said = drift("delete from customer.fct_orders where paid_at >= timestamp '2026-09-25'")
    assert said == {**QUIET, "tables_keep_their_size": "failed"}


def test_a_table_that_shrank_or_doubled_is_a_warning(drift, lake: Lake) -> None:
    assert drift("insert into customer.fct_orders select 'new' || order_key, * exclude (order_key) from customer.fct_orders") == QUIET
    assert drift("insert into customer.fct_orders from customer.fct_orders limit 1")["tables_keep_their_size"] == "failed"
    assert {r["severity"] for r in compare(lake.warehouse, current_file(lake)) if r["status"] == "failed"} == {"warning"}


WORKDAYS = [f"2026-09-{day:02}" for day in (1, 2, 3, 4, 7, 8, 9, 10, 11, 14, 15, 16, 17, 18, 21, 22, 23, 24, 25, 28)]
LAST_DAY = "2026-09-29"  # the context's as_of_on is the 30th
CLEAR = "delete from customer.fct_orders"


def orders_on(day: str, number: int, platform: str = "taobao") -> str:
    return f"""insert into customer.fct_orders
        select '{platform}:{day}:' || i, '{platform}', true, 1, timestamp '{day} 12:00:00' from range({number}) as r (i)"""


@pytest.mark.parametrize(("usual", "last", "status"), [(10, 3, "failed"), (10, 7, "passed"), (10, 30, "failed"), (2, 4, "passed")])
def test_a_last_day_unlike_days_of_its_kind_is_a_warning(drift, usual: int, last: int, status: str) -> None:
    said = drift(CLEAR, *(orders_on(day, usual) for day in WORKDAYS), orders_on(LAST_DAY, last))
    assert said["last_day_is_like_others"] == status


def test_a_platform_without_any_order_on_the_last_day_is_seen(drift, lake: Lake) -> None:
    douyin = (orders_on(day, 10, "douyin") for day in WORKDAYS)
    assert drift(CLEAR, *douyin, *(orders_on(day, 10) for day in (*WORKDAYS, LAST_DAY)))["last_day_is_like_others"] == "failed"
    assert compare(lake.warehouse, current_file(lake))[-1]["samples"] == ("douyin: 0 (before 10.0)",)


@pytest.mark.parametrize(("price", "status"), [(1, "passed"), (0.2, "failed"), (40, "failed")])
def test_a_last_day_that_earns_unlike_its_kind_is_a_warning_though_orders_are_as_many(drift, price: float, status: str) -> None:
    said = drift(CLEAR, *(orders_on(day, 10) for day in (*WORKDAYS, LAST_DAY)),
                 f"update customer.fct_orders set receivable_cny = {price} where cast(paid_at as date) = date '{LAST_DAY}'")  # fmt: skip
    assert (said["last_day_is_like_others"], said["last_day_earns_like_others"]) == ("passed", status)


def test_a_promotion_day_is_not_compared_with_plain_days(drift) -> None:
    assert drift(CLEAR, *(orders_on(day, 10) for day in WORKDAYS), orders_on(LAST_DAY, 500))["last_day_is_like_others"] == "failed"
    assert drift("drop table customer.dim_calendar", calendar(f"date '{LAST_DAY}'"))["last_day_is_like_others"] == "passed"


def test_what_cannot_be_compared_says_so(drift) -> None:
    assert drift("alter table customer.fct_orders drop column receivable_cny") == {
        **QUIET, "closed_months_keep_their_orders": "could_not_check", "closed_months_keep_their_revenue": "could_not_check",
        "last_day_earns_like_others": "could_not_check",
    }  # fmt: skip
