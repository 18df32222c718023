"""One name, four places: contract, landing folder and asset key, dbt source, staging model; and suites that name something real."""

from __future__ import annotations

from expectations.checks import load_suites
from orchestration.lake.catalog import Catalog


def test_every_export_is_a_dbt_source_under_its_asset_key(manifest: dict, catalog: Catalog) -> None:
    sources = {
        f"{node['source_name']}/{node['name']}": (node["schema"], node["identifier"], node["config"]["meta"]["dagster"]["asset_key"])
        for node in manifest["sources"].values()
        if node["source_name"] not in {"lake", "analytics"}
    }
    assert sources == {ref.id: ("raw", ref.relation, ["raw", ref.platform.platform, ref.name]) for ref in catalog.exports.values()}


def test_every_export_feeds_staging_models_of_its_name(manifest: dict, catalog: Catalog) -> None:
    models = {node["name"] for node in manifest["nodes"].values() if node["resource_type"] == "model"}
    wanted = {
        f"stg_{ref.relation}" + (f"__{suffix}" if suffix else "")
        for ref in catalog.exports.values()
        for suffix in ref.export.feeds.values()
    }
    assert sorted(wanted - models) == []


def test_every_staging_model_belongs_to_a_feed(manifest: dict, catalog: Catalog) -> None:
    known = {f"stg_{ref.relation}" for ref in catalog.exports.values()}
    staging = [node["name"] for node in manifest["nodes"].values() if node["resource_type"] == "model" and node["schema"] == "staging"]
    assert [name for name in staging if "__".join(name.split("__")[:2]) not in known] == []


def test_every_suite_names_an_export_or_a_table(manifest: dict, catalog: Catalog) -> None:
    relations = {ref.relation for ref in catalog.exports.values()}
    tables = {f"{node['schema']}__{node['name']}" for node in manifest["nodes"].values() if node["resource_type"] in {"model", "seed"}}
    assert [suite.name for suite in load_suites() if suite.name not in relations | tables] == []
