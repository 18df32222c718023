"""A delivery that fails its fence is held out with its reason, and everybody else goes on."""

from __future__ import annotations

import pytest
from pipeline_lake import ask

from expectations.checks import Suite, load_suites
from orchestration.cli.app import call
from orchestration.lake.layout import Lake

NO_ROW = {
    "check": "members_are_silent", "type": "unexpected_rows_expectation", "severity": "critical", "description": "No members, please.",
    "kwargs": {"unexpected_rows_query": "select * from {batch}"},
}  # fmt: skip


def test_a_held_out_delivery_is_left_out_and_named(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    extra = Suite("crm__members", "raw.crm__members", (NO_ROW,))
    monkeypatch.setattr("orchestration.defs.fence_one.load_suites", lambda *_, **__: [*load_suites(), extra])
    assert call(["run", "--full"]) == 0
    held = ask(lake, "select reason, rows_loaded from quality.deliveries where source = 'crm' and export = 'members'")
    assert held and all("members_are_silent" in reason and rows == 0 for reason, rows in held)
    assert ask(lake, "select count(*) from quality.check_results where asset = 'raw/crm/members' and status = 'failed'") == [(len(held),)]
    assert ask(lake, "select count(*) > 0 from customer.fct_orders") == [(True,)]
