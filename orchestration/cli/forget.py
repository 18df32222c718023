"""`forget`: a person leaves the lake, and the marts are built and published again without them."""

from __future__ import annotations

import sys

import typer
from rich.console import Console

from orchestration.cli.exits import PUBLISHED
from orchestration.defs.dbt_runs import prepare_manifest
from orchestration.lake.catalog import Catalog, load_catalog
from orchestration.lake.engine import limit_engines
from orchestration.lake.forget import Person, find_person, forget, unfinished
from orchestration.lake.layout import Lake
from orchestration.lake.one_writer import one_writer
from orchestration.lake.pepper import resolve_pepper
from orchestration.settings import Settings, read_settings


def forget_person(console: Console, phone: str | None, key: str | None, customer: str | None) -> int:
    """Forget whom one of the three names, then run the whole road; nothing that is printed says who it was."""
    kind, value = _named(phone, key, customer)
    settings = read_settings()
    lake, catalog = Lake(settings.lake).prepare(), load_catalog()
    with one_writer(lake):
        finish_forgetting(console, lake, catalog, settings)
        _forget(console, lake, catalog, settings, find_person(lake, resolve_pepper(lake, settings.pepper), kind, value))
        prepare_manifest(settings, catalog)
        from orchestration.cli.execute import execute_job  # late: it imports Dagster

        execute_job(console, lake, "road", full=True)
    return PUBLISHED


def finish_forgetting(console: Console, lake: Lake, catalog: Catalog, settings: Settings) -> None:
    """What a killed `forget` left undone comes before anything else."""
    if person := unfinished(lake):
        _forget(console, lake, catalog, settings, person)


def _forget(console: Console, lake: Lake, catalog: Catalog, settings: Settings, person: Person) -> None:
    limit_engines(settings.memory_limit, lake.work)
    with console.status("forgetting"):
        done = forget(lake, catalog, resolve_pepper(lake, settings.pepper), person)
    console.print(
        f"forgotten: {sum(done.keys.values())} keys in {done.deliveries} deliveries ({done.rows_erased} rows erased, {done.rows_blanked} "
        f"kept without their person), {done.originals_blanked} originals blanked and {done.originals_removed} removed, "
        f"{done.releases} versions rewritten; receipt in {lake.published / 'erasures.jsonl'}",
        soft_wrap=True,
    )


def _named(phone: str | None, key: str | None, customer: str | None) -> tuple[str, str]:
    """(kind, value) of the one option that is given. `-` reads the value from standard input, so that no shell remembers it."""
    given = [(kind, value) for kind, value in (("phone", phone), ("key", key), ("customer", customer)) if value]
    if len(given) != 1:
        raise typer.BadParameter("name the person by exactly one of --phone, --key, --customer")
    kind, value = given[0]
    value = sys.stdin.readline().strip() if value == "-" else value
    if kind == "key":
        kind, found, value = value.partition("=")
        if not found or not value:
            raise typer.BadParameter("a key is given as type=value, e.g. --key unionid=oAbc…")
    return kind, value
