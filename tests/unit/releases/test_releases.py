"""What readers see: one link, switched in one step, whatever happens in between; going back, and keeping a few."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import duckdb
import pytest

from orchestration.lake import durable, history, releases, rollback
from orchestration.lake.history import read_history
from orchestration.lake.layout import Lake
from orchestration.lake.releases import current_version, list_versions, next_version, number, prune, release_matches, sweep, switch
from orchestration.lake.rollback import read_hold, resume
from tests.unit.releases.conftest import fill, orders_seen

Publish = Callable[..., str]


def test_the_number_grows_forever(lake: Lake, publish: Publish) -> None:
    assert publish() == "2026-09-30.001"
    publish()
    prune(lake, keep=1)
    assert next_version(lake, date(2026, 10, 1)) == "2026-10-01.003"
    (lake.releases / ".building-2026-10-01.1007").mkdir()
    assert next_version(lake, date(2026, 10, 1)) == "2026-10-01.1008"
    assert number("2026-10-01.1008") > number("2026-12-31.009")


def test_a_reader_keeps_the_old_version_and_the_next_one_sees_the_new(lake: Lake, publish: Publish) -> None:
    publish()
    with duckdb.connect(str(lake.current / "fishpond.duckdb"), read_only=True) as reader:
        fill(lake, orders=20)
        publish()
        assert reader.execute("select count(*) from customer.fct_orders").fetchall() == [(10,)]
        assert orders_seen(lake) == 20
        prune(lake, keep=1)
        assert reader.execute("select sum(receivable_cny) from customer.fct_orders").fetchall()[0][0] == 1000


def test_the_catalog_is_named_alike_in_every_version(lake: Lake, publish: Publish) -> None:
    publish()
    with duckdb.connect(str(lake.current / "fishpond.duckdb"), read_only=True) as con:
        assert con.execute("select current_database()").fetchall() == [("fishpond",)]


STEPS = [
    (releases, "write_release_files"), (releases, "sync_tree"), (releases.os, "rename"), (releases, "_seal"),
    (releases.Path, "symlink_to"), (releases.os, "replace"), (releases, "record"),
    (durable.os, "fsync"), (history, "append_durably"),
]  # fmt: skip


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize(("owner", "step"), STEPS, ids=[step for _, step in STEPS])
def test_a_kill_leaves_a_whole_version_and_the_next_run_cleans_up(
    lake: Lake, publish: Publish, monkeypatch: pytest.MonkeyPatch, owner: object, step: str, after: bool
) -> None:
    """Killed right before or right after each step: readers see the old or the new version, whole; then all is as if nothing was."""
    publish()
    fill(lake, orders=20)
    honest = getattr(owner, step)

    def kill(*given: object, **named: object) -> None:
        if after:
            honest(*given, **named)
        raise KeyboardInterrupt(step)

    with monkeypatch.context() as patch:
        patch.setattr(owner, step, kill)
        with pytest.raises(KeyboardInterrupt):
            publish()
    assert orders_seen(lake) in (10, 20)
    version = publish()
    assert orders_seen(lake) == 20 and current_version(lake) == version
    assert [path.name for path in lake.published.glob(".*")] == []
    assert [path.name for path in lake.releases.glob(".*")] == []
    seen = [event.version for event in read_history(lake) if event.event == "published"]
    assert seen[0] == "2026-09-30.001" and seen[-1] == version and len(seen) == len(set(seen))


def test_a_switch_whose_record_was_lost_is_written_down(lake: Lake, publish: Publish) -> None:
    publish()
    second = publish()
    switch(lake, "2026-09-30.001")
    sweep(lake)
    last = read_history(lake)[-1]
    assert (last.version, last.replaced, last.reason) == ("2026-09-30.001", second, "recovered")


def test_a_torn_last_line_of_history_is_forgotten(lake: Lake, publish: Publish) -> None:
    publish()
    path = lake.published / "history.jsonl"
    path.write_text(path.read_text("utf-8") + '{"event": "publ', "utf-8")
    assert len(read_history(lake)) == 1
    publish()
    assert [event.event for event in read_history(lake)] == ["published", "published"]


def test_retention_keeps_the_newest_and_always_the_one_that_is_seen(lake: Lake, publish: Publish) -> None:
    versions = [publish() for _ in range(5)]
    rollback.rollback(lake, versions[1])
    assert prune(lake, keep=2) == [versions[0], versions[2]]
    assert list_versions(lake) == [versions[1], versions[3], versions[4]]
    assert prune(lake, keep=0) == [versions[3]]  # the newest stays even if nobody wants any


def test_a_kill_while_pruning_leaves_no_half_release(lake: Lake, publish: Publish, monkeypatch: pytest.MonkeyPatch) -> None:
    versions = [publish() for _ in range(3)]

    def kill(folder: Path) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(shutil, "rmtree", kill)
        with pytest.raises(KeyboardInterrupt):
            prune(lake, keep=1)
    assert list_versions(lake) == versions[1:]
    sweep(lake)
    assert sorted(path.name for path in lake.releases.iterdir()) == versions[1:]


def test_rollback_goes_back_one_and_holds_until_resume(lake: Lake, publish: Publish) -> None:
    first, second = publish(), publish()
    assert rollback.rollback(lake, reason="wrong prices") == first == current_version(lake)
    assert read_hold(lake).reason == "wrong prices"
    fill(lake, orders=30)
    third = publish()
    assert (current_version(lake), orders_seen(lake)) == (first, 10)
    assert resume(lake) == third and orders_seen(lake) == 30 and read_hold(lake) is None
    assert [(event.event, event.version) for event in read_history(lake)][2:] == [
        ("rolled_back", first), ("held_back", third), ("published", third), ("resumed", third),
    ]  # fmt: skip
    assert second in list_versions(lake)


def test_resume_never_brings_the_version_back_that_was_left(lake: Lake, publish: Publish) -> None:
    first = publish()
    publish()
    rollback.rollback(lake)
    assert resume(lake) == first
    assert resume(lake) == first  # and asking twice does no harm


def test_resume_forgets_what_an_earlier_hold_kept_back(lake: Lake, publish: Publish) -> None:
    publish()
    publish()
    rollback.rollback(lake)
    kept_back = publish()
    resume(lake)
    newest = publish()
    rollback.rollback(lake, kept_back)
    rollback.rollback(lake, "2026-09-30.001")
    assert resume(lake) == "2026-09-30.001" and newest in list_versions(lake)


def test_a_kill_within_a_rollback_never_lets_a_later_run_move_on(lake: Lake, publish: Publish, monkeypatch: pytest.MonkeyPatch) -> None:
    publish()
    second = publish()

    def kill(*given: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(rollback, "switch", kill)
        with pytest.raises(KeyboardInterrupt):
            rollback.rollback(lake)
    publish()
    assert current_version(lake) == second and read_hold(lake) is not None
    assert rollback.rollback(lake) == "2026-09-30.001"


@pytest.mark.parametrize("wanted", [None, "2026-09-30.077", "yesterday"])
def test_going_back_to_nowhere_says_what_there_is(lake: Lake, publish: Publish, wanted: str | None) -> None:
    publish()
    with pytest.raises(releases.ReleaseError):
        rollback.rollback(lake, wanted)
    assert read_hold(lake) is None and current_version(lake) == "2026-09-30.001"


def test_nothing_new_is_known_by_deliveries_code_and_an_untouched_file(lake: Lake, publish: Publish) -> None:
    assert not release_matches(lake, "d1", "c1")
    version = publish("d1", "c1")
    assert release_matches(lake, "d1", "c1")
    assert not release_matches(lake, "d2", "c1") and not release_matches(lake, "d1", "c2") and not release_matches(lake, "", "")
    file = lake.releases / version / "fishpond.duckdb"
    file.chmod(0o644)
    os.truncate(file, 100)
    assert not release_matches(lake, "d1", "c1")


def test_under_a_hold_the_newest_build_is_asked(lake: Lake, publish: Publish) -> None:
    publish("d1", "c1")
    publish("d2", "c1")
    rollback.rollback(lake)
    publish("d3", "c1")
    assert release_matches(lake, "d3", "c1") and not release_matches(lake, "d1", "c1")
