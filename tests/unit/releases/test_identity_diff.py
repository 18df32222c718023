"""What publishing would do to customers: counted, weighed in money, and part of the drift that the gate shows."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import duckdb
import pytest

from orchestration.lake.identity_diff import identity_diff, identity_drift
from orchestration.lake.layout import Lake
from orchestration.lake.releases import current_file
from tests.unit.releases.conftest import fill

CUSTOMERS = 100


@pytest.fixture
def brand(lake: Lake, publish: Callable[..., str]) -> Callable[..., None]:
    """100 customers of one key each and 240 orders of ¥100, published; then statements on the warehouse."""
    fill(lake, orders=240)

    def run(*statements: str) -> None:
        with duckdb.connect(str(lake.warehouse)) as con:
            for statement in statements:
                con.execute(statement)

    run(
        f"""insert into customer.customer_keys by name select 'c' || i as customer_id, 'phone' as key_type, 'global' as key_scope,
            'k' || i as key_token from range({CUSTOMERS}) as numbers (i)""",
        "alter table customer.fct_orders add column customer_id varchar",
        "alter table customer.fct_orders add column net_revenue_cny decimal(18, 2)",
        "update customer.fct_orders set net_revenue_cny = 100",
        f"update customer.fct_orders set customer_id = 'c' || (cast(split_part(order_key, ':', 2) as int) % {CUSTOMERS})",
    )
    publish()
    return run


def test_the_same_build_moves_nothing(brand, lake: Lake) -> None:
    (result,) = identity_drift(lake.warehouse, current_file(lake))
    assert (result["status"], result["severity"]) == ("passed", "warning")


def test_a_merge_is_counted_and_its_money_moves(brand, lake: Lake) -> None:
    brand("update customer.customer_keys set customer_id = 'c0' where customer_id = 'c1'",
          "update customer.fct_orders set customer_id = 'c0' where customer_id = 'c1'")  # fmt: skip
    found = identity_diff(lake.warehouse, current_file(lake))
    assert found.counts == {"new": 0, "merged": 1, "split": 0, "renamed": 0, "retired": 0}
    assert (found.moved_cny, found.revenue_cny, found.customers) == (Decimal(300), Decimal(24000), CUSTOMERS)
    assert [(each.from_customer_id, each.to_customer_id, each.orders) for each in found.movements] == [("c1", "c0", 3)]
    assert not found.is_large


def test_a_renamed_customer_takes_the_money_along(brand, lake: Lake) -> None:
    brand("update customer.customer_keys set customer_id = 'z' where customer_id = 'c1'",
          "update customer.fct_orders set customer_id = 'z' where customer_id = 'c1'")  # fmt: skip
    found = identity_diff(lake.warehouse, current_file(lake))
    assert (found.counts["renamed"], found.moved_cny) == (1, 0)


def test_many_merges_warn_before_anybody_reads_them(brand, lake: Lake) -> None:
    brand("update customer.customer_keys set customer_id = 'c0' where customer_id in ('c1', 'c2', 'c3')")
    (result,) = identity_drift(lake.warehouse, current_file(lake))
    assert result["status"] == "failed" and "3 merged" in result["observed"]


def test_a_build_that_cannot_be_compared_says_so(brand, lake: Lake) -> None:
    brand("alter table customer.fct_orders drop column customer_id")
    assert identity_drift(lake.warehouse, current_file(lake))[0]["status"] == "could_not_check"


def test_the_first_version_moves_nobody(lake: Lake) -> None:
    assert identity_drift(lake.warehouse, None) == []
