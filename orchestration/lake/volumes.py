"""How much each export brought on its last day, against its own days before: a file cut in half loads without a complaint.

Here: SQL over the candidate's deliveries. A day is compared with days of the same kind (working day or weekend, in a promotion phase
or not), by median and spread. Not here: what blocks (the gate); rows of tables (`drift`).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb

from orchestration.lake.engine import open_engine
from orchestration.lake.sql import literal

SUITE, CHECK = "volumes", "exports_bring_as_much_as_usual"
DAYS, LEAST = 60, 5  # days of history, and comparable ones that a judgement needs
OFF = 0.5  # of the median …
SPREAD = 4.0  # … and beyond so many times the usual distance from it (1.4826 × MAD is one standard deviation of a normal spread) …
CHANCE = 3.0  # … and beyond what counts vary by themselves (Poisson: in standard deviations)
SAMPLES = 5

UNUSUAL = """
    with days as (
        select source || '/' || export as which, cast(exported_at as date) as on_date, cast(sum(rows_in_file) as double) as rows_in_files
        from candidate.quality.deliveries
        where status in ('loaded', 'stale_contract') and exported_at is not null
        group by 1, 2
    ),

    described as (
        select days.which, days.on_date, days.rows_in_files,
            isodow(days.on_date) in (6, 7) as is_weekend, coalesce(calendar.promo, '') || coalesce(calendar.phase, '') <> '' as is_promotion
        from days
        left join candidate.customer.dim_calendar as calendar on calendar.on_date = days.on_date
    ),

    compared as (
        select last.which, last.rows_in_files, median(other.rows_in_files) as usual, mad(other.rows_in_files) as spread, count(*) as days
        from described as last
        join described as other
            on other.which = last.which and other.is_weekend = last.is_weekend and other.is_promotion = last.is_promotion
            and other.on_date < last.on_date and other.on_date >= last.on_date - {days}
        where last.on_date = (select max(on_date) from described as newest where newest.which = last.which)
            and last.on_date >= (select max(on_date) from described) - 1
        group by 1, 2
    )

    select which, cast(rows_in_files as bigint) as now_rows, cast(round(usual) as bigint) as usual_rows, days
    from compared
    where days >= {least}
        and abs(rows_in_files - usual) > greatest({off} * usual, {spread} * 1.4826 * spread, {chance} * sqrt(usual))
    order by abs(rows_in_files - usual) / greatest(usual, 1) desc, which"""


def check_volumes(candidate: Path) -> dict[str, Any]:
    """One check result as plain data: exports whose last day is unlike their own history. A warning."""
    result = {
        "asset": "quality.deliveries", "suite": SUITE, "expectation": CHECK, "severity": "warning",
        "expected": f"Rows of an export's last day are within {OFF:.0%} of its own days of the same kind, or within their spread.",
    }  # fmt: skip
    query = UNUSUAL.format(days=DAYS, least=LEAST, off=OFF, spread=SPREAD, chance=CHANCE)
    with open_engine() as con:
        con.execute(f"attach {literal(str(candidate))} as candidate (read_only)")
        try:
            rows = con.execute(query).fetchall()
        except duckdb.Error as error:
            told = " ".join(str(error).split())[:300]
            return result | {"status": "could_not_check", "observed": told, "failing_rows": None, "samples": ()}
    samples = tuple(f"{which}: {now_rows} rows (usually {usual}, {days} days)" for which, now_rows, usual, days in rows[:SAMPLES])
    status, observed = ("failed", "; ".join(samples)) if rows else ("passed", "0 exports")
    return result | {"status": status, "observed": observed, "failing_rows": len(rows), "samples": samples}
