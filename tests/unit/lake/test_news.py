"""What came since a build: when it may go on from there, and which records new deliveries touch."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest
import yaml
from builders.pond import CONTRACT, Pond

from orchestration.lake import news
from orchestration.lake.news import cover_files, covered_files, file_stamps, why_whole
from orchestration.lake.news_rows import forget_news, keep_what_stood, write_news
from orchestration.lake.raw import register

HEADER = "订单编号,手机,状态,付款时间,实付\n"
FIRST, SECOND = "shop/orders/a.f1.parquet", "shop/orders/b.f1.parquet"


@pytest.fixture
def warehouse(pond: Pond) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(pond.lake.warehouse) as con:
        yield con


@pytest.fixture(autouse=True)
def any_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(news, "LEAST_BYTES", 0)
    monkeypatch.setattr(news, "MOST_NEWS", 0.9)


def stand(pond: Pond, con: duckdb.DuckDBPyConnection) -> dict[str, tuple[int, int]]:
    """A build over everything that is loaded; the files that it covers."""
    pond.load()
    stamps = file_stamps(pond.lake, register(con, pond.lake, pond.catalog, {}))
    cover_files(con, stamps)
    return stamps


def touched(con: duckdb.DuckDBPyConnection, state: str) -> list[tuple]:
    columns = "order_id, status, cast(_exported_at as date)::varchar"
    return con.execute(f"select {columns} from news_{state}.shop__orders order by all").fetchall()


def test_a_build_goes_on_where_deliveries_only_came(pond: Pond, warehouse) -> None:
    pond.deliver(HEADER + "1,,,,1\n", "a_20260930.csv")
    stand(pond, warehouse)
    before = covered_files(warehouse)
    pond.deliver(HEADER + "2,,,,1\n", "b_20261001.csv")
    now = stand(pond, warehouse)
    assert len(now) == 2 and why_whole(pond.catalog, before, now) is None


def test_a_new_month_is_built_whole(pond: Pond, warehouse) -> None:
    for name, is_new in (("a_20260929.csv", None), ("b_20260930.csv", False), ("c_20261001.csv", True), ("d_20261031.csv", False)):
        keep_what_stood(warehouse) if is_new is not None else None
        pond.deliver(HEADER + f"{name},,,,1\n", name)
        stand(pond, warehouse)
        assert is_new is None or news.month_began(warehouse) is is_new, name


def test_whatever_is_not_certain_asks_for_a_whole_build(pond: Pond, warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    pond.deliver(HEADER + "1,,,,1\n", "a_20260930.csv")
    now = stand(pond, warehouse)
    (file,) = now
    replaced, withdrawn = {file: (now[file][0], now[file][1] + 1)}, {"shop/orders/gone.f.parquet": (1, 1)}
    assert why_whole(pond.catalog, None, now) == "the standing build did not say what it covers"
    assert why_whole(pond.catalog, now | withdrawn, now) == "1 deliveries are gone, held out or loaded anew"
    assert why_whole(pond.catalog, replaced, now) == "a bronze file was replaced"
    assert why_whole(pond.new_catalog(key=["order_id", "phone"]), now, now) == "a delivery stands under an older contract"
    rulings = pond.new_catalog(kind="rulings", feeds=["rulings"])
    mine = {f"shop/orders/b.{rulings.exports['shop/orders'].fingerprint}.parquet": (1, 1)}
    assert why_whole(rulings, {}, mine) == "a list of rulings came"
    plain = pond.new_catalog()
    assert "are new" in why_whole(plain, {}, now)
    monkeypatch.setattr(news, "LEAST_BYTES", 1_000_000)
    assert why_whole(plain, now, now) == "the lake is small"


def test_touched_records_stand_as_they_are_and_as_they_were(pond: Pond, warehouse) -> None:
    pond.deliver(HEADER + "1,,交易成功,,1\n2,,交易成功,,1\n", "a_20260930.csv")
    before = stand(pond, warehouse)
    keep_what_stood(warehouse)
    pond.deliver(HEADER + "2,,交易关闭,,1\n3,,交易成功,,1\n", "b_20261001.csv")
    added = stand(pond, warehouse).keys() - before.keys()
    assert write_news(warehouse, pond.lake, pond.catalog, added, {}) == 3
    assert touched(warehouse, "now") == [("2", "closed", "2026-10-01"), ("2", "done", "2026-09-30"), ("3", "done", "2026-10-01")]
    assert touched(warehouse, "before") == [("2", "done", "2026-09-30")]
    told = [warehouse.execute(f"select count(*) from news_{state}.lake__deliveries").fetchone()[0] for state in ("before", "now")]
    assert told == [1, 2]
    forget_news(warehouse)
    assert warehouse.execute("select count(*) from duckdb_schemas() where schema_name like 'news%'").fetchone() == (0,)


def test_a_group_is_touched_as_a_whole_and_what_it_replaces_too(pond: Pond, warehouse) -> None:
    pond.new_catalog(key=["order_id", "phone"], restates={"by": "group", "columns": ["paid_at"]})
    first, second, third = (f"2026-09-{day}" for day in (28, 29, 30))
    pond.deliver(HEADER + f"1,13000000001,,{first},1\n2,13000000002,,{first},1\n", "a_20261001.csv")
    pond.deliver(HEADER + f"1,13000000003,,{second},1\n4,13000000004,,{second},1\n5,13000000005,,{third},1\n", "b_20261001.csv")
    stand(pond, warehouse)
    keep_what_stood(warehouse)
    before = covered_files(warehouse)
    pond.deliver(HEADER + f"2,13000000002,,{first},2\n", "c_20261002.csv")
    added = stand(pond, warehouse).keys() - before.keys()
    write_news(warehouse, pond.lake, pond.catalog, added, {})
    # order 1 vanished from its day: its rows of another day are looked at, and who tells whether they stand; nothing leads to order 5
    assert sorted({row[0] for row in touched(warehouse, "now")}) == ["1", "2"]


def test_of_a_found_row_s_group_every_delivery_tells_by_its_newest_row(pond: Pond, warehouse) -> None:
    columns = yaml.safe_load(CONTRACT)["columns"] | {"changed_at": {"from": ["修改时间"], "type": "timestamp"}}
    group = {"by": "group", "columns": ["paid_at"]}
    pond.new_catalog(key=["order_id", "phone"], restates=group, columns=columns, updated_at="changed_at")
    header, day = HEADER.replace("\n", ",修改时间\n"), "2026-09-28"
    pond.deliver(header + f"1,13000000001,,{day},1,\n4,13000000004,,{day},1,2026-09-30\n5,13000000005,,{day},1,\n", "a_20261001.csv")
    pond.deliver(header + f"6,13000000006,,{day},1,\n7,13000000007,,{day},1,2026-09-29\n", "b_20261002.csv")
    before = stand(pond, warehouse)
    keep_what_stood(warehouse)
    pond.deliver(header + "1,13000000001,,2026-09-30,2,\n", "c_20261003.csv")
    added = stand(pond, warehouse).keys() - before.keys()
    write_news(warehouse, pond.lake, pond.catalog, added, {})
    assert touched(warehouse, "before") == [("1", None, "2026-10-01"), ("4", None, "2026-10-01"), ("7", None, "2026-10-02")]


def test_records_that_staging_joins_are_touched_together(pond: Pond, warehouse) -> None:
    pond.deliver(HEADER + "1,13000000001,,,1\n2,13000000002,,,1\n", "a_20260930.csv")
    before = stand(pond, warehouse)
    keep_what_stood(warehouse)
    pond.deliver(HEADER + "3,13000000001,,,1\n", "b_20261001.csv")
    added = stand(pond, warehouse).keys() - before.keys()
    write_news(warehouse, pond.lake, pond.catalog, added, {"shop__orders": ["phone"]})
    assert [row[0] for row in touched(warehouse, "now")] == ["1", "3"]


def test_an_empty_list_touches_what_stood_in_its_scope(pond: Pond, warehouse) -> None:
    pond.new_catalog(restates={"by": "snapshot", "columns": ["account"]})
    pond.deliver(HEADER + "1,,,,1\n2,,,,1\n", "a_20260930.csv")
    before = stand(pond, warehouse)
    keep_what_stood(warehouse)
    pond.deliver("[]", "b_20261001.json")
    added = stand(pond, warehouse).keys() - before.keys()
    assert write_news(warehouse, pond.lake, pond.catalog, added, {}) == 2
    assert [row[0] for row in touched(warehouse, "now")] == ["1", "2"]
