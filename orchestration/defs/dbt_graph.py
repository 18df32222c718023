"""The dbt project as Dagster sees it: assets per stretch of the road, one check per tested table, and their names.

Here: names and specs, read from the manifest. Not here: running dbt (dbt_runs), what a run's results become (warehouse).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DbtProject, build_dbt_asset_specs

from orchestration.defs.dbt_runs import PROJECT, manifest_path, prepare_manifest, target_path
from orchestration.defs.manifest import read_manifest
from orchestration.lake.catalog import load_catalog
from orchestration.lake.layout import Lake
from orchestration.settings import read_settings

DATA_TESTS = "data_tests"
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


@dataclass(frozen=True)
class Stretch:
    """One dbt invocation's part of the graph. `tables` and `tests` map dbt's unique ids to the asset they build or speak about."""

    name: str
    select: str
    specs: tuple[dg.AssetSpec, ...]
    tables: Mapping[str, dg.AssetKey]
    tests: Mapping[str, dg.AssetKey]

    def selecting(self, keys: Collection[dg.AssetKey]) -> list[str]:
        """What to give dbt to select just these tables: their names (what a unique id says beside them would match nothing)."""
        return [unique_id.split(".")[2] for unique_id, key in self.tables.items() if key in keys]

    @property
    def check_specs(self) -> list[dg.AssetCheckSpec]:
        """One check per tested table: 450 single ones cost 8 s of event log in every run and are a list nobody reads."""
        tested = sorted(set(self.tests.values()))
        return [dg.AssetCheckSpec(DATA_TESTS, asset=key, description="All dbt data tests on this table.") for key in tested]


def load_stretch(name: str, select: str) -> Stretch:
    """The stretch of the nodes that a dbt selection names. A lake that never had a manifest gets one now (15 s, once)."""
    project = _project()
    manifest = read_manifest(project.manifest_path)
    specs = tuple(
        build_dbt_asset_specs(manifest=_tables_of(manifest), dagster_dbt_translator=Translator(), select=select, project=project)
    )
    tables = {spec.metadata[UNIQUE_ID]: spec.key for spec in specs}
    nodes = manifest["nodes"].values()
    tests = {node["unique_id"]: about for node in nodes if node["resource_type"] == "test" and (about := _about(node, tables))}
    return Stretch(name, select, specs, tables, tests)


def _tables_of(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """The manifest without its tests: dagster-dbt takes a second to build each of them anew, for a selection that names none."""
    nodes = {name: node for name, node in manifest["nodes"].items() if node["resource_type"] in ("model", "seed")}
    known = nodes.keys() | manifest["sources"].keys()
    child_map = {name: [child for child in below if child in known] for name, below in manifest["child_map"].items() if name in known}
    return {**manifest, "nodes": nodes, "unit_tests": {}, "child_map": child_map}


def _about(test: Mapping[str, Any], tables: Mapping[str, dg.AssetKey]) -> dg.AssetKey | None:
    """The table a test speaks about: the one it is written under, else the last of those that it reads; None in another stretch."""
    candidates = [test.get("attached_node"), *sorted(test["depends_on"]["nodes"], reverse=True)]
    return next((tables[node] for node in candidates if node in tables), None)


@cache
def _project() -> DbtProject:
    settings = read_settings()
    lake = Lake(settings.lake)
    if not manifest_path(lake).exists():
        prepare_manifest(settings, load_catalog())
    return DbtProject(PROJECT, target_path=target_path(lake))
