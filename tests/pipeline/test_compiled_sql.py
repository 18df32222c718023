"""What dbt compiled for a whole road keeps to the SQL that every engine reads alike."""

from __future__ import annotations

import sys
from pathlib import Path

from orchestration.defs.dbt_runs import target_path
from orchestration.lake.layout import Lake

sys.path.insert(0, str(Path(__file__).parents[1] / "graph"))


def test_compiled_sql_keeps_to_the_subset(walked: Path) -> None:
    from sql_subset import compiled_findings

    compiled = sorted((target_path(Lake(walked / "lake")) / "compiled" / "fishpond" / "models").rglob("*.sql"))
    assert len(compiled) > 200
    assert [f"{path.stem}: {finding}" for path in compiled for finding in compiled_findings(path.read_text("utf-8"))] == []
