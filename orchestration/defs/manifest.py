"""What the dbt manifest says of published tables: their asset keys and their grains."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from orchestration.defs.gate import MARTS


def mart_grains(manifest: Path) -> dict[str, tuple[str, ...]]:
    """`schema.table` → grain columns (`config.meta.grain`; empty where the model does not say), sorted by name."""
    grains = {f"{node['schema']}.{node['name']}": tuple(node["config"]["meta"].get("grain", ())) for node in _marts(manifest)}
    return dict(sorted(grains.items()))


def _marts(manifest: Path) -> Iterator[dict[str, Any]]:
    nodes = json.loads(manifest.read_text("utf-8"))["nodes"].values()
    return (node for node in nodes if node["resource_type"] == "model" and node["schema"] in MARTS)
