"""What the tests of releases share: a lake with a finished warehouse, and one call that publishes from it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import duckdb
import pytest

from orchestration.lake.layout import Lake
from orchestration.lake.releases import build_release, next_version, show_release

GRAINS = {"customer.fct_orders": ("order_key",), "customer.customer_keys": ("key_type", "key_token", "valid_from")}
AS_OF = date(2026, 9, 30)


@pytest.fixture
def lake(in_memory: Path) -> Lake:
    """A release is forced to disk file by file, and a test makes several."""
    lake = Lake(in_memory / "lake").prepare()
    fill(lake, orders=10)
    return lake


@pytest.fixture
def publish(lake: Lake) -> Callable[..., str]:
    """`publish()`: build the next release of the warehouse as it is, and show it unless held; its version."""

    def run(delivery_set: str = "", code: str = "") -> str:
        version = next_version(lake, AS_OF)
        build_release(lake, lake.warehouse, version, GRAINS, {}, {}, delivery_set, code)
        show_release(lake, version)
        return version

    return run


def fill(lake: Lake, orders: int) -> None:
    """A warehouse with so many orders on the 120 days from June, one a day in turn; the last first, so that sorting shows."""
    lake.warehouse.unlink(missing_ok=True)
    with duckdb.connect(str(lake.warehouse)) as con:
        con.execute("create schema customer")
        con.execute("create schema raw")
        con.execute("create table raw.lake__context as select date '2026-09-30' as as_of_on")
        con.execute(f"""create table customer.fct_orders as
            select 'taobao:' || i as order_key, 'taobao' as platform, true as is_paid, cast(100 as decimal(18, 2)) as receivable_cny,
                timestamp '2026-06-01' + to_days(cast(i as integer) % 120) as paid_at
            from range({orders}) as numbers (i) order by i desc""")
        con.execute("comment on table customer.fct_orders is '订单 Orders. One row per order.'")
        con.execute("comment on column customer.fct_orders.order_key is '订单号 The order''s key'")
        con.execute("""create table customer.customer_keys (customer_id varchar, key_type varchar, key_scope varchar, key_token varchar,
            valid_from timestamp, valid_to timestamp, first_seen_at timestamp, ruling varchar)""")
        con.execute("create table customer.identity_review (rule varchar, key_type varchar, key_token varchar, other_key_token varchar)")


def orders_seen(lake: Lake) -> int:
    """What a reader who opens the published file now counts."""
    with duckdb.connect(str(lake.current / "fishpond.duckdb"), read_only=True) as con:
        return con.execute("select count(*) from customer.fct_orders").fetchall()[0][0]
