"""What a data test found is told by the name of the rule and the table, not by the name dbt gave the test."""

from __future__ import annotations

import dagster as dg
import duckdb
import pytest

from orchestration.defs.data_tests import findings, refuse_broken, tests_of
from orchestration.defs.dbt_runs import NodeRun

ORDERS = dg.AssetKey(["customer", "fct_orders"])
RULES = "select * from (values ('key order_key', 2), ('net_is_receivable_less_refunds', 7)) as found (rule, failing_rows)  -- found"
ABOUT = {"test.p.holds_fct_orders_3f.1": ORDERS, "test.p.sums.2": ORDERS, "test.p.known.3": ORDERS}


def test(unique_id: str, status: str, failures: int = 0, sql: str = "select 1 as a") -> NodeRun:
    return NodeRun(unique_id, status, 0.1, failures, f"Got {failures} results\nmore", sql)


HOLDS = test("test.p.holds_fct_orders_3f.1", "fail", 9, RULES)
SUMS = test("test.p.sums.2", "fail", 3)
KNOWN = test("test.p.known.3", "warn", 1)
test.__test__ = False  # type: ignore[attr-defined]
tests_of.__test__ = False  # type: ignore[attr-defined]


@pytest.fixture
def found() -> dict:
    with duckdb.connect() as con:
        return dict(findings(con, [HOLDS, SUMS, KNOWN, test("test.p.other.4", "pass"), NodeRun("model.p.m", "success", 1, 0, "", "")]))


def test_each_broken_rule_is_told_with_its_rows(found: dict) -> None:
    assert found == {
        HOLDS.unique_id: [("net_is_receivable_less_refunds", 7), ("key order_key", 2)],
        SUMS.unique_id: [("sums", 3)],
        KNOWN.unique_id: [("known", 1)],
    }


def test_the_failure_names_table_and_rule(found: dict) -> None:
    with pytest.raises(dg.Failure) as caught:
        refuse_broken([HOLDS, SUMS, KNOWN], found, ABOUT)
    rules = ("net_is_receivable_less_refunds (7 rows)", "key order_key (2 rows)", "sums (3 rows)")
    told = "; ".join(f"customer/fct_orders: {rule}" for rule in rules)
    assert caught.value.description == f"3 data tests failed: {told}"


def test_a_warning_refuses_nothing(found: dict) -> None:
    refuse_broken([KNOWN], found, ABOUT)
    check = tests_of(ORDERS, [KNOWN, test("test.p.other.4", "pass")], found)
    assert (check.passed, check.severity, check.metadata["failing_rows"].value) == (False, dg.AssetCheckSeverity.WARN, 1)


def test_a_tables_check_lists_the_rules_and_is_an_error_if_one_of_them_is(found: dict) -> None:
    check = tests_of(ORDERS, [HOLDS, SUMS, KNOWN], found)
    assert (check.passed, check.severity, check.metadata["tests"].value) == (False, dg.AssetCheckSeverity.ERROR, 3)
    lines = check.metadata["findings"].value.splitlines()[2:]
    assert lines[0] == "| net_is_receivable_less_refunds | fail | 7 | Got 9 results |"
    assert [line.split(" | ")[0] for line in lines] == ["| net_is_receivable_less_refunds", "| key order_key", "| sums", "| known"]
    assert "values ('key order_key', 2)" in check.metadata["query"].value
