"""The layers of the dbt project, as its manifest tells them: who may read whom, and what every published table must say of itself."""

from __future__ import annotations

import re

import pytest

MAY_READ = {  # schema of the reader → schemas it may read; raw sources by `raw`, the loader's and the numerics' by their source name
    "staging": {"raw", "lake", "seeds"},
    "intermediate": {"staging", "intermediate", "seeds", "lake", "analytics"},
    "marts": {"intermediate", "seeds", "marts", "lake", "analytics"},
}
# written by a loop over the registry, for every export alike
OVER_ALL_SOURCES = {"int_identity_keys", "int_coverage__observed", "int_spend__reported"}
MARTS = {"customer", "attribution", "ltv", "private_domain", "quality"}
GRAIN = re.compile(r"One row per [^.]+\.$")


@pytest.fixture(scope="module")
def models(manifest: dict) -> dict[str, dict]:
    return {key: node for key, node in manifest["nodes"].items() if node["resource_type"] == "model"}


def test_models_read_only_the_layers_below_them(manifest: dict, models: dict) -> None:
    wrong = [
        f"{node['name']} reads {parent}"
        for node in models.values()
        for parent in node["depends_on"]["nodes"]
        if _layer(manifest, parent) not in MAY_READ[_layer(manifest, node["unique_id"])]
        and not (node["name"] in OVER_ALL_SOURCES and parent.startswith("source."))
    ]
    assert wrong == []


def test_staging_reads_one_platform_only(manifest: dict, models: dict) -> None:
    wrong = [
        f"{node['name']} reads {parent}"
        for node in models.values()
        if node["schema"] == "staging"
        for parent in node["depends_on"]["nodes"]
        if _layer(manifest, parent) == "raw" and parent.split(".")[2] != node["name"].removeprefix("stg_").split("__")[0]
    ]
    assert wrong == []


def test_names_say_the_layer(models: dict) -> None:
    prefix = {"staging": "stg_", "intermediate": "int_"}
    assert [node["name"] for node in models.values() if not node["name"].startswith(prefix.get(node["schema"], ""))] == []
    assert [n["name"] for n in models.values() if n["schema"] in MARTS and n["name"].startswith(("stg_", "int_"))] == []


def test_every_mart_has_an_enforced_contract_and_described_columns(models: dict) -> None:
    marts = [node for node in models.values() if node["schema"] in MARTS]
    assert [node["name"] for node in marts if not node["contract"]["enforced"]] == []
    bare = [f"{node['name']}.{name}" for node in marts for name, column in node["columns"].items() if not column["description"].strip()]
    assert bare == []


def test_columns_are_described_in_english_and_chinese(models: dict) -> None:
    wrong = [
        f"{node['name']}.{name}"
        for node in models.values()
        if node["schema"] in MARTS
        for name, column in node["columns"].items()
        if not (re.search("[a-z]", column["description"]) and re.search("[\u4e00-\u9fff]", column["description"]))
    ]
    assert wrong == []


def test_every_mart_ends_its_description_with_its_grain(models: dict) -> None:
    wrong = [node["name"] for node in models.values() if node["schema"] in MARTS and not GRAIN.search(node["description"].strip())]
    assert wrong == []


def test_what_a_staging_model_says_of_its_rows_is_tested_where_it_feeds(manifest: dict, models: dict) -> None:
    claims = {key for key, node in models.items() if node["config"]["meta"].get("holds")}
    tests = [node for node in manifest["nodes"].values() if node["resource_type"] == "test"]
    asked = [node for node in tests if (node.get("test_metadata") or {}).get("name") == "feeds_hold"]
    assert len(claims) > 80
    assert claims - {parent for node in asked for parent in node["depends_on"]["nodes"]} == set()


def test_nothing_reads_the_wall_clock(models: dict) -> None:
    clock = re.compile(r"\b((now|today|getdate|random|uuid|gen_random_uuid)\s*\(|(current_date|current_timestamp|localtimestamp)\b)", re.I)
    sql = {node["name"]: re.sub(r"--.*|\{#.*?#\}", "", node["raw_code"]) for node in models.values()}
    assert [name for name, code in sql.items() if clock.search(re.sub(r"'[^']*'", "", code))] == []


def _layer(manifest: dict, unique_id: str) -> str:
    if unique_id.startswith("source."):
        source = manifest["sources"][unique_id]
        return source["source_name"] if source["source_name"] in {"lake", "analytics"} else "raw"
    schema = manifest["nodes"][unique_id]["schema"]
    return "marts" if schema in MARTS else schema
