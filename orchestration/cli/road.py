"""`fishpond run`: from an empty lake or new deliveries to a published version, and the summary of it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import date

from rich.console import Console

from orchestration.cli.exits import PUBLISHED
from orchestration.cli.forget import finish_forgetting
from orchestration.cli.samples import write_sample_if_empty
from orchestration.cli.summary import show_summary
from orchestration.cli.told import Told
from orchestration.defs.dbt_runs import prepare_manifest
from orchestration.lake.backfill import set_aside
from orchestration.lake.build_marks import read_mark
from orchestration.lake.catalog import Catalog, load_catalog
from orchestration.lake.fingerprints import code_of, landing_fingerprint
from orchestration.lake.landing import Delivery, scan
from orchestration.lake.layout import Lake
from orchestration.lake.marker import check_not_mixed
from orchestration.lake.one_writer import one_writer
from orchestration.lake.receipt import now_in_shanghai, read_receipt
from orchestration.lake.releases import list_versions, release_matches
from orchestration.lake.retention import retire_originals
from orchestration.settings import Settings, read_settings


def run_road(console: Console, full: bool, as_of: date | None, days: tuple[date, date] | None = None) -> int:
    """Prepare, build and publish; 0 when published or when the newest version already covers exactly this landing.

    `days`: load what was exported on these days again from landing, both included.
    """
    if as_of:
        os.environ["FISHPOND_AS_OF"] = as_of.isoformat()
    settings = read_settings()
    lake = Lake(settings.lake).prepare()
    with Told(console, lake, settings) as told, one_writer(lake):
        write_sample_if_empty(console, lake)
        check_not_mixed(lake)
        catalog = load_catalog()
        finish_forgetting(console, lake, catalog, settings)
        _retire(console, lake, catalog, settings)
        if days:
            _reload(console, lake, catalog, days)
        if not full and not days and nothing_new(lake, settings, scan(lake, catalog)):
            told.about_sources(catalog)
            console.print(f"nothing new: {list_versions(lake)[-1]} covers everything in {lake.landing}", soft_wrap=True)
            show_summary(console, lake)
            return PUBLISHED
        with console.status("reading the dbt project"):
            prepare_manifest(settings, catalog)
        from orchestration.cli.execute import execute_job  # late: it imports Dagster

        execute_job(console, lake, "road", full)
        told.about_sources(catalog)
    show_summary(console, lake)
    return PUBLISHED


def prepare_road() -> None:
    """Parse the dbt project for this lake (10 s), unless that stands already."""
    settings = read_settings()
    with one_writer(Lake(settings.lake).prepare()):
        prepare_manifest(settings, load_catalog())


def _retire(console: Console, lake: Lake, catalog: Catalog, settings: Settings) -> None:
    """Originals that were kept long enough leave landing."""
    today = now_in_shanghai().date()
    days, then = settings.landing_days, settings.landing_then
    if retired := retire_originals(lake, scan(lake, catalog) if days else (), days, then, today):
        console.print(f"landing: {len(retired)} originals older than {days} days {then}d; what was loaded from them stays")


def _reload(console: Console, lake: Lake, catalog: Catalog, days: tuple[date, date]) -> None:
    """The days' deliveries are loaded again by the run that follows."""
    done = set_aside(lake, scan(lake, catalog), *days)
    more = f" and {done.undated} without an export time" if done.undated else ""
    console.print(f"{days[0]} to {days[1]}: {done.reloaded} deliveries{more} are loaded again from landing")


def nothing_new(lake: Lake, settings: Settings, deliveries: Sequence[Delivery]) -> bool:
    """Whether a run could only publish the same again: same landing, same code, same day asked for, and that build stands published."""
    mark = read_mark(lake)
    return (
        mark is not None
        and mark.ended
        and (mark.landing, mark.code) == (landing_fingerprint(deliveries), code_of(settings.as_of, settings.target))
        and release_matches(lake, mark.delivery_set, mark.code)
        and not _waits_for_today(lake)
    )


def _waits_for_today(lake: Lake) -> bool:
    """Whether a file that was refused because it is dated in the future may be loaded by now."""
    today = now_in_shanghai().date()
    receipts = (read_receipt(path) for path in lake.quarantine.glob("*/*/*.parquet"))
    return any(receipt.retry_from <= today for receipt in receipts if receipt and receipt.retry_from)
