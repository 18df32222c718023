"""The dbt manifest is read once as long as it stands unchanged, and anew when dbt wrote it again."""

from __future__ import annotations

import json
import os
from pathlib import Path

from orchestration.defs.manifest import mart_grains, read_manifest


def test_a_manifest_that_was_written_again_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "manifest.json"
    for second, grain in enumerate((["order_key"], ["order_key", "model"])):
        mart = {"resource_type": "model", "schema": "customer", "name": "fct_orders", "config": {"meta": {"grain": grain}}}
        path.write_text(json.dumps({"nodes": {"model.fishpond.fct_orders": mart}}), "utf-8")
        os.utime(path, (second, second))
        assert mart_grains(path) == {"customer.fct_orders": tuple(grain)}
        assert read_manifest(path) is read_manifest(path)
