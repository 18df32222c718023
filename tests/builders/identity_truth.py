"""How well identity found the sample's true people: pairs of keys and of orders, customers and people, and what each guard parted and lost.

Here: the arithmetic over a built warehouse and the truth that the sample wrote beside it. The pipeline itself never sees the truth.

What is counted. A pair of **keys** of one customer says that two ids are one person's: this is what identity claims. A key that is lawfully
two people's (a family's phone, a number with a former owner) says nothing and is left out. A pair of **orders** of one customer follows
from it, weighed by how much people buy; an order belongs to the account it was placed under, so a ticket under a lent card is the card
owner's, as an order that another pays is the buyer's. `bought` counts it as its buyer's all the same.

Two people of a family with one phone who have no kind of account in common (one shops at JD only, the other at Youzan only) differ in no
exact key: any system that ever joins two platforms by a phone joins them. `told` precision leaves pairs of such two out, plain precision
counts them.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb

from orchestration.lake.tokens import bind, hmac_sql

CLEAR = "('order_id', 'transaction_id', 'out_trade_no')"
SETUP = """
    create temp table owners as
    select distinct key_type, key_scope, case when key_type in {clear} then raw_value else {token} end as token, person_id from identifiers;

    create temp table alike as  -- two of a family whom no exact key tells apart
    from (select distinct person_id as one, other from hard_cases where kind = 'family_phone') as families
    anti join (
        select families.person_id as one, families.other
        from hard_cases as families
        join identifiers as a using (person_id)
        join identifiers as b on b.person_id = families.other and a.key_type = b.key_type and a.key_scope = b.key_scope
        join warehouse.seeds.identity_key_types as kinds on kinds.key_type = a.key_type and kinds.rank < 60
        where families.kind = 'family_phone'
    ) as unlike using (one, other);

    create temp table keys as
    select known.customer_id, any_value(owners.person_id) as person_id
    from (
        select distinct customers.customer_id, nodes.key_type, nodes.key_token as token
        from warehouse.intermediate.int_identity_nodes as nodes
        join warehouse.intermediate.int_identity_persons as persons using (node_id)
        join warehouse.intermediate.int_customers as customers using (component)
    ) as known
    join owners using (key_type, token)
    group by known.customer_id, known.key_type, known.token having count(distinct owners.person_id) = 1;

    create temp table bought as
    select truth.person_id, coalesce(lent.other, truth.person_id) as account_of, found.customer_id
    from truth
    join (
        select distinct orders.platform, orders.order_id, owners.customer_id
        from warehouse.intermediate.int_orders__unioned as orders
        join warehouse.intermediate.int_record_customers as owners using (record_key)
    ) as found using (platform, order_id)
    left join (from hard_cases where kind = 'lent_card') as lent using (platform, order_id);

    create temp table orders as select account_of as person_id, customer_id from bought;
"""
PAIRS = """
    with counted as (select customer_id, person_id, count(*) as n from {0} group by 1, 2)
    select
        (select coalesce(sum(n * (n - 1) // 2), 0) from (select sum(n) as n from counted group by customer_id)),
        (select coalesce(sum(n * (n - 1) // 2), 0) from counted),
        (select coalesce(sum(n * (n - 1) // 2), 0) from (select sum(n) as n from counted group by person_id)),
        (select coalesce(sum(a.n * b.n), 0) from alike join counted as a on a.person_id = alike.one
            join counted as b on b.person_id = alike.other and a.customer_id = b.customer_id)"""
CLUSTERS = """
    select count(*) filter (where others = 1), count(*) from (select count(distinct {counted}) as others from keys group by {by})"""
CASES = """
    with known as (select distinct customer_id, person_id from keys),

    merged as (
        select distinct a.person_id as one, b.person_id as other
        from known as a join known as b on a.customer_id = b.customer_id and a.person_id < b.person_id),
    same as (select least(one, other) as one, greatest(one, other) as other from alike),
    planted as (
        select distinct kind, least(person_id, other) as one, greatest(person_id, other) as other
        from hard_cases where other like 'person-%')
    select coalesce(planted.kind, 'another'), count(*), count(merged.one), count(merged.one) filter (where same.one is not null)
    from planted full join merged using (one, other) left join same on merged.one = same.one and merged.other = same.other
    group by 1 order by 1"""
GUARDS = """
    with edges as (
        select refused.rule, refused.key_token, refused.other_key_token, count(distinct one.person_id) as owners,
            bool_or(one.person_id = other.person_id) as is_same
        from warehouse.intermediate.int_identity_refusals as refused
        left join owners as one on one.token = refused.key_token
        left join owners as other on other.token = refused.other_key_token
        where refused.rule not like 'class:%' and refused.key_token <> ''
        group by 1, 2, 3
    )

    select rule, count(*) filter (where not is_same or owners > 1), count(*) filter (where is_same and owners = 1),
        count(*) filter (where is_same is null)
    from edges group by 1 order by 1"""


@dataclass(frozen=True)
class Pairs:
    """Counts of pairs: `said` by identity to be one person's, `right` of these, `due` by the truth, and `alike`: wrong, but of two people
    whom no exact key tells apart."""

    said: int
    right: int
    due: int
    alike: int

    @property
    def precision(self) -> float:
        return self.right / self.said

    @property
    def told_precision(self) -> float:
        return self.right / (self.said - self.alike)

    @property
    def recall(self) -> float:
        return self.right / self.due


@dataclass(frozen=True)
class Accuracy:
    """`customers` and `people`: (of one person, all) and (of one customer, all). `cases`: per kind of planted pair of people the pairs,
    those found as one customer, those of them alike. `guards`: refused edges between two people, of one person, and of keys that the truth
    does not name."""

    keys: Pairs
    orders: Pairs
    bought: Pairs
    customers: tuple[int, int]
    people: tuple[int, int]
    cases: tuple[tuple[str, int, int, int], ...]
    guards: tuple[tuple[str, int, int, int], ...]

    def __str__(self) -> str:
        rows = [f"{'pairs of':26}{'precision':>11}{'told apart':>12}{'recall':>9}{'wrong':>9}{'of':>11}"]
        named = (("keys", self.keys), ("orders", self.orders), ("orders, lent as bought", self.bought))
        shown = "{:26}{:11.5f}{:12.5f}{:9.5f}{:9,}{:11,}".format
        rows += [shown(name, found.precision, found.told_precision, found.recall, found.said - found.right, found.said)
                 for name, found in named]  # fmt: skip
        whole = (("customers of one person", *self.customers), ("people of one customer", *self.people))
        rows += [f"{name:26}{pure / total:11.5f}{total - pure:30,}{total:11,}" for name, pure, total in whole]
        rows += [f"\n{'planted pairs of people':26}{'planted':>11}{'one':>12}{'alike':>9}"]
        rows += [f"{kind:26}{planted:11,}{merged:12,}{alike:9,}" for kind, planted, merged, alike in self.cases]
        rows += [f"\n{'guard, refused edges':26}{'two people':>11}{'one person':>12}{'unnamed':>9}"]
        return "\n".join(rows + [f"{rule:26}{right:11,}{wrong:12,}{unnamed:9,}" for rule, right, wrong, unnamed in self.guards])


def accuracy(warehouse: Path, truth: Path, pepper: bytes) -> Accuracy:
    """Compare a built warehouse with the truth folder that `fishpond sample --truth` wrote."""
    with duckdb.connect() as con:
        con.execute("set enable_progress_bar = false")
        bind(con, pepper)
        con.execute(f"attach '{warehouse}' as warehouse (read_only)")
        for view, name in (("truth", "orders"), ("identifiers", "identifiers"), ("hard_cases", "hard_cases")):
            con.execute(f"create view {view} as from '{truth / f'{name}.parquet'}'")
        con.execute(SETUP.format(clear=CLEAR, token=hmac_sql("raw_value")))

        def pairs(table: str) -> Pairs:
            return Pairs(*map(int, con.execute(PAIRS.format(table)).fetchall()[0]))

        pure, whole = (con.execute(CLUSTERS.format(counted=counted, by=by)).fetchall()[0]
                       for counted, by in (("person_id", "customer_id"), ("customer_id", "person_id")))  # fmt: skip
        return Accuracy(pairs("keys"), pairs("orders"), pairs("bought"), pure, whole,
                        tuple(con.execute(CASES).fetchall()), tuple(con.execute(GUARDS).fetchall()))  # fmt: skip
