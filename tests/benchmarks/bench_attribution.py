"""A million orders and ten million touches through every model and index, beside what other people's software takes for the same paths.

Ours begins at raw orders and touches and ends at money closed to the cent for each touch; the peers begin at finished paths and end
at totals per channel. Where a result is exact on both sides it must agree. BENCH_ORDERS sets another size, with ten touches an order.
"""

from __future__ import annotations

import logging
import os
import resource
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import duckdb
from attribution_peers import channel_attribution, dp6, furthest, missing, pandas_linear
from builders.attribution_world import write_world
from builders.compiled_models import build, compiled, empty_warehouse
from conftest import Bench, Line

from orchestration.analytics.markov import removal_effects
from orchestration.defs.analytics import Told, _effects, _strengths
from orchestration.defs.analytics_arrays import journeys_of
from orchestration.settings import read_settings

ORDERS = int(os.environ.get("BENCH_ORDERS", "1000000"))
REPLICATES = (200, 0, 0)
MEMORY = "12GB"  # with half of it the ledger of a million orders goes through the disk twice
PATHS = ("int_fit_window", "int_conversions", "int_touches__assigned", "int_paths")
STATISTICS = ("int_journeys", "int_journeys__told", "int_journey_counts", "int_touch_exposures")
CREDIT = ("int_paths__credited", "fct_attribution")
EXACT = 1e-9  # relative to a channel's total; the ledger's shares are rounded to eight digits, the time decay's weights before that


class Stopwatch:
    """Prints what took how long, as it goes."""

    @contextmanager
    def __call__(self, what: str) -> Iterator[None]:
        started = time.perf_counter()
        yield
        self.say(what, time.perf_counter() - started)

    @staticmethod
    def say(what: str, seconds: float) -> None:
        print(f"  {what:<58}{seconds:8.1f} s", flush=True)


def run(orders: int, touches: int, file: Path | None, bench: Bench) -> None:
    """The whole comparison at one size."""
    work = f"attribution of {orders:,} orders, {touches:,} touches"
    models = compiled(read_settings(), (*PATHS, *STATISTICS, *CREDIT))
    con = empty_warehouse(file=file)
    con.execute(f"set memory_limit = '{MEMORY}'; set preserve_insertion_order = false")
    write_world(con, orders, touches)
    channels = con.execute("select count(distinct channel) from intermediate.int_touches").fetchone()[0]
    print(f"\n{orders:,} orders, {touches:,} touches, {channels} channels")
    print("ours, from orders and touches to the ledger and the indices")
    ours_in_all = time.perf_counter()
    effects = ours(con, models)
    Stopwatch.say("all of it", time.perf_counter() - ours_in_all)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**10
    bench.told(Line(work, "Fishpond: eight models and three indices to the cent", time.perf_counter() - ours_in_all, peak_mb=peak))
    rows, open_orders = con.execute(
        """select sum(n), count(*) filter (where credit <> 1 or cents is distinct from net) from (
            select count(*) as n, sum(credit) as credit, sum(attributed_revenue_cny) as cents, any_value(net_revenue_cny) as net
            from attribution.fct_attribution join intermediate.int_orders using (order_key) group by order_key, model)"""
    ).fetchone()
    print(f"  {rows:,} ledger rows, {open_orders} orders not closed, peak {peak / 2**10:.1f} GB")
    assert open_orders == 0
    compare(con, effects, work, bench)


def ours(con: duckdb.DuckDBPyConnection, models: Mapping[str, str]) -> dict[str, float]:
    """Every model and index; gives the removal effects of order 1 in the stratum of persons."""
    watch, of = Stopwatch(), {relation.partition(".")[2]: {relation: sql} for relation, sql in models.items()}
    with watch("conversions, and the path of every order"):
        for name in PATHS:
            build(con, of[name])
    with watch("journeys, counted; exposures"):
        for name in STATISTICS:
            build(con, of[name])
    told = Told(SimpleNamespace(log=logging.Logger("bench")), date(2026, 9, 1))

    def read(query: str) -> object:
        return con.sql(query).to_arrow_table()

    with watch("markov 1 to 3 (1 with 200 replicates), shapley; twice"):
        _effects(read, told, REPLICATES)
    with watch("strengths of data_driven"):
        strengths = _strengths(read, told, 7.0)
    con.execute("create table analytics.touch_strengths (channel varchar, strength double, neutral_strength double)")
    con.executemany("insert into analytics.touch_strengths values (?, ?, ?)", list(zip(*strengths.values(), strict=True)))
    with watch("credit and money of eight models, closed"):
        for name in CREDIT:
            build(con, of[name])
    names, journeys = journeys_of(read("select * from intermediate.int_journey_counts order by path"))
    with watch("(markov 1 once more, alone)"):
        found = removal_effects(journeys)
    return dict(zip(names, found.removal.tolist(), strict=True))


def compare(con: duckdb.DuckDBPyConnection, effects: dict[str, float], work: str, bench: Bench) -> None:
    """The peers on the same paths, and how far their totals are from ours."""
    totals = con.execute(
        "select model, channel, sum(credit)::double from attribution.fct_attribution where touch_key is not null group by all"
    ).fetchall()
    credited: dict[str, dict[str, float]] = {"markov_1": effects}
    for model, channel, credit in totals:
        credited.setdefault(model, {})[channel] = credit
    counts = con.execute("select path, conversions, nulls from intermediate.int_journey_counts").df()
    paths = con.execute(
        """select path, count(*) as conversions, 0 as nulls
        from (select string_agg(channel, ' > ' order by step) as path from intermediate.int_paths group by order_key) group by 1"""
    ).df()
    hours = con.execute(
        """select order_key as journey_id, string_agg(channel, ' > ' order by step) as path,
            string_agg(seconds_before / 3600.0, ' > ' order by step) as hours from intermediate.int_paths group by 1"""
    ).df()
    steps = (
        con.execute('select substr(order_key, 2)::bigint as "order", channel from intermediate.int_paths')
        .df()
        .astype({"channel": "category"})
    )
    print(f"peers, from finished paths ({len(paths):,} distinct) to totals per channel")
    for name in missing():
        print(f"  {name} is not installed: make bench installs it")
    results = [("pandas", "linear", *pandas_linear(steps))]
    if "ChannelAttribution" not in missing():
        results += [("ChannelAttribution", what, *found) for what, found in channel_attribution(paths, counts).items()]
    if "DP6" not in missing():
        results += [("DP6", what, *found) for what, found in dp6(counts, hours).items()]
    for peer, what, seconds, found in results:
        Stopwatch.say(f"{peer}: {what}", seconds)
        bench.told(Line(work, f"{peer}: {what}, totals of channels from finished paths", seconds))
        for model, theirs in found.items():
            far = furthest(credited[model], theirs) / max(max(theirs.values()), 1e-12)
            print(f"      {model:<16} furthest channel differs by {far:.1e} of the largest")
            assert far < (0.05 if "simulated" in what else 1e-6 if model == "time_decay" else 1e-7)


def test_a_million_orders_and_ten_million_touches(tmp_path: Path, bench: Bench) -> None:
    run(ORDERS, 10 * ORDERS, tmp_path / "warehouse.duckdb", bench)
