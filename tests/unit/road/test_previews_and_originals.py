"""What people are shown: tables without tokens, refused rows as they really stand in the file."""

from __future__ import annotations

import gzip
import zipfile
from pathlib import Path

import duckdb
import pytest

from orchestration.lake.originals import original_row
from orchestration.lake.previews import preview_query, preview_tables, shorten


def test_persons_long_texts_and_table_marks_are_shortened() -> None:
    assert shorten("a" * 64) == "aaaa…"
    assert shorten("['c0019a7b97db86f651c39', 'coffee']") == "['c001…', 'coffee']"
    assert shorten(None) == ""
    assert shorten("a|b\nc") == "a¦b c"
    assert len(shorten("长" * 100)) == 40


def test_previews_count_tables_and_leave_views_alone() -> None:
    con = duckdb.connect()
    con.execute("create table t as select range as n from range(7); create view v as select * from t")
    found = preview_tables(con, [("main", "t"), ("main", "v"), ("main", "missing")])
    assert list(found) == [("main", "t")]
    assert found["main", "t"].rows == 7
    assert found["main", "t"].markdown.count("\n") == 6
    assert preview_query(con, "v").rows == 7


@pytest.mark.parametrize(
    ("name", "content", "number", "said"),
    [
        ("a.csv", "订单编号,名\n1,张三\r\n".encode("gb18030"), 2, "1,张三"),
        ("a.csv", "订单编号\t名\r\n1\t张三\r\n".encode("utf-16"), 2, "1\t张三"),
        ("a.csv", "\ufeff订单编号\n1\n".encode(), 1, "订单编号"),
        ("a.csv", b"h\n1\n", 9, None),
        ("a.jsonl", b'{"a": 1}\n{"a": 2}\n', 2, '{"a": 2}'),
        ("a.json", b'{"a":\n[1]}\n', 1, None),
        ("a.csv.gz", gzip.compress("h\n1,王\n".encode()), 2, "1,王"),
    ],
    ids=["gb18030", "utf-16", "byte order mark", "no such line", "json lines", "json page", "gzip"],
)
def test_original_row_is_read_back(tmp_path: Path, name: str, content: bytes, number: int, said: str | None) -> None:
    (tmp_path / name).write_bytes(content)
    assert original_row(tmp_path / name, number, None) == said


def test_original_row_of_a_zip_is_that_of_its_member(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "z.zip", "w") as archive:
        archive.writestr("dir/m.csv", "h\nfirst\n")
        archive.writestr("n.csv", "h\nsecond\n")
    assert original_row(tmp_path / "z.zip", 2, "n.csv") == "second"
    assert original_row(tmp_path / "z.zip", 2, "m.csv") == "first"
    assert original_row(tmp_path / "z.zip", 2, "gone.csv") is None
