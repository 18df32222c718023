"""Every check of every suite is shown to hold on good data, and to fail on the data it exists for."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from pathlib import Path

import pytest
import yaml

from expectations.checks import SuiteError, load_suites
from expectations.runner import run_suites
from tests.unit.expectations.conftest import HERE, change

BREAKAGES: dict[str, dict[str, str]] = yaml.safe_load((HERE / "breakages.yml").read_text("utf-8"))
ROUNDS = max(len(checks) for checks in BREAKAGES.values())
DELIVERY_SUITES = {path.stem for path in (HERE.parents[2] / "orchestration" / "sources").glob("*.yml")}


def table_suites() -> list:
    return [suite for suite in load_suites() if suite.table.partition(".")[0] not in DELIVERY_SUITES]


def test_every_check_has_data_that_breaks_it() -> None:
    said = {suite.name: [expectation["check"] for expectation in suite.expectations] for suite in table_suites()}
    assert {name: sorted(checks) for name, checks in BREAKAGES.items()} == {name: sorted(checks) for name, checks in said.items()}


def test_good_data_passes_everything(small_warehouse: Path) -> None:
    results = run_suites(small_warehouse, table_suites())
    assert [(result.check, result.observed) for result in results if not result.passed] == []


@pytest.mark.parametrize("turn", range(ROUNDS))
def test_broken_data_fails_the_check_that_guards_it(turn: int, small_warehouse: Path) -> None:
    """The turn-th check of every suite, each with its own breakage, all in one database and one validation."""
    asked, statements = [], []
    for suite in table_suites():
        check, statement = next(islice(BREAKAGES[suite.name].items(), turn, None), (None, None))
        if check:
            statements.append(statement)
            asked.append(replace(suite, expectations=tuple(e for e in suite.expectations if e["check"] == check)))
    change(small_warehouse, *statements)
    assert [(result.check, result.status) for result in run_suites(small_warehouse, asked) if result.status != "failed"] == []


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("expectations: []", "has `key` and `expectations`"),
        ("expectations: [{check: a, type: t, severity: critical, description: d, sevrity: x}]", "unknown"),
        ("expectations: [{check: a, type: t, severity: critical}]", "missing"),
        ("expectations: [{check: a, type: t, severity: fatal, description: d}]", "severity is"),
        ("expectations: [{check: A b, type: t, severity: warning, description: d}]", "snake_case"),
        ("expectations: [&a {check: a, type: t, severity: warning, description: d}, *a]", "stands twice"),
        (
            "expectations: [{check: a, type: unexpected_rows_expectation, severity: warning, description: d, "
            "kwargs: {unexpected_rows_query: select 1}}]",
            "must read from",
        ),
    ],
)
def test_a_suite_file_that_cannot_be_meant_is_refused(text: str, complaint: str, tmp_path: Path) -> None:
    (tmp_path / "customer__fct_orders.yml").write_text(text, "utf-8")
    with pytest.raises(SuiteError, match=complaint):
        load_suites(tmp_path)


def test_every_suite_speaks_of_a_table_that_is_built() -> None:
    models = {path.stem for path in (HERE.parents[2] / "dbt_project" / "models").rglob("*.sql")}
    assert [suite.name for suite in table_suites() if suite.table.partition(".")[2] not in models] == []
