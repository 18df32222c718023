"""What each channel of the sample brand truly added, beside what every model credits and every index says: how far credit is from cause.

The truth is the generator's own: an order exists because of one channel's touch, or would have come anyway. No model sees it.
"""

from __future__ import annotations

from pathlib import Path

import duckdb
import pandas as pd

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
    """A table: per channel the true incremental orders, credited orders by model, index by method among persons; `-` is not seen.

    Below it, how far the shares are from the true ones among the channels that the method sees: half the sum of the differences,
    0 for the same shares and 1 for quite others.
    """
    with duckdb.connect() as con:
        con.execute(f"attach '{published.resolve()}' as published (read_only)")
        for name, template, columns in (("credited", CREDITED, MODELS), ("indexed", INDEXED, INDICES)):
            listed = ", ".join(f"'{column}'" for column in columns)
            con.execute(f"create table {name} as {template.format(models=listed, indices=listed)}")
        found = con.execute(f"""
            select channel, coalesce(truth.incremental_orders, 0)::double as true,
                {", ".join(f'credited."{name}"' for name in MODELS)}, {", ".join(f'indexed."{name}"' for name in INDICES)}
            from '{truth / "effects.parquet"}' as truth full join credited using (channel) left join indexed using (channel)
            where truth.incremental_orders > 0 or credited.last is not null
            order by 2 desc, 1
        """).df()
    found = found.set_index("channel")
    table = found.to_string(na_rep="-", float_format=lambda value: f"{value:,.3f}" if abs(value) < 1 else f"{value:,.1f}")
    distances = [f"{method} {_distance(found[['true', method]].dropna(), method):.3f}" for method in (*MODELS, *INDICES)]
    return f"{table}\nshares off: {', '.join(distances)}"


def _distance(seen: pd.DataFrame, method: str) -> float:
    shares = seen / seen.sum()
    return float((shares[method] - shares["true"]).abs().sum() / 2)


def test_models_beside_the_truth(lake_root: Path, tmp_path: Path) -> None:
    assert call(["sample", "--truth", str(tmp_path / "truth")]) == 0
    assert call(["run"]) == 0
    print("\ntrue incremental orders of the sample brand, credited orders by model, indices among known persons")
    print(beside_truth(Lake(lake_root).current / "fishpond.duckdb", tmp_path / "truth"))
