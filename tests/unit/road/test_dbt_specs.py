"""What the asset graph keeps of dbt's tables is asked once, and anew when the manifest was written again or the kept file is broken."""

from __future__ import annotations

import json
import os
from pathlib import Path

import dagster as dg
import pytest

from orchestration.defs import dbt_specs, dbt_translation

COLUMNS = dg.TableSchema([dg.TableColumn("order_key", "varchar", "The order. 订单"), dg.TableColumn("paid_at", "?")])


def spec(name: str) -> dg.AssetSpec:
    return dg.AssetSpec(
        ["customer", name],
        deps=[dg.AssetDep(["lake", "context"], metadata={"dagster/table_name": "raw.context"}), ["seeds", "dim_channels"]],
        description="Orders. 订单", group_name="customer", code_version="c0de", kinds={"dbt", "duckdb"},
        metadata={"dagster_dbt/unique_id": f"model.fishpond.{name}", "dagster/column_schema": COLUMNS, "dagster_dbt/manifest": object()},
    )  # fmt: skip


def test_a_spec_is_the_same_after_it_was_kept_but_for_objects_of_a_process() -> None:
    before = spec("fct_orders")
    after = dbt_specs.spec_of(json.loads(json.dumps(dbt_specs.plain(before))))
    said = {name: said for name, said in before.metadata.items() if name != "dagster_dbt/manifest"}
    assert after == before.replace_attributes(metadata=said)


def test_specs_are_made_again_only_for_another_manifest_or_a_broken_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(dbt_translation, "table_specs", lambda parsed, *_: asked.append(parsed["says"]) or [spec(parsed["says"])])
    monkeypatch.setattr(dbt_translation, "tables_of_tests", lambda parsed, specs: {"test.fishpond.t": specs[0].key})
    manifest, kept = tmp_path / "manifest.json", tmp_path / dbt_specs.FILE

    def known(says: str, second: int) -> dict:
        manifest.write_text(json.dumps({"says": says, "nodes": {}}), "utf-8")
        os.utime(manifest, (second, second))
        dbt_specs._known.cache_clear()  # as a new process would
        return dbt_specs.known_specs(manifest, tmp_path)["stretches"]["marts"]

    assert known("first", 1)["tests"] == {"test.fishpond.t": ["customer", "first"]}
    assert known("first", 1)["specs"] == [dbt_specs.plain(spec("first"))]
    assert asked == ["first", "first"], "once for each stretch"
    assert known("again", 2)["specs"] == [dbt_specs.plain(spec("again"))]
    kept.write_text("{", "utf-8")
    assert known("again", 2)["specs"] == [dbt_specs.plain(spec("again"))]
    assert asked == ["first", "first", "again", "again", "again", "again"]
