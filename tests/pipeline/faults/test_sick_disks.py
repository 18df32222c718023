"""A disk that is full, read-only or damaged: the run stops with a sentence, files are not blamed, and the next run heals."""

from __future__ import annotations

import gzip
import sqlite3
from pathlib import Path

import pytest
import sqlalchemy as sa
from builders.faults import FullDisk, ReadOnly, run_apart
from builders.pond import Pond

from orchestration.lake.catalog import load_catalog
from orchestration.lake.disk import disk_trouble
from orchestration.lake.landing import scan
from orchestration.lake.layout import Lake
from orchestration.lake.releases import build_release, current_version, next_version, show_release
from tests.unit.releases.conftest import AS_OF, GRAINS, fill, orders_seen

HEADER = "订单编号,手机,状态,付款时间,实付\n"
MANY = HEADER + "".join(f"{at * 7919},13900001111,交易成功,2026-09-30 08:00:{at % 60:02},{at}.50\n" for at in range(1, 4000))


def load(root: Path) -> list[str]:
    return [f"{receipt.status}: {receipt.reason}" for receipt in Pond(root).load()]


def look(root: Path) -> int:
    """What `fishpond status` does: it writes nothing but a memory of hashes, and can do without."""
    return len(scan(Lake(root / "lake"), load_catalog(root / "sources")))


def publish(root: Path) -> str:
    lake = Lake(root)
    version = next_version(lake, AS_OF)
    build_release(lake, lake.warehouse, version, GRAINS, {}, {})
    show_release(lake, version)
    return version


@pytest.fixture
def pond(in_memory: Path) -> Pond:
    pond = Pond(in_memory)
    pond.deliver(MANY)
    return pond


def closed(folder: Path) -> None:
    """Take the right to write from everything below a folder, as a read-only mount does."""
    for path in (folder, *folder.rglob("*")):
        path.chmod(path.stat().st_mode & ~0o222)


@pytest.mark.parametrize("packed", [False, True], ids=["while bronze is written", "while an archive is unpacked"])
def test_a_full_disk_refuses_no_file(pond: Pond, packed: bool) -> None:
    if packed:
        pond.deliver(gzip.compress(MANY.encode()), "orders_20261001.csv")
    ending = run_apart(load, pond.root, fault=FullDisk(20_000))
    assert "DiskTrouble: the disk is full" in ending.error
    assert pond.files() == pond.files("quarantine") == [], "nothing half written, and no delivery blamed for the disk"
    assert [receipt.status for receipt in pond.load()] == ["loaded"]
    assert len(pond.rows()) == 3999


def test_a_full_disk_while_publishing_leaves_readers_alone_and_frees_what_it_took(in_memory: Path) -> None:
    lake = Lake(in_memory / "lake").prepare()
    fill(lake, orders=10)
    first = publish(lake.root)
    fill(lake, orders=200_000)
    assert "DiskTrouble: the disk is full" in run_apart(publish, lake.root, fault=FullDisk(600_000)).error
    assert (current_version(lake), orders_seen(lake)) == (first, 10)
    assert [path.name for path in lake.releases.iterdir()] == [first]
    assert publish(lake.root) == current_version(lake) and orders_seen(lake) == 200_000


def test_a_read_only_lake_says_so_and_can_be_looked_at(pond: Pond) -> None:
    pond.load()
    pond.deliver(MANY.replace(".50", ".60"), "orders_20261002.csv")
    before = pond.files()
    closed(pond.lake.root)
    assert "DiskTrouble: the lake cannot be written" in run_apart(load, pond.root, fault=ReadOnly()).error
    assert pond.files() == before
    closed(pond.lake.root)
    assert run_apart(look, pond.root, fault=ReadOnly()).value == 2


@pytest.mark.parametrize("room", ["bronze", "quarantine"])
@pytest.mark.parametrize("damage", ["cut", "emptied", "one byte"])
def test_damaged_bronze_is_noticed_and_loaded_again_from_landing(pond: Pond, room: str, damage: str) -> None:
    pond.deliver(MANY + "x,,,gestern,1\n")
    pond.load()
    whole, bad = pond.rows(), pond.bad_rows()
    spoil(pond, room, damage)
    assert [receipt.rows_quarantined for receipt in pond.load()] == [1]
    assert (pond.rows(), pond.bad_rows()) == (whole, bad)


def test_damage_without_an_original_stops_and_names_the_file(pond: Pond) -> None:
    pond.load()
    spoil(pond, "bronze", "cut")
    (pond.lake.landing / "shop" / "orders" / "orders_20261001.csv").unlink()
    ending = run_apart(load, pond.root)
    assert "BronzeDamaged" in ending.error and pond.files()[0] in ending.error


def test_the_damaged_receipt_of_a_repeated_file_stops_nothing(pond: Pond) -> None:
    pond.deliver(MANY, "again_20261001.csv")
    pond.load()
    spoil(pond, "quarantine", "cut")
    assert sorted(receipt.status for receipt in pond.load()) == ["duplicate", "loaded"]
    assert len(pond.files("quarantine")) == 1


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (sqlite3.SQLITE_FULL, "the disk is full"), (sqlite3.SQLITE_IOERR_SHMSIZE, "the disk is full"),
        (sqlite3.SQLITE_IOERR_WRITE, "the disk is full"),
        (sqlite3.SQLITE_READONLY_DBMOVED, "cannot be written"), (sqlite3.SQLITE_IOERR_FSYNC, "the disk fails"), (sqlite3.SQLITE_BUSY, None),
    ],
)  # fmt: skip
def test_trouble_that_dagsters_own_records_have_first_is_told_in_a_sentence(code: int, said: str | None) -> None:
    """Dagster writes to SQLite more often than anybody else writes anything, so it often meets the full disk first."""
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorcode = code
    wrapped = sa.exc.OperationalError("insert", {}, error)
    trouble = disk_trouble(wrapped)
    assert said in str(trouble) if said else trouble is None


def spoil(pond: Pond, room: str, damage: str) -> None:
    (name,) = pond.files(room)
    file = pond.lake.root / room / "shop" / "orders" / name
    data = bytearray(file.read_bytes())
    data[len(data) // 3] ^= 0xFF
    file.write_bytes({"cut": data[: len(data) // 2], "emptied": b"", "one byte": bytes(data)}[damage])
