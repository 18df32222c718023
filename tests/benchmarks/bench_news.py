"""What a day's news cost beside a whole build: seconds by room, and whether both give the same tables.

A sample brand is loaded once; its bronze is then cut in time, so that the last BENCH_NEWS_DAYS (1 % of 240 days) come as deliveries of
their own. One warehouse is built from the rest and goes on with them, another is built from everything, each with one thread, so that
seconds are work. What no record causes (binding, dbt, comparing) shows in the smallest lake. BENCH_NEWS_ORDERS=1000000 is the full one.
Not measured here: reading files (only new ones are read), fits, Great Expectations, the release.
"""

from __future__ import annotations

import os
import shutil
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path

import duckdb
import pytest

from orchestration.cli.app import call
from orchestration.defs import dbt_runs
from orchestration.defs.analytics_files import TABLES, write_tables
from orchestration.defs.dbt_runs import NodeRun, parsed_project, prepare_manifest, run_nodes
from orchestration.defs.going_on import told_together
from orchestration.lake import news
from orchestration.lake.bronze import bronze_folder, write_parquet
from orchestration.lake.catalog import Catalog, ExportRef, load_catalog
from orchestration.lake.landing import scan
from orchestration.lake.layout import Lake
from orchestration.lake.loader import load_export
from orchestration.lake.news_rows import forget_news, keep_what_stood, write_news
from orchestration.lake.pepper import resolve_pepper
from orchestration.lake.raw import register
from orchestration.lake.receipt import read_receipt
from orchestration.settings import Settings, read_settings

SIZES = [60, *(round(int(orders) / 3.09) for orders in os.environ.get("BENCH_NEWS_ORDERS", "40000").split(","))]  # customers
DAYS = float(os.environ.get("BENCH_NEWS_DAYS", "2.4"))
END = date(2026, 9, 30)
BUILT = ["path:models/staging", "path:models/intermediate", "path:seeds", "path:models/marts"]
COMPARED = ("intermediate", "customer", "attribution", "ltv", "private_domain")


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
    _build(lake, catalog, settings)
    shutil.copytree(late, lake.bronze, dirs_exist_ok=True)
    of_news = _build(lake, catalog, settings)
    gone_on = tmp_path / "gone_on.duckdb"
    shutil.move(lake.warehouse, gone_on)
    of_all = _build(lake, catalog, settings)
    print(f"\n{customers:,} customers, {rows:,} new rows\n{_table(of_all, of_news)}")
    assert _differing(gone_on, lake.warehouse) == []


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


def _build(lake: Lake, catalog: Catalog, settings: Settings) -> list[NodeRun]:
    with duckdb.connect(lake.warehouse) as con:
        before = news.covered_files(con)
        keep_what_stood(con)
        now = news.file_stamps(lake, register(con, lake, catalog, {}))
        if before is None:
            forget_news(con)
        else:
            assert news.why_whole(catalog, before, now) is None
            write_news(con, lake, catalog, now.keys() - before.keys(), told_together(parsed_project(settings)))
        news.cover_files(con, now)
    write_tables(lake, settings, {name: {} for name in TABLES})
    arguments = ["build", "--threads", "1", "--exclude-resource-type", "test", "--exclude-resource-type", "unit_test", "--select", *BUILT]
    runs = run_nodes(settings, arguments, lambda *_: None)
    assert [f"{run.name}: {run.message}" for run in runs if run.status != "success"] == []
    return runs


def _table(of_all: list[NodeRun], of_news: list[NodeRun]) -> str:
    seconds: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
    models = dbt_runs.PROJECT / "models"
    folders = {file.stem: "/".join(file.relative_to(models).parts[:2]) for file in models.rglob("*.sql")}
    for place, runs in enumerate((of_all, of_news)):
        for run in runs:
            room = folders.get(run.name, "seeds")
            seconds["staging" if room.startswith("staging") else room][place] += run.seconds
    seconds["everything"] = [sum(each[place] for each in seconds.values()) for place in (0, 1)]
    lines = ["| room | whole build s | news s | share |", "|---|---:|---:|---:|"]
    return "\n".join(lines + [f"| {room} | {a:.1f} | {b:.1f} | {b / a if a else 0:.0%} |" for room, (a, b) in seconds.items()])


def _differing(one: Path, other: Path) -> list[str]:
    with duckdb.connect() as con:
        con.execute(f"attach '{one}' as one (read_only); attach '{other}' as other (read_only); set enable_progress_bar = false")
        listed = "select schema_name || '.' || table_name from duckdb_tables() where database_name = 'other' and schema_name in $1"
        names = [name for (name,) in con.execute(listed, [list(COMPARED)]).fetchall()]
        sides = "((from one.{0} except all from other.{0}) union all (from other.{0} except all from one.{0}))"
        return [name for name in names if con.execute(f"select count(*) from {sides.format(name)}").fetchone()[0]]
