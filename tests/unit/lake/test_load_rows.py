"""Rows of one delivery: loaded, quarantined with a reason, or skipped; never lost."""

from __future__ import annotations

import json
import random
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest
from builders.pond import Pond
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orchestration.lake.tokens import token

HEADER = "订单编号,手机,状态,付款时间,实付\n"
ROW = "{},13912345679,交易成功,2026-09-30 08:00:00,12.50\n"
GOOD = HEADER + "".join(ROW.format(at) for at in range(1, 4))


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        ("1.23457E+18,,交易成功,,1", "order_id", "scientific"),
        (",,交易成功,,1", "order_id", "required"),
        ("7,,交易成功,,1.234", "paid_cny", "two decimals"),
        ("7,,交易成功,,免费", "paid_cny", "amount"),
        ("7,,交易成功,2026-02-30,1", "paid_at", "date and time"),
        ("7,,交易成功,2026-10-03 00:00:00,1", "paid_at", "later"),
    ],
)
def test_a_bad_row_is_quarantined_with_line_column_and_reason(pond: Pond, row, column, reason) -> None:
    pond.deliver(GOOD + row + "\n")
    (receipt,) = pond.load()
    assert (receipt.status, receipt.rows_loaded, receipt.rows_quarantined) == ("loaded", 3, 1)
    ((line, name, why, shape),) = pond.bad_rows()
    assert (line, name) == (5, column) and reason in why
    assert not any(digit in (shape or "") for digit in "12345678")


def test_what_is_no_value_is_null_and_no_error(pond: Pond) -> None:
    pond.deliver(HEADER + "1,--,,0001-01-01 00:00:00,\n2,NULL,—,1900-01-01,-\n3,,,0,/\n4,,,2026-10-02 23:59:59,1\n")
    (receipt,) = pond.load()
    assert (receipt.rows_loaded, receipt.rows_quarantined) == (4, 0), pond.bad_rows()
    assert pond.rows("phone, phone_class, phone_scope, status, paid_at, paid_cny")[:3] == [(None,) * 6] * 3


@pytest.mark.parametrize(("bad", "good", "status"), [(19, 1, "loaded"), (20, 380, "loaded"), (21, 380, "refused"), (20, 0, "refused")])
def test_many_bad_rows_refuse_the_whole_file(pond: Pond, bad, good, status) -> None:
    pond.deliver(HEADER + "".join(ROW.format(at) for at in range(good)) + "x,,,gestern,1\n" * bad)
    (receipt,) = pond.load()
    assert receipt.status == status
    assert receipt.rows_in_file == bad + good == receipt.rows_loaded + receipt.rows_quarantined + receipt.rows_skipped
    assert len(pond.bad_rows()) == bad
    if status == "refused":
        assert "`paid_at` is not a date and time" in receipt.reason and not pond.rows()


def test_unknown_columns_are_kept_without_personal_data(pond: Pond) -> None:
    pond.deliver('订单编号,收货人姓名,新"列; drop table x,备用\n1,张三,打13912345679,"{""name"":""李四""}"\n2,,,\n')
    (receipt,) = pond.load()
    (first,), (second,) = pond.rows("_extra")
    assert json.loads(first) == {"收货人姓名": "汉汉", '新"列; drop table x': "打<phone>", "备用": '{"aaaa":"汉汉"}'} and second is None
    noted = {(note["kind"], note.get("column")) for note in receipt.notes}
    assert {("unknown_column", '新"列; drop table x'), ("missing_column", "paid_at")} <= noted


def test_a_missing_required_column_refuses_the_file_by_name(pond: Pond) -> None:
    pond.deliver("手机,状态,付款时间,实付\n1,2,3,4\n")
    (receipt,) = pond.load()
    assert receipt.status == "refused" and "order_id" in receipt.reason and "订单编号" in receipt.reason


def test_unknown_words_are_told_with_counts(pond: Pond) -> None:
    pond.deliver(HEADER + "1,,交易成功,,1\n2,,奇怪,,1\n3,,奇怪,,1\n")
    (receipt,) = pond.load()
    assert {"kind": "unknown_word", "column": "status", "word": "奇怪", "rows": 2} in receipt.notes
    assert pond.rows("status") == [("done",), ("unknown:奇怪",), ("unknown:奇怪",)]


def test_summary_rows_are_skipped_and_their_totals_compared(tmp_path: Path) -> None:
    rule = {"column": "order_id", "in": ["合计"], "control": {"paid_cny": "equal"}}
    pond = Pond(tmp_path, words={"skip_rows": [rule]})
    pond.deliver(GOOD + "合计,,,,37.50\n,,,,\n", "a_20261001.csv")
    pond.deliver(GOOD + " 合计 ,,,,40.00\n", "b_20261001.csv")
    agrees, differs = pond.load()
    assert (agrees.rows_loaded, agrees.rows_skipped, agrees.rows_quarantined) == (3, 2, 0)
    assert [(each["stated"], each["found"], each["ok"]) for each in (*agrees.controls, *differs.controls)] == [
        ("37.50", "37.50", True),
        ("40.00", "37.50", False),
    ]
    assert {"kind": "skipped", "what": "empty rows", "rows": 1} in agrees.notes


@pytest.mark.parametrize(("rule", "stated", "is_ok"), [("at_least", "40.00", True), ("at_least", "37.49", False), ("report", "1.00", True)])
def test_totals_may_only_have_to_cover_the_rows(tmp_path: Path, rule, stated, is_ok) -> None:
    pond = Pond(tmp_path, words={"skip_rows": [{"column": "*", "in": ["总计"], "control": {"paid_cny": rule}}]})
    pond.deliver(GOOD + f"—,,总计,,{stated}\n")
    (receipt,) = pond.load()
    assert [control["ok"] for control in receipt.controls] == [is_ok] and receipt.rows_loaded == 3


def test_events_that_are_never_restated_stand_once(tmp_path: Path) -> None:
    pond = Pond(tmp_path, words={"restates": "never"})
    pond.deliver(GOOD + ROW.format(1) + "2,,交易关闭,,1\n")
    (receipt,) = pond.load()
    assert (receipt.rows_loaded, receipt.rows_skipped, receipt.rows_quarantined) == (3, 1, 1)
    ((line, _, why, _),) = pond.bad_rows()
    assert line == 6 and "repeats the key" in why


def test_a_restated_export_may_repeat_its_keys(pond: Pond) -> None:
    pond.deliver(GOOD + ROW.format(1))
    assert pond.load()[0].rows_loaded == 4


def test_the_ordinal_counts_rows_of_equal_key(tmp_path: Path) -> None:
    pond = Pond(tmp_path, words={"key": ["order_id", "ordinal"]})
    pond.deliver(HEADER + "7,,,,1\n8,,,,2\n7,,,,3\n")
    pond.load()
    assert pond.rows("_record_key, paid_cny") == [
        ("shop/orders||7|1", Decimal(1)),
        ("shop/orders||8|1", Decimal(2)),
        ("shop/orders||7|2", Decimal(3)),
    ]


def test_rows_without_a_key_are_named_by_delivery_and_line(tmp_path: Path) -> None:
    pond = Pond(tmp_path, words={"key": ["line_number"]})
    pond.deliver(GOOD)
    (receipt,) = pond.load()
    assert pond.rows("_record_key")[0] == (f"shop/orders||{receipt.delivery_id}:2",)


def test_json_records_lists_and_the_page_around_them(tmp_path: Path) -> None:
    columns = {
        "order_id": {"from": ["order.id"], "type": "id", "required": True},
        "cursor": {"from": ["$.next"], "type": "text"},
        "lines": {
            "from": ["items"],
            "type": "list",
            "fields": {
                "sku": {"from": ["sku"], "type": "id"},
                "price_cny": {"from": ["price"], "type": "money", "unit": "fen"},
                "phone": {"from": ["tel"], "type": "text", "identity": {"type": "phone"}},
            },
        },
    }
    pond = Pond(tmp_path, words={"columns": columns, "records": [{"path": "list"}], "exported_at": [{"payload": "at"}]})
    page = {
        "at": "2026-10-01T08:00:00+08:00",
        "next": "c2",
        "list": [
            {
                "order": {"id": 6917926768823643751, "secret": {"name": "张三"}},
                "items": [{"sku": 1, "price": 1250, "tel": "13912345679"}, {"sku": 2}],
            },
            {"order": {"id": 2}, "items": "[]"},
            {"order": {"id": 3}, "items": {"sku": 9}},
            {"order": {"id": 4}, "items": [{"price": "x"}]},
            {"order": {}},
        ],
    }
    pond.deliver(json.dumps(page, ensure_ascii=False), "page.json")
    (receipt,) = pond.load()
    assert (receipt.rows_loaded, receipt.rows_quarantined, receipt.exported_at) == (3, 2, datetime(2026, 10, 1, 8)), receipt
    tokenised = token(b"a pepper that only tests know", "13912345679")
    first, second, third = pond.rows("order_id, cursor, lines, _extra")
    assert first[:2] == ("6917926768823643751", "c2") and json.loads(first[3]) == {"order.secret.name": "汉汉"}
    assert first[2] == [
        {"sku": "1", "price_cny": Decimal("12.50"), "phone": tokenised, "phone_class": "ok", "phone_scope": "global"},
        {"sku": "2", "price_cny": None, "phone": None, "phone_class": None, "phone_scope": None},
    ]
    assert second[2] == [] and [line["sku"] for line in third[2]] == ["9"]
    assert [(column, "price_cny" in why) for _, column, why, _ in pond.bad_rows()] == [("lines", True), ("order_id", False)]


CELLS = st.sampled_from(
    ["", "-", "1", "x", "1.5", "1.234", "2026-09-30", "2030-01-01", "13912345679", "合计", "a,b", 'say "hi"', "两\n行", "\t", "1E+5"]
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(CELLS, CELLS, CELLS, CELLS, CELLS), max_size=15), st.randoms(use_true_random=False), st.booleans())
def test_every_row_of_any_file_is_loaded_quarantined_or_skipped(tmp_path_factory, rows, shuffler: random.Random, tears: bool) -> None:
    pond = Pond(tmp_path_factory.mktemp("any"), words={"skip_rows": [{"column": "order_id", "in": ["合计"]}]})
    quoted = [",".join('"' + cell.replace('"', '""') + '"' for cell in row) + "\n" for row in rows]
    if tears and quoted:
        torn = shuffler.randrange(len(quoted))
        quoted[torn] = quoted[torn][: len(quoted[torn]) // 2]
    pond.deliver(HEADER + "".join(quoted))
    (receipt,) = pond.load()
    assert receipt.rows_in_file == receipt.rows_loaded + receipt.rows_quarantined + receipt.rows_skipped
    if receipt.status == "loaded":
        assert len(pond.rows("_line")) == receipt.rows_loaded and len(pond.bad_rows()) == receipt.rows_quarantined
        assert tears or receipt.rows_in_file == len(rows)
