"""The dbt manifest as it stands on disk, read once, and what it says of published tables: their grains."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from orchestration.defs.gate import MARTS


def mart_grains(manifest: Path) -> dict[str, tuple[str, ...]]:
    """`schema.table` → grain columns (`config.meta.grain`; empty where the model does not say), sorted by name."""
    grains = {f"{node['schema']}.{node['name']}": tuple(node["config"]["meta"].get("grain", ())) for node in _marts(manifest)}
    return dict(sorted(grains.items()))


def read_manifest(manifest: Path) -> dict[str, Any]:
    """The manifest of this path; one that stands unchanged is read once, since all parts of the code location ask for its 5 MB."""
    return _read(manifest, manifest.stat().st_mtime_ns)


@lru_cache(maxsize=1)
def _read(manifest: Path, _changed_at: int) -> dict[str, Any]:
    return json.loads(manifest.read_text("utf-8"))


def _marts(manifest: Path) -> Iterator[dict[str, Any]]:
    nodes = read_manifest(manifest)["nodes"].values()
    return (node for node in nodes if node["resource_type"] == "model" and node["schema"] in MARTS)
