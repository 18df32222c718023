"""Builds of a lake whose bronze stands: one that goes on from the standing warehouse, one from nothing, and whether their tables differ.

Only dbt builds here, without tests; deliveries, fits and the gate are other rooms' matter.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import duckdb

from orchestration.defs.dbt_runs import NodeRun, parsed_project, run_nodes
from orchestration.defs.going_on import told_together
from orchestration.lake import news
from orchestration.lake.catalog import Catalog
from orchestration.lake.layout import Lake
from orchestration.lake.news_rows import forget_news, keep_what_stood, write_news
from orchestration.lake.raw import register
from orchestration.settings import Settings

TABLES = ("path:models/intermediate", "path:models/marts")
COMPARED = ("intermediate", "customer", "attribution", "ltv", "private_domain", "quality")


def build(
    lake: Lake, catalog: Catalog, settings: Settings, goes_on: bool, select: Sequence[str] = TABLES,
    on_node: Callable[[str, str, float], None] = lambda *_: None,
) -> list[NodeRun]:  # fmt: skip
    """One build of the selected models, going on from the standing warehouse or computing every table from all deliveries.

    `on_node(name, status, seconds)` hears of each node as it ends.
    """
    with duckdb.connect(lake.warehouse) as con:
        before = news.covered_files(con)
        keep_what_stood(con)
        now = news.file_stamps(lake, register(con, lake, catalog, {}))
        if goes_on:
            assert news.why_whole(catalog, before, now) is None
            write_news(con, lake, catalog, now.keys() - before.keys(), told_together(parsed_project(settings)))
        else:
            forget_news(con)
        news.cover_files(con, now)
    arguments = ["build", "--exclude-resource-type", "test", "--exclude-resource-type", "unit_test"]
    if settings.threads:
        arguments += ["--threads", str(settings.threads)]
    runs = run_nodes(settings, [*arguments, "--select", *select], on_node)
    assert [f"{run.name}: {run.message}" for run in runs if run.status != "success"] == []
    return runs


def differing(one: Path, other: Path) -> list[str]:
    """The tables of which two warehouses do not hold the same rows, each as often; every table of all rooms is looked at."""
    with duckdb.connect() as con:
        con.execute(f"attach '{one}' as one (read_only); attach '{other}' as other (read_only); set enable_progress_bar = false")
        listed = "select schema_name || '.' || table_name from duckdb_tables() where database_name = 'other' and schema_name in $1"
        names = [name for (name,) in con.execute(f"{listed} order by 1", [list(COMPARED)]).fetchall()]
        sides = "((from one.{0} except all from other.{0}) union all (from other.{0} except all from one.{0}))"
        return [name for name in names if con.execute(f"select count(*) from {sides.format(name)}").fetchone()[0]]
