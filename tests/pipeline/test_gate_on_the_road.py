"""The gate cannot be gone around, and what readers see changes only behind it."""

from __future__ import annotations

import pytest
from pipeline_lake import every_byte
from rich.console import Console

from expectations.checks import Suite, load_suites
from orchestration.cli.app import call
from orchestration.cli.execute import execute_job
from orchestration.cli.exits import Refused
from orchestration.lake.build_marks import WarehouseNotWhole, whole_build
from orchestration.lake.layout import Lake
from orchestration.lake.releases import current_version, list_versions

NEVER = {
    "check": "there_are_no_orders", "type": "unexpected_rows_expectation", "severity": "critical", "description": "Nobody buys.",
    "kwargs": {"unexpected_rows_query": "select * from {batch}"},
}  # fmt: skip
IMPOSSIBLE = Suite("customer__fct_orders", "customer.fct_orders", (NEVER,), ("order_key",))


@pytest.fixture
def a_suite_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("orchestration.defs.gate.load_suites", lambda *_, **__: [*load_suites(), IMPOSSIBLE])


@pytest.mark.usefixtures("a_suite_fails")
def test_nobody_gets_by_the_gate_but_with_a_finding_that_was_accepted_by_name(lake: Lake, capsys: pytest.CaptureFixture[str]) -> None:
    """A run of the publish step alone is judged like any other; what is accepted lets exactly this candidate through."""
    before = every_byte(lake.published)
    with pytest.raises(Refused, match="there_are_no_orders"):
        execute_job(Console(quiet=True), lake, "publish")
    assert every_byte(lake.published) == before
    assert call(["gate", "explain"]) == 1
    assert "customer__fct_orders/there_are_no_orders" in capsys.readouterr().out
    assert call(["gate", "accept", "--check", "customer__fct_orders/no_such_check", "--reason", "why not"]) == 2
    assert call(["gate", "accept", "--check", "customer__fct_orders/there_are_no_orders", "--reason", "a test"]) == 0
    execute_job(Console(quiet=True), lake, "publish")
    assert len(list_versions(lake)) == 2


def test_a_warehouse_that_somebody_else_wrote_is_not_published(lake: Lake) -> None:
    with lake.warehouse.open("ab") as file:
        file.write(b"\0")
    with pytest.raises(WarehouseNotWhole):
        whole_build(lake)
    assert call(["publish"]) == 3
    assert len(list_versions(lake)) == 1


def test_rollback_holds_until_it_is_lifted(lake: Lake) -> None:
    first = current_version(lake)
    execute_job(Console(quiet=True), lake, "publish")
    second = current_version(lake)
    assert second != first
    assert call(["rollback"]) == 0
    assert current_version(lake) == first
    execute_job(Console(quiet=True), lake, "publish")
    assert current_version(lake) == first, "a hold stands: what is built is not switched to"
    assert call(["publish", "--resume"]) == 0
    assert current_version(lake) == list_versions(lake)[-1]
    assert len(list_versions(lake)) == 3


def test_going_back_where_there_is_nothing_is_a_usage_error(lake: Lake) -> None:
    assert call(["rollback"]) == 2
    assert call(["rollback", "1999-01-01.001"]) == 2
