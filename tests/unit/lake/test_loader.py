"""Loading: every delivery exactly once, every row accounted for, one bad file never stops another."""

from __future__ import annotations

import os
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from builders.pond import Pond

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
    names = (
        "order_id, order_id_class, order_id_scope, phone, phone_class, phone_scope, status, paid_at, paid_cny, account, _record_key, _line"
    )
    tokenised = token(b"a pepper that only tests know", "13912345679")
    assert pond.rows(names)[0] == (
        "0001",
        "ok",
        "shop",
        tokenised,
        "ok",
        "global",
        "done",
        datetime(2026, 9, 30, 8),
        Decimal("12.50"),
        "a1",
        "shop/orders|a1|0001",
        2,
    )
    with duckdb.connect() as con:
        described = con.execute("describe from read_parquet($1)", [str(bronze.bronze_file(pond.lake, pond.ref, receipt))]).fetchall()
    assert {row[0]: row[1] for row in described} == bronze_types(pond.ref.export)
    assert file.read_text("utf-8").count("13912345679") == 3, "landing stays as it was delivered"


def test_a_second_run_reads_nothing_again(pond: Pond, monkeypatch: pytest.MonkeyPatch) -> None:
    pond.deliver(GOOD)
    pond.deliver("<html>login</html>", "page_20261001.csv")
    first = pond.load()
    monkeypatch.setattr("orchestration.lake.workers.load_delivery", lambda *_: pytest.fail("a delivery was read again"))
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
        "a_20261001.csv": "duplicate",
        "account=other/a_20261001.csv": "loaded",
        "b_20261001.csv": "loaded",
        "b_20261002.csv": "loaded",
    }
    assert receipts["b_20261001.csv"] == loaded, "what was loaded first stays the original"
    assert "b_20261001.csv" in receipts["a_20261001.csv"].reason


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
    pond = Pond(
        tmp_path, words={"exported_at": [{"file_name": "export_(\\d{8})"}, {"column": "paid_at"}], "account": [{"column": "status"}]}
    )
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
    assert sorted(name.split(".")[1] for name in pond.files()) == sorted([old, pond.ref.fingerprint]), (
        "the file that is gone keeps its old bronze"
    )


def test_a_changed_description_reloads_nothing(pond: Pond) -> None:
    before = pond.ref.fingerprint
    pond.new_catalog(description="Another text.", label="Other", required_for_publish=True)
    assert pond.ref.fingerprint == before


def test_what_a_killed_write_left_is_swept_and_loaded_again(pond: Pond, monkeypatch: pytest.MonkeyPatch) -> None:
    pond.deliver(GOOD + "x,,,gestern,1\n")

    replace = os.replace
    for folder in ("quarantine", "bronze"):  # killed before the file of rows there is in place

        def killed(aside: Path, file: Path, folder: str = folder) -> None:
            if (pond.lake.root / folder) in file.parents and not file.name.startswith("empty"):
                raise KeyboardInterrupt
            replace(aside, file)

        monkeypatch.setattr(bronze.os, "replace", killed)
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
