"""`publish`, `rollback`, `versions`: what readers see, and changing it by hand."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table

from orchestration.cli.exits import PUBLISHED
from orchestration.cli.told import Told
from orchestration.defs.dbt_runs import prepare_manifest
from orchestration.lake.build_marks import whole_build
from orchestration.lake.catalog import load_catalog
from orchestration.lake.history import read_history
from orchestration.lake.layout import Lake
from orchestration.lake.one_writer import one_writer
from orchestration.lake.releases import current_version, list_versions, release_matches, release_note
from orchestration.lake.rollback import read_hold, resume, rollback
from orchestration.settings import read_settings


def publish_build(console: Console, lift_hold: bool) -> int:
    """Publish the finished build unless it is published already; with `lift_hold`, first end the hold of a rollback."""
    settings = read_settings()
    lake = Lake(settings.lake).prepare()
    with Told(console, lake, settings), one_writer(lake):
        if lift_hold:
            console.print(f"the hold is lifted; published: {resume(lake) or 'nothing'}")
        mark = whole_build(lake)
        if release_matches(lake, mark.delivery_set, mark.code):
            console.print(f"nothing new: {list_versions(lake)[-1]} is this build")
            return PUBLISHED
        prepare_manifest(settings, load_catalog())
        from orchestration.cli.execute import execute_job  # late: it imports Dagster

        execute_job(console, lake, "publish")
    return PUBLISHED


def roll_back(console: Console, version: str | None) -> None:
    """Switch back and hold."""
    lake = Lake(read_settings().lake)
    with one_writer(lake):
        before = current_version(lake)
        now = rollback(lake, version, reason="fishpond rollback")
    console.print(f"{before} → {now}; later runs build but do not switch until `fishpond publish --resume`")


def list_versions_table(console: Console) -> None:
    """Versions on disk, newest first, with what happened to each."""
    lake = Lake(read_settings().lake)
    current, hold = current_version(lake), read_hold(lake)
    happened = {event.version: event for event in read_history(lake)}
    table = Table("version", "", "since", "tables", "rows", "MB", box=None, padding=(0, 2))
    for version in reversed(list_versions(lake)):
        note, event = release_note(lake, version), happened.get(version)
        state = "current" if version == current else (event.event if event else "")
        size = (str(len(note.rows)), f"{sum(note.rows.values()):,}", f"{note.bytes / 1e6:.1f}")
        table.add_row(version, state, event.at if event else "", *size)
    console.print(table if table.row_count else "nothing is published yet: fishpond run")
    if hold:
        console.print(f"held at {hold.went_to} since {hold.at}: `fishpond publish --resume` lifts it")
