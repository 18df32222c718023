"""A kept version without a person: their rows are gone, their orders stand, its files are still one whole version."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import pytest

from orchestration.lake.candidates import write_candidate
from orchestration.lake.erase_releases import erase_releases
from orchestration.lake.erase_reports import erase_reports
from orchestration.lake.layout import Lake
from orchestration.lake.releases import build_release, current_version, next_version, release_matches, show_release

MINE, THEIRS = "a" * 64, "b" * 64
TABLES = {
    "customer.customer_keys": f"""select * from (values ('me', 'phone', '{MINE}'), ('you', 'phone', '{THEIRS}'))
        as t (customer_id, key_type, key_token)""",
    "customer.fct_orders": "select * from (values ('o1', 'me', 10.50), ('o2', 'you', 5.00)) as t (order_key, customer_id, net_revenue_cny)",
    "customer.customer_changes": """select * from (values ('new', 'me', null), ('merged', 'you', 'me'))
        as t (change, customer_id, from_customer_id)""",
    "attribution.fct_touches": """select * from (values ('t1', 'me', null, 'person'), ('t2', 'me', 'o1', 'order_field'),
        ('t3', 'you', null, 'person')) as t (touch_key, customer_id, order_key, evidence)""",
    "attribution.fct_attribution": """select * from (values ('o1', 'me', 't1', 10.50), ('o2', 'you', 't3', 5.00))
        as t (order_key, customer_id, touch_key, attributed_revenue_cny)""",
    "customer.identity_review": f"select * from (values ('{MINE}', '{THEIRS}'), ('{THEIRS}', null)) as t (key_token, other_key_token)",
    "attribution.dim_channels": "select 'search' as channel",
}


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    lake = Lake(tmp_path / "lake").prepare()
    with duckdb.connect(lake.warehouse) as con:
        for name, query in TABLES.items():
            con.execute(f"create schema if not exists {name.partition('.')[0]}")
            con.execute(f"create table {name} as {query}")
        con.execute("comment on table customer.fct_orders is '订单 Orders. One row per order.'")
    for _ in range(2):
        version = next_version(lake, date(2026, 9, 30))
        build_release(lake, lake.warehouse, version, {name: () for name in TABLES}, {}, {}, "deliveries", "code")
        show_release(lake, version)
    return lake


def rows(lake: Lake, version: str) -> dict[str, list[tuple]]:
    """Every table of a version, from the database and (they must agree) from Parquet."""
    folder, found = lake.releases / version, {}
    with duckdb.connect(str(folder / "fishpond.duckdb"), read_only=True) as con:
        for name in TABLES:
            found[name] = con.execute(f"select * from {name} order by all").fetchall()
            parquet = folder / "parquet" / f"{name.replace('.', '/')}.parquet"
            assert con.execute("select * from read_parquet($1) order by all", [str(parquet)]).fetchall() == found[name]
        said = con.execute("select comment from duckdb_tables() where table_name = 'fct_orders'").fetchall()
        assert said == [("订单 Orders. One row per order.",)]
    return found


def test_every_kept_version_is_rewritten_and_money_stays(lake: Lake) -> None:
    before = {path: path.stat().st_mode for path in lake.releases.rglob("*")}
    assert set(erase_releases(lake, {MINE})) == {"2026-09-30.001", "2026-09-30.002"}
    for version in ("2026-09-30.001", "2026-09-30.002"):
        found = rows(lake, version)
        assert MINE not in str(found) and "'me'" not in str(found)
        assert found["customer.fct_orders"] == [("o1", None, found["customer.fct_orders"][0][2]), ("o2", "you", 5)]
        ledger = [row[:3] for row in found["attribution.fct_attribution"]]
        assert ledger == [("o1", None, None), ("o2", "you", "t3")]
        assert found["attribution.fct_touches"] == [("t2", None, "o1", "order_field"), ("t3", "you", None, "person")]
        assert sum(row[3] for row in found["attribution.fct_attribution"]) == sum(row[2] for row in found["customer.fct_orders"])
    assert current_version(lake) == "2026-09-30.002" and release_matches(lake, "deliveries", "code")
    assert {path: path.stat().st_mode for path in lake.releases.rglob("*")} == before, "sealed as it was, and nothing left beside it"


def test_a_version_without_the_person_is_not_touched(lake: Lake) -> None:
    before = {path: path.stat().st_mtime_ns for path in lake.releases.rglob("*") if path.is_file()}
    assert erase_releases(lake, {"c" * 64}) == {}
    assert {path: path.stat().st_mtime_ns for path in lake.releases.rglob("*") if path.is_file()} == before


def test_a_reader_keeps_what_it_had_opened(lake: Lake) -> None:
    with duckdb.connect(str(lake.current / "fishpond.duckdb"), read_only=True) as reader:
        erase_releases(lake, {MINE})
        assert reader.execute("select count(*) from customer.customer_keys").fetchall() == [(2,)]


FINDING = {
    "asset": "customer.fct_orders", "suite": "customer__fct_orders", "expectation": "no_orders", "severity": "warning", "status": "failed",
    "check": "customer__fct_orders/no_orders", "observed": "2 rows", "expected": "no rows", "failing_rows": 2,
    "samples": ["customer_id=somebody", f"key_token={MINE}", "customer_id=you"],
}  # fmt: skip


def test_pages_and_verdicts_about_checks_name_nobody_who_was_forgotten(lake: Lake) -> None:
    with duckdb.connect(lake.warehouse) as con:
        con.execute("update customer.customer_keys set customer_id = 'somebody' where customer_id = 'me'")
    page = write_candidate(lake, "run", "print", True, [FINDING]) / "report.html"
    version = next_version(lake, date(2026, 9, 30))
    build_release(lake, lake.warehouse, version, {name: () for name in TABLES}, {}, {}, "deliveries", "code", report=page)
    written = [page, page.with_name("verdict.json"), lake.releases / version / "report.html"]
    modes = [each.stat().st_mode for path in written for each in (path, path.parent)]
    assert erase_reports(lake, {MINE}) == 3
    for path in written:
        text = path.read_text("utf-8")
        assert MINE not in text and "somebody" not in text and "customer_id=you" in text
    assert [each.stat().st_mode for path in written for each in (path, path.parent)] == modes
    assert erase_reports(lake, {MINE}) == 0, "done twice is done once"
