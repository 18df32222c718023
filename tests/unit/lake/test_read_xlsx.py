"""Workbooks: every cell as text, every sheet by its own header, Excel's damage made visible."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import duckdb
import pytest
from builders.reading import Reading, an_export
from builders.xls import compound, write_xls
from builders.xlsx import Date, Formula, Number, write_xlsx

from orchestration.lake.parts import Limits
from orchestration.lake.refusal import Refused

HEADERS = ["订单编号", "数量", "付款时间"]
EXPORT = an_export(HEADERS)
HEAD = list(HEADERS)


@pytest.fixture
def reading(tmp_path: Path) -> Iterator[Reading]:
    with duckdb.connect() as con:
        yield Reading(con, tmp_path)


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return tmp_path / "delivered.xlsx"


@pytest.mark.parametrize("dimension", [None, "A1", "A1:B2", "A1:XFD1048576"])
@pytest.mark.parametrize("shared", [True, False])
def test_wrong_dimension_loses_no_cell(reading: Reading, book: Path, dimension: str | None, shared: bool) -> None:
    rows = [HEAD, ["6917926700000000001", Number("3"), "x"], ["6917926700000000002", None, "  张三 "]]
    part = reading.part(EXPORT, write_xlsx(book, {"订单": rows}, dimension=dimension, shared=shared))
    assert reading.rows(part) == [(2, "6917926700000000001", "3", "x"), (3, "6917926700000000002", "", "  张三 ")]
    assert (part.name, part.records, part.headers) == ("订单", 2, HEADERS)


def test_dates_are_iso_text_and_whole_numbers_digits(reading: Reading, book: Path) -> None:
    cells = [
        ["a", Number("3.0"), Date(datetime(2026, 9, 3, 8, 0, 1))],
        ["b", Number("0.1"), Date(datetime(2026, 9, 3))],
        ["c", Number("-12"), Formula("2026/9/3 8:00")],
    ]
    part = reading.part(EXPORT, write_xlsx(book, {"s": [HEAD, *cells]}))
    assert reading.rows(part) == [
        (2, "a", "3", "2026-09-03 08:00:01"), (3, "b", "0.1", "2026-09-03 00:00:00"), (4, "c", "-12", "2026/9/3 8:00"),
    ]


def test_long_number_shows_its_damage_and_long_text_stays(reading: Reading, book: Path) -> None:
    cells = [
        ["6917926700000000000", Number("6917926700000000001"), "x"],
        [Number("6.91792670000000E+18"), "1234567890123456", "x"],
        [Number("1234567890123456"), Number("123456789012345"), "x"],
    ]
    part = reading.part(EXPORT, write_xlsx(book, {"s": [HEAD, *cells]}))
    assert [row[1:3] for row in reading.rows(part)] == [
        ("6917926700000000000", "6.91793E+18"), ("6.91793E+18", "1234567890123456"), ("1.23457E+15", "123456789012345"),
    ]


def test_old_workbook_is_read_alike_whatever_its_name(reading: Reading) -> None:
    long = 6917926700000000001.0
    rows = [["生意参谋"], [], ["订单编号", "数量", "付款时间"], ["6917926700000000001", 3.0, long], [None] * 3, ["a", 0.5, long]]
    part = reading.part(EXPORT, write_xls(reading.folder / "old.csv", "全店", rows))
    assert reading.rows(part) == [(4, "6917926700000000001", "3", "6.91793E+18"), (6, "a", "0.5", "6.91793E+18")]
    assert (part.name, part.records) == ("全店", 2)


def test_workbook_with_a_password_says_so(reading: Reading) -> None:
    with pytest.raises(Refused, match="protected by a password"):
        reading.read(EXPORT, compound("EncryptedPackage", b"x" * 5000))


def test_sheet_rows_are_numbered_as_excel_shows_them(reading: Reading, book: Path) -> None:
    rows = [["最多导出排序后前1000条"], [], HEAD, [], ["1", "2", "x"], [None, None, None], ["3", "4", "y"]]
    part = reading.part(EXPORT, write_xlsx(book, {"s": rows}, first_row=2))
    assert [row[:2] for row in reading.rows(part)] == [(6, "1"), (8, "3")]
    assert part.records == 2


def test_every_sheet_with_the_header_is_a_part_with_its_own_header(reading: Reading, book: Path) -> None:
    months = {"一月": [HEAD, ["1", "2", "x"]], "二月": [["标题"], HEAD[::-1], ["y", "4", "3"]]}
    result = reading.read(EXPORT, write_xlsx(book, {"说明": [["导出说明"], ["仅供参考"]], **months, "空": []}))
    assert [(part.name, part.headers) for part in result.parts] == [("一月", HEAD), ("二月", HEAD[::-1])]
    assert [reading.rows(part) for part in result.parts] == [[(2, "1", "2", "x")], [(3, "y", "4", "3")]]
    assert [note.split(" passed over")[0] for note in result.notes] == ["sheet 说明", "sheet 空"]


def test_contract_chooses_sheets_by_name(reading: Reading, book: Path) -> None:
    path = write_xlsx(book, {"明细": [HEAD, ["1", "2", "x"]], "汇总": [HEAD, ["9", "9", "9"]]})
    result = reading.read(an_export(HEADERS, sheets="^明细$"), path)
    assert ([part.name for part in result.parts], result.notes) == (["明细"], ("sheet 汇总 is not asked for",))
    with pytest.raises(Refused, match="明细、汇总"):
        reading.read(an_export(HEADERS, sheets="订单"), path)


def test_workbook_without_the_header_is_refused_by_what_it_lacks(reading: Reading, book: Path) -> None:
    path = write_xlsx(book, {"s": [["数量", "付款时间", "订单号"], ["1", "2", "张三"]]})
    with pytest.raises(Refused, match=r"lacks required columns: a0 \(订单编号\); it has instead 订单号") as refusal:
        reading.read(EXPORT, path)
    assert "张三" not in refusal.value.reason


def test_workbook_named_csv_is_read_as_a_workbook(reading: Reading, book: Path) -> None:
    path = write_xlsx(book, {"s": [HEAD, ["1", "2", "x"]]})
    assert reading.rows(reading.part(EXPORT, path.rename(path.with_suffix(".csv")))) == [(2, "1", "2", "x")]


def test_damaged_workbook_is_refused(reading: Reading, book: Path) -> None:
    data = write_xlsx(book, {"s": [HEAD, ["1", "2", "x"]]}).read_bytes()
    with pytest.raises(Refused, match="damaged or cut off"):
        reading.read(EXPORT, data[: len(data) // 2])
    with pytest.raises(Refused, match="damaged"):
        reading.read(EXPORT, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 5000)


def test_workbook_that_unpacks_beyond_the_limit_is_refused(reading: Reading, book: Path) -> None:
    reading.limits = Limits(workbook_bytes=10_000)
    path = write_xlsx(book, {"s": [HEAD, *[["1", "2", "x"]] * 500]})
    with pytest.raises(Refused, match="unpacks to more than"):
        reading.read(EXPORT, path)
