"""What hands and spreadsheets do to a table: headers in the middle, totals and notes below, ids that were numbers for a while."""

from __future__ import annotations

import pytest
from builders.pond import Pond

HEADER = "订单编号,手机,状态,付款时间,实付\n"
LONG = ["3512345678901234567", "3512345678901234568", "351234567890123456"]


def zeroed(number: str) -> str:
    """What a spreadsheet saves of a long number: fifteen digits, then zeros."""
    return number[:15] + "0" * (len(number) - 15)


def test_a_header_in_the_middle_is_no_record_and_is_told(pond: Pond) -> None:
    pond.deliver(HEADER + "1,,,,1\n" + HEADER + "2,,,,2\n")
    (receipt,) = pond.load()
    assert pond.rows("order_id") == [("1",), ("2",)]
    assert (receipt.rows_skipped, receipt.rows_quarantined) == (1, 0)
    assert {"kind": "skipped", "what": "header rows repeated", "rows": 1} in receipt.notes


@pytest.mark.parametrize("line", ["合计,,,,3", "总计：,,,,3", "Total,,,,3", "导出时间：2026-10-01 10:00,,,,", "共 2 条,,,,"])
def test_a_total_or_note_below_the_table_is_never_an_order(line: str, pond: Pond) -> None:
    pond.deliver(HEADER + "1,,,,1\n2,,,,2\n" + line + "\n")
    pond.load()
    assert pond.rows("order_id") == [("1",), ("2",)]
    assert [(bad[0], bad[1], bad[2]) for bad in pond.bad_rows()] == [
        (4, "order_id", "names no record: the row is a total or a note below the table")
    ]


def test_ids_that_were_numbers_or_wide_are_the_ids_they_were(pond: Pond) -> None:
    pond.deliver(HEADER + "12345678.0,13900005555.0,,,1\n１２３Ａ,,,,2\nA-1.0,,,,3\nv1.0,,,,4\n")
    pond.load()
    assert pond.rows("order_id, phone_class") == [("12345678", "ok"), ("123A", None), ("A-1.0", None), ("v1.0", None)]


def test_ids_that_lost_their_end_to_a_spreadsheet_are_refused(pond: Pond) -> None:
    pond.deliver(HEADER + "".join(f"{zeroed(number)},,,,1\n" for number in LONG) + "12,,,,1\n")
    pond.load()
    assert pond.rows("order_id") == [("12",)]
    damaged = "was damaged by a spreadsheet (its digits after the fifteenth are 0): export it again as text"
    assert pond.bad_rows() == [(line, "order_id", damaged, "9" * len(number)) for line, number in enumerate(LONG, 2)]


@pytest.mark.parametrize("ids", [[*LONG, zeroed(LONG[0])], [zeroed(LONG[0])] * 9, [f"{510000000000000 + at}0" for at in range(30)]])
def test_an_id_that_ends_in_zeros_by_itself_is_an_id(ids: list[str], pond: Pond) -> None:
    """One among others, the same on every row, or the numbers of a system that counts in tens."""
    pond.deliver(HEADER + "".join(f"{number},,,,1\n" for number in ids))
    pond.load()
    assert len(pond.rows("order_id")) == len(ids) and pond.bad_rows() == []


@pytest.mark.parametrize("number", ["3.5123E+18", "4.2000004622026E27"])
def test_an_id_in_scientific_notation_is_refused(number: str, pond: Pond) -> None:
    pond.deliver(HEADER + f"{number},,,,1\n1E10,,,,1\n")
    pond.load()
    assert pond.rows("order_id") == [("1E10",)]
    assert pond.bad_rows()[0][:3] == (2, "order_id", "was damaged by a spreadsheet (scientific notation): export it again as text")


@pytest.mark.parametrize(("sign", "word"), [(";", "semicolons"), ("\t", "tabs")])
def test_a_table_with_other_separators_says_so(sign: str, word: str, pond: Pond) -> None:
    pond.deliver((HEADER + "1,,,,1\n").replace(",", sign))
    (receipt,) = pond.load()
    assert receipt.status == "refused"
    assert receipt.reason.endswith(f"Its cells are separated by {word}: save it as CSV with commas between them")
