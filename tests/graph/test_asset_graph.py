"""The whole road as Dagster sees it: it loads, has the jobs people know, and changes only on purpose."""

from __future__ import annotations

import subprocess
import sys

import dagster as dg

from orchestration.defs.dbt_runs import PROJECT, target_path
from orchestration.defs.dbt_specs import SELECTIONS, plain
from orchestration.defs.dbt_translation import table_specs, tables_of_tests
from orchestration.lake.catalog import Catalog
from orchestration.lake.layout import Lake


def test_asset_graph_is_the_one_we_agreed_on(asset_graph, golden) -> None:
    lines = []
    for key in sorted(asset_graph.get_all_asset_keys()):
        parents = sorted(parent.to_user_string() for parent in asset_graph.get(key).parent_keys)
        lines.append(f"{key.to_user_string()} <- {' '.join(parents)}".rstrip(" <-"))
    golden("asset_graph.txt", "\n".join(lines) + "\n")


def test_jobs_schedules_and_sensor_have_their_names(code_location: dg.Definitions) -> None:
    assert {job.name for job in code_location.jobs} == {"road", "land", "canonical", "analytics", "marts", "publish"}
    assert {schedule.name: (schedule.cron_schedule, schedule.execution_timezone) for schedule in code_location.schedules} == {
        "road_at_0730": ("30 7 * * *", "Asia/Shanghai"),
        "road_at_1030": ("30 10 * * *", "Asia/Shanghai"),
    }
    assert {sensor.name for sensor in code_location.sensors} == {"deliveries_arrived", "run_failed", "run_recovered", "sources_late"}


def test_the_location_loads_as_the_ui_loads_it(code_location: dg.Definitions) -> None:
    assert code_location.get_repository_def().job_names, "a job and a step of one name break the location only here"


def test_the_road_is_every_asset_and_every_check(code_location: dg.Definitions, asset_graph) -> None:
    road = code_location.resolve_job_def("road")
    assert set(road.asset_layer.executable_asset_keys) == set(asset_graph.get_all_asset_keys())
    assert set(road.asset_layer.selected_asset_keys) >= {check.asset_key for check in asset_graph.asset_check_keys}


def test_one_table_asked_for_is_the_one_that_dbt_selects(code_location: dg.Definitions, manifest: dict) -> None:
    from dbt.graph.selector_methods import is_selected_node

    from orchestration.defs.warehouse import CANONICAL, MARTS

    for stretch in (CANONICAL, MARTS):
        for key in stretch.tables.values():
            (name,) = stretch.selecting({key})
            nodes = (node for node in manifest["nodes"].values() if node["resource_type"] in ("model", "seed"))
            assert [node["name"] for node in nodes if is_selected_node(node["fqn"], name, False)] == [key.path[-1]]


def test_every_asset_has_a_group_and_a_description(asset_graph) -> None:
    keys = asset_graph.get_all_asset_keys()
    assert [key.to_user_string() for key in keys if not (_spec(asset_graph, key).group_name and _said(asset_graph, key))] == []


def test_every_raw_asset_is_an_export_of_a_contract(asset_graph, catalog: Catalog) -> None:
    raw = {"/".join(key.path[1:]) for key in asset_graph.get_all_asset_keys() if key.path[0] == "raw"}
    assert raw == set(catalog.exports)


def test_the_code_location_loads_without_what_only_steps_need(code_location: dg.Definitions, lake_root) -> None:
    asked = "import sys; from orchestration.definitions import defs; defs(); print(*sys.modules)"
    told = subprocess.run([sys.executable, "-c", asked], check=True, capture_output=True, text=True).stdout
    late = {"great_expectations", "scipy.optimize", "scipy.special", "pandas", "dbt", "dagster_dbt"}  # seconds, at each opening of the UI
    assert not late & set(told.split())


def test_the_kept_specs_are_what_the_integration_makes_of_the_manifest(manifest: dict, lake_root) -> None:
    from orchestration.defs.warehouse import CANONICAL, MARTS

    target = target_path(Lake(lake_root))
    for name, stretch in (("canonical", CANONICAL), ("marts", MARTS)):
        specs = table_specs(manifest, PROJECT, target, SELECTIONS[name])
        assert [plain(spec) for spec in stretch.specs] == [plain(spec) for spec in specs]
        assert [spec.tags for spec in stretch.specs] == [spec.tags for spec in specs]
        assert stretch.tests == tables_of_tests(manifest, specs)
    unkept = {name for spec in specs for name in spec.metadata if name not in stretch.specs[0].metadata}
    assert unkept == {"dagster_dbt/manifest", "dagster_dbt/project", "dagster_dbt/dagster_dbt_translator", "dagster_dbt/project_id"}


def _spec(asset_graph, key: dg.AssetKey) -> dg.AssetSpec:
    return asset_graph.get(key).assets_def.get_asset_spec(key)


def _said(asset_graph, key: dg.AssetKey) -> str:
    return (_spec(asset_graph, key).description or "").strip()
