"""The two dbt stretches of the road: raw → canonical relations, and canonical relations → marts.

Here: running them between the build's marks. Not here: SQL (dbt_project), names (dbt_graph), what tests found (data_tests).
"""

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import dagster as dg

from orchestration.defs.data_tests import findings, refuse_broken, tests_of
from orchestration.defs.dbt_graph import Stretch, load_stretch
from orchestration.defs.dbt_runs import NodeRun, run_nodes
from orchestration.defs.going_on import claim_news, read_deliveries
from orchestration.defs.resources import Pond, open_warehouse
from orchestration.defs.run_log import say, whisper
from orchestration.defs.spark_runs import build_on_spark
from orchestration.lake import build_marks
from orchestration.lake.fingerprints import code_of, landing_fingerprint
from orchestration.lake.news_rows import forget_news
from orchestration.lake.previews import TablePreview, preview_tables

Events = Iterator[dg.MaterializeResult | dg.AssetCheckResult]
CANONICAL = load_stretch("canonical")
MARTS = load_stretch("marts")


@dg.multi_asset(name="build_canonical", specs=CANONICAL.specs, check_specs=CANONICAL.check_specs, can_subset=True)
def canonical(context: dg.AssetExecutionContext, pond: Pond) -> Events:
    """Staging, seeds and the canonical relations, over exactly the deliveries that passed their fence."""
    lake = pond.lake
    if context.is_subset:
        if context.selected_asset_keys:
            build_marks.forget_build(lake)
            _forget_news(pond)
        yield from _run(context, pond, CANONICAL)
        return
    why = "asked for (--full)" if pond.full else build_marks.why_from_nothing(lake)
    if why:
        say(context, f"the warehouse is built from nothing: {why}")
        build_marks.drop_warehouse(lake)
    stood = build_marks.read_mark(lake) if lake.warehouse.exists() else None
    build_marks.begin_build(lake, code_of(pond.settings.as_of, pond.settings.target), landing_fingerprint(pond.deliveries))
    with open_warehouse(lake, pond.settings) as con:
        delivery_set, said = read_deliveries(con, pond, stood, context.run_id)
    if said:
        say(context, said)
    yield from _run(context, pond, CANONICAL)
    build_marks.mark_canonical(lake, context.run_id, delivery_set)


@dg.multi_asset(name="build_marts", specs=MARTS.specs, check_specs=MARTS.check_specs, can_subset=True)
def marts(context: dg.AssetExecutionContext, pond: Pond) -> Events:
    """The candidate tables; the end mark is set when every one of them stands."""
    build_marks.need_canonical(pond.lake)
    if context.selected_asset_keys:
        build_marks.forget_marts(pond.lake)
        with open_warehouse(pond.lake, pond.settings) as con:
            claim_news(con, "" if context.is_subset else context.run_id)
    yield from _run(context, pond, MARTS)
    if not context.is_subset:
        _forget_news(pond)
        build_marks.end_build(pond.lake, context.run_id)


def _forget_news(pond: Pond) -> None:
    with open_warehouse(pond.lake, pond.settings) as con:
        forget_news(con)


def _run(context: dg.AssetExecutionContext, pond: Pond, stretch: Stretch) -> Events:
    """One dbt build; every table becomes a materialisation, its tests one check; a broken or refused build fails the step by name."""
    started, wanted = time.monotonic(), set(context.selected_asset_keys)
    checked = {check.asset_key for check in context.selected_asset_check_keys}
    selected = stretch.selecting(wanted or checked) if context.is_subset else stretch.select.split()
    runs = _nodes(pond, "build" if wanted else "test", selected, has_bronze=stretch is MARTS)
    kinds = Counter(run.kind for run in runs if run.status not in ("skipped", "error"))
    tables, tests = kinds["model"] + kinds["seed"], kinds["test"]
    say(context, f"{stretch.name}: {tables} tables and views, {tests} data tests in {time.monotonic() - started:.1f} s")
    built = {stretch.tables[run.unique_id]: run for run in runs if run.status == "success" and run.unique_id in stretch.tables}
    with open_warehouse(pond.lake, pond.settings, read_only=True) as con:
        previews = preview_tables(con, [tuple(key.path) for key in built])
        found = findings(con, runs)
    for key, run in built.items():
        yield dg.MaterializeResult(asset_key=key, metadata=_metadata(run, previews.get(tuple(key.path))))
    for check in context.selected_asset_check_keys:
        about = [run for run in runs if stretch.tests.get(run.unique_id) == check.asset_key and run.status != "skipped"]
        if about:
            yield tests_of(check.asset_key, about, found)
    refuse_broken(runs, found, stretch.tests)


def _nodes(pond: Pond, verb: str, select: Sequence[str], has_bronze: bool) -> list[NodeRun]:
    """What became of every node, whichever engine builds."""

    def hear(name: str, status: str, spent: float) -> None:
        whisper(f"{name}: {status} in {spent:.1f} s")

    if verb == "build" and pond.settings.target == "spark":
        return build_on_spark(pond, select, dbt_command("test", select), hear, has_bronze)
    return run_nodes(replace(pond.settings, target="duckdb"), dbt_command(verb, select), hear)


def dbt_command(verb: str, select: Sequence[str]) -> list[str]:
    """`build`, or `test` where only checks were asked for. `buildable`: a test runs with the last of the tables that it reads."""
    return [verb, "--select", *select, "--indirect-selection", "buildable", "--exclude-resource-type", "unit_test"]


def _metadata(run: NodeRun, preview: TablePreview | None) -> dict[str, Any]:
    facts: dict[str, Any] = {"seconds": run.seconds}
    if preview:
        facts |= {"dagster/row_count": preview.rows, "preview": dg.MetadataValue.md(preview.markdown)}
    return facts
