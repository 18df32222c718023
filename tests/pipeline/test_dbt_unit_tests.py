"""The dbt project's own unit tests, run as part of this suite."""

from __future__ import annotations

from orchestration.defs.dbt_runs import run_nodes
from orchestration.lake.layout import Lake
from orchestration.settings import read_settings


def test_dbt_unit_tests_pass(untouched: Lake) -> None:
    assert untouched.warehouse.exists(), "unit tests look up column types in a built warehouse"
    runs = run_nodes(read_settings(), ["test", "--select", "test_type:unit"], lambda *_: None)
    units = [run for run in runs if run.kind == "unit_test"]
    assert [f"{run.name}: {run.message}" for run in units if run.status != "pass"] == []
    assert len(units) > 20


def test_a_second_call_in_one_process_compiles_the_same_sql(untouched: Lake) -> None:
    assert untouched.warehouse.exists()
    compiling = ["compile", "--select", "config.materialized:ephemeral+1"]
    compiled = [{run.name: run.sql for run in run_nodes(read_settings(), compiling, lambda *_: None)} for _ in range(2)]
    assert compiled[0] == compiled[1] and any("__dbt__cte__" in sql for sql in compiled[0].values())
