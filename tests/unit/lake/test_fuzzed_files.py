"""Files that somebody, or a bad line, damaged anywhere: each is loaded or refused with a reason, every row of it is accounted for."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from pathlib import Path

import pytest
import yaml
from builders.pond import Pond
from builders.xlsx import write_xlsx
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

HEADER = ["订单编号", "手机", "状态", "付款时间", "实付"]
ROWS = [[str(at), "13900005555", "交易成功", "2026-09-30 08:00:00", f"{at}.50"] for at in range(1, 8)]
CSV = "\n".join(",".join(row) for row in [HEADER, *ROWS]) + "\n"
HOSTILE = st.sampled_from([
    b'"', b"\n", b"\r", b"\0", b",", b"\xff\xfe", b"\xef\xbb\xbf", b"\x80", b"'", b"\\", b"{", b"]", b"<html>", b"PK\x03\x04", b"1e999",
    b"9" * 400, "’".encode(), b"\x1a", b'=cmd|"x"!A1', b"\xe8\xae",
])  # fmt: skip
HOW = st.sampled_from(["insert", "flip", "cut", "repeat", "swap"])
EDITS = st.lists(st.tuples(HOW, st.integers(0, 10_000), HOSTILE | st.binary(max_size=6)), max_size=4)


def originals(folder: Path) -> dict[str, bytes]:
    book = write_xlsx(folder / "book.xlsx", {"订单": [HEADER, *ROWS]}).read_bytes()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("订单.csv", CSV)
    records = [dict(zip(HEADER, row, strict=True)) for row in ROWS]
    return {
        "csv": CSV.encode(), "gbk": CSV.encode("gb18030"), "utf-16": CSV.encode("utf-16"), "gzip": gzip.compress(CSV.encode(), mtime=0),
        "zip": packed.getvalue(), "xlsx": book, "json": json.dumps(records, ensure_ascii=False).encode(),
        "jsonl": "\n".join(json.dumps(record, ensure_ascii=False) for record in records).encode(),
    }  # fmt: skip


def damaged(data: bytes, edits: list[tuple[str, int, bytes]]) -> bytes:
    for how, where, what in edits:
        at = where % (len(data) + 1)
        if how == "insert":
            data = data[:at] + what + data[at:]
        elif how == "flip" and data:
            data = data[: at - 1] + bytes([data[at - 1] ^ 0x55]) + data[at:]
        elif how == "cut":
            data = data[:at]
        elif how == "repeat":
            data = data[:at] + data[at // 2 :]
        elif how == "swap":
            data = data[at:] + data[:at]
    return data


@pytest.fixture(scope="module")
def pond(tmp_path_factory: pytest.TempPathFactory) -> Pond:
    pond = Pond(tmp_path_factory.mktemp("fuzz"))
    columns = yaml.safe_load(pond.contract)["columns"]
    pond.new_catalog(container=["csv", "xlsx", "json", "jsonl"], encodings=["utf-8", "gb18030", "utf-16"], columns=columns)
    return pond


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    return originals(tmp_path_factory.mktemp("originals"))


@pytest.mark.parametrize("kind", ["csv", "gbk", "utf-16", "gzip", "zip", "xlsx", "json", "jsonl"])
@settings(max_examples=12, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(edits=EDITS)
def test_a_damaged_file_is_loaded_or_refused_and_never_breaks_the_load(pond: Pond, files: dict, kind: str, edits: list) -> None:
    file = pond.deliver(damaged(files[kind], edits), f"{kind}_20261001.csv")
    (receipt,) = pond.load()
    assert receipt.status in ("loaded", "refused")
    assert receipt.rows_in_file == receipt.rows_loaded + receipt.rows_quarantined + receipt.rows_skipped
    assert receipt.status == "loaded" or receipt.reason
    assert "13900005555" not in str(receipt.reason) + str(receipt.notes)
    if not edits:
        assert (receipt.status, receipt.rows_loaded) == ("loaded", len(ROWS))
    file.unlink()
    assert not list(pond.lake.work.iterdir())
