"""What dbt compiled for a whole road: SQL that every engine reads alike, and a question for every rule."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from orchestration.defs.dbt_runs import manifest_path, target_path
from orchestration.lake.layout import Lake

sys.path.insert(0, str(Path(__file__).parents[1] / "graph"))


def test_what_staging_models_say_of_their_rows_was_asked(walked: Path) -> None:
    lake = Lake(walked / "lake")
    nodes = json.loads(manifest_path(lake).read_text("utf-8"))["nodes"].values()
    claims = {node["name"]: node["config"]["meta"]["holds"] for node in nodes if "holds" in node["config"].get("meta", {})}
    asked = "".join(path.read_text("utf-8") for path in (target_path(lake) / "compiled").rglob("feeds_hold_*.sql"))
    assert len(claims) > 80
    assert [name for name, rules in claims.items() if asked.count(f"'{name}: ") != len(rules)] == []


def test_compiled_sql_keeps_to_the_subset(walked: Path) -> None:
    from sql_subset import compiled_findings

    compiled = sorted((target_path(Lake(walked / "lake")) / "compiled" / "fishpond" / "models").rglob("*.sql"))
    assert len(compiled) > 200
    assert [f"{path.stem}: {finding}" for path in compiled for finding in compiled_findings(path.read_text("utf-8"))] == []
