"""The numerics of the road, between the canonical relations and the marts: indices of channels, strengths of touches, lifetime value.

Here: which statistics each asset reads, what it writes, what it tells. Not here: numerics (analytics), files (defs/analytics_files).
A fit that cannot be made leaves a typed file without rows and its reason in `fit_outcomes`; it never stops the road.
"""

import json
from collections.abc import Iterator, Sequence
from typing import Any

import dagster as dg
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from orchestration.analytics.effects import by_value, channel_indices, touched
from orchestration.analytics.hazards import fit_hazards
from orchestration.defs import analytics_arrays as arrays
from orchestration.defs.analytics_files import TABLES, write_tables
from orchestration.defs.analytics_lifetime import lifetime_tables
from orchestration.defs.resources import Pond, open_warehouse
from orchestration.defs.run_log import say
from orchestration.lake.build_marks import forget_marts, need_canonical

READS = {
    "channel_effects": ["int_journey_counts", "int_fit_window"],
    "touch_strengths": ["int_touch_exposures", "int_fit_window"],
    "ltv_backtest": ["int_fit_cutoffs", "int_purchase_histories", "int_purchase_groups", "int_repeat_spend"],
    "customer_predictions": ["int_fit_cutoffs", "int_purchase_histories", "int_purchase_groups", "int_repeat_spend"],
    "lifetime_parameters": ["int_fit_cutoffs", "int_purchase_groups", "int_repeat_spend"],
    "fit_outcomes": ["int_fit_window"],
}
SAYS = {
    "channel_effects": "Removal effects (Markov orders 1 to 3) and Shapley values of channels, per stratum, by count and by value.",
    "touch_strengths": "How strongly a touch of each channel hastens a purchase: the parameters of the attribution model data_driven.",
    "ltv_backtest": "Lifetime models on a known past, beside naive baselines: the evidence on which predictions are published or not.",
    "customer_predictions": "P(alive), expected orders and value of each buyer; no rows unless a model beat the baselines.",
    "lifetime_parameters": "Fitted parameters of the lifetime models with their standard errors; tiers apply those of the published one.",
    "fit_outcomes": "What became of every fit: its parameters, or the reason why there are none.",
}


class Told:
    """Collects what each fit has to say, for `fit_outcomes` and for the run's log."""

    def __init__(self, context: dg.AssetExecutionContext, fit_until: Any) -> None:
        self.context, self.fit_until = context, fit_until
        self.rows: list[dict[str, Any]] = []

    def say(self, fit: str, why_null: str | None, found: Any, observations: float) -> None:
        self.rows.append(
            {"fit": fit, "is_used": why_null is None, "why_null": why_null, "parameters": json.dumps(_rounded(found), sort_keys=True),
             "fit_until": self.fit_until, "observations": int(observations)}
        )  # fmt: skip
        if why_null:
            say(self.context, f"{fit}: {why_null}")


@dg.multi_asset(
    name="fit_analytics",
    specs=[
        dg.AssetSpec(
            ["analytics", name],
            deps=[dg.AssetKey(["intermediate", model]) for model in READS[name]],
            group_name="analytics",
            kinds={"python", "parquet"},
            owners=["team:data"],
            description=SAYS[name],
            metadata={"dagster/column_schema": dg.TableSchema([dg.TableColumn(each.name, str(each.type)) for each in TABLES[name]])},
        )
        for name in TABLES
    ],
)
def analytics(context: dg.AssetExecutionContext, pond: Pond) -> Iterator[dg.MaterializeResult]:
    """Reads the statistics of the canonical stretch and writes what the marts read as source `analytics`."""
    need_canonical(pond.lake)
    forget_marts(pond.lake)

    with open_warehouse(pond.lake, pond.settings, read_only=True) as con:
        told, tables = _fitted(context, lambda query: con.sql(query).to_arrow_table())
    for name, rows in write_tables(pond.lake, pond.settings, {name: tables[name] for name in TABLES}).items():
        yield dg.MaterializeResult(asset_key=["analytics", name], metadata={"dagster/row_count": rows, **_metadata(name, told)})
    fitted = sum(row["is_used"] for row in told.rows)
    say(context, f"analytics: {fitted} of {len(told.rows)} fits, on data before {told.fit_until}")


def _fitted(context: dg.AssetExecutionContext, read: arrays.Read) -> tuple[Told, dict[str, dict[str, Any]]]:
    """The columns of every table, and what the fits had to say."""
    window = read("select * from intermediate.int_fit_window").to_pylist()[0]
    told = Told(context, window["fit_until"])
    replicates = [window[f"markov_{order}_replicates"] for order in (1, 2, 3)]
    tables = {
        "channel_effects": _effects(read, told, replicates),
        "touch_strengths": _strengths(read, told, window["half_life_days"]),
    }
    tables |= lifetime_tables(read, told, window["discount_rate"])
    return told, tables | {"fit_outcomes": {name: [row[name] for row in told.rows] for name in TABLES["fit_outcomes"].names}}


def _effects(read: arrays.Read, told: Told, replicates: Sequence[int]) -> dict[str, list]:
    counts = read("select * from intermediate.int_journey_counts order by observability, path")
    rows: list[dict[str, Any]] = []
    for stratum in ("person", "order"):
        of = counts.filter(pc.equal(counts["observability"], stratum))
        if not of.num_rows:
            told.say(f"channel_effects_{stratum}", "no journeys", {}, 0)
            continue
        won = arrays.real(of, "conversions")
        for weighed_by, value in (("count", None), ("value", by_value(won, arrays.real(of, "net_revenue_cny")))):
            names, journeys = arrays.journeys_of(of, value)
            seen = touched(arrays.journeys_of(of)[1])
            for found in channel_indices(journeys, replicates):
                numbers = zip(seen, found.effect, found.index, found.low, found.high, strict=True)
                rows += [
                    {"observability": stratum, "weighed_by": weighed_by, "method": found.method, "channel": name,
                     "conversions": conversions, "effect": effect, "effect_index": index, "low": low, "high": high,
                     "why_null": found.why_null}
                    for name, (conversions, effect, index, low, high) in zip(names, numbers, strict=True)
                ]  # fmt: skip
        why = "no conversions" if not won.sum() else None
        journeys_seen = won.sum() + arrays.real(of, "nulls").sum()
        told.say(f"channel_effects_{stratum}", why, {"channels": len(names), "ways": of.num_rows}, journeys_seen)
    return {name: [row[name] for row in rows] for name in TABLES["channel_effects"].names}


def _strengths(read: arrays.Read, told: Told, half_life_days: float) -> dict[str, list]:
    touches = read("select * from intermediate.int_touch_exposures order by conversion_key nulls first, channel, age_days, watched_days")
    names = sorted(pc.unique(touches["channel"]).to_pylist())
    channel = pc.index_in(touches["channel"], pa.array(names, pa.string())).to_numpy().astype(np.int64)
    order = pc.fill_null(pc.dictionary_encode(touches["conversion_key"]).combine_chunks().indices, -1).to_numpy().astype(np.int64)
    times = [arrays.real(touches, name) for name in ("age_days", "watched_days")]
    count = arrays.real(touches, "touches")
    fit = fit_hazards(len(names), channel, order, *times, half_life_days, count)
    if fit.strength is None:
        told.say("data_driven", fit.why_null, {}, count.sum())
        return {}
    strengths = dict(zip(names, fit.strength.tolist(), strict=True))
    told.say("data_driven", None, {"half_life_days": half_life_days, "rounds": fit.rounds, "strength": strengths}, count.sum())
    return {"channel": names, "strength": list(strengths.values()), "neutral_strength": [fit.neutral] * len(names)}


def _metadata(name: str, told: Told) -> dict[str, Any]:
    about = {"channel_effects": "channel_effects", "touch_strengths": "data_driven", "fit_outcomes": ""}.get(name, "lifetime")
    return {
        row["fit"]: dg.MetadataValue.text(row["why_null"]) if row["why_null"] else dg.MetadataValue.json(json.loads(row["parameters"]))
        for row in told.rows
        if row["fit"].startswith(about)
    }


def _rounded(found: Any) -> Any:
    if isinstance(found, dict):
        return {name: _rounded(value) for name, value in found.items()}
    return round(float(found), 8) if isinstance(found, float) else found
