"""The first fence: many deliveries in one go, the verdict for each; and the suite that a contract alone implies."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest

from expectations.checks import CheckResult
from expectations.contract_suite import suite_from_contract
from expectations.fence import Batch, fence_deliveries

EXPORT = {
    "platform": "shop",
    "name": "orders",
    "key": ["order_id"],
    "columns": {
        "order_id": {"type": "id", "required": True},
        "status": {"type": "enum", "values": {"paid": ["已付款"], "closed": ["关闭"]}},
        "paid_at": {"type": "timestamp"},
        "ends_at": {"type": "timestamp", "may_be_future": True},
        "phone": {"type": "text", "identity": {"type": "phone"}, "required": True},
        "tags": {"type": "list", "fields": {"unionid": {"type": "id", "identity": {"type": "unionid"}}}},
    },
}
SUITE = suite_from_contract(EXPORT)
RECORD = {
    "order_id": "cast(i as varchar)",
    "status": "'paid'",
    "paid_at": "timestamp '2026-01-01'",
    "ends_at": "timestamp '2030-01-01'",
    "phone": "sha256(cast(i as varchar))",
    "phone_class": "'ok'",
    "phone_scope": "'global'",
    "tags": "[{unionid: sha256('x'), unionid_class: 'ok', unionid_scope: 'main'}]",
    "account": "'a'",
    "business_on": "cast(null as date)",
    "_record_key": "'shop/orders|a|' || i",
    "_file_sha256": "'h'",
    "_exported_at": "timestamp '2026-01-02'",
    "_line": "i",
    "_part": "cast(null as varchar)",
    "_extra": "cast(null as varchar)",
}


@pytest.fixture
def bronze(tmp_path: Path):
    """`bronze(delivery_id, rows=…, receipt=…, column=sql…)`: one bronze file."""

    def write(delivery: str, rows: int = 20, receipt: dict | None = None, **changed: str | None) -> Path:
        columns = {**RECORD, "_delivery_id": f"'{delivery}'", **changed}
        said = {"rows_in_file": rows, "rows_quarantined": 0, "rows_skipped": 0, **(receipt or {})}
        select = ", ".join(f"{sql} as {name}" for name, sql in columns.items() if sql is not None)
        path = tmp_path / f"{delivery}.parquet"
        with duckdb.connect() as con:
            con.execute(f"copy (select {select} from range({rows}) as r (i)) to '{path}' (kv_metadata {{fishpond: '{json.dumps(said)}'}})")
        return path

    return write


def found(results: dict[str, list[CheckResult]]) -> dict[str, list[tuple[str, str, int | None]]]:
    wrong = {delivery: [(r.expectation, r.status, r.failing_rows) for r in each if not r.passed] for delivery, each in results.items()}
    return {delivery: each for delivery, each in wrong.items() if each}


@pytest.mark.parametrize(
    ("changed", "finding"),
    [
        ({"order_id": "case when i > 0 then 'x' end"}, ["is_complete: 1 rows (order_id)"]),
        ({"status": "'已付款'"}, ["vocabulary: 20 rows (status)"]),
        ({"status": "'unknown:已付款'"}, ["known_words: 20 rows (status)"]),
        ({"phone": "'13800138000'"}, ["tokens_only: 20 rows (phone)"]),
        ({"phone_class": "'fine'"}, ["classes_are_known: 20 rows (phone)"]),
        ({"phone_class": "cast(null as varchar)"}, ["is_complete: 20 rows (phone_class)"]),
        ({"tags": "[{unionid: 'o-clear', unionid_class: 'ok', unionid_scope: 'main'}]"}, ["tokens_only: 20 rows (tags.unionid)"]),
        ({"tags": "[{unionid: sha256('x'), unionid_class: 'fine', unionid_scope: 'main'}]"}, ["classes_are_known: 20 rows (tags.unionid)"]),
        ({"paid_at": "timestamp '1970-01-01'"}, ["times_are_plausible: 20 rows (paid_at)"]),
        ({"paid_at": "timestamp '2026-01-05'"}, ["times_are_plausible: 20 rows (paid_at)"]),
        ({"_record_key": "cast(null as varchar)", "order_id": "nullif(cast(i as varchar), '3')"},
         ["is_complete: 20 rows (_record_key; _record_key, order_id)"]),
        ({"rows": 0}, ["has_rows: 1 rows (rows_loaded)"]),
        ({"receipt": {"rows_in_file": 21}}, ["rows_are_accounted_for: 1 rows (rows_in_file)"]),
        ({"receipt": {"rows_in_file": 25, "rows_quarantined": 5}}, ["few_rows_are_quarantined: 1 rows (rows_quarantined)"]),
        ({}, []),
    ],
)  # fmt: skip
def test_a_contract_implies_what_a_delivery_must_look_like(bronze, changed: dict, finding: list[str]) -> None:
    (results,) = fence_deliveries([Batch({"d1": bronze("d1", **changed)}, SUITE)])
    assert [f"{result.expectation}: {result.observed}" for result in results["d1"] if not result.passed] == finding


def test_a_contract_s_words_may_hold_quotes_and_braces(bronze) -> None:
    export = {**EXPORT, "columns": {**EXPORT["columns"], "status": {"type": "enum", "values": {"it's {paid}": []}}}}
    (results,) = fence_deliveries([Batch({"d1": bronze("d1", status="'it''s {paid}'")}, suite_from_contract(export))])
    assert found(results) == {}


def test_a_column_that_the_file_lacks_cannot_be_checked(bronze) -> None:
    (results,) = fence_deliveries([Batch({"d1": bronze("d1", paid_at=None)}, SUITE)])
    assert found(results) == {"d1": [("times_are_plausible", "could_not_check", None)]}


def test_failing_rows_are_given_to_the_delivery_they_came_in(bronze) -> None:
    files = {f"d{i}": bronze(f"d{i}") for i in range(12)}
    files["d3"] = bronze("d3", status="case when i < 5 then 'unknown:x' else 'paid' end")
    files["d7"] = bronze("d7", phone="case when i < 2 then '13800138000' end")
    files["d9"] = bronze("d9", rows=0)
    (results,) = fence_deliveries([Batch(files, SUITE)])
    assert found(results) == {
        "d3": [("known_words", "failed", 5)],
        "d7": [("tokens_only", "failed", 2)],
        "d9": [("has_rows", "failed", 1)],
    }
    assert {len(each) for each in results.values()} == {len(SUITE.expectations)}
    assert all("_delivery_id=d7" in sample for r in results["d7"] for sample in r.samples)


def test_a_file_that_cannot_be_read_is_found_among_good_ones(bronze) -> None:
    files = {f"d{i}": bronze(f"d{i}") for i in range(4)}
    files["d2"].write_bytes(b"PAR1 this is no Parquet file PAR1")
    (results,) = fence_deliveries([Batch(files, SUITE)])
    assert {(delivery, status) for delivery, each in found(results).items() for _, status, _ in each} == {("d2", "could_not_check")}


def test_exports_checked_together_keep_their_own_findings(bronze) -> None:
    good, bad = {"d1": bronze("d1")}, {"d2": bronze("d2", status="'unknown:x'")}
    broken = {"d3": bronze("d3"), "d4": bronze("d4")}
    broken["d4"].write_bytes(b"PAR1 this is no Parquet file PAR1")
    results = fence_deliveries([Batch(good, SUITE), Batch(broken, SUITE), Batch({}, SUITE), Batch(bad, SUITE)])
    assert [set(each) for each in results] == [{"d1"}, {"d3", "d4"}, set(), {"d2"}]
    assert [sorted(found(each)) for each in results] == [[], ["d4"], [], ["d2"]]
    assert found(results[3])["d2"][0][:2] == ("known_words", "failed")


def test_a_file_of_an_older_contract_may_lack_a_column_that_the_shape_has(bronze) -> None:
    old, shape = bronze("d1", ends_at=None), bronze("empty", rows=0)
    (results,) = fence_deliveries([Batch({"d1": old}, SUITE, shape)])
    assert found(results) == {}


def test_no_deliveries_cost_nothing() -> None:
    assert fence_deliveries([]) == [] and fence_deliveries([Batch({}, SUITE)]) == [{}]
