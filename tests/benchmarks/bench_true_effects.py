"""What each channel of the sample brand truly added, beside what every model credits and every index says: how far credit is from cause.

The truth is the generator's own: an order exists because of one channel's touch, or would have come anyway. No model sees it.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from orchestration.cli.app import call
from orchestration.lake.layout import Lake

MODELS = ("first", "last", "last_non_direct", "last_paid", "linear", "position_based", "time_decay", "data_driven")
INDICES = ("markov_1", "markov_2", "markov_3", "shapley", "shapley_rate")
CREDITED = """
    pivot (
        select channel, model as method, sum(credit)::double as figure from published.attribution.fct_attribution
        where touch_key is not null group by all
    ) on method in ({models}) using sum(figure)
"""
INDEXED = """
    pivot (
        select channel, method, effect_index::double as figure from published.attribution.channel_effects
        where observability = 'person' and weighed_by = 'count'
    ) on method in ({indices}) using sum(figure)
"""


def beside_truth(published: Path, truth: Path) -> str:
    """A table: per channel the true incremental orders, credited orders by model, index by method among persons; below it, how far off."""
    con = duckdb.connect()
    con.execute(f"attach '{published.resolve()}' as published (read_only)")
    for name, template, columns in (("credited", CREDITED, MODELS), ("indexed", INDEXED, INDICES)):
        listed = ", ".join(f"'{column}'" for column in columns)
        con.execute(f"create table {name} as {template.format(models=listed, indices=listed)}")
    con.execute(f"""
        create table shown as
        select channel, coalesce(truth.incremental_orders, 0)::double as truth, credited.* exclude (channel), indexed.* exclude (channel)
        from '{truth / "effects.parquet"}' as truth full join credited using (channel) left join indexed using (channel)
        where truth.incremental_orders > 0 or credited.last is not null
    """)
    heads = ["channel", "true", *MODELS, *INDICES]
    rows = con.execute("from shown order by truth desc, channel").fetchall()
    lines = ["  ".join(f"{head[:12]:>13}" for head in heads)]
    lines += ["  ".join(f"{cell:>13}" if isinstance(cell, str) else f"{_said(cell):>13}" for cell in row) for row in rows]
    total = "  ".join(
        f"{_said(value):>13}" for value in con.execute(f"select sum(truth), {_each('sum({})', MODELS)} from shown").fetchone()
    )
    lines.append(f"{'all':>13}  {total}")
    off = con.execute(
        f"select {_each('sum(abs({0} / t - truth / tt)) / 2', MODELS)} from shown, (select sum(truth) as tt from shown), {_totals()}"
    )
    lines.append(f"{'shares off':>13}  {'':>13}  " + "  ".join(f"{value:>13.3f}" for value in off.fetchone()))
    return "\n".join(lines)


def _said(value: float | None) -> str:
    return "-" if value is None else f"{value:,.3f}" if abs(value) < 1 else f"{value:,.1f}"


def _each(template: str, columns: tuple[str, ...]) -> str:
    return ", ".join(template.format(f'coalesce("{column}", 0)').replace("/ t ", f'/ "total_{column}" ') for column in columns)


def _totals() -> str:
    return "(select " + ", ".join(f'sum("{column}") as "total_{column}"' for column in MODELS) + " from shown)"


def test_models_beside_the_truth(lake_root: Path, tmp_path: Path) -> None:
    assert call(["sample", "--truth", str(tmp_path / "truth")]) == 0
    assert call(["run"]) == 0
    print("\ntrue incremental orders of the sample brand, credited orders by model, indices among known persons")
    print(beside_truth(Lake(lake_root).current / "fishpond.duckdb", tmp_path / "truth"))
