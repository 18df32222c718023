"""Originals leave landing when their time has come, what was loaded stays; days can be loaded again; late sources are known."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from builders.pond import RUN_ON, Pond

from orchestration.lake.backfill import Backfill, set_aside
from orchestration.lake.forget import find_person, forget
from orchestration.lake.freshness import freshness
from orchestration.lake.landing import scan
from orchestration.lake.raw import read_receipts
from orchestration.lake.receipt import now_in_shanghai
from orchestration.lake.retention import archive_of, retire_originals

HEADER = "订单编号,手机,状态,付款时间,实付\n"
ROW = "{},13900004444,交易成功,2026-09-30 08:00:00,1.50\n"
PEPPER = b"a pepper that only tests know"


def retire(pond: Pond, days: int | None, then: str, today: date | None = None) -> list[str]:
    later = today or now_in_shanghai().date() + timedelta(40)
    return retire_originals(pond.lake, scan(pond.lake, pond.catalog), days, then, later)


@pytest.mark.parametrize("then", ["archive", "delete"])
def test_an_original_that_leaves_takes_no_row_along(pond: Pond, then: str) -> None:
    file = pond.deliver(HEADER + ROW.format(1))
    (before,) = pond.load()
    waiting = pond.deliver(HEADER + ROW.format(2), "not_loaded_yet_20261001.csv")
    assert retire(pond, None, then) == retire(pond, 60, then) == []
    assert retire(pond, 30, then) == [before.file_name]
    assert not file.exists() and waiting.exists()
    assert (archive_of(pond.lake).landing / before.file_name).exists() == (then == "archive")
    pond.load()
    assert [order for (order,) in pond.rows("order_id")] == ["1", "2"] or len(pond.rows()) == 2
    assert {receipt.status for receipt in read_receipts(pond.lake, pond.catalog)} == {"loaded"}


def test_who_is_forgotten_is_forgotten_in_the_archive_too(pond: Pond) -> None:
    pond.deliver(HEADER + ROW.format(1))
    (receipt,) = pond.load()
    retire(pond, 30, "archive")
    done = forget(pond.lake, pond.catalog, PEPPER, find_person(pond.lake, PEPPER, "phone", "13900004444"))
    archived = archive_of(pond.lake).landing / receipt.file_name
    assert done.originals_blanked == 1 and "13900004444" not in archived.read_text("utf-8")
    archived.rename(pond.lake.landing / receipt.file_name)
    assert pond.load()[0].delivery_id == receipt.delivery_id, "put back into landing, it is still the same delivery"


def test_a_range_of_days_is_loaded_again_and_no_other(pond: Pond) -> None:
    for day in ("20260928", "20260929", "20260930"):
        pond.deliver(HEADER + ROW.format(day), f"o_{day}.csv")
    pond.deliver(HEADER + ROW.format(9), "gone_20260929.csv").rename(pond.root / "gone.csv")
    first = {receipt.file_name: receipt for receipt in pond.load()}
    kept = set(pond.files())
    assert set_aside(pond.lake, scan(pond.lake, pond.catalog), date(2026, 9, 29), date(2026, 9, 30)) == Backfill(2, 0)
    assert len(kept - set(pond.files())) == 2
    again = {receipt.file_name: receipt for receipt in pond.load()}
    assert {name: replace(each, loaded_at=datetime.min) for name, each in again.items()} == {
        name: replace(each, loaded_at=datetime.min) for name, each in first.items()
    }
    assert set(pond.files()) == kept


@pytest.mark.parametrize(("cadence", "days", "is_late"), [
    ("daily", 2, False), ("daily", 3, True), ("weekly", 9, False), ("weekly", 10, True), ("monthly", 35, False), ("monthly", 36, True),
    ("on_change", 900, False),
])  # fmt: skip
def test_a_source_is_late_by_the_cadence_of_its_contract(pond: Pond, cadence: str, days: int, is_late: bool) -> None:
    pond.deliver(HEADER + ROW.format(1), "o_20260930.csv")
    pond.deliver("<html>", "o_20261001.csv")
    pond.load(RUN_ON)
    pond.new_catalog(cadence=cadence)
    (found,) = freshness(pond.catalog, read_receipts(pond.lake, pond.catalog), date(2026, 9, 30) + timedelta(days))
    assert (found.export, found.newest_on, found.late_since is not None) == ("shop/orders", date(2026, 9, 30), is_late)
