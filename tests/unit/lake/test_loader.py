"""Loading: every delivery exactly once, every row accounted for, one bad file never stops another."""

from __future__ import annotations

import json
import os
import random
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from builders.pond import Pond
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orchestration.lake import bronze, load_one
from orchestration.lake.columns import bronze_types
from orchestration.lake.landing import scan
from orchestration.lake.loader import report_strays
from orchestration.lake.receipt import read_receipt
from orchestration.lake.tokens import token

HEADER = "订单编号,手机,状态,付款时间,实付\n"
ROW = "{},13912345679,交易成功,2026-09-30 08:00:00,12.50\n"
GOOD = HEADER + "".join(ROW.format(at) for at in range(1, 4))


def test_a_clean_file_is_loaded_as_the_contract_says(pond: Pond) -> None:
    file = pond.deliver(GOOD.replace("1,139", '="0001",139', 1), "account=a1/orders_20261001.csv")
    (receipt,) = pond.load()
    assert (receipt.status, receipt.rows_in_file, receipt.rows_loaded, receipt.account) == ("loaded", 3, 3, "a1")
    assert receipt.exported_at == datetime(2026, 10, 1) and receipt.file_name == "shop/orders/account=a1/orders_20261001.csv"
    assert (bronze.bronze_file(pond.lake, pond.ref, receipt)).name == f"{receipt.delivery_id}.{pond.ref.fingerprint}.parquet"
    names = "order_id, order_id_class, order_id_scope, phone, phone_class, phone_scope, status, paid_at, paid_cny, account, _record_key, _line"
    tokenised = token(b"a pepper that only tests know", "13912345679")
    assert pond.rows(names)[0] == (
        "0001", "ok", "shop", tokenised, "ok", "global", "done", datetime(2026, 9, 30, 8), Decimal("12.50"), "a1", "shop/orders|a1|0001", 2,
    )  # fmt: skip
    with duckdb.connect() as con:
        described = con.execute("describe from read_parquet($1)", [str(bronze.bronze_file(pond.lake, pond.ref, receipt))]).fetchall()
    assert {row[0]: row[1] for row in described} == bronze_types(pond.ref.export)
    assert file.read_text("utf-8").count("13912345679") == 3, "landing stays as it was delivered"


def test_a_second_run_reads_nothing_again(pond: Pond, monkeypatch: pytest.MonkeyPatch) -> None:
    pond.deliver(GOOD)
    pond.deliver("<html>login</html>", "page_20261001.csv")
    first = pond.load()
    monkeypatch.setattr("orchestration.lake.loader.load_delivery", lambda *_: pytest.fail("a delivery was read again"))
    assert pond.load() == first
    assert sorted(receipt.status for receipt in first) == ["loaded", "refused"]


def test_equal_bytes_in_equal_context_are_a_duplicate_and_in_another_are_not(pond: Pond) -> None:
    pond.deliver(GOOD, "b_20261001.csv")
    (loaded,) = pond.load()
    pond.deliver(GOOD, "a_20261001.csv")
    pond.deliver(GOOD, "account=other/a_20261001.csv")
    pond.deliver(GOOD, "b_20261002.csv")
    receipts = {receipt.file_name.removeprefix("shop/orders/"): receipt for receipt in pond.load()}
    assert {name: receipt.status for name, receipt in receipts.items()} == {
        "a_20261001.csv": "duplicate", "account=other/a_20261001.csv": "loaded", "b_20261001.csv": "loaded", "b_20261002.csv": "loaded",
    }  # fmt: skip
    assert receipts["b_20261001.csv"] == loaded, "what was loaded first stays the original"
    assert "b_20261001.csv" in receipts["a_20261001.csv"].reason


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        ("1.23457E+18,,交易成功,,1", "order_id", "scientific"), (",,交易成功,,1", "order_id", "required"), ("7,,交易成功,,1.234", "paid_cny", "two decimals"),
        ("7,,交易成功,,免费", "paid_cny", "amount"), ("7,,交易成功,2026-02-30,1", "paid_at", "date and time"), ("7,,交易成功,2026-10-03 00:00:00,1", "paid_at", "later"),
    ],
)  # fmt: skip
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
        ("37.50", "37.50", True), ("40.00", "37.50", False),
    ]  # fmt: skip
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
        ("shop/orders||7|1", Decimal(1)), ("shop/orders||8|1", Decimal(2)), ("shop/orders||7|2", Decimal(3)),
    ]  # fmt: skip


def test_rows_without_a_key_are_named_by_delivery_and_line(tmp_path: Path) -> None:
    pond = Pond(tmp_path, words={"key": ["line_number"]})
    pond.deliver(GOOD)
    (receipt,) = pond.load()
    assert pond.rows("_record_key")[0] == (f"shop/orders||{receipt.delivery_id}:2",)


def test_a_file_without_export_time_is_refused_with_advice(pond: Pond) -> None:
    pond.deliver(GOOD, "orders.csv")
    (receipt,) = pond.load()
    assert receipt.status == "refused" and "date=YYYY-MM-DD" in receipt.reason


def test_a_file_from_tomorrow_waits_for_its_day(pond: Pond) -> None:
    pond.deliver(GOOD, "orders_20261005.csv")
    assert pond.load(date(2026, 10, 3))[0].status == "refused"
    assert pond.load(date(2026, 10, 3))[0].status == "refused"
    assert pond.load(date(2026, 10, 4))[0].status == "loaded"
    assert pond.files("quarantine") == []


def test_the_export_time_may_come_from_the_rows(tmp_path: Path) -> None:
    pond = Pond(tmp_path, words={"exported_at": [{"file_name": "export_(\\d{8})"}, {"column": "paid_at"}], "account": [{"column": "status"}]})
    pond.deliver(HEADER + "1,,交易成功,2026-09-29 10:00:00,1\n2,,交易关闭,2026-09-30 11:00:00,1\n3,,,2099-01-01 00:00:00,1\n", "x.csv")
    (receipt,) = pond.load()
    assert (receipt.exported_at, receipt.rows_loaded, receipt.rows_quarantined) == (datetime(2026, 9, 30, 11), 2, 1)
    assert pond.rows("account") == [("done",), ("closed",)] and receipt.account is None


def test_a_changed_contract_reloads_and_forgets_the_old_bronze(pond: Pond) -> None:
    file = pond.deliver(GOOD)
    pond.deliver(GOOD + ROW.format(9), "later_20261002.csv")
    pond.load()
    old = pond.ref.fingerprint
    file.unlink()
    pond.new_catalog(null_tokens=["无"])
    assert [receipt.status for receipt in pond.load()] == ["loaded"]
    assert sorted(name.split(".")[1] for name in pond.files()) == sorted([old, pond.ref.fingerprint]), "the file that is gone keeps its old bronze"


def test_a_changed_description_reloads_nothing(pond: Pond) -> None:
    before = pond.ref.fingerprint
    pond.new_catalog(description="Another text.", label="Other", required_for_publish=True)
    assert pond.ref.fingerprint == before


def test_what_a_killed_write_left_is_swept_and_loaded_again(pond: Pond, monkeypatch: pytest.MonkeyPatch) -> None:
    pond.deliver(GOOD + "x,,,gestern,1\n")

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    for at in (1, 2):  # before the quarantine file is in place, and before the bronze file is
        names = iter([killed] if at == 1 else [os.replace, killed])
        monkeypatch.setattr(bronze.os, "replace", lambda *paths, names=names: next(names)(*paths))
        with pytest.raises(KeyboardInterrupt):
            pond.load()
        monkeypatch.undo()
        assert pond.files() == []
    (pond.lake.quarantine / "shop" / "orders" / "x.parquet.1.tmp").touch()
    (receipt,) = pond.load()
    assert (receipt.rows_loaded, receipt.rows_quarantined) == (3, 1)
    assert len(pond.files()) == len(pond.files("quarantine")) == 1 and not list(pond.lake.work.iterdir())


def test_a_file_that_changes_while_it_is_read_is_read_again_later(pond: Pond, monkeypatch: pytest.MonkeyPatch) -> None:
    file = pond.deliver(GOOD)
    deliveries = scan(pond.lake, pond.catalog)
    with file.open("a") as more:
        more.write(ROW.format(4))
    monkeypatch.setattr("builders.pond.scan", lambda *_: deliveries)
    assert pond.load()[0].status == "refused"
    monkeypatch.undo()
    assert pond.load()[0].rows_loaded == 4


def test_one_unreadable_file_never_stops_another(pond: Pond) -> None:
    for at, content in enumerate((b"<html><body>login</body></html>", b"\x00\x01\x02" * 50, b"", GOOD.encode("gb18030"), GOOD.encode())):
        pond.deliver(content, f"f{at}_20261001.csv")
    receipts = pond.load()
    assert [receipt.status for receipt in receipts] == ["refused"] * 3 + ["loaded"] * 2
    assert all(receipt.reason for receipt in receipts[:3])


def test_an_engine_error_refuses_the_file_without_quoting_it(pond: Pond, monkeypatch: pytest.MonkeyPatch) -> None:
    pond.deliver(GOOD)

    def fails(*_: object) -> None:
        raise duckdb.ConversionException("could not convert 13912345679")

    monkeypatch.setattr(load_one, "judge", fails)
    (receipt,) = pond.load()
    assert receipt.status == "refused" and "139" not in receipt.reason
    monkeypatch.undo()
    assert pond.load()[0].status == "loaded", "it is tried again on the next run"


def test_files_that_belong_nowhere_are_reported(pond: Pond) -> None:
    stray = pond.lake.landing / "shop" / "ordrs" / "x.csv"
    stray.parent.mkdir(parents=True)
    stray.write_text("x")
    (pond.lake.landing / "loose.csv").write_text("x")
    receipts = report_strays(pond.lake, scan(pond.lake, pond.catalog))
    assert [(receipt.source, receipt.status) for receipt in receipts] == [("", "refused")] * 2
    assert "shop/orders" in receipts[1].reason
    stray.unlink()
    assert len(report_strays(pond.lake, scan(pond.lake, pond.catalog))) == 1
    assert len(list((pond.lake.quarantine / "_unknown" / "_unknown").iterdir())) == 1


def test_an_export_without_deliveries_has_a_typed_empty_file(pond: Pond) -> None:
    assert pond.load() == []
    file = bronze.empty_file(pond.lake, pond.ref)
    assert read_receipt(file) is None and file.exists()


def test_json_records_lists_and_the_page_around_them(tmp_path: Path) -> None:
    columns = {
        "order_id": {"from": ["order.id"], "type": "id", "required": True},
        "cursor": {"from": ["$.next"], "type": "text"},
        "lines": {
            "from": ["items"], "type": "list",
            "fields": {
                "sku": {"from": ["sku"], "type": "id"}, "price_cny": {"from": ["price"], "type": "money", "unit": "fen"},
                "phone": {"from": ["tel"], "type": "text", "identity": {"type": "phone"}},
            },
        },
    }  # fmt: skip
    pond = Pond(tmp_path, words={"columns": columns, "records": [{"path": "list"}], "exported_at": [{"payload": "at"}]})
    page = {"at": "2026-10-01T08:00:00+08:00", "next": "c2", "list": [
        {"order": {"id": 6917926768823643751, "secret": {"name": "张三"}}, "items": [{"sku": 1, "price": 1250, "tel": "13912345679"}, {"sku": 2}]},
        {"order": {"id": 2}, "items": "[]"}, {"order": {"id": 3}, "items": {"sku": 9}}, {"order": {"id": 4}, "items": [{"price": "x"}]},
        {"order": {}},
    ]}  # fmt: skip
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


CELLS = st.sampled_from(["", "-", "1", "x", "1.5", "1.234", "2026-09-30", "2030-01-01", "13912345679", "合计", "a,b", 'say "hi"', "两\n行", "\t", "1E+5"])


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
