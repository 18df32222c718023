"""How a candidate differs from the version now published, where data should only grow: SQL over the two files.

Here: closed months (orders and gross revenue may not shrink), row counts of every table, and the last whole day against days of the
same calendar phase. Results are plain data with the words of a check result. Not here: what blocks (the gate).

Revenue is compared gross (商家应收, before refunds): refunds of an old month arrive for weeks and are no drift.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import duckdb

from orchestration.lake.engine import open_engine
from orchestration.lake.sql import literal

SUITE = "drift"
REVENUE_TOLERANCE = 0.001  # settlement corrections move an old month by pennies
ROWS_LOST, ROWS_GAINED = 0.01, 1.0  # a table that lost 1 % or doubled is worth a look
DAY_OFF = 0.5  # orders of the last whole day, against the mean of comparable days …
CHANCE = 2.0  # … and beyond what counts vary by themselves (Poisson: in standard deviations)
SPREAD = 3.0  # … revenue: beyond the spread that comparable days really had (in standard deviations)
MIN_DAYS = 3
SAMPLES = 5
PHASE_COLUMNS = ("promo", "phase")
Result = dict[str, Any]

CLOSED_MONTHS = """
    with closed as (
        select date_trunc('month', max(paid_at)) as before from published.customer.fct_orders where is_paid
    ),

    sides as (
        select 'new' as side, platform, date_trunc('month', paid_at) as month, count(*) as orders, sum(receivable_cny) as revenue_cny
        from candidate.customer.fct_orders where is_paid group by 1, 2, 3
        union all
        select 'old', platform, date_trunc('month', paid_at), count(*), sum(receivable_cny)
        from published.customer.fct_orders where is_paid group by 1, 2, 3
    ),

    compared as (
        select platform, strftime(month, '%Y-%m') as month,
            coalesce(sum(orders) filter (where side = 'new'), 0) as orders, sum(orders) filter (where side = 'old') as orders_before,
            coalesce(sum(revenue_cny) filter (where side = 'new'), 0) as revenue_cny,
            sum(revenue_cny) filter (where side = 'old') as revenue_cny_before
        from sides where month < (select before from closed)
        group by 1, 2
    )

    select platform || ' ' || month as which, {measure} as now_value, {measure}_before as value_before
    from compared
    where {measure} < {measure}_before - {tolerance} * abs({measure}_before)
    order by 1"""

LAST_DAY = """
    with days as (
        select platform, cast(paid_at as date) as on_date, {measure} as measured
        from candidate.customer.fct_orders
        where is_paid and cast(paid_at as date) < {as_of}
        group by 1, 2
    ),

    every_day as (
        select platforms.platform, calendar.on_date, {phase} as phase, isodow(calendar.on_date) in (6, 7) as is_weekend,
            coalesce(days.measured, 0) as measured
        from (select platform, min(on_date) as first_on from days group by 1) as platforms
        join candidate.customer.dim_calendar as calendar on calendar.on_date >= platforms.first_on
        left join days on days.platform = platforms.platform and days.on_date = calendar.on_date
        where calendar.on_date between (select max(on_date) from days) - 90 and (select max(on_date) from days)
    ),

    judged as (
        select last.platform, last.measured, avg(other.measured) as usual, coalesce(stddev_samp(other.measured), 0) as spread,
            count(*) as days
        from every_day as last
        join every_day as other
            on other.platform = last.platform and other.phase = last.phase and other.is_weekend = last.is_weekend
            and other.on_date < last.on_date
        where last.on_date = (select max(on_date) from days)
        group by 1, 2
    )

    select platform as which, measured as now_value, round(usual, 1) as value_before
    from judged
    where days >= {min_days} and abs(measured - usual) > greatest({day_off} * usual, {by_itself})
    order by 1"""


def compare(candidate: Path, published: Path | None) -> list[Result]:
    """Drift checks of the candidate database against the published file; none where nothing is published yet.

    A check that cannot be evaluated (a column that one side lacks) says so and counts at its severity.
    """
    if published is None:
        return []
    with open_engine() as con:
        con.execute(f"attach {literal(str(candidate))} as candidate (read_only)")
        con.execute(f"attach {literal(str(published))} as published (read_only)")
        closed = {
            "closed_months_keep_their_orders": ("orders", "paid orders", 0.0),
            "closed_months_keep_their_revenue": ("revenue_cny", "gross revenue", REVENUE_TOLERANCE),
        }
        found = [
            _checked(name, "critical", f"No closed month of a platform has fewer {words} than published.",
                     lambda m=measure, t=tolerance: _rows(con, CLOSED_MONTHS.format(measure=m, tolerance=t)))
            for name, (measure, words, tolerance) in closed.items()
        ]  # fmt: skip
        found.append(_checked("tables_keep_their_size", "warning",
                              f"No table lost {ROWS_LOST:.0%} of its rows, or doubled.", lambda: _sizes(con)))  # fmt: skip
        found.append(_checked("last_day_earns_like_others", "warning",
                              f"Gross revenue of the last whole day is within {DAY_OFF:.0%} of days of the same calendar phase.",
                              lambda: _last_day(con, "cast(sum(receivable_cny) as double)", f"{SPREAD} * spread")))  # fmt: skip
        found.append(_checked("last_day_is_like_others", "warning",
                              f"Orders of the last whole day are within {DAY_OFF:.0%} of days of the same calendar phase.",
                              lambda: _last_day(con, "count(*)", f"{CHANCE} * sqrt(usual)")))  # fmt: skip
        return found


def _checked(name: str, severity: str, expected: str, find: Callable[[], list[tuple]]) -> Result:
    result = {"asset": "published", "suite": SUITE, "expectation": name, "severity": severity, "expected": expected}
    try:
        rows = find()
    except duckdb.Error as error:
        return result | {"status": "could_not_check", "observed": " ".join(str(error).split())[:300], "failing_rows": None, "samples": ()}
    worst = tuple(f"{which}: {now_value} (before {value_before})" for which, now_value, value_before in rows[:SAMPLES])
    observed = "; ".join(worst) if rows else "0 rows"
    return result | {"status": "failed" if rows else "passed", "observed": observed, "failing_rows": len(rows), "samples": worst}


def _rows(con: duckdb.DuckDBPyConnection, query: str) -> list[tuple]:
    return con.execute(query).fetchall()


def _tables(con: duckdb.DuckDBPyConnection) -> Mapping[str, set[str]]:
    found = con.execute("select database_name, schema_name || '.' || table_name from duckdb_tables()").fetchall()
    return {database: {table for owner, table in found if owner == database} for database in ("candidate", "published")}


def _sizes(con: duckdb.DuckDBPyConnection) -> list[tuple]:
    """Tables that shrank or doubled. Run records are left out by not being in the candidate."""
    tables = _tables(con)
    sizes = [
        (name, *(con.execute(f"select count(*) from {side}.{name}").fetchall()[0][0] for side in ("candidate", "published")))
        for name in sorted(tables["candidate"] & tables["published"])
    ]
    return [(name, new, old) for name, new, old in sizes if old and (new < old * (1 - ROWS_LOST) or new > old * (1 + ROWS_GAINED))]


def _last_day(con: duckdb.DuckDBPyConnection, measure: str, by_itself: str) -> list[tuple]:
    """The last whole day is the one before the candidate's as_of_on. Phases count where the calendar knows them.

    `by_itself`: how far the measure may be off without anything having happened.
    """
    found = con.execute("""select column_name from duckdb_columns()
        where database_name = 'candidate' and schema_name = 'customer' and table_name = 'dim_calendar'""").fetchall()
    known = [name for name in PHASE_COLUMNS if (name,) in found]
    phase = " || ':' || ".join(f"coalesce(calendar.{name}, '')" for name in known) or "''"
    as_of = "(select as_of_on from candidate.raw.lake__context)"
    bounds = {"min_days": MIN_DAYS, "day_off": DAY_OFF, "by_itself": by_itself}
    return _rows(con, LAST_DAY.format(phase=phase, measure=measure, as_of=as_of, **bounds))
