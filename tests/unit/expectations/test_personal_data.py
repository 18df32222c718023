"""The scan of published text: what reads like a person is found in any column, what is an id by trade is not."""

from __future__ import annotations

from pathlib import Path

from expectations.personal_data import personal_data_suites
from expectations.runner import run_suites
from tests.unit.expectations.conftest import change

TOKEN = "0123456789abcdef" * 4


CASES = [  # column, its text, whether that is found
    ("city", "杭州市", False),
    ("city", "杭州 13800138000", True),
    ("city", "x+8613800138000", False),  # eleven digits within a longer number are a number
    ("memo", "zhang.san@example.com", True),
    ("memo", "33010619900101123X", True),
    ("memo", TOKEN, True),
    ("memo", "c" + "0123456789abcdef" * 2, False),
    # the shortest text of each kind
    ("memo", "13800138000", True),
    ("memo", "a@b.cn", True),
    ("memo", "330106199001011234", True),
    ("staff_id", "张13800138000", True),
    ("item_id", "13800138000", False),  # platforms number items in eleven digits too
    ("order_key", "taobao:13800138000", False),
    ("item_ids", "13800138000,13800138001", False),
    ("staff_id", "张三13800138000", True),
    ("customer_id", "ca13800138000bcdef012", False),  # a hash holds such a run by chance
    ("customer_id", TOKEN, True),
    ("key_token", TOKEN, False),
    ("file_hash", TOKEN, False),
    ("shape", "aa999999999 aaaa9999@aaaa.aaa 99999999999", False),  # what a refused row looked like
    ("shape", "aa999999999 13800138000", True),  # the row itself
]


def test_text_that_reads_like_a_person_is_found_and_an_id_by_trade_is_not(tmp_path: Path) -> None:
    """Each case is a table of its own, all in one database."""
    database = tmp_path / "d.duckdb"
    tables = [f"create table customer.t{i} as select '{text}' as {column}, 1 as n" for i, (column, text, _) in enumerate(CASES)]
    change(database, "create schema customer", *tables)
    results = {result.asset: result for result in run_suites(database, personal_data_suites(database, ("customer",)))}
    for i, (column, text, is_found) in enumerate(CASES):
        result = results[f"customer.t{i}"]
        assert result.status == ("failed" if is_found else "passed"), (column, text, result)
        assert not is_found or f"column_name={column}" in result.samples[0]
        assert text not in "".join((*result.samples, result.observed))


def test_lists_are_scanned_and_other_schemas_are_not(tmp_path: Path) -> None:
    database = tmp_path / "d.duckdb"
    change(
        database,
        "create schema customer", "create schema raw",
        "create table raw.t as select '13800138000' as city",
        "create table customer.t as select ['a', '13800138000'] as cities",
        "create view customer.v as select * from raw.t",
    )  # fmt: skip
    results = run_suites(database, personal_data_suites(database, ("customer",)))
    assert [(result.asset, result.status) for result in results] == [("customer.t", "failed")]
