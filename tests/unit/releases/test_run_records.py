"""What a release says of its own making: versions carried on, checks, and customers followed through merges and splits."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date

import duckdb
import pyarrow as pa
import pytest

from orchestration.lake.layout import Lake
from orchestration.lake.record_tables import RECORD_TABLES, record_comments
from orchestration.lake.releases import build_release, current_file, current_version, next_version, show_release
from orchestration.lake.rollback import rollback
from orchestration.lake.run_records import VersionFacts, check_results, customer_records, publish_versions
from tests.unit.releases.conftest import AS_OF, GRAINS

Keys = dict[str, str]  # customer → its keys, one letter each


@dataclass
class Brand:
    """A lake whose customers are said as `{customer: keys}`, published version after version."""

    lake: Lake

    def publish(self, customers: Keys, windows: dict[tuple[str, str], tuple] | None = None) -> dict[str, list[dict]]:
        """Publish a version with these customers; its record tables as rows."""
        with duckdb.connect(str(self.lake.warehouse)) as con:
            con.execute("delete from customer.customer_keys")
            for customer, keys in customers.items():
                for key in keys:
                    window = (windows or {}).get((customer, key), (None, None))
                    row = [customer, key, *window]
                    con.execute("insert into customer.customer_keys values (?, 'phone', 'global', ?, ?, ?, null, '')", row)
        version = next_version(self.lake, AS_OF)
        facts = VersionFacts(version, f"run of {version}", AS_OF, True, 3, 100, 2, {"customer.fct_orders": 10})
        records = {
            "quality.publish_versions": publish_versions(self.lake, facts),
            **customer_records(self.lake.warehouse, current_file(self.lake), version, current_version(self.lake)),
        }
        build_release(self.lake, self.lake.warehouse, version, GRAINS, records, record_comments())
        show_release(self.lake, version)
        return {table: rows.to_pylist() for table, rows in records.items()}


@pytest.fixture
def brand(lake: Lake) -> Brand:
    return Brand(lake)


def newest_changes(records: dict[str, list[dict]]) -> list[tuple]:
    rows = records["customer.customer_changes"]
    newest = max((row["version"] for row in rows), default=None)
    return [(row["change"], row["customer_id"], row["from_customer_id"]) for row in rows if row["version"] == newest]


def history(records: dict[str, list[dict]]) -> dict[str, tuple]:
    return {row["customer_id"]: (row["current_customer_id"], row["change"]) for row in records["customer.customer_id_history"]}


@pytest.mark.parametrize(
    ("before", "after", "changes"),
    [
        ({"A": "k"}, {"A": "k"}, []),
        ({"A": "k"}, {"A": "kl", "B": "m"}, [("new", "B", None)]),
        ({"A": "k", "B": "l"}, {"A": "kl"}, [("merged", "A", "B")]),
        ({"A": "k", "B": "l"}, {"C": "kl"}, [("merged", "C", "A"), ("merged", "C", "B")]),
        ({"A": "kl"}, {"A": "k", "B": "l"}, [("split", "B", "A")]),
        ({"A": "kl"}, {"B": "k", "C": "l"}, [("split", "B", "A"), ("split", "C", "A")]),
        ({"A": "k"}, {"B": "jk"}, [("renamed", "B", "A")]),
        ({"A": "k", "B": "l"}, {"A": "k"}, [("retired", "B", "B")]),
        ({"A": "kl", "B": "m"}, {"A": "k", "B": "lm"}, [("split", "B", "A")]),
    ],
)
def test_a_customer_change_is_named_by_what_happened_to_the_keys(brand: Brand, before: Keys, after: Keys, changes: list[tuple]) -> None:
    assert newest_changes(brand.publish(before)) == [("new", customer, None) for customer in before]
    records = brand.publish(after)
    said = [each for each in newest_changes(records)] if changes else []
    assert said == changes
    if not changes:
        assert {row["version"] for row in records["customer.customer_changes"]} == {"2026-09-30.001"}


def test_a_key_that_changed_hands_is_no_merge(brand: Brand) -> None:
    """A recycled phone: A until June, B since. Nothing changed between the versions, so nothing is reported."""
    windows = {("A", "p"): (None, date(2026, 6, 1)), ("B", "p"): (date(2026, 6, 1), None)}
    brand.publish({"A": "ap", "B": "bp"}, windows)
    records = brand.publish({"A": "ap", "B": "bp"}, windows)
    assert {row["version"] for row in records["customer.customer_changes"]} == {"2026-09-30.001"}


def test_an_old_id_is_followed_through_everything_that_happened_to_it(brand: Brand) -> None:
    brand.publish({"A": "k", "B": "l", "C": "m", "D": "n"})
    brand.publish({"A": "kl", "C": "m", "D": "n"})
    records = brand.publish({"E": "klj", "C": "m"})
    assert history(records) == {
        "A": ("E", "renamed"), "B": ("E", "merged"), "C": ("C", None), "D": (None, "retired"), "E": ("E", None),
    }  # fmt: skip
    by_id = {row["customer_id"]: row for row in records["customer.customer_id_history"]}
    assert (by_id["B"]["first_version"], by_id["B"]["last_version"]) == ("2026-09-30.001", "2026-09-30.001")
    assert (by_id["A"]["last_version"], by_id["E"]["first_version"]) == ("2026-09-30.002", "2026-09-30.003")
    assert by_id["C"]["last_version"] is None


def test_an_id_that_comes_back_lives_again(brand: Brand) -> None:
    brand.publish({"A": "k", "B": "l"})
    brand.publish({"A": "kl"})
    assert history(brand.publish({"A": "k", "B": "l"}))["B"] == ("B", None)


def test_evidence_names_types_of_keys_never_the_keys(brand: Brand) -> None:
    brand.publish({"A": "k", "B": "l"})
    records = brand.publish({"A": "kl"})
    assert {row["evidence"] for row in records["customer.customer_changes"]} == {"keys: phone", "shared: phone"}


def test_versions_are_carried_on_and_name_what_they_replaced(brand: Brand) -> None:
    brand.publish({"A": "k"})
    rows = brand.publish({"A": "k"})["quality.publish_versions"]
    assert [(row["version"], row["replaced_version"], row["is_sample"]) for row in rows] == [
        ("2026-09-30.001", None, True), ("2026-09-30.002", "2026-09-30.001", True),
    ]  # fmt: skip
    assert json.loads(rows[1]["rows_per_table"]) == {"customer.fct_orders": 10} and rows[1]["published_at"]


def test_a_version_that_readers_left_stays_in_the_list_and_one_they_never_saw_does_not(brand: Brand) -> None:
    brand.publish({"A": "k"})
    brand.publish({"A": "k"})
    rollback(brand.lake)
    brand.publish({"A": "k"})
    rows = brand.publish({"A": "k"})["quality.publish_versions"]
    assert [row["version"] for row in rows] == ["2026-09-30.001", "2026-09-30.002", "2026-09-30.004"]


def test_check_results_have_the_published_columns(brand: Brand) -> None:
    result = {"asset": "a.b", "suite": "a__b", "expectation": "e", "severity": "critical", "status": "passed", "observed": "0 rows",
              "expected": "x", "failing_rows": 0, "samples": (), "query": ""}  # fmt: skip
    table = check_results("v", "r", [result])
    assert isinstance(table, pa.Table)
    assert table.to_pylist() == [{"version": "v", "run_id": "r", **{k: v for k, v in result.items() if k not in ("samples", "query")}}]


def test_every_record_column_is_explained_in_both_languages() -> None:
    for name, text in record_comments().items():
        assert any("\u4e00" <= letter <= "\u9fff" for letter in text) and any("a" <= letter <= "z" for letter in text), name
    assert len(record_comments()) == sum(1 + len(columns) for _, columns in RECORD_TABLES.values())
