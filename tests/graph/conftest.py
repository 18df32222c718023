"""The code location and the dbt manifest, loaded once."""

from __future__ import annotations

import json
from pathlib import Path

import dagster as dg
import pytest

from orchestration.defs.dbt_runs import manifest_path, prepare_manifest
from orchestration.lake.catalog import Catalog, load_catalog
from orchestration.lake.layout import Lake
from orchestration.settings import read_settings


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    return load_catalog()


@pytest.fixture(scope="session")
def manifest(lake_root: Path, catalog: Catalog) -> dict:
    Lake(lake_root).prepare()
    prepare_manifest(read_settings(), catalog)
    return json.loads(manifest_path(Lake(lake_root)).read_text("utf-8"))


@pytest.fixture(scope="session")
def code_location(manifest: dict) -> dg.Definitions:
    from orchestration.definitions import defs

    return defs()


@pytest.fixture(scope="session")
def asset_graph(code_location: dg.Definitions) -> dg.AssetsDefinition:
    return code_location.resolve_asset_graph()
