"""What `customer explain` and `identity diff` print. Here: words and order. Not here: the questions
(`lake/identity_explain`, `lake/identity_diff`).
"""

from __future__ import annotations

import duckdb
from rich.console import Console

from orchestration.cli.exits import PUBLISHED
from orchestration.defs.dbt_runs import prepare_manifest
from orchestration.defs.resources import open_warehouse
from orchestration.lake.build_marks import WarehouseNotWhole, whole_build
from orchestration.lake.catalog import load_catalog
from orchestration.lake.engine import limit_engines
from orchestration.lake.identity_diff import identity_diff
from orchestration.lake.identity_explain import Explained, explain, once_called
from orchestration.lake.identity_paths import Step
from orchestration.lake.layout import Lake
from orchestration.lake.one_writer import one_writer
from orchestration.lake.pepper import resolve_pepper
from orchestration.lake.releases import current_file, current_version
from orchestration.lake.tokens import bind
from orchestration.settings import read_settings

SHORT, LINES = 12, 20
BUILD = ("land", "canonical", "analytics", "marts")


def explain_subject(console: Console, subject: str, whole: bool) -> int:
    """Print why the subject's customer is one person. Raises NobodyKnown."""
    settings = read_settings()
    lake = Lake(settings.lake)
    with one_writer(lake):
        if not lake.warehouse.exists():
            raise WarehouseNotWhole("nothing is built yet: fishpond run")
        with open_warehouse(lake, settings, read_only=True) as con:
            bind(con, resolve_pepper(lake, settings.pepper))
            for old, version, change in _earlier(lake, subject):
                console.print(f"that id was last used in {version} ({change}); now {old or 'nobody'}", markup=False)
                subject = old or subject
            for found in explain(con, subject):
                _show(console, found, whole)
    return PUBLISHED


def show_diff(console: Console, build: bool) -> int:
    """Print what publishing the finished build (made first, with `build`) would change for readers."""
    settings = read_settings()
    lake = Lake(settings.lake).prepare()
    with one_writer(lake):
        if build:
            prepare_manifest(settings, load_catalog())
            from orchestration.cli.execute import execute_job  # late: it imports Dagster

            for job in BUILD:
                execute_job(console, lake, job)
        whole_build(lake)
        published = current_file(lake)
        if published is None:
            console.print("nothing is published yet: every customer is new")
            return PUBLISHED
        limit_engines(settings.memory_limit, lake.work)
        found = identity_diff(lake.warehouse, published)
    console.print(f"against {current_version(lake)}: {found}", markup=False, soft_wrap=True)
    for each in found.movements:
        ends = f"{each.from_customer_id or 'nobody'} → {each.to_customer_id or 'nobody'}"
        console.print(f"  {ends}: {each.orders:,} orders, ¥{each.moved_cny:,.2f}", markup=False, soft_wrap=True)
    return PUBLISHED


def _earlier(lake: Lake, subject: str) -> list[tuple]:
    published = current_file(lake)
    if published is None:
        return []
    with duckdb.connect(str(published), read_only=True) as con:
        return once_called(con, subject)


def _show(console: Console, found: Explained, whole: bool) -> None:
    def say(text: str) -> None:
        console.print(text, markup=False, soft_wrap=True)

    def named(kind: str, token: str) -> str:
        return f"{kind} {token if whole or len(token) < 64 else token[:SHORT] + '…'}" if token else kind

    def key(node: int) -> str:
        return named(found.nodes[node].key_type, found.nodes[node].key_token)

    def evidence(step: Step) -> None:
        place = found.places.get(step.record)
        line = f", line {place.line}" if place and place.line is not None else ""
        where = f"{place.export}: {place.file_name}{line}, exported {place.exported_at}" if place else step.record.split("|", 1)[0]
        say(f"  {key(step.from_node)} — {key(step.to_node)}\n      {where}")

    persons = [node for node in found.nodes.values() if not node.is_bridge]
    known = f"  ({_count(len(persons), 'key')})" if persons else ""
    say(f"\n{found.customer_id or 'nobody: no key of it is evidence of a person'}{known}")
    for node in persons if whole else persons[:LINES]:
        say(f"  {named(node.key_type, node.key_token)} in {node.key_scope}, since {node.first_seen_at}, {_count(node.records, 'record')}")
    if found.way:
        say("how the key asked for belongs to the key that names the customer:")
        for step in found.way:
            evidence(step)
    if found.steps:
        say("linked by:")
        for step in found.steps if whole else found.steps[:LINES]:
            evidence(step)
        if not whole and len(found.steps) > LINES:
            say(f"  … {len(found.steps) - LINES} more: --whole")
    for title, rows in (("refused:", found.refused), ("near misses:", found.near)):
        if rows:
            say(title)
        for row in rows if whole else rows[:LINES]:
            say("  " + (_refused(row, named) if title == "refused:" else f"{row[0]}: {row[1]} of {named(row[2], row[3])}"))


def _refused(row: tuple, named) -> str:
    rule, kind, token, other_kind, other_token, _, _, customers, records, reason = row
    beside = f" beside {named(other_kind, other_token)}" if other_kind else ""
    return f"{rule}: {named(kind, token)}{beside}: {reason}; {_count(records, 'record')}, {_count(customers or 0, 'customer')}"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
