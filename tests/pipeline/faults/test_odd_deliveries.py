"""Files that change, repeat, pretend or come by the thousand: each content is loaded once, and nothing gets out of landing."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from threading import Event, Thread

import duckdb
import pytest
import yaml
from builders.faults import run_apart
from builders.pond import Pond

from orchestration.lake import landing
from orchestration.lake.loader import load_export
from orchestration.lake.raw import register

HEADER = "订单编号,手机,状态,付款时间,实付\n"
ROW = "{},13900001111,交易成功,2026-09-30 08:00:00,{}.50\n"
TINY = 60  # the benchmark loads 10,000
LARGE = 24 << 20  # bytes; the benchmark loads 2 GB


@pytest.fixture
def pond(in_memory: Path) -> Pond:
    return Pond(in_memory)


def orders(*numbers: int, paid: int = 1) -> str:
    return HEADER + "".join(ROW.format(number, paid) for number in numbers)


def newest(pond: Pond) -> list[tuple]:
    """What the newest export says of each order."""
    with duckdb.connect() as con:
        register(con, pond.lake, pond.catalog, {})
        return con.execute("""select order_id, paid_cny from (
                select *, row_number() over (partition by _record_key order by _exported_at desc, _file_sha256 desc) as place
                from raw.shop__orders
            ) where place = 1 order by cast(order_id as integer)""").fetchall()


def test_a_file_that_grows_while_it_is_read_is_never_loaded_by_half(pond: Pond) -> None:
    file, whole = pond.deliver(orders(*range(1, 2000))), Event()
    numbers = iter(range(2000, 2200))

    def grow() -> None:
        with file.open("a") as more:
            for number in numbers:
                more.write(ROW.format(number, 1))
                more.flush()
        whole.set()

    writer = Thread(target=grow)
    writer.start()
    while not whole.is_set():
        for receipt in pond.load():
            assert receipt.status == "loaded" or "changed while it was read" in receipt.reason
            assert receipt.rows_in_file == receipt.rows_loaded + receipt.rows_quarantined
    writer.join()
    assert pond.load()[0].rows_loaded == 2199
    assert [order for order, _ in newest(pond)] == [str(number) for number in range(1, 2200)]


def test_another_file_under_the_same_name_is_another_delivery(pond: Pond) -> None:
    pond.deliver(orders(1, 2))
    pond.load()
    pond.deliver(orders(2, 3))
    assert [receipt.status for receipt in pond.load()] == ["loaded"]
    assert [order for order, _ in newest(pond)] == ["1", "2", "3"]


def test_what_was_taken_back_and_said_again_holds_again(pond: Pond) -> None:
    """A, then B, then A's very bytes on a third day: the newest export wins, though its bytes are known."""
    for name, paid in (("a_20260929.csv", 10), ("a_20260930.csv", 20), ("a_20261001.csv", 10)):
        pond.deliver(orders(1, paid=paid), name)
        assert pond.load()[-1].status == "loaded"
        assert newest(pond) == [("1", paid + 0.5)]
    pond.deliver(orders(1, paid=10), "copy/a_20261001.csv")
    assert sorted(receipt.status for receipt in pond.load()) == ["duplicate", "loaded", "loaded", "loaded"]


def test_many_tiny_files_are_each_loaded_once(pond: Pond) -> None:
    for number in range(TINY):
        pond.deliver(orders(number + 1), f"part={number % 7}/f{number}_20261001.csv")
    assert {receipt.status for receipt in pond.load()} == {"loaded"}
    assert len(newest(pond)) == len(pond.files()) == TINY


def load_with_little_memory(root: Path) -> int:
    pond = Pond(root)
    return sum(receipt.rows_loaded for receipt in pond.load(memory_limit="300MB"))


def test_a_large_file_is_loaded_with_little_memory(pond: Pond) -> None:
    block = "".join(ROW.format("{}" + f"{at:06}", at % 50) for at in range(5000))
    with pond.deliver(HEADER).open("a") as file:
        for number in range(1, LARGE // len(block) + 1):
            file.write(block.replace("{}", str(number)))
    assert run_apart(load_with_little_memory, pond.root).value == number * 5000


@pytest.mark.parametrize("name", [
    "订单 导出 (1)_20261001.csv", "🍵 tea_20261001.csv", "line\nbreak_20261001.csv", "it's; drop table x--_20261001.csv",
    'quo"ted_20261001.csv', "per%cent {brace}_20261001.csv", "[glob]*_20261001.csv", "a=b&c=d_20261001.csv",
])  # fmt: skip
def test_odd_names_are_names_and_nothing_else(pond: Pond, name: str) -> None:
    pond.deliver(orders(1, 2), name)
    pond.deliver(orders(3), "plain_20261001.csv")
    assert {receipt.status for receipt in pond.load()} == {"loaded"}
    assert [order for order, _ in newest(pond)] == ["1", "2", "3"]


@pytest.mark.parametrize("header", ['"实付"" ; drop"', "a'b", "$(touch x)", "=cmd|' /C calc'!A0", "_line", "{{ jinja }}", "订单编号 "])
def test_hostile_headers_are_kept_as_text(pond: Pond, header: str) -> None:
    pond.deliver(HEADER.strip() + f",{header}\n" + ROW.format(1, 1).strip() + ",x\n")
    (receipt,) = pond.load()
    assert receipt.status in ("loaded", "refused") and receipt.rows_in_file == receipt.rows_loaded + receipt.rows_quarantined
    assert receipt.status == "loaded" or receipt.reason


def test_paths_inside_a_zip_stay_names(pond: Pond) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("../../../../evil_20261001.csv", orders(1))
        archive.writestr("/abs'; --/订单.csv", orders(2))
    pond.deliver(packed.getvalue(), "z_20261001.zip")
    pond.load()
    assert not list(pond.root.parent.glob("evil*")) and not list(pond.lake.root.rglob("evil*"))
    assert [order for order, _ in newest(pond)] == ["1", "2"]


def test_links_are_never_followed_out_of_landing(pond: Pond) -> None:
    secret = pond.root / "secret_20261001.csv"
    secret.write_text(orders(666))
    folder = pond.deliver(orders(1)).parent
    (folder / "link_20261001.csv").symlink_to(secret)
    (folder / "up_20261001.csv").symlink_to(Path("../../../../secret_20261001.csv"))
    assert sorted(receipt.status for receipt in pond.load()) == ["loaded", "refused", "refused"]
    assert newest(pond) == [("1", 1.5)]


def test_a_schema_that_changed_overnight_stops_that_file_alone_and_says_the_column(pond: Pond) -> None:
    pond.deliver(orders(1), "a_20260929.csv")
    pond.deliver(orders(2).replace("订单编号", "订单号码"), "a_20260930.csv")
    pond.deliver(orders(3).replace("\n", ",新列\n", 1).replace(".50\n", ".50,neu\n"), "a_20261001.csv")
    first, renamed, wider = pond.load()
    assert [receipt.status for receipt in (first, renamed, wider)] == ["loaded", "refused", "loaded"]
    assert "订单编号" in renamed.reason and any("新列" in str(note) for note in wider.notes)
    pond.new_catalog(columns=with_alias(pond, "订单号码"))
    assert [receipt.status for receipt in pond.load()] == ["loaded"] * 3
    assert [order for order, _ in newest(pond)] == ["1", "2", "3"]


def with_alias(pond: Pond, header: str) -> dict:
    columns = yaml.safe_load(pond.contract)["columns"]
    columns["order_id"]["from"].append(header)
    return columns


def test_a_file_that_vanishes_between_two_looks_stops_nobody(pond: Pond, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = pond.deliver(orders(1), "gone_20261001.csv")
    pond.deliver(orders(2), "stays_20261001.csv")
    found = landing.delivered_files(pond.lake)
    gone.unlink()
    monkeypatch.setattr(landing, "delivered_files", lambda _: found)
    statuses = {each.path.name: bool(each.refusal) for each in landing.scan(pond.lake, pond.catalog)}
    assert statuses == {"gone_20261001.csv": True, "stays_20261001.csv": False}
    receipts = load_export(pond.lake, pond.ref, landing.scan(pond.lake, pond.catalog), b"x" * 16)
    assert sorted(receipt.status for receipt in receipts) == ["loaded", "refused"]
