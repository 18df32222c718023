"""What publishing a build would do to the customers that readers know: counts, the money that would move person, the largest movements.

Here: the figures, and their check in the gate's drift. Not here: how two versions' customers correspond (`customer_history`).
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from orchestration.lake.engine import open_engine
from orchestration.lake.run_records import compare_customers

CHECK = "customers_stay_who_they_are"
CHANGES = ("new", "merged", "split", "renamed", "retired")
MOVED_SHARE, CHANGED_SHARE = 0.02, 0.02  # of revenue and of customers: a late file moves less, a wrong rule more
MOVEMENTS = 10

COUNTS = """
    select change, count(distinct coalesce(case when change = 'split' then customer_id end, from_customer_id, customer_id))
    from changes_here group by change"""
MOVED = """
    select old.customer_id as from_id, now.customer_id as to_id, count(*) as orders,
        cast(sum(abs(coalesce(old.net_revenue_cny, 0))) as decimal(18, 2)) as moved_cny
    from published.customer.fct_orders as old
    left join candidate.customer.fct_orders as now on old.order_key = now.order_key
    left join changes_here as renamed
        on renamed.change = 'renamed' and renamed.from_customer_id = old.customer_id and renamed.customer_id = now.customer_id
    where old.is_paid and old.customer_id is distinct from now.customer_id and renamed.change is null
    group by 1, 2
    order by moved_cny desc, orders desc, from_id nulls last, to_id nulls last"""
BEFORE = """
    select (select count(distinct customer_id) from old_keys),
        (select coalesce(sum(abs(net_revenue_cny)), 0) from published.customer.fct_orders where is_paid)"""


@dataclass(frozen=True)
class Movement:
    """Paid orders that would change person; None where they belonged, or would belong, to nobody."""

    from_customer_id: str | None
    to_customer_id: str | None
    orders: int
    moved_cny: Decimal


@dataclass(frozen=True)
class IdentityDiff:
    """`counts`: customers by change; `customers`, `revenue_cny`: as published; `moved_cny`: paid revenue that would be another person's."""

    counts: dict[str, int]
    customers: int
    revenue_cny: Decimal
    moved_cny: Decimal
    movements: tuple[Movement, ...]

    @property
    def is_large(self) -> bool:
        """More than a late file does."""
        changed = self.counts["merged"] + self.counts["split"] + self.counts["retired"]
        return changed > CHANGED_SHARE * self.customers or self.moved_cny > Decimal(str(MOVED_SHARE)) * self.revenue_cny

    def __str__(self) -> str:
        share = self.moved_cny / self.revenue_cny if self.revenue_cny else Decimal(0)
        counted = ", ".join(f"{self.counts[change]:,} {change}" for change in CHANGES)
        return f"{counted} of {self.customers:,} customers; ¥{self.moved_cny:,.2f} ({share:.2%}) would move person"


def identity_diff(candidate: Path, published: Path) -> IdentityDiff:
    """The build in `candidate` against the published file. Raises duckdb.Error where one of them lacks the tables."""
    with open_engine() as con:
        compare_customers(con, candidate, published)
        counts = dict.fromkeys(CHANGES, 0) | dict(con.execute(COUNTS).fetchall())
        customers, revenue = con.execute(BEFORE).fetchall()[0]
        moved = [Movement(*row) for row in con.execute(MOVED).fetchall()]
    return IdentityDiff(counts, customers, Decimal(revenue), sum((each.moved_cny for each in moved), Decimal(0)), tuple(moved[:MOVEMENTS]))


def identity_drift(candidate: Path, published: Path | None) -> list[dict[str, Any]]:
    """The same as one check of the gate's drift (a warning); none where nothing is published yet."""
    if published is None:
        return []
    result = {
        "asset": "published", "suite": "drift", "expectation": CHECK, "severity": "warning",
        "expected": f"At most {CHANGED_SHARE:.0%} of the customers merge, split or go, and {MOVED_SHARE:.0%} of the revenue moves person.",
    }  # fmt: skip
    try:
        found = identity_diff(candidate, published)
    except duckdb.Error as error:
        return [result | {"status": "could_not_check", "observed": " ".join(str(error).split())[:300], "failing_rows": None, "samples": ()}]
    samples = tuple(f"{each.from_customer_id} → {each.to_customer_id}: ¥{each.moved_cny:,.2f}" for each in found.movements[:5])
    failing = sum(found.counts[change] for change in ("merged", "split", "retired")) if found.is_large else 0
    return [result | {"status": "failed" if found.is_large else "passed", "observed": str(found), "failing_rows": failing,
                      "samples": samples if found.is_large else ()}]  # fmt: skip
