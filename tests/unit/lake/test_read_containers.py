"""What a delivered file really is: its bytes decide, and nothing it holds can hurt the machine."""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from builders.reading import Reading, an_export
from builders.xlsx import write_xlsx

from orchestration.lake.parts import Limits
from orchestration.lake.refusal import Refused

HEADERS = ["订单编号", "标题"]
EXPORT = an_export(HEADERS)
CSV = "订单编号,标题\n1,茶\n".encode("gb18030")
ROWS = [(2, "1", "茶")]


@pytest.fixture
def reading(tmp_path: Path) -> Iterator[Reading]:
    with duckdb.connect() as con:
        yield Reading(con, tmp_path)


def a_zip(**members: bytes) -> bytes:
    return zipped({name.replace("__", "."): data for name, data in members.items()})


def zipped(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def test_gzip_is_read_through(reading: Reading) -> None:
    result = reading.read(EXPORT, gzip.compress(CSV), "bill.csv")
    assert (reading.rows(result.parts[0]), result.encoding) == (ROWS, "gb18030")


def test_zip_members_are_parts_in_their_order(reading: Reading) -> None:
    result = reading.read(EXPORT, a_zip(b__csv=CSV, a__csv="标题,订单编号\n酒,2\n".encode(), 说明__txt="仅供参考".encode()))
    assert [part.name for part in result.parts] == ["b.csv", "a.csv"]
    assert [reading.rows(part) for part in result.parts] == [ROWS, [(2, "酒", "2")]]
    assert result.notes[0].startswith("说明.txt passed over")


def test_names_inside_a_zip_never_touch_the_disk(reading: Reading) -> None:
    result = reading.read(EXPORT, zipped({"../../../evil.csv": CSV, "/etc/evil2.csv": CSV}))
    assert [part.name for part in result.parts] == ["../../../evil.csv", "/etc/evil2.csv"]
    assert not list(reading.folder.rglob("evil*")) and not Path("/etc/evil2.csv").exists()


def test_gbk_member_names_are_shown_readable(reading: Reading) -> None:
    data = zipped({"XXXX.csv": CSV}).replace(b"XXXX", "订单".encode("gbk"))
    assert reading.read(EXPORT, data).parts[0].name == "订单.csv"


def test_workbook_inside_a_zip_names_member_and_sheet(reading: Reading, tmp_path: Path) -> None:
    book = write_xlsx(tmp_path / "b.xlsx", {"一": [HEADERS, ["1", "茶"]]}).read_bytes()
    part = reading.part(EXPORT, zipped({"b.xlsx": book, "__MACOSX/._b.xlsx": b"x", "sub/": b""}))
    assert (part.name, reading.rows(part)) == ("b.xlsx/一", ROWS)


def _with_password(data: bytes) -> bytes:
    """Set the encryption bit of the first member, in the local and in the central header."""
    at, central = data.index(b"PK\x03\x04") + 6, data.index(b"PK\x01\x02") + 8
    return data[:at] + b"\x01\x00" + data[at + 2 : central] + b"\x01\x00" + data[central + 2 :]


@pytest.mark.parametrize(("data", "reason"), [
    (_with_password(a_zip(a__csv=CSV)), r"protected by a password \(a.csv\)"),
    (a_zip(a__zip=a_zip(a__csv=CSV)), r"holds another archive \(a.zip\)"),
    (gzip.compress(a_zip(a__csv=CSV)), "gzip holds another archive"),
    (gzip.compress(gzip.compress(CSV)), "gzip holds another archive"),
    (gzip.compress(CSV * 100)[:-20], "gzip file is cut off"),
    (gzip.compress(CSV)[:-8] + b"\0" * 8, "gzip file is damaged"),
    (a_zip(a__csv=CSV)[:-30], "damaged or cut off"),
    (a_zip(), "holds no file"),
    (a_zip(a__csv=CSV, b__csv="订单号,标题\n1,茶\n".encode()), "b.csv in the zip: .*订单编号"),
    (a_zip(a__txt=b"hello"), "no file in the zip is an export of 测试"),
    (b"", "is empty"),
    (b"\xef\xbb\xbf \r\n", "is empty"),
    (b"%PDF-1.7 ...", "is a PDF file"),
    (b"Rar!\x1a\x07\x00", "is a RAR file"),
    (b"PAR1" + b"\0" * 100, "Parquet file is damaged"),
    (b'{"errcode": 42001, "errmsg": "access_token expired"}', "errcode 42001, access_token expired"),
    (b'[{"id": 1}]', "is JSON, but 测试 comes as csv or xlsx"),
    (b"<xml><return_code><![CDATA[FAIL]]></return_code><return_msg><![CDATA[No Bill Exist]]></return_msg></xml>", "No Bill Exist"),
    ("<!DOCTYPE html><html><title>登录 - 商家后台</title><body><form></form></body></html>".encode(), "登录 - 商家后台.*log in"),
])  # fmt: skip
def test_what_is_no_export_is_refused_with_advice(reading: Reading, data: bytes, reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        reading.read(EXPORT, data)


@pytest.mark.parametrize("limits", [Limits(unpacked_bytes=1 << 20), Limits(ratio_from_bytes=1 << 20, unpack_ratio=100)])
@pytest.mark.parametrize("packed", [gzip.compress(b"0" * (8 << 20)), a_zip(a__csv=b"0" * (8 << 20))])
def test_bombs_are_refused_before_they_fill_the_disk(reading: Reading, packed: bytes, limits: Limits) -> None:
    reading.limits = limits
    with pytest.raises(Refused, match="unpacks to more than"):
        reading.read(EXPORT, packed)
    assert sum(file.stat().st_size for file in reading.folder.rglob("content")) <= 6 << 20


def test_refusal_never_shows_a_data_row(reading: Reading) -> None:
    with pytest.raises(Refused) as refusal:
        reading.read(EXPORT, "1,张三,13900000001\n2,李四,13900000002\n".encode())
    assert "张三" not in refusal.value.reason and "139" not in refusal.value.reason


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_html_table_named_xls_is_a_table(reading: Reading, encoding: str) -> None:
    meta = f'<meta http-equiv="Content-Type" content="text/html; charset={"gbk" if encoding != "utf-8" else "utf-8"}">'
    head = "<tr><td colspan=2>标题行</td></tr><tr><th>订单编号</th><th>标题</th></tr>"
    rows = head + "<tr><td>1<td>茶 &amp; 油</tr><tr><td>2</td><td>a<br>b</td></tr>"
    part = reading.part(EXPORT, f"<html><head>{meta}</head><body><table>{rows}</table></body></html>".encode(encoding))
    assert reading.rows(part) == [(3, "1", "茶 & 油"), (4, "2", "a\nb")]


def test_flat_parquet_is_text_cells_and_nested_parquet_documents(reading: Reading) -> None:
    flat, nested = reading.folder / "flat.parquet", reading.folder / "nested.parquet"
    reading.con.execute(f"copy (select 6917926700000000001 as 订单编号, null as 标题) to '{flat}'")
    reading.con.execute(f"copy (select 1 as id, [{{'key': 'a', 'value': 12.25::decimal(9,2)}}] as event_params) to '{nested}'")
    export = an_export(HEADERS, container=["parquet"])
    assert reading.rows(reading.part(export, flat)) == [(1, "6917926700000000001", "")]
    part = reading.part(export, nested)
    assert part.kind == "json"
    assert reading.rows(part) == [(1, '{"id":1,"event_params":[{"key":"a","value":12.25}]}')]


def test_table_where_json_is_expected_is_refused(reading: Reading) -> None:
    with pytest.raises(Refused, match="no json"):
        reading.read(an_export(["id"], container=["json"]), CSV)
