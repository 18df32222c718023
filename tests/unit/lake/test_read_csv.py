"""Delimited files: every physical line is accounted for, whatever stands in it."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from builders.reading import Reading, an_export

from orchestration.lake.parts import Limits, release
from orchestration.lake.refusal import Refused

HEADERS = ["订单编号", "标题", "价格"]
EXPORT = an_export(HEADERS)


@pytest.fixture
def reading(tmp_path: Path) -> Iterator[Reading]:
    with duckdb.connect() as con:
        yield Reading(con, tmp_path)


def test_cells_come_as_they_stand(reading: Reading) -> None:
    part = reading.part(EXPORT, '订单编号,标题,价格\n="0012",,1\n\t13900000001 ,"a,""b""",`2\n'.encode())
    assert reading.rows(part) == [(2, '="0012"', "", "1"), (3, "\t13900000001 ", 'a,"b"', "`2")]
    assert (part.headers, part.records, part.kind, part.name) == (HEADERS, 2, "tabular", None)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_line_ends_and_encodings_give_equal_rows(reading: Reading, encoding: str, end: str) -> None:
    text = end.join(["订单编号,标题,价格", "1,山茶油,2", '3,"茶,油",4', ""])
    result = reading.read(EXPORT, text.encode(encoding))
    assert reading.rows(result.parts[0]) == [(2, "1", "山茶油", "2"), (3, "3", "茶,油", "4")]
    assert result.encoding == encoding.removesuffix("-sig")


def test_mixed_line_ends_lose_nothing(reading: Reading) -> None:
    part = reading.part(EXPORT, "订单编号,标题,价格\r\n1,a,2\n3,b,4\r\n5,c,6".encode())
    assert reading.rows(part) == [(2, "1", "a", "2"), (3, "3", "b", "4"), (4, "5", "c", "6")]


@pytest.mark.parametrize("data", ["订单编号,标题,价格", "订单编号,标题,价格\n", "\n订单编号,标题,价格\r\n\r\n"])
def test_header_alone_is_an_empty_table(reading: Reading, data: str) -> None:
    part = reading.part(EXPORT, data.encode())
    assert (reading.rows(part), part.records, part.headers) == ([], 0, HEADERS)


def test_blank_lines_are_no_records_and_keep_the_numbers(reading: Reading) -> None:
    part = reading.part(EXPORT, "\n订单编号,标题,价格\n\n1,a,2\n   \n3,b,4\n\n\n".encode())
    assert (reading.rows(part), part.records) == ([(4, "1", "a", "2"), (6, "3", "b", "4")], 2)


def test_preamble_is_skipped_by_content(reading: Reading) -> None:
    head = "数据生成时间：2026-04-21 16:28\n\"数据生成条件：\n1. 时间范围：20260420,,\n\n"
    part = reading.part(EXPORT, (head + "订单编号,标题,价格\n1,a,2\n").encode("gb18030"))
    assert reading.rows(part) == [(6, "1", "a", "2")]


def test_header_cell_with_line_break_is_one_header(reading: Reading) -> None:
    part = reading.part(EXPORT, '"订单\r\n编号",标题,价格\r\n1,a,2\r\n'.encode())
    assert (part.headers, reading.rows(part)) == (["订单\r\n编号", "标题", "价格"], [(3, "1", "a", "2")])


def test_record_over_several_lines_counts_from_its_first(reading: Reading) -> None:
    part = reading.part(EXPORT, '订单编号,标题,价格\r\n1,"a\n\r\nb,c",2\r\n3,d,4\r\n'.encode())
    assert reading.rows(part) == [(2, "1", "a\n\r\nb,c", "2"), (5, "3", "d", "4")]
    assert part.records == 2


def test_broken_lines_are_refused_alone(reading: Reading) -> None:
    lines = ["订单编号,标题,价格", "1,a,2", '2,"张三,2', "3,b,2", "4,b", "5,b,c,d", '6,"a"b,1', "7,c,2", '8,d,"2', "9,e,9", ""]
    part = reading.part(EXPORT, "\n".join(lines).encode())
    assert [row[0] for row in reading.rows(part)] == [2, 4, 8, 10]
    assert reading.rejects(part) == [
        (3, "a quote is not closed"), (5, "2 fields, expected 3"), (6, "4 fields, expected 3"),
        (7, "text after a closing quote"), (9, "a quote is not closed"),
    ]
    assert part.records == 9
    assert reading.shapes(part)[0] == '9,"汉汉,9'


def test_two_stray_quotes_do_not_swallow_the_rows_between(reading: Reading) -> None:
    headers = [f"h{index}" for index in range(8)]
    rows = [",".join(f"v{line}{index}" for index in range(8)) for line in range(30)]
    rows[5] = 'v50,"v51' + rows[5].removeprefix("v50,v51")
    rows[20] = rows[20].replace("v207", 'v207"')
    part = reading.part(an_export(headers), "\n".join([",".join(headers), *rows, ""]).encode())
    assert reading.rejects(part) == [(7, "a quote is not closed")]
    assert len(reading.rows(part)) == 29


def test_open_quote_reaches_no_further_than_the_limit(reading: Reading) -> None:
    reading.limits = Limits(record_lines=3)
    part = reading.part(EXPORT, ('订单编号,标题,价格\n1,"a\nb\nc\nd",2\n9,"x\ny\nz",2\n').encode())
    assert reading.rows(part) == [(6, "9", "x\ny\nz", "2")]
    assert [line for line, _ in reading.rejects(part)] == [2, 3, 4, 5]


def test_undecodable_bytes_cost_only_their_line(reading: Reading) -> None:
    good = "\n".join(["订单编号,标题,价格", *(f"{number},茶油,2" for number in range(50)), ""]).encode("gb18030").split(b"\n")
    good[10] += b"\xff\xff"
    result = reading.read(EXPORT, b"\n".join(good))
    assert reading.rejects(result.parts[0]) == [(11, "bytes at line 11 are not GB18030")]
    assert len(reading.rows(result.parts[0])) == 49
    assert result.encoding == "gb18030"


def test_damaged_utf8_is_not_taken_for_gb18030(reading: Reading) -> None:
    data = "订单编号,标题,价格\n1,茶油茶油,2\n2,茶油,3\n".encode().replace("茶油,3".encode(), b"\xe8\x8c\xe6\xb2\xb9,3")
    part = reading.part(EXPORT, data)
    assert (reading.rows(part), reading.rejects(part)) == ([(2, "1", "茶油茶油", "2")], [(3, "bytes at line 3 are not UTF-8")])


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf16_with_and_without_mark(reading: Reading, encoding: str) -> None:
    export = an_export(["id", "标题"], encodings=["utf-8", "utf-16"])
    text = "id\t标题\r\n" + "".join(f"{number}00000\t茶\r\n" for number in range(5))
    part = reading.part(export.model_copy(update={"delimiter": "\t"}), text.encode(encoding))
    assert reading.rows(part)[0] == (2, "000000", "茶")
    assert part.records == 5


def test_nul_bytes_cost_only_their_line(reading: Reading) -> None:
    part = reading.part(EXPORT, "订单编号,标题,价格\n1,a,2\n2,\0b,2\n".encode())
    assert (reading.rows(part), reading.rejects(part)) == ([(2, "1", "a", "2")], [(3, "holds NUL bytes")])


@pytest.mark.parametrize("last", ["3,b", '3,"b', '3,b,"4', "3"])
def test_file_cut_off_in_its_last_record_is_refused(reading: Reading, last: str) -> None:
    with pytest.raises(Refused, match="cut off: line 3"):
        reading.part(EXPORT, f"订单编号,标题,价格\n1,a,2\n{last}".encode())


def test_whole_last_record_needs_no_line_end(reading: Reading) -> None:
    assert reading.rows(reading.part(EXPORT, "订单编号,标题,价格\n1,a,2".encode())) == [(2, "1", "a", "2")]


def test_trailing_empty_field_is_repaired_by_contract_only(reading: Reading) -> None:
    data = "订单编号,标题,价格\n1,a,2,\n3,b,4,\n".encode()
    refused = reading.part(EXPORT, data)
    assert reading.rejects(refused) == [(2, "4 fields, expected 3"), (3, "4 fields, expected 3")]
    repairing = an_export(HEADERS, repair={"trailing_empty": True})
    assert reading.rows(reading.part(repairing, data)) == [(2, "1", "a", "2"), (3, "3", "b", "4")]
    mixed = reading.part(repairing, data + b"5,c,6\n7,d,8,x\n")
    assert [row[0] for row in reading.rows(mixed)] == [2, 3, 4]
    assert reading.rejects(mixed) == [(5, "4 fields, expected 3")]


@pytest.mark.parametrize(("column", "line", "row"), [
    ("a2", "1,a,SF1-顺丰速运,10001-1", ("1", "a", "SF1-顺丰速运,10001-1")),
    ("a1", '1,x,"y,z",w,5', ("1", "x,y,z,w", "5")),
    ("a0", "a,b,c,d", ("a,b", "c", "d")),
])  # fmt: skip
def test_extra_fields_are_joined_back_into_the_named_column(reading: Reading, column: str, line: str, row: tuple) -> None:
    export = an_export(HEADERS, repair={"join_into": column})
    part = reading.part(export, f"订单编号,标题,价格\n{line}\n3,b,4\n".encode())
    assert reading.rows(part) == [(2, *row), (3, "3", "b", "4")]


def test_nameless_columns_at_the_end_need_no_cells(reading: Reading) -> None:
    data = "订单编号,标题,价格,,\n1,a,2\n3,b,4,,\n"
    part = reading.part(EXPORT, data.encode())
    assert reading.rows(part) == [(2, "1", "a", "2", "", ""), (3, "3", "b", "4", "", "")]
    assert reading.rows(reading.part(EXPORT, b"".join(data.encode().splitlines(True)[:2]))) == [(2, "1", "a", "2", "", "")]


def test_short_summary_row_is_handed_on(reading: Reading) -> None:
    export = an_export(HEADERS, skip_rows=[{"column": "a0", "in": ["合计"]}])
    assert reading.rows(reading.part(export, "订单编号,标题,价格\n1,a,2\n合计,9".encode())) == [(2, "1", "a", "2"), (3, "合计", "9", "")]


FOOTER = "总交易单数,总金额\r\n`2.0,`4.00\r\n"


@pytest.mark.parametrize("broken", ["", "9,x\r\n"])
def test_footer_is_apart_from_the_records(reading: Reading, broken: str) -> None:
    export = an_export(HEADERS, footer={"starts_with": "总交易单数"})
    part = reading.part(export, f"订单编号,标题,价格\r\n`1,a,2\r\n`3,b,2\r\n{broken}{FOOTER}".encode("utf-8-sig"))
    line = 5 if broken else 4
    assert part.footer == [(line, ["总交易单数", "总金额"]), (line + 1, ["`2.0", "`4.00"])]
    assert reading.rows(part) == [(2, "`1", "a", "2"), (3, "`3", "b", "2")]
    assert part.records == 4 + bool(broken)


def test_folder_and_file_names_are_never_read_as_patterns(reading: Reading) -> None:
    folder = reading.folder / "date=2026-09-01" / "a[b]*?"
    folder.mkdir(parents=True)
    path = folder / "订单 (1)[2]*.csv.gz"
    path.write_bytes("订单编号,标题,价格\n1,a,2\n".encode())
    reading.folder = folder
    assert reading.rows(reading.part(EXPORT, path)) == [(2, "1", "a", "2")]


def test_order_and_numbers_hold_over_many_blocks(reading: Reading) -> None:
    generator = random.Random(7)
    lines = ["订单编号,标题,价格"] + [f"{number},{'茶油' * generator.randint(1, 60)},{number % 7}" for number in range(2, 120_002)]
    clean = "\n".join([*lines, ""])
    dirty = clean.replace("\n777,", "\n777,,,,").replace("\n60000,", '\n60000,"').replace("\n90000,", "\r\n90000,")
    for text, missing in ((clean, set()), (dirty, {777, 60000})):
        part = reading.part(EXPORT, text.encode())
        found = reading.con.execute(
            "select count(*), count(*) filter (c0 <> _line::varchar), count(*) filter (_line <= before) "
            f"from (select _line, c0, lag(_line) over () as before from {part.relation})"
        ).fetchall()
        assert found == [(120_000 - len(missing), 0, 0)]
        assert {line for line, _ in reading.rejects(part)} == missing


def test_line_longer_than_the_limit_is_refused(reading: Reading) -> None:
    reading.limits = Limits(line_bytes=1 << 20)
    with pytest.raises(Refused, match="longer than 1 MiB"):
        reading.part(EXPORT, "订单编号,标题,价格\n".encode() + b"x" * (20 << 20))


def test_cell_beyond_the_default_line_buffer_is_read(reading: Reading) -> None:
    part = reading.part(EXPORT, f"订单编号,标题,价格\n1,{'茶' * 1_500_000},2\n".encode())
    assert [(row[0], len(row[2])) for row in reading.rows(part)] == [(2, 1_500_000)]


@pytest.mark.parametrize("delimiter", ["\t", ";", "|"])
def test_other_delimiters_are_exact_too(reading: Reading, delimiter: str) -> None:
    rows = [HEADERS, ["1", " a,b", '"x"'], ["2", '"m\n,n"', "3"], ["4"], ["5", "", "6,"]]
    data = "\n".join(delimiter.join(row) for row in rows) + "\n"
    part = reading.part(an_export(HEADERS, delimiter=delimiter), data.encode())
    assert reading.rows(part) == [(2, "1", " a,b", "x"), (3, "2", "m\n,n", "3"), (6, "5", "", "6,")]
    assert reading.rejects(part) == [(5, "1 fields, expected 3")]


def test_single_column_table_knows_blank_from_empty(reading: Reading) -> None:
    part = reading.part(an_export(["h0"]), b'h0\na\n\n""\nb\n')
    assert reading.rows(part) == [(2, "a"), (4, ""), (5, "b")]


def test_release_drops_everything(reading: Reading) -> None:
    reading.read(EXPORT, "订单编号,标题,价格\n1,a,2\n3\n".encode())
    release(reading.con)
    assert reading.con.execute("select count(*) from duckdb_tables() where temporary").fetchall() == [(0,)]
    assert reading.con.execute("select count(*) from duckdb_views() where temporary and not internal").fetchall() == [(0,)]
