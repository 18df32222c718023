"""The last thing a run says: what came in, what passed, who is known, what the money says, what the pond is worth.

Here: the questions to the published file and their words. Not here: definitions of the numbers (they stand in the marts).
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import duckdb
from rich.console import Console
from rich.table import Table

from orchestration.lake.layout import Lake

SALES = "is_paid and order_class = 'consumer_sale'"
DELIVERIES = "select status, count(*) from quality.deliveries group by status"
QUARANTINED = "select count(*) from quality.quarantine"
CHECKS = """
    select case when status = 'failed' and severity = 'warning' then 'warned' else status end as verdict, count(*)
    from quality.check_results where version = ? group by verdict
"""
PEOPLE = f"""
    select (select count(*) from customer.dim_customers where paid_orders > 0),
           (select count(*) from customer.fct_orders where {SALES} and customer_id is null)
"""
REVENUE = f"select sum(net_revenue_cny), count(*) from customer.fct_orders where {SALES}"
# an order counts where the best evidence of its path stands: its own traffic field comes last, and would hide a person's touches
EXPLAINED = """
    with orders as (
        select order_key, max(channel) as channel, sum(attributed_revenue_cny) as net_revenue_cny,
               bool_or(evidence in ('person', 'code')) as has_person, bool_or(evidence = 'order_field') as has_field
        from attribution.fct_attribution where model = 'linear' group by order_key
    )
    select case when has_person then 'person level' when has_field then 'order level'
                when channel = 'no_touch' then 'without a touch' when channel = 'pending' then 'pending'
                else 'unknowable' end as level,
           sum(net_revenue_cny)
    from orders group by level
"""
CHANNELS = """
    select coalesce(channel.label_zh, ledger.channel), channel.domain, sum(ledger.credit), sum(ledger.attributed_revenue_cny) as revenue
    from attribution.fct_attribution as ledger left join attribution.dim_channels as channel using (channel)
    where ledger.model = 'last' and ledger.touch_key is not null
    group by all order by revenue desc nulls last, 1 limit 6
"""
POND_VALUE = """
    select month, method, closing_value_cny, low_cny, high_cny, next_90d_cny, next_90d_low_cny, next_90d_high_cny
    from private_domain.asset_monthly where channel = 'all' order by month desc limit 1
"""
POND_PEOPLE = "select count(distinct customer_id), count(*) from private_domain.fct_contacts where is_reachable"
UNVALUED = {
    "no_mature_cell": "no prediction beat the baselines and too few customers were watched for a year",
    "costs_unknown": "too little of the revenue has its costs, so nobody knows what stays of it",
}
LEVELS = ("person level", "order level", "without a touch", "pending", "unknowable")


@dataclass(frozen=True)
class Question:
    """One query and the tables it needs; without them it is not asked."""

    sql: str
    tables: tuple[str, ...]


POND = {
    "value": Question(POND_VALUE, ("private_domain.asset_monthly",)),
    "people": Question(POND_PEOPLE, ("private_domain.fct_contacts",)),
}


def show_summary(console: Console, lake: Lake) -> None:
    """Print the facts of the version that is published now."""
    database = (lake.current / "fishpond.duckdb").resolve()
    con = duckdb.connect(database, read_only=True)
    try:
        _facts(console, con, database.parent.name)
    finally:
        con.close()
    console.print(f"\npublished  {lake.current / 'fishpond.duckdb'}", soft_wrap=True)
    console.print("look       fishpond ui  (http://127.0.0.1:3000), or open the file read-only with any DuckDB client")


def _facts(console: Console, con: duckdb.DuckDBPyConnection, version: str) -> None:
    deliveries, checks = dict(con.execute(DELIVERIES).fetchall()), dict(con.execute(CHECKS, [version]).fetchall())
    identified, unidentified = con.execute(PEOPLE).fetchone() or (0, 0)
    revenue, orders = con.execute(REVENUE).fetchone() or (None, 0)
    grid = Table.grid(padding=(0, 2))
    grid.add_row("version", version)
    words = ["loaded", "refused", "duplicate", *(["stale_contract"] if "stale_contract" in deliveries else [])]
    grid.add_row("deliveries", ", ".join(f"{deliveries.get(word, 0):,} {word}" for word in words))
    grid.add_row("quarantine", f"{(con.execute(QUARANTINED).fetchone() or (0,))[0]:,} rows")
    verdicts = {"passed": "passed", "warned": "warned", "failed": "failed", "could_not_check": "could not be checked"}
    grid.add_row("checks", ", ".join(f"{checks.get(key, 0):,} {text}" for key, text in verdicts.items()))
    grid.add_row("customers", f"{identified:,} identified; {unidentified:,} of {orders:,} orders unidentified")
    grid.add_row("net revenue", yuan(revenue))
    explained = dict(con.execute(EXPLAINED).fetchall())
    grid.add_row("explained", shares(explained, LEVELS))
    console.print()
    console.print(grid)
    _channels(console, con)
    _pond(console, con)


def _channels(console: Console, con: duckdb.DuckDBPyConnection) -> None:
    table = Table("channel (last touch)", "domain", "orders", "net revenue", box=None, padding=(0, 2), title_justify="left")
    for column in table.columns[2:]:
        column.justify = "right"
    for label, domain, orders, revenue in con.execute(CHANNELS).fetchall():
        table.add_row(label, domain or "", f"{orders:,.0f}", yuan(revenue))
    if table.row_count:
        console.print()
        console.print(table)


def _pond(console: Console, con: duckdb.DuckDBPyConnection) -> None:
    there = {f"{schema}.{name}" for schema, name in con.execute("select schema_name, table_name from duckdb_tables()").fetchall()}
    answers = {key: con.execute(asked.sql).fetchone() for key, asked in POND.items() if there.issuperset(asked.tables)}
    grid = Table.grid(padding=(0, 2))
    if people := answers.get("people"):
        grid.add_row("the pond", f"{people[0]:,} customers reachable through {people[1]:,} contacts")
    if value := answers.get("value"):
        month, method, year, quarter = value[0], value[1], value[2:5], value[5:8]
        grid.add_row("its value", worth(year, f"of the next 365 days, {month:%Y-%m}, {method}", UNVALUED.get(method, method)))
        if quarter[0] is not None:
            grid.add_row("", worth(quarter, "of the next 90 days", ""))
    if grid.row_count:
        console.print()
        console.print(grid)


def worth(amounts: tuple[Decimal | None, ...], meaning: str, why_unknown: str) -> str:
    """`¥10 (¥8 to ¥12), meaning`; a value that nobody can tell says why."""
    value, low, high = amounts
    return f"unknown: {why_unknown}" if value is None else f"{yuan(value)} ({yuan(low)} to {yuan(high)}), {meaning}"


def yuan(amount: Decimal | float | None) -> str:
    """`¥1,234,567`; an unknown amount says so."""
    return "unknown" if amount is None else f"¥{amount:,.0f}"


def shares(parts: dict[str, Decimal | None], order: tuple[str, ...]) -> str:
    """The share of each part that is there, in this order; of nothing, no shares."""
    total = sum((part or Decimal(0) for part in parts.values()), Decimal(0))
    if not total:
        return "no revenue yet"
    return ", ".join(f"{(parts.get(name) or Decimal(0)) / total:.1%} {name}" for name in order if parts.get(name))
