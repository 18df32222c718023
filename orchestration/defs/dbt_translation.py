"""What Dagster's dbt integration makes of the manifest: names, specs and tests of the asset graph.

Here: how a dbt node is called in the graph, and which table a test speaks about. The integration is imported late, since the code location
imports every module of this folder. Not here: keeping the outcome (dbt_specs).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import dagster as dg

UNIQUE_ID = "dagster_dbt/unique_id"


def table_specs(manifest: Mapping[str, Any], project: Path, target: Path, select: str) -> list[dg.AssetSpec]:
    """One spec per model and seed of a dbt selection. `project`: the dbt project's folder; `target`: where its manifest lies."""
    from dagster_dbt import DagsterDbtTranslator, DbtProject, build_dbt_asset_specs

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

    where = DbtProject(project, target_path=target)
    return list(build_dbt_asset_specs(manifest=_tables_of(manifest), dagster_dbt_translator=Translator(), select=select, project=where))


def tables_of_tests(manifest: Mapping[str, Any], specs: list[dg.AssetSpec]) -> dict[str, dg.AssetKey]:
    """Unique id of every data test on these tables → the one that it speaks about."""
    tables = {spec.metadata[UNIQUE_ID]: spec.key for spec in specs}
    nodes = manifest["nodes"].values()
    return {node["unique_id"]: about for node in nodes if node["resource_type"] == "test" and (about := _about(node, tables))}


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
