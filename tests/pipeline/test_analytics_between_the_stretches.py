"""The numerics as the road calls them: from the statistics' tables in a warehouse to the tables that the marts read."""

from __future__ import annotations

import logging
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace

import duckdb
import numpy as np
import pandas as pd
import pytest

from orchestration.defs.analytics import Told, _effects, _strengths
from orchestration.defs.analytics_files import TABLES, analytics_folder, write_tables
from orchestration.defs.analytics_lifetime import lifetime_tables
from orchestration.lake.layout import Lake
from orchestration.settings import Settings

FIRST, CUTOFFS, HORIZON = date(2026, 1, 1), {"lead": (120, 180), "backtest": (180, 240), "fit": (300,), "score": (301,)}, 60


@pytest.fixture
def told() -> Told:
    log = logging.Logger("test")
    return Told(SimpleNamespace(log=log), date(2026, 9, 1))


@pytest.fixture(scope="module")
def warehouse() -> duckdb.DuckDBPyConnection:
    """2,000 buyers of a BG/NBD brand at every cut-off, as `int_purchase_histories` and its groups would hold them."""
    con = duckdb.connect()
    con.execute("create schema intermediate")
    roles = [
        (role, FIRST + timedelta(day), HORIZON, None, side)
        for role, days in CUTOFFS.items()
        for day, side in zip(days, ("before", "after") if len(days) == 2 else (None,), strict=True)
    ]
    cutoffs = pd.DataFrame(roles, columns=["role", "cutoff_on", "horizon_days", "promo", "side"])
    bought = _purchases(2_000)
    histories = pd.concat([_known(bought, day) for day in sorted({day for days in CUTOFFS.values() for day in days})])
    for name, table in {"int_fit_cutoffs": cutoffs, "int_purchase_histories": histories}.items():
        con.register("given", table)
        con.execute(f"create table intermediate.{name} as select * replace (cutoff_on::date as cutoff_on) from given")
    con.execute("""create table intermediate.int_purchase_groups as
        select cutoff_on, repeats, last_repeat_days, observed_days, count(*) as customers
        from intermediate.int_purchase_histories group by all""")
    con.execute("""create table intermediate.int_repeat_spend as
        select cutoff_on, valued_repeats, repeat_cny / valued_repeats as mean_cny, count(*) as customers
        from intermediate.int_purchase_histories where repeat_cny > 0 group by all""")
    return con


def test_lifetime_is_fitted_tried_and_judged(warehouse: duckdb.DuckDBPyConnection, told: Told) -> None:
    found = lifetime_tables(lambda query: warehouse.sql(query).to_arrow_table(), told)
    scores, predictions, parameters = found["ltv_backtest"], found["customer_predictions"], found["lifetime_parameters"]
    assert set(scores["model"]) == {"bg_nbd", "mbg_nbd"} and set(scores["target"]) == {"orders", "value"}
    assert set(scores["cutoff_on"]) == {FIRST + timedelta(180), FIRST + timedelta(240)}
    assert len(set(scores["baseline"])) == 4
    outcome = told.rows[-1]
    assert set(zip(parameters["model"], parameters["parameter"], strict=True)) == {
        *((model, name) for model in ("bg_nbd", "mbg_nbd") for name in ("r", "alpha", "a", "b")),
        *(("gamma_gamma", name) for name in ("p", "q", "gamma")),
    }
    assert min(parameters["standard_error"]) > 0
    assert outcome["why_null"] is None and any(parameters["is_published"]), "a brand of the model's own making earns its predictions"
    assert set(predictions) == set(TABLES["customer_predictions"].names) and set(predictions["discount_rate"]) == {0.0}
    assert all((why is None) == used for why, used in zip(parameters["why_null"], parameters["is_published"], strict=True))


def test_strengths_come_from_counted_touches_and_find_the_stronger_channel(told: Told) -> None:
    con = duckdb.connect()
    con.execute("""create schema intermediate; create table intermediate.int_touch_exposures as
        select 'oa' as channel, 'k' || i as conversion_key, 1.0 as age_days, 1.0 as watched_days, 1::bigint as touches from range(200) t(i)
        union all select 'sms', 'k' || i, 1.0, 1.0, 1 from range(40) t(i)
        union all select channel, null, null, 30.0, 1000 from (values ('oa'), ('sms')) as lost(channel)""")
    found = _strengths(lambda query: con.sql(query).to_arrow_table(), told, 7.0)
    assert found["channel"] == ["oa", "sms"] and found["strength"][0] > 3 * found["strength"][1]
    con.execute("delete from intermediate.int_touch_exposures where conversion_key > 'k1'")
    assert _strengths(lambda query: con.sql(query).to_arrow_table(), told, 7.0) == {}
    assert "200 over 2 are needed" in told.rows[-1]["why_null"]


def test_strata_are_never_mixed_and_an_empty_one_says_so(told: Told) -> None:
    con = duckdb.connect()
    con.execute("""create schema intermediate; create table intermediate.int_journey_counts as
        select * from (values ('person', 'oa > sms', 5, 3, 90.0), ('person', 'oa', 2, 9, 10.0)) as
        counts (observability, path, conversions, nulls, net_revenue_cny)""")
    found = _effects(lambda query: con.sql(query).to_arrow_table(), told, (200, 0, 5))
    assert set(found["observability"]) == {"person"} and set(found["weighed_by"]) == {"count", "value"}
    assert [(row["fit"], row["why_null"]) for row in told.rows] == [
        ("channel_effects_person", None),
        ("channel_effects_order", "no journeys"),
    ]
    intervals = {method for method, low in zip(found["method"], found["low"], strict=True) if not np.isnan(low)}
    assert intervals == {"markov_1", "markov_3"}  # only what was asked for
    assert {c for c, name in zip(found["conversions"], found["channel"], strict=True) if name == "oa"} == {7.0}


def test_a_table_without_rows_is_a_typed_file_and_a_view(tmp_path: Path) -> None:
    lake = Lake(tmp_path).prepare()
    assert write_tables(lake, Settings(lake=tmp_path), {name: {} for name in TABLES}) == dict.fromkeys(TABLES, 0)
    with duckdb.connect(lake.warehouse, read_only=True) as con:
        for name, schema in TABLES.items():
            assert [row[0] for row in con.sql(f"describe analytics.{name}").fetchall()] == schema.names
    assert sorted(path.name for path in analytics_folder(lake).iterdir()) == sorted(f"{name}.parquet" for name in TABLES)


def test_what_is_no_number_is_written_as_null(tmp_path: Path) -> None:
    lake = Lake(tmp_path).prepare()
    columns = {"channel": ["oa", "sms"], "strength": np.array([np.nan, 1 / 3]), "neutral_strength": [np.inf, 2.0]}
    write_tables(lake, Settings(lake=tmp_path), {"touch_strengths": columns})
    with duckdb.connect(lake.warehouse, read_only=True) as con:
        assert con.sql("from analytics.touch_strengths").fetchall() == [("oa", None, None), ("sms", 0.33333333, 2.0)]


def _purchases(customers: int) -> pd.DataFrame:
    random = np.random.Generator(np.random.PCG64(7))
    rows = []
    rate, leaving = random.gamma(0.8, 1 / 30.0, customers), random.beta(0.7, 2.5, customers)
    born, mean = random.integers(0, 240, customers), 1 / random.gamma(4.0, 1 / 300.0, customers)
    for who in range(customers):
        day = float(born[who])
        while day < 302:
            rows.append((f"c{who:05}", int(day), round(float(random.gamma(6.0, mean[who] * 5_000)) + 0.01, 2)))
            if len(rows) > 1 and rows[-2][0] == rows[-1][0] and random.random() < leaving[who]:
                break
            day += 1 + random.exponential(1 / max(rate[who], 1e-9))
    return pd.DataFrame(rows, columns=["customer_id", "day", "cny"])


def _known(bought: pd.DataFrame, cutoff: int) -> pd.DataFrame:
    first = bought.groupby("customer_id").day.transform("min")
    here = bought[first < cutoff].assign(first=first)
    seen, coming = here.day < cutoff, (here.day >= cutoff) & (here.day < cutoff + HORIZON)
    again, recent = seen & (here.day > here["first"]), seen & (here.day >= cutoff - HORIZON)
    sums = {
        "repeats": again * 1, "valued_repeats": again * 1, "repeat_cny": here.cny * again,
        "last_period_orders": recent * 1, "last_period_cny": here.cny * recent,
        "next_period_orders": coming * 1, "next_period_cny": here.cny * coming,
        "last_year_orders": seen * 0, "last_year_cny": here.cny * 0,
    }  # fmt: skip
    facts = here.assign(**sums, last=here.day.where(seen)).groupby("customer_id")
    found = facts[list(sums)].sum()
    found["last_repeat_days"] = (facts["last"].max() - facts["first"].min()).astype(int)
    found["observed_days"] = cutoff - facts["first"].min()
    return found.assign(cutoff_on=FIRST + timedelta(cutoff)).reset_index()
