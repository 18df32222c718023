"""Whether this build goes on from the standing warehouse, and what it needs for that: cost follows the news, safety comes first.

Here: when that is decided, and for which run it holds. Not here: the grounds (lake/news), touched records (lake/news_rows), SQL (dbt).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb

from orchestration.defs.dbt_runs import parsed_project
from orchestration.defs.resources import Pond
from orchestration.lake.build_marks import BuildMark
from orchestration.lake.fingerprints import code_of
from orchestration.lake.news import cover_files, covered_files, file_stamps, month_began, why_whole
from orchestration.lake.news_rows import forget_news, keep_what_stood, write_news
from orchestration.lake.raw import register

if TYPE_CHECKING:
    from dbt.contracts.graph.manifest import Manifest


def read_deliveries(con: duckdb.DuckDBPyConnection, pond: Pond, stood: BuildMark | None, run_id: str) -> tuple[str, str]:
    """Make schema `raw`, and the news since the build `stood` if this one may go on from it; (delivery set, what to say of it).

    `stood` is None where nothing stands. Anything uncertain leaves no news behind, and every table is computed whole.
    """
    before = covered_files(con)
    keep_what_stood(con)
    deliveries = register(con, pond.lake, pond.catalog, pond.held_out(), pond.settings.as_of)
    now = file_stamps(pond.lake, deliveries)
    why, said = None, ""
    may_go_on = stood is not None and pond.settings.target == "duckdb"  # what Spark builds is always whole
    if may_go_on:
        is_same = stood.code == code_of(pond.settings.as_of, pond.settings.target)
        why = why_whole(pond.catalog, before, now) if is_same else "code, contracts or settings are not those of the standing build"
        why = why or ("a new month began" if month_began(con) else None)
        said = f"every table is computed whole: {why}" if why else ""
    if why or not may_go_on:
        forget_news(con)
    else:
        added = now.keys() - (before or {}).keys()
        rows = write_news(con, pond.lake, pond.catalog, added, told_together(parsed_project(pond.settings)))
        con.execute("create table news.of_run as select $1 as run_id", [run_id])
        said = f"goes on from the standing build: {len(added)} deliveries came and touch {rows:,} rows (--full computes everything)"
    cover_files(con, now)
    return deliveries.fingerprint, said


def claim_news(con: duckdb.DuckDBPyConnection, run_id: str) -> None:
    """The marts of a run may use its news once: a second attempt, or another run, could find them half used and computes whole."""
    there = con.execute("select count(*) from duckdb_tables() where schema_name = 'news' and table_name = 'of_run'").fetchone()[0]
    if not there or con.execute("delete from news.of_run where run_id = $1", [run_id]).fetchone()[0] != 1:
        forget_news(con)


def told_together(project: Manifest) -> dict[str, list[str]]:
    """Raw relation → columns: what staging models say of themselves (meta `told_together`) where they join or number several records."""
    models = [node for node in project.nodes.values() if node.resource_type == "model" and "told_together" in node.config.meta]
    return {
        "__".join(source.split(".")[-2:]): list(node.config.meta["told_together"])
        for node in models for source in node.depends_on.nodes if source.startswith("source.")
    }  # fmt: skip
