"""A delivery that fails its fence is held out with its reason, and everybody else goes on."""

from __future__ import annotations

from dataclasses import replace

import dagster as dg
import duckdb
import pytest

from expectations.checks import Suite, load_suites
from orchestration.defs.fence_one import held_out
from orchestration.defs.landing import landing_assets
from orchestration.defs.resources import Pond
from orchestration.lake.catalog import load_catalog
from orchestration.lake.layout import Lake
from orchestration.lake.raw import register

LANDED = ("crm/members", "taobao/orders")
NO_ROW = {
    "check": "members_are_silent", "type": "unexpected_rows_expectation", "severity": "critical", "description": "No members, please.",
    "kwargs": {"unexpected_rows_query": "select * from {batch}"},
}  # fmt: skip


def test_a_held_out_delivery_is_left_out_and_named(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    extra = Suite("crm__members", "raw.crm__members", (NO_ROW,))
    monkeypatch.setattr("orchestration.defs.fence_one.load_suites", lambda *_, **__: [*load_suites(), extra])
    catalog = load_catalog()
    two = replace(catalog, exports={name: catalog.exports[name] for name in LANDED})
    run = dg.materialize(landing_assets(two), resources={"pond": Pond()})
    assert run.success and len(run.get_asset_materialization_events()) == len(LANDED), "the run went on"
    con = duckdb.connect()
    register(con, lake, two, held_out(lake))
    said = con.execute(
        "select status, reason, rows_loaded from raw.lake__deliveries where source = 'crm' and export = 'members'"
    ).fetchall()
    assert said
    assert all(status == "refused" and "members_are_silent" in reason and rows == 0 for status, reason, rows in said)
    assert con.execute("select count(*) from raw.crm__members").fetchall() == [(0,)]
    assert con.execute("select count(*) > 0 from raw.taobao__orders").fetchall() == [(True,)]
