"""The gate: what blocks, what a person may let pass and for how long, and what is kept of a candidate."""

from __future__ import annotations

import json
from dataclasses import replace

import pyarrow.parquet as pq
import pytest

from expectations.checks import CheckResult
from orchestration.defs.gate import GateError, accept, decide, explain, held_out_results, judge
from orchestration.lake.candidates import list_candidates
from orchestration.lake.layout import Lake

GOOD = CheckResult("customer.fct_orders", "customer__fct_orders", "order_key_is_unique", "critical", "passed", "0 rows", "One row.", 0)
BAD = replace(GOOD, expectation="net_is_right", status="failed", observed="3 rows", failing_rows=3, samples=("order_key=taobao:1",))
WARN = replace(BAD, expectation="no_surprise", severity="warning")
UNCLEAR = replace(BAD, expectation="credit_adds_up", status="could_not_check", observed="no such column", failing_rows=None, samples=())


def names(results: tuple[CheckResult, ...]) -> list[str]:
    return [result.expectation for result in results]


def test_only_critical_findings_block() -> None:
    verdict = judge([GOOD, BAD, WARN])
    assert (verdict.passed, names(verdict.blocking), names(verdict.warnings), verdict.checks_passed) == (
        False, ["net_is_right"], ["no_surprise"], 1,
    )  # fmt: skip
    assert judge([GOOD, WARN]).passed


@pytest.mark.parametrize(("severity", "passes"), [("critical", False), ("warning", True)])
def test_what_could_not_be_checked_is_never_a_pass_but_counts_at_its_severity(severity: str, passes: bool) -> None:
    verdict = judge([GOOD, replace(UNCLEAR, severity=severity)])
    assert verdict.passed is passes and names(verdict.could_not) == ["credit_adds_up"] and verdict.checks_passed == 1


def test_an_accepted_finding_lets_the_same_candidate_pass(lake: Lake) -> None:
    assert not decide(lake, "run1", "data.code", [GOOD, BAD, WARN]).passed
    accept(lake, BAD.check, "the supplier confirmed these three", by="li")
    verdict = decide(lake, "run2", "data.code", [GOOD, BAD, WARN])
    assert verdict.passed and names(verdict.accepted) == ["net_is_right"] and names(verdict.warnings) == ["no_surprise"]
    (said,) = json.loads((lake.candidates / "run1" / "accepted.json").read_text("utf-8"))
    assert (said["by"], said["reason"], said["observed"]) == ("li", "the supplier confirmed these three", "3 rows") and said["at"]


def test_an_acceptance_is_for_one_finding_of_one_candidate(lake: Lake) -> None:
    decide(lake, "run1", "data.code", [BAD])
    accept(lake, BAD.check, "known", by="li")
    assert not decide(lake, "other_data", "data2.code", [BAD]).passed
    assert not decide(lake, "other_number", "data.code", [replace(BAD, observed="4 rows", failing_rows=4)]).passed
    assert not decide(lake, "other_check", "data.code", [replace(BAD, expectation="another")]).passed


@pytest.mark.parametrize(
    ("check", "reason", "complaint"),
    [
        (BAD.check, "  ", "needs a reason"),
        (WARN.check, "why not", "blocks nothing"),
        ("no/such", "why not", r"blocking: customer__fct_orders/net_is_right"),
    ],
)
def test_only_a_blocking_finding_can_be_accepted_and_only_with_a_reason(lake: Lake, check: str, reason: str, complaint: str) -> None:
    decide(lake, "run1", "data.code", [BAD, WARN])
    with pytest.raises(GateError, match=complaint):
        accept(lake, check, reason, by="li")


def test_explain_shows_the_newest_candidate_as_it_stands_now(lake: Lake) -> None:
    with pytest.raises(GateError, match="no candidate"):
        explain(lake)
    decide(lake, "run1", "old.code", [GOOD])
    decide(lake, "run2", "data.code", [GOOD, BAD, WARN, UNCLEAR])
    explained = explain(lake)
    assert (explained.candidate.run_id, names(explained.verdict.blocking)) == ("run2", ["net_is_right", "credit_adds_up"])
    assert explained.verdict.blocking[0] == BAD
    accept(lake, BAD.check, "known", by="li")
    assert names(explain(lake).verdict.blocking) == ["credit_adds_up"] and [each.by for each in explain(lake).acceptances] == ["li"]
    assert explain(lake, "run1").verdict.passed
    with pytest.raises(GateError, match="run9"):
        explain(lake, "run9")


def test_results_are_kept_as_parquet_too(lake: Lake) -> None:
    decide(lake, "run1", "data.code", [GOOD, UNCLEAR])
    rows = pq.read_table(lake.candidates / "run1" / "check_results.parquet").to_pylist()
    assert [(row["run_id"], row["expectation"], row["status"], row["failing_rows"]) for row in rows] == [
        ("run1", "order_key_is_unique", "passed", 0), ("run1", "credit_adds_up", "could_not_check", None),
    ]  # fmt: skip


def test_ten_candidates_are_kept_and_what_a_kill_left_is_not(lake: Lake) -> None:
    (lake.candidates / "killed").mkdir()
    for i in range(12):
        decide(lake, f"run{i:02}", "data.code", [GOOD])
    assert [each.run_id for each in list_candidates(lake)] == [f"run{i:02}" for i in range(2, 12)]
    assert sorted(path.name for path in lake.candidates.iterdir()) == [f"run{i:02}" for i in range(2, 12)]


def test_a_delivery_held_out_blocks_only_where_its_export_is_required() -> None:
    held = [("taobao/orders", "d1", "token_phone: 2 rows"), ("weibo/ads", "d2", "columns are missing")]
    required, other = held_out_results(held, {"taobao/orders"})
    assert (required.severity, other.severity) == ("critical", "warning")
    assert (required.asset, required.check) == ("raw/taobao/orders", "taobao__orders/delivery_d1_passes_its_fence")
    assert not judge([required]).passed and judge([other]).passed
