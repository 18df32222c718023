"""A run that a reboot cut off does not block the ones after it."""

from __future__ import annotations

import dagster as dg
import pytest

from orchestration.defs.instance import ALIVE, bury_dead_runs, prepare_home
from orchestration.lake.alerts import Robot
from orchestration.lake.layout import Lake
from orchestration.lake.troubles import RUN, begin_trouble


@dg.job
def nothing() -> None:
    """A job of no step."""


def test_a_run_without_a_process_is_marked_failed_and_others_are_left_alone() -> None:
    with dg.DagsterInstance.ephemeral() as instance:
        statuses = (*ALIVE, dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.NOT_STARTED)
        runs = {status: instance.create_run_for_job(nothing, status=status).run_id for status in statuses}
        assert set(bury_dead_runs(instance)) == {runs[status] for status in ALIVE}
        now = {status: instance.get_run_by_id(run).status for status, run in runs.items()}
        assert {now[status] for status in ALIVE} == {dg.DagsterRunStatus.FAILURE}
        assert (now[dg.DagsterRunStatus.SUCCESS], now[dg.DagsterRunStatus.NOT_STARTED]) == statuses[-2:]
        assert bury_dead_runs(instance) == []


def test_after_a_reboot_the_daemon_starts_again_what_it_had_started_and_no_command(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAGSTER_HOME", "")
    prepare_home(Lake(tmp_path / "lake").prepare())
    with dg.DagsterInstance.get() as instance:
        of_schedule = instance.create_run_for_job(nothing, status=dg.DagsterRunStatus.STARTED).run_id
        of_command = instance.create_run_for_job(nothing, status=dg.DagsterRunStatus.STARTED, tags={"dagster/max_retries": "0"}).run_id
        bury_dead_runs(instance)
        again = {run: instance.get_run_by_id(run).tags["dagster/will_retry"] for run in (of_schedule, of_command)}
    assert again == {of_schedule: "true", of_command: "false"}


def test_trouble_is_told_though_it_cannot_be_written_down(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("orchestration.lake.troubles.write_durably", full)
    monkeypatch.setattr("orchestration.lake.troubles.alert", lambda robot, event, text, pauses: told.append(text))
    begin_trouble(Lake(tmp_path), Robot("http://127.0.0.1:9/"), RUN, "the disk is full")
    assert told == ["Fishpond failed: the disk is full"]
