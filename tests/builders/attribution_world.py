"""A brand of any size as the tables that attribution reads: orders, touches that led to them, and ways that led nowhere.

Here: simulation, seeded, written into a warehouse. Not here: models, and any claim about channels (all are alike but for how often).
"""

from __future__ import annotations

import duckdb
import numpy as np
import pyarrow as pa

CHANNELS = {
    "alpha": "paid", "beta": "owned", "gamma": "earned", "delta": "direct", "epsilon": "paid", "zeta": "owned",
    "eta": "earned", "theta": "paid", "iota": "owned", "kappa": "paid", "lambda": "earned", "mu": "owned",
}  # fmt: skip
ORDERS = """
    create table intermediate.int_orders as
    select 'o' || number as order_key, 'c' || customer as customer_id, 'shop' as platform, paid_at as ordered_at,
        cast(null as timestamp) as deposit_paid_at, paid_at, paid_at as converted_at, true as is_paid, 'consumer_sale' as order_class,
        cast(cents / 100 as decimal(18, 2)) as receivable_cny, cast((cents - given_back) / 100 as decimal(18, 2)) as net_revenue_cny,
        cast(paid_at as date) + 30 as refund_matures_on, 1::bigint as customer_order_number, false as traffic_pending
    from (select *, to_timestamp(paid)::timestamp as paid_at from sold)
"""
TOUCHES = """
    create table intermediate.int_touches as
    select 't' || number as touch_key, 'c' || customer as customer_id, cast(null as varchar) as order_key,
        to_timestamp(touched)::timestamp as touched_at, channel, 'private' as domain, 'campaign ' || number % 50 as campaign,
        cast(null as varchar) as content, 'click' as touch_type, 'person' as evidence, true as is_eligible
    from seen
"""


def write_world(con: duckdb.DuckDBPyConnection, orders: int, touches: int, seed: int = 1) -> None:
    """`orders` orders of half as many customers over a year, nine tenths of `touches` in the 25 days before one, the rest of people
    who never bought; a tenth of the orders is partly, a fiftieth wholly given back."""
    random = np.random.Generator(np.random.PCG64(seed))
    begins, day = 1_756_700_000, 86_400  # September 2025, in seconds
    customer = random.integers(0, orders // 2, orders)
    paid = begins + random.integers(30 * day, 350 * day, orders)
    cents = random.integers(990, 59_900, orders)
    share = np.where(random.random(orders) < 0.1, random.random(orders), 0) + (random.random(orders) < 0.02)
    sold = {"number": np.arange(orders), "customer": customer, "paid": paid, "cents": cents}
    led = random.integers(0, orders, touches * 9 // 10)
    lost = touches - len(led)
    at = np.concatenate([paid[led] - np.minimum(random.exponential(5 * day, len(led)), 25 * day), begins + random.random(lost) * 320 * day])
    names = np.array(list(CHANNELS))[np.minimum(random.geometric(0.2, touches) - 1, len(CHANNELS) - 1)]
    who = np.concatenate([customer[led], orders + random.integers(0, max(lost // 5, 1), lost)])
    seen = {"number": np.arange(touches), "customer": who, "touched": at.astype(np.int64), "channel": names}
    con.execute("set TimeZone = 'UTC'")
    con.register("sold", pa.table(sold | {"given_back": (cents * np.minimum(share, 1)).astype(np.int64)}))
    con.register("seen", pa.table(seen))
    con.execute(f"{ORDERS}; {TOUCHES}; create table raw.lake__context as select date '2026-09-30' as as_of_on")
    con.execute("create table seeds.channels (channel varchar, kind varchar)")
    con.executemany("insert into seeds.channels values (?, ?)", list(CHANNELS.items()))
    con.unregister("sold"), con.unregister("seen")
