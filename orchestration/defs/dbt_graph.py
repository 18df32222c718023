"""The dbt project as Dagster sees it: assets per stretch of the road, one check per tested table, and their names.

Here: the stretches. Not here: what becomes of the manifest (dbt_specs), running dbt (dbt_runs), what a run's results become (warehouse).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import dagster as dg

from orchestration.defs.dbt_runs import PROJECT, manifest_path, prepare_manifest
from orchestration.defs.dbt_specs import SELECTIONS, known_specs, spec_of
from orchestration.lake.catalog import load_catalog
from orchestration.lake.layout import Lake
from orchestration.settings import read_settings

DATA_TESTS = "data_tests"
UNIQUE_ID = "dagster_dbt/unique_id"


@dataclass(frozen=True)
class Stretch:
    """One dbt invocation's part of the graph. `tables` and `tests` map dbt's unique ids to the asset they build or speak about."""

    name: str
    select: str
    specs: tuple[dg.AssetSpec, ...]
    tables: Mapping[str, dg.AssetKey]
    tests: Mapping[str, dg.AssetKey]

    def selecting(self, keys: Collection[dg.AssetKey]) -> list[str]:
        """What to give dbt to select just these tables: their names (what a unique id says beside them would match nothing)."""
        return [unique_id.split(".")[2] for unique_id, key in self.tables.items() if key in keys]

    @property
    def check_specs(self) -> list[dg.AssetCheckSpec]:
        """One check per tested table: 450 single ones cost 8 s of event log in every run and are a list nobody reads."""
        tested = sorted(set(self.tests.values()))
        return [dg.AssetCheckSpec(DATA_TESTS, asset=key, description="All dbt data tests on this table.") for key in tested]


def load_stretch(name: str) -> Stretch:
    """The stretch of this name and its nodes."""
    said = _known()["stretches"][name]
    specs = tuple(spec_of(facts) for facts in said["specs"])
    tables = {spec.metadata[UNIQUE_ID]: spec.key for spec in specs}
    return Stretch(name, SELECTIONS[name], specs, tables, {test: dg.AssetKey(path) for test, path in said["tests"].items()})


def published_grains() -> dict[str, tuple[str, ...]]:
    """`schema.table` of every mart → grain columns (empty where the model does not say), sorted by name."""
    return {table: tuple(grain) for table, grain in _known()["grains"].items()}


def _known() -> dict[str, Any]:
    """What is known of the project's tables. A lake that never had a manifest gets one now (15 s, once)."""
    settings = read_settings()
    lake = Lake(settings.lake)
    if not manifest_path(lake).exists():
        prepare_manifest(settings, load_catalog())
    return known_specs(manifest_path(lake), PROJECT)
