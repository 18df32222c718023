"""The pepper is made once and guarded; sample and real files never meet."""

from __future__ import annotations

import stat

import pytest
from builders.pond import Pond

from orchestration.lake.marker import MixedLake, check_not_mixed, lake_kind, mark_sample
from orchestration.lake.pepper import PepperChanged, resolve_pepper


def test_a_pepper_is_made_once_for_its_owner_alone(pond: Pond) -> None:
    first = resolve_pepper(pond.lake, None)
    assert len(first) == 64 and resolve_pepper(pond.lake, None) == first
    assert stat.S_IMODE((pond.lake.landing / ".pepper").stat().st_mode) == 0o600
    assert stat.S_IMODE(pond.lake.landing.stat().st_mode) == 0o700
    assert first.decode() not in (pond.lake.bronze / ".pepper-fingerprint").read_text()


def test_another_pepper_is_refused_with_the_way_out(pond: Pond) -> None:
    resolve_pepper(pond.lake, "a" * 32)
    assert resolve_pepper(pond.lake, "a" * 32) == b"a" * 32
    with pytest.raises(PepperChanged, match="FISHPOND_PEPPER"):
        resolve_pepper(pond.lake, "b" * 32)


def test_a_lost_pepper_is_not_replaced_in_silence(pond: Pond) -> None:
    resolve_pepper(pond.lake, None)
    (pond.lake.landing / ".pepper").unlink()
    with pytest.raises(PepperChanged, match="gone"):
        resolve_pepper(pond.lake, None)


def test_a_lake_is_empty_sample_or_real(pond: Pond) -> None:
    resolve_pepper(pond.lake, None)
    assert lake_kind(pond.lake) == "empty"
    file = pond.deliver("a")
    assert lake_kind(pond.lake) == "real"
    mark_sample(pond.lake, [file])
    assert lake_kind(pond.lake) == "sample"
    check_not_mixed(pond.lake)


def test_a_real_file_in_a_sample_lake_is_refused_with_the_command_that_clears_it(pond: Pond) -> None:
    mark_sample(pond.lake, [pond.deliver("a")])
    pond.deliver("b", "real_20261001.csv")
    with pytest.raises(MixedLake, match="rm -rf"):
        check_not_mixed(pond.lake)
