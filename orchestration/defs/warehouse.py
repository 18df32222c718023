"""The two dbt stretches of the road: raw → canonical relations, and canonical relations → marts.

Here: what dbt's nodes are called in the asset graph, and the build's marks around them. Not here: SQL (dbt_project) and how dbt is called.
"""

import time
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DagsterDbtTranslatorSettings, DbtProject, dbt_assets

from orchestration.defs.dbt_runs import PROJECT, NodeRun, manifest_path, prepare_manifest, run_nodes, target_path
from orchestration.defs.resources import Pond, open_warehouse
from orchestration.defs.run_log import say, whisper
from orchestration.lake import build_marks
from orchestration.lake.catalog import load_catalog
from orchestration.lake.fingerprints import code_of, landing_fingerprint
from orchestration.lake.layout import Lake
from orchestration.lake.previews import TablePreview, preview_tables
from orchestration.lake.raw import register
from orchestration.settings import Settings, read_settings

CANONICAL = "path:models/staging path:models/intermediate path:seeds"
MARTS = "path:models/marts"
UNIQUE_ID = "dagster_dbt/unique_id"


class Translator(DagsterDbtTranslator):
    """Names of dbt nodes in the asset graph: `<schema>/<model>`, grouped by layer; a source's key stands in its own meta."""

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> dg.AssetKey:
        if dbt_resource_props["resource_type"] in {"model", "seed"}:
            return dg.AssetKey([dbt_resource_props["schema"], dbt_resource_props["name"]])
        return super().get_asset_key(dbt_resource_props)

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str | None:
        return dbt_resource_props["schema"]

    def get_description(self, dbt_resource_props: Mapping[str, Any]) -> str:
        return dbt_resource_props.get("description") or dbt_resource_props["name"]


def _project() -> DbtProject:
    """The dbt project with its manifest; a lake that never had one gets it parsed now (10 s, once)."""
    settings = read_settings()
    lake = Lake(settings.lake)
    if not manifest_path(lake).exists():
        prepare_manifest(settings, load_catalog())
    return DbtProject(PROJECT, target_path=target_path(lake))


PROJECT_FILES = _project()
TRANSLATOR = Translator(DagsterDbtTranslatorSettings(enable_source_tests_as_checks=False))


@dbt_assets(
    manifest=PROJECT_FILES.manifest_path, select=CANONICAL, name="canonical", project=PROJECT_FILES, dagster_dbt_translator=TRANSLATOR
)
def canonical(context: dg.AssetExecutionContext, pond: Pond) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
    """Staging, seeds and the canonical relations, over exactly the deliveries that passed their fence."""
    lake = pond.lake
    if context.is_subset:
        build_marks.forget_build(lake)
        yield from _stretch(context, pond.settings, CANONICAL)
        return
    why = "asked for (--full)" if pond.full else build_marks.why_from_nothing(lake)
    if why:
        say(context, f"the warehouse is built from nothing: {why}")
        build_marks.drop_warehouse(lake)
    build_marks.begin_build(lake, code_of(pond.settings.as_of), landing_fingerprint(pond.deliveries))
    with open_warehouse(lake, pond.settings) as con:
        deliveries = register(con, lake, pond.catalog, pond.held_out(), pond.settings.as_of)
    yield from _stretch(context, pond.settings, CANONICAL)
    build_marks.mark_canonical(lake, context.run_id, deliveries.fingerprint)


@dbt_assets(manifest=PROJECT_FILES.manifest_path, select=MARTS, name="marts", project=PROJECT_FILES, dagster_dbt_translator=TRANSLATOR)
def marts(context: dg.AssetExecutionContext, pond: Pond) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
    """The candidate tables; the end mark is set when every one of them stands."""
    lake = pond.lake
    build_marks.need_canonical(lake)
    build_marks.forget_marts(lake)
    yield from _stretch(context, pond.settings, MARTS)
    if not context.is_subset:
        build_marks.end_build(lake, context.run_id)


def _stretch(context: dg.AssetExecutionContext, settings: Settings, select: str) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
    """One dbt build; every node becomes an asset event or a check result, and a broken or refused build fails the step by name."""
    assets = {spec.metadata[UNIQUE_ID]: spec.key for spec in context.assets_def.specs if spec.key in context.selected_asset_keys}
    if context.is_subset:
        select = " ".join(unique_id.split(".", 1)[1] for unique_id in assets)
    command = ["build", "--select", *select.split(), "--indirect-selection", "buildable", "--exclude-resource-type", "unit_test"]
    if settings.target != "duckdb":
        command += ["--target", settings.target]
    started = time.monotonic()
    runs = run_nodes(settings, command, lambda name, status, seconds: whisper(f"{name}: {status} in {seconds:.1f} s"))
    kinds = Counter(run.kind for run in runs if run.status not in ("skipped", "error"))
    done = f"{kinds['model'] + kinds['seed']} tables and views, {kinds['test']} data tests in {time.monotonic() - started:.1f} s"
    say(context, f"{context.op_handle.name if context.op_handle else 'dbt'}: {done}")
    with open_warehouse(Lake(settings.lake), settings, read_only=True) as con:
        built = [assets[run.unique_id] for run in runs if run.unique_id in assets and run.status == "success"]
        previews = preview_tables(con, [tuple(key.path) for key in built])
    checks = {spec.metadata[UNIQUE_ID]: spec.key for spec in context.assets_def.check_specs}
    for run in runs:
        if run.unique_id in assets and run.status == "success":
            key = assets[run.unique_id]
            yield dg.MaterializeResult(asset_key=key, metadata=_metadata(run, previews.get(tuple(key.path))))
        elif checks.get(run.unique_id) in context.selected_asset_check_keys and run.status != "skipped":
            yield _check(run, checks[run.unique_id])
    refuse_broken(runs)


def refuse_broken(runs: list[NodeRun]) -> None:
    """Raise if a model broke (a fault of ours) or a test of severity error failed (a fault of the data, exit 1 at the CLI)."""
    broken = [run for run in runs if run.status == "error"]
    if broken:
        raise dg.Failure("dbt broke at " + "; ".join(f"{run.name}: {run.message}" for run in broken[:5]), allow_retries=False)
    failed = [run for run in runs if run.status == "fail"]
    if failed:
        named = "; ".join(f"{run.name} ({run.failures} rows)" for run in failed[:5])
        raise dg.Failure(f"{len(failed)} data tests failed: {named}", metadata={"refused_by": "data tests"}, allow_retries=False)


def _metadata(run: NodeRun, preview: TablePreview | None) -> dict[str, Any]:
    facts: dict[str, Any] = {"seconds": run.seconds}
    if preview:
        facts |= {"dagster/row_count": preview.rows, "preview": dg.MetadataValue.md(preview.markdown)}
    return facts


def _check(run: NodeRun, key: dg.AssetCheckKey) -> dg.AssetCheckResult:
    return dg.AssetCheckResult(
        check_name=key.name,
        asset_key=key.asset_key,
        passed=run.status == "pass",
        severity=dg.AssetCheckSeverity.WARN if run.status == "warn" else dg.AssetCheckSeverity.ERROR,
        metadata={"failing_rows": run.failures, "message": run.message, "sql": dg.MetadataValue.md(f"```sql\n{run.sql}\n```")},
    )
