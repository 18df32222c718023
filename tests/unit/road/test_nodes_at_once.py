"""How many models dbt builds at once: as many as share the memory without spilling."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from orchestration.defs.dbt_runs import nodes_at_once
from orchestration.settings import Settings, memory_bytes


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A lake whose bronze is 11 MB."""
    file = tmp_path / "bronze" / "crm" / "members" / "delivery.parquet"
    file.parent.mkdir(parents=True)
    file.write_bytes(bytes(11_000_000))
    return Settings(lake=tmp_path, memory_limit="100MB")


def test_large_models_have_all_memory_to_themselves(settings: Settings) -> None:
    assert nodes_at_once(settings) == ["--threads", "1"]


def test_where_memory_is_plenty_the_profile_says_how_many(settings: Settings) -> None:
    assert nodes_at_once(replace(settings, memory_limit="120MB")) == []
    assert nodes_at_once(replace(settings, memory_limit="70%")) == []


def test_a_cluster_has_memory_of_its_own(settings: Settings) -> None:
    assert nodes_at_once(replace(settings, target="spark")) == []


def test_sizes_are_read_as_the_engine_reads_them() -> None:
    assert [memory_bytes(said) for said in ("4GB", "800MB", "0.5GiB")] == [4e9, 8e8, 2**29]
    assert memory_bytes("50%") == pytest.approx(memory_bytes("100%") / 2)
