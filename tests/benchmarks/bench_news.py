"""What a day's news cost beside a whole build: CPU seconds by room and by table, and whether both give the same tables.

A sample brand is loaded once; its bronze is then cut in time, so that the last BENCH_NEWS_DAYS (1 % of 240 days) come as deliveries of
their own. One warehouse is built from the rest and goes on with them, another is built from everything, each with one thread, so that
a table's seconds are its own. What no record causes (binding, dbt, comparing) shows in the smallest lake; BENCH_NEWS_ORDERS=1000000 is
the full one. Not measured here: reading files (only new ones are read), fits, data tests, Great Expectations, the release.
BENCH_NEWS_SEEDS lakes get late news of every kind besides, in BENCH_NEWS_STEPS builds that go on one after the other.
"""

from __future__ import annotations

import os
import random
import shutil
import time as clock
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path

import duckdb
import pytest
from builders.going_on import TABLES as TABLES_ALONE
from builders.going_on import build, differing
from builders.late_news import deliver_late

from orchestration.cli.app import call
from orchestration.defs import dbt_runs
from orchestration.defs.analytics_files import TABLES, write_tables
from orchestration.defs.dbt_runs import prepare_manifest
from orchestration.lake import news
from orchestration.lake.bronze import bronze_folder, write_parquet
from orchestration.lake.catalog import Catalog, ExportRef, load_catalog
from orchestration.lake.landing import scan
from orchestration.lake.layout import Lake
from orchestration.lake.loader import load_export
from orchestration.lake.pepper import resolve_pepper
from orchestration.lake.receipt import read_receipt
from orchestration.settings import Settings, read_settings

SIZES = [60, *(round(int(orders) / 3.09) for orders in os.environ.get("BENCH_NEWS_ORDERS", "40000").split(","))]  # customers
DAYS = float(os.environ.get("BENCH_NEWS_DAYS", "2.4"))
SEEDS, STEPS = int(os.environ.get("BENCH_NEWS_SEEDS", "3")), int(os.environ.get("BENCH_NEWS_STEPS", "4"))
DEAREST = 20
END = date(2026, 9, 30)
EVERYTHING = ("path:models/staging", "path:seeds", *TABLES_ALONE)


@pytest.mark.parametrize("customers", SIZES)
def test_a_day_s_news_beside_a_whole_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, customers: int) -> None:
    monkeypatch.setenv("FISHPOND_LAKE", str(tmp_path / "lake"))
    monkeypatch.setenv("FISHPOND_THREADS", "1")
    monkeypatch.setattr(news, "LEAST_BYTES", 0)
    assert call(["sample", "--customers", str(customers), "--days", "240"]) == 0
    settings, catalog = read_settings(), load_catalog()
    lake = Lake(settings.lake)
    prepare_manifest(settings, catalog)
    _load(lake, catalog, settings)
    late, rows = tmp_path / "late", _cut(lake, catalog, datetime.combine(END, time(23, 59)) - timedelta(days=DAYS), tmp_path / "late")
    _timed_build(lake, catalog, settings, goes_on=False)
    shutil.copytree(late, lake.bronze, dirs_exist_ok=True)
    of_news = _timed_build(lake, catalog, settings, goes_on=True)
    gone_on = tmp_path / "gone_on.duckdb"
    shutil.move(lake.warehouse, gone_on)
    of_all = _timed_build(lake, catalog, settings, goes_on=False)
    print(f"\n{customers:,} customers, {rows:,} new rows\n{_by_room(of_all, of_news)}\n\n{_by_table(of_all, of_news)}")
    assert differing(gone_on, lake.warehouse) == []


@pytest.mark.parametrize("seed", range(SEEDS))
def test_late_news_in_any_order_leave_the_tables_of_a_whole_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    monkeypatch.setenv("FISHPOND_LAKE", str(tmp_path / "lake"))
    monkeypatch.setattr(news, "LEAST_BYTES", 0)
    monkeypatch.setattr(news, "MOST_NEWS", 1)
    chance = random.Random(seed)
    assert call(["sample", "--customers", str(chance.randint(60, 300)), "--days", "120"]) == 0
    settings, catalog = read_settings(), load_catalog()
    lake = Lake(settings.lake)
    prepare_manifest(settings, catalog)
    _load(lake, catalog, settings)
    write_fits(lake, settings)
    build(lake, catalog, settings, goes_on=False, select=EVERYTHING)
    for step in range(STEPS):
        print(f"\nseed {seed}, step {step + 1}: {', '.join(deliver_late(lake, catalog, chance, chance.randint(1, 40)))}")
        build(lake, catalog, settings, goes_on=True)
    gone_on = tmp_path / "gone_on.duckdb"
    shutil.copy(lake.warehouse, gone_on)
    build(lake, catalog, settings, goes_on=False)
    assert differing(gone_on, lake.warehouse) == []


def _load(lake: Lake, catalog: Catalog, settings: Settings) -> None:
    deliveries = [each for each in scan(lake, catalog) if each.export_ref]
    for ref in catalog.exports.values():
        load_export(lake, ref, [each for each in deliveries if each.export_ref.id == ref.id], resolve_pepper(lake, settings.pepper))


def _cut(lake: Lake, catalog: Catalog, until: datetime, late: Path) -> int:
    """Every delivery exported after `until` becomes one exported then, and one with what happened since, put aside; gives those rows."""
    rows = 0
    with duckdb.connect() as con:
        for ref in catalog.exports.values():
            for file in [each for each in bronze_folder(lake, ref).glob("*.parquet") if not each.name.startswith("empty.")]:
                receipt = read_receipt(file)
                if receipt.exported_at <= until:
                    continue
                for mark, happened, exported_at, folder in _halves(ref, until, receipt.exported_at, file.parent, late / ref.id):
                    delivery = f"{receipt.delivery_id}{mark}"
                    query = (
                        f"select * replace ('{delivery}' as _delivery_id, timestamp '{exported_at}' as _exported_at)"
                        f" from read_parquet('{file}') where {happened}"
                    )
                    count = con.execute(f"select count(*) from ({query})").fetchone()[0]
                    counts = {"rows_in_file": count, "rows_loaded": count, "rows_quarantined": 0, "rows_skipped": 0}
                    if count:
                        receipt = replace(receipt, delivery_id=delivery, exported_at=exported_at, **counts)
                        write_parquet(con, query, folder / f"{delivery}.{ref.fingerprint}.parquet", receipt)
                    rows += count if mark == "n" else 0
                file.unlink()
    return rows


def _halves(ref: ExportRef, until: datetime, exported_at: datetime, here: Path, late: Path) -> Iterator[tuple[str, str, datetime, Path]]:
    """Lists of a state stay whole: a day's list is all of it, and no share."""
    times = ref.export.event_time if ref.export.restates.by != "snapshot" and ref.export.kind != "rulings" else ()
    happened = f"coalesce(cast({times[0]} as timestamp) <= timestamp '{until}', true)" if times else "true"
    yield "s", happened, until, here
    yield "n", f"not {happened}", exported_at, late


def write_fits(lake: Lake, settings: Settings) -> None:
    """Files without rows: nothing was fitted."""
    write_tables(lake, settings, {name: {} for name in TABLES})


def _timed_build(lake: Lake, catalog: Catalog, settings: Settings, goes_on: bool) -> Mapping[str, float]:
    """CPU seconds by node. The first node's hold what comes before it: schema raw, the rows that new deliveries touch, dbt's start."""
    seconds, last = Counter[str](), clock.process_time()

    def hear(name: str, _status: str, _wall: float) -> None:
        nonlocal last
        now = clock.process_time()
        seconds[name] += now - last
        last = now

    write_fits(lake, settings)
    build(lake, catalog, settings, goes_on, EVERYTHING, hear)
    return seconds


def _by_room(of_all: Mapping[str, float], of_news: Mapping[str, float]) -> str:
    models = dbt_runs.PROJECT / "models"
    rooms = {file.stem: "/".join(file.relative_to(models).parts[:2]) for file in models.rglob("*.sql")}
    seconds: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for place, of in enumerate((of_all, of_news)):
        for name, spent in of.items():
            room = rooms.get(name, "seeds")
            seconds["staging" if room.startswith("staging") else room][place] += spent
    seconds["everything"] = [sum(each[place] for each in seconds.values()) for place in (0, 1)]
    return _lines("room", seconds)


def _by_table(of_all: Mapping[str, float], of_news: Mapping[str, float]) -> str:
    dearest = sorted(of_news, key=lambda name: -of_news[name])[:DEAREST]
    return _lines("dearest tables", {name: [of_all.get(name, 0.0), of_news[name]] for name in dearest})


def _lines(title: str, seconds: Mapping[str, list[float]]) -> str:
    lines = [f"| {title} | whole build CPU s | news CPU s | share |", "|---|---:|---:|---:|"]
    return "\n".join(lines + [f"| {name} | {a:.1f} | {b:.1f} | {b / a if a else 0:.0%} |" for name, (a, b) in seconds.items()])
