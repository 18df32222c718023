"""How well identity found the sample's true people: pairs and clusters of orders, and what each guard prevented and cost.

Here: the arithmetic over a built warehouse and the truth that the sample wrote beside it. The pipeline itself never sees the truth.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb

from orchestration.lake.tokens import bind, hmac_sql

PAIRS = "select coalesce(sum(n * (n - 1) // 2), 0)::bigint from (select count(*) as n from told group by {})"
TOLD = """
    create temp table told as
    select truth.person_id, found.customer_id
    from truth join warehouse.intermediate.int_orders as found using (platform, order_id)
    where found.customer_id is not null"""
CLUSTERS = """
    select count(*) filter (where others = 1) / count(*)
    from (select count(distinct {counted}) as others from told group by {by}) as clusters"""
GUARDS = """
    with owners as (
        select distinct key_type, case when clear then raw_value else token end as token, person_id
        from (
            select *, key_type in ('order_id', 'transaction_id', 'out_trade_no') as clear, {token} as token from identifiers
        ) as tokens
    ),

    edges as (
        select refused.rule, refused.key_token, refused.other_key_token, count(distinct one.person_id) as owners,
            bool_or(one.person_id = other.person_id) as is_same
        from warehouse.intermediate.int_identity_refusals as refused
        join owners as one on one.token = refused.key_token
        join owners as other on other.token = refused.other_key_token
        group by 1, 2, 3
    )

    select rule, count(*) filter (where not is_same or owners > 1), count(*) filter (where is_same and owners = 1)
    from edges group by 1 order by 1"""


@dataclass(frozen=True)
class Accuracy:
    """Shares of 1. Pairs: of orders that share a customer (precision) or a person (recall). Clusters: customers of one person,
    people of one customer. `guards`: (rule, refused edges that would have joined two people, refused edges of one person)."""

    pair_precision: float
    pair_recall: float
    cluster_precision: float
    cluster_recall: float
    guards: tuple[tuple[str, int, int], ...]

    def __str__(self) -> str:
        rows = [f"{'':12}{'precision':>11}{'recall':>9}"]
        rows += [f"{'pairs':12}{self.pair_precision:11.5f}{self.pair_recall:9.5f}"]
        rows += [f"{'clusters':12}{self.cluster_precision:11.5f}{self.cluster_recall:9.5f}", f"\n{'guard':18}{'kept apart':>12}{'lost':>7}"]
        return "\n".join(rows + [f"{rule:18}{right:12,}{wrong:7,}" for rule, right, wrong in self.guards])


def accuracy(warehouse: Path, truth: Path, pepper: bytes) -> Accuracy:
    """Compare a built warehouse with the truth folder that `fishpond sample --truth` wrote."""
    with duckdb.connect() as con:
        con.execute("set enable_progress_bar = false")
        bind(con, pepper)
        con.execute(f"attach '{warehouse}' as warehouse (read_only)")
        con.execute(f"create view truth as from '{truth / 'orders.parquet'}'")
        con.execute(f"create view identifiers as from '{truth / 'identifiers.parquet'}'")
        con.execute(TOLD)
        both, said, true = (con.execute(PAIRS.format(by)).fetchall()[0][0] for by in ("person_id, customer_id", "customer_id", "person_id"))
        pure, whole = (con.execute(CLUSTERS.format(counted=counted, by=by)).fetchall()[0][0]
                       for counted, by in (("person_id", "customer_id"), ("customer_id", "person_id")))  # fmt: skip
        guards = con.execute(GUARDS.format(token=hmac_sql("raw_value"))).fetchall()
    return Accuracy(both / said, both / true, pure, whole, tuple(guards))
