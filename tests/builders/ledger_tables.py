"""The tables that the ledger's models read, in a warehouse in memory: made once, filled with orders and touches as often as one likes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

import duckdb
from builders.compiled_models import empty_warehouse
from builders.ledger_oracle import Order, Touch

AS_OF = "2026-09-30"
ORDERS = """
    create table intermediate.int_orders (
        order_key varchar, customer_id varchar, platform varchar, entry_channel varchar, domain varchar, ordered_at timestamp,
        deposit_paid_at timestamp, paid_at timestamp, converted_at timestamp, is_paid boolean, order_class varchar,
        receivable_cny decimal(18, 2), net_revenue_cny decimal(18, 2), refund_matures_on date, customer_order_number bigint,
        traffic_pending boolean
    )
"""
TOUCHES = """
    create table intermediate.int_touches (
        touch_key varchar, customer_id varchar, order_key varchar, touched_at timestamp, channel varchar, domain varchar, campaign varchar,
        content varchar, touch_type varchar, evidence varchar, is_eligible boolean
    )
"""
FILL_ORDERS = """
    insert into intermediate.int_orders
    select order_key, customer_id, 'shop', 'shop', 'public', paid_at, deposit_at, paid_at, coalesce(deposit_at, paid_at), true,
        'consumer_sale', 99, net_cny, null, 1, false
    from (select unnest($1::varchar[]) as order_key, unnest($2::varchar[]) as customer_id, unnest($3::timestamp[]) as paid_at,
        unnest($4::timestamp[]) as deposit_at, unnest($5::decimal(18, 2)[]) as net_cny)
"""
FILL_TOUCHES = """
    insert into intermediate.int_touches
    select touch_key, customer_id, order_key, touched_at, channel, null, null, null, touch_type,
        if(order_key is null, 'person', 'order_field'), is_eligible
    from (select unnest($1::varchar[]) as touch_key, unnest($2::varchar[]) as customer_id, unnest($3::varchar[]) as order_key,
        unnest($4::timestamp[]) as touched_at, unnest($5::varchar[]) as channel, unnest($6::varchar[]) as touch_type,
        unnest($7::boolean[]) as is_eligible)
"""


def ledger_warehouse(kinds: Mapping[str, str], strengths: Mapping[str, float], neutral: float) -> duckdb.DuckDBPyConnection:
    """A warehouse with the channels (and their kinds), the fitted strengths, and empty orders and touches."""
    con = empty_warehouse(threads=1)
    con.execute(f"create table raw.lake__context as select date '{AS_OF}' as as_of_on; {ORDERS}; {TOUCHES}")
    con.execute("create table seeds.channels (channel varchar, kind varchar)")
    con.executemany("insert into seeds.channels values (?, ?)", list(kinds.items()))
    con.execute("create table analytics.touch_strengths (channel varchar, strength double, neutral_strength double)")
    con.executemany(f"insert into analytics.touch_strengths values (?, ?, {neutral})", list(strengths.items()))
    return con


def fill(con: duckdb.DuckDBPyConnection, orders: Sequence[Order], touches: Sequence[Touch]) -> None:
    """Replace all orders and touches."""
    con.execute("truncate intermediate.int_orders; truncate intermediate.int_touches")
    sold = [(o.key, o.customer, o.paid_at, o.deposit_at, None if o.net is None else Decimal(o.net) / 100) for o in orders]
    seen = [(t.key, t.customer, t.order, t.at, t.channel, "ad_view" if t.is_view else "click", t.is_eligible) for t in touches]
    con.execute(FILL_ORDERS, [list(column) for column in zip(*sold, strict=True)])
    if seen:
        con.execute(FILL_TOUCHES, [list(column) for column in zip(*seen, strict=True)])
