"""Who is forgotten is in no file any more, in whatever container it came; money stays, and the person is stopped at the door."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
import yaml
from builders.pond import PEPPER, Pond
from builders.xlsx import Number, write_xlsx

from orchestration.lake.forget import JOB, NobodyFound, find_person, forget, unfinished
from orchestration.lake.tokens import token

PHONE, OTHER = "13900002222", "13900003333"
HEADER = "订单编号,手机,收货人,状态,付款时间,实付\n"
MINE = f"1,{PHONE},张无名,交易成功,2026-09-30 08:00:00,12.50\n"
THEIRS = f"2,{OTHER},李四,交易成功,2026-09-30 09:00:00,7.50\n"
CSV = HEADER + MINE + THEIRS
ORDERS = {"drop": ["收货人", "buyer.name"], "container": ["csv", "xlsx", "json", "jsonl"]}
PEOPLE = {"feeds": ["contacts"], "kind": "contacts"}


def sheet(rows: list[str], folder: Path) -> bytes:
    cells = [[Number(cell) if cell == PHONE else cell for cell in row.strip().split(",")] for row in rows]
    return write_xlsx(folder / "book.xlsx", {"订单": cells}).read_bytes()


def zipped(name: str, content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return out.getvalue()


CONTAINERS: dict[str, Callable[[Path], bytes]] = {
    "csv": lambda _: CSV.encode(),
    "gbk": lambda _: CSV.encode("gb18030"),
    "crlf, a cell of two lines": lambda _: (HEADER + MINE.replace("张无名", '"张\n无名"') + THEIRS).replace("\n", "\r\n").encode(),
    "gzip": lambda _: gzip.compress(CSV.encode()),
    "zip": lambda _: zipped("订单/a.csv", CSV.encode()),
    "xlsx": lambda folder: sheet([HEADER, MINE, THEIRS], folder),
    "xlsx in a zip": lambda folder: zipped("a.xlsx", sheet([HEADER, MINE, THEIRS], folder)),
}


def words_of(path: Path) -> str:
    """Everything a file says, unpacked."""
    data = path.read_bytes()
    if data[:2] == b"\x1f\x8b":
        data = gzip.decompress(data)
    if data[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            inner = [archive.read(name) for name in archive.namelist()]
        data = b"".join(inner)
        if data[:2] == b"PK":
            with zipfile.ZipFile(io.BytesIO(inner[0])) as book:
                data = b"".join(book.read(name) for name in book.namelist())
    return data.decode("gb18030" if "无名".encode("gb18030") in data or "李四".encode("gb18030") in data else "utf-8", "replace")


def everything(pond: Pond) -> str:
    """All bytes below the lake, and all rows of its Parquet files."""
    files = [path for path in pond.lake.root.rglob("*") if path.is_file()]
    said = [words_of(path) for path in files]
    with duckdb.connect() as con:
        said += [str(con.execute("select * from read_parquet($1)", [str(path)]).fetchall()) for path in files if path.suffix == ".parquet"]
    return "\n".join(said)


@pytest.mark.parametrize("container", CONTAINERS)
def test_orders_stay_without_their_person(tmp_path: Path, container: str) -> None:
    pond = Pond(tmp_path, words=ORDERS)
    file = pond.deliver(CONTAINERS[container](tmp_path))
    (before,) = pond.load()
    person = find_person(pond.lake, PEPPER, "phone", f"+86 {PHONE}")
    erasure = forget(pond.lake, pond.catalog, PEPPER, person)
    assert (erasure.deliveries, erasure.rows_blanked, erasure.rows_erased, erasure.originals_blanked) == (1, 1, 0, 1)
    said = everything(pond)
    for trace in (PHONE, "无名", token(PEPPER, PHONE)):
        assert trace not in said
    assert OTHER in words_of(file) and "李四" in words_of(file)
    assert pond.rows("order_id, phone, paid_cny")[0] == ("1", None, 12.5)
    (after,) = pond.load()
    assert (after.delivery_id, after.file_hash) == (before.delivery_id, before.file_hash), "the delivery stays the one it was"
    pond.new_catalog(**ORDERS, null_tokens=["无"])
    (again,) = pond.load()
    assert (again.status, again.rows_loaded, again.delivery_id) == ("loaded", 2, before.delivery_id)
    assert pond.rows("order_id, phone is null, paid_cny") == [("1", True, 12.5), ("2", False, 7.5)]


@pytest.mark.parametrize("container", CONTAINERS)
def test_what_is_no_money_goes_whole_and_counts_as_skipped(tmp_path: Path, container: str) -> None:
    pond = Pond(tmp_path, words=ORDERS | PEOPLE)
    pond.deliver(CONTAINERS[container](tmp_path))
    pond.load()
    erasure = forget(pond.lake, pond.catalog, PEPPER, find_person(pond.lake, PEPPER, "phone", PHONE))
    assert erasure.rows_erased == 1
    (receipt,) = pond.load()
    assert (receipt.rows_in_file, receipt.rows_loaded, receipt.rows_skipped) == (2, 1, 1)
    said = everything(pond)
    assert PHONE not in said and "无名" not in said and token(PEPPER, PHONE) not in said
    pond.new_catalog(**ORDERS, **PEOPLE, null_tokens=["无"])
    assert [(receipt.status, receipt.rows_loaded, receipt.rows_quarantined) for receipt in pond.load()] == [("loaded", 1, 0)]


PAGE = {"orders": [
    {"id": "1", "buyer": {"phone": PHONE, "name": "张无名"}, "paid": "12.50", "state": "交易成功", "at": "2026-09-30 08:00:00"},
    {"id": "2", "buyer": {"phone": OTHER, "name": "李四"}, "paid": "7.50", "state": "交易成功", "at": "2026-09-30 08:00:00"},
]}  # fmt: skip
PATHS = {"order_id": "id", "phone": "buyer.phone", "status": "state", "paid_at": "at", "paid_cny": "paid"}


@pytest.mark.parametrize("keeps", [True, False], ids=["money", "people"])
@pytest.mark.parametrize("form", ["page", "lines"])
def test_json_is_blanked_where_it_speaks_of_the_person(tmp_path: Path, form: str, keeps: bool) -> None:
    pond = Pond(tmp_path)
    columns = yaml.safe_load(pond.contract)["columns"]
    for name, path in PATHS.items():
        columns[name]["from"] = [path]
    words = {**ORDERS, "columns": columns, "records": [{"path": "orders" if form == "page" else "."}], **({} if keeps else PEOPLE)}
    pond.new_catalog(**words)
    documents = [PAGE] if form == "page" else PAGE["orders"]
    text = "\n".join(json.dumps(document, ensure_ascii=False) for document in documents)
    pond.deliver(text, "orders_20261001.json")
    pond.load()
    erasure = forget(pond.lake, pond.catalog, PEPPER, find_person(pond.lake, PEPPER, "phone", PHONE))
    assert erasure.originals_blanked == 1
    said = everything(pond)
    assert PHONE not in said and "无名" not in said and "李四" in said
    pond.new_catalog(**words, null_tokens=["无"])
    (receipt,) = pond.load()
    assert (receipt.status, receipt.rows_loaded, receipt.rows_quarantined) == ("loaded", 2 if keeps else 1, 0)


@pytest.mark.parametrize(("words", "loaded", "skipped"), [(ORDERS, 2, 0), (ORDERS | PEOPLE, 1, 1)], ids=["money", "people"])
def test_the_person_is_stopped_at_the_door_from_then_on(tmp_path: Path, words: dict, loaded: int, skipped: int) -> None:
    pond = Pond(tmp_path, words=words)
    forget(pond.lake, pond.catalog, PEPPER, find_person(pond.lake, PEPPER, "phone", PHONE))
    assert token(PEPPER, PHONE) not in everything(pond), "the mark gives no token away"
    pond.deliver(CSV)
    assert [(receipt.rows_in_file, receipt.rows_loaded, receipt.rows_skipped) for receipt in pond.load()] == [(2, loaded, skipped)]
    assert ("1", True) in pond.rows("order_id, phone is null") or loaded == 1
    assert pond.rows("phone")[-1] == (token(PEPPER, OTHER),)


def test_refused_rows_and_refused_files_hold_nobody_either(tmp_path: Path) -> None:
    pond = Pond(tmp_path, words=ORDERS)
    pond.deliver(CSV + f"3,{PHONE},张无名,交易成功,gestern,1\n", "a_20261001.csv")
    pond.deliver(f"网页 {PHONE} 张无名", "b_20261001.csv")
    assert [receipt.status for receipt in pond.load()] == ["loaded", "refused"]
    forget(pond.lake, pond.catalog, PEPPER, find_person(pond.lake, PEPPER, "phone", PHONE))
    said = everything(pond)
    assert PHONE not in said and "无名" not in said


def test_an_erasure_that_was_killed_is_known_and_finished(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pond = Pond(tmp_path, words=ORDERS)
    pond.deliver(CSV)
    pond.load()
    person = find_person(pond.lake, PEPPER, "phone", PHONE)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("orchestration.lake.forget.erase_bronze", killed)
    with pytest.raises(KeyboardInterrupt):
        forget(pond.lake, pond.catalog, PEPPER, person)
    monkeypatch.undo()
    assert unfinished(pond.lake) == person
    forget(pond.lake, pond.catalog, PEPPER, unfinished(pond.lake))
    assert unfinished(pond.lake) is None and not (pond.lake.landing / JOB).exists()
    assert PHONE not in everything(pond) and token(PEPPER, PHONE) not in everything(pond)


def test_an_unknown_customer_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(NobodyFound, match="--phone"):
        find_person(Pond(tmp_path).lake, PEPPER, "customer", "nobody")
