"""The same paths given to other people's software: ChannelAttribution, DP6's marketing-attribution-models, and plain pandas.

Every function gives (seconds, {result name: {channel: number}}); the time to hand the data over in the peer's own shape is not counted.
"""

from __future__ import annotations

import contextlib
import io
import time
from collections.abc import Callable
from importlib.util import find_spec

import numpy as np
import pandas as pd

Found = dict[str, dict[str, float]]


def missing() -> list[str]:
    """Peers that are not installed here (`make bench` installs them)."""
    return [name for name, module in (("ChannelAttribution", "ChannelAttribution"), ("DP6", "mam")) if find_spec(module) is None]


def timed(work: Callable[[], Found]) -> tuple[float, Found]:
    """Run it once, silently."""
    started = time.perf_counter()
    with contextlib.redirect_stdout(io.StringIO()):
        found = work()
    return time.perf_counter() - started, found


def channel_attribution(paths: pd.DataFrame, counts: pd.DataFrame) -> dict[str, tuple[float, Found]]:
    """First, last, linear on `paths`; removal effects of order 1, which it simulates, on `counts` (both: path, conversions, nulls)."""
    with contextlib.redirect_stdout(io.StringIO()):  # it advertises itself
        import ChannelAttribution as peer

    def heuristics() -> Found:
        found = peer.heuristic_models(paths, "path", "conversions", sep=">", flg_pro=False).set_index("channel_name")
        names = {"first": "first_touch", "last": "last_touch", "linear": "linear_touch"}
        column = {model: next(c for c in found.columns if c.startswith(name)) for model, name in names.items()}
        return {model: found[name].to_dict() for model, name in column.items()}

    def markov() -> Found:
        found = peer.markov_model(
            counts, "path", "conversions", var_null="nulls", out_more=True, sep=">", ncore=2, seed=1, verbose=False, flg_pro=False
        )
        effects = found["removal_effects"].set_index("channel_name").iloc[:, 0]
        return {"markov_1": effects.to_dict()}

    return {"first, last, linear": timed(heuristics), "markov_1 (simulated)": timed(markov)}


def dp6(counts: pd.DataFrame, hours: pd.DataFrame) -> dict[str, tuple[float, Found]]:
    """`counts` as above; `hours`: journey_id, path and hours to the conversion, both as text, one row per order."""
    from mam import MAM

    both = pd.concat([
        counts[["path"]].assign(times=counts.conversions, won=True)[counts.conversions > 0],
        counts[["path"]].assign(times=counts.nulls, won=False)[counts.nulls > 0],
    ])  # fmt: skip
    grouped = MAM(
        both, format_type="grouped_journey", channels_colname="path", journey_with_conv_colname="won", occurrences_colname="times",
        path_separator=" > ",
    )  # fmt: skip
    orders = MAM(
        hours.assign(won=True), format_type="journey", user_id_colname="journey_id", channels_colname="path",
        time_till_conv_colname="hours", journey_with_conv_colname="won", path_separator=" > ",
    )  # fmt: skip

    def totals(result: object) -> dict[str, float]:
        found = result.to_dict()  # type: ignore[attr-defined]
        return dict(zip(found["channels"], found["attribution"], strict=True))

    def heuristics() -> Found:
        runs = {"first": orders.run_first_click, "last": orders.run_last_click, "linear": orders.run_linear}
        runs |= {"position_based": orders.run_position_based, "time_decay": orders.run_time_decay}
        return {model: totals(run()) for model, run in runs.items()}

    def markov() -> Found:
        return {"markov_1": grouped.run_markov().metadata["removal_effect"]["removal_effect"].to_dict()}

    return {"five rules": timed(heuristics), "markov_1 (exact)": timed(markov)}


def pandas_linear(steps: pd.DataFrame) -> tuple[float, Found]:
    """`steps`: order (int), channel (category), one row per step."""

    def linear() -> Found:
        share = 1.0 / steps.groupby("order")["channel"].transform("size")
        return {"linear": share.groupby(steps["channel"], observed=True).sum().to_dict()}

    return timed(linear)


def furthest(ours: dict[str, float], theirs: dict[str, float]) -> float:
    """The greatest difference over channels."""
    return float(np.max([abs(ours.get(name, 0.0) - theirs.get(name, 0.0)) for name in {*ours, *theirs}]))
