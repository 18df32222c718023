"""The event log over kept connections: what Dagster's own class reads of it, and batches that are stored whole or event by event."""

from __future__ import annotations

import time
from pathlib import Path

import dagster as dg
import pytest
from dagster import DagsterEvent, EventLogEntry
from dagster._core.events import StepMaterializationData
from dagster._core.storage.event_log import SqliteEventLogStorage

from orchestration.defs.event_log import OneEngineEventLog

RUN = "0b7b3d43-0000-4000-8000-000000000001"
NAMES = ["orders", "contacts", "touches"]


def event(name: str) -> EventLogEntry:
    made = StepMaterializationData(dg.AssetMaterialization(dg.AssetKey(name)))
    of_step = DagsterEvent("ASSET_MATERIALIZATION", "road", step_key="land", event_specific_data=made)
    return EventLogEntry(None, 10, "", RUN, time.time(), step_key="land", job_name="road", dagster_event=of_step)


@pytest.fixture
def log(tmp_path: Path) -> OneEngineEventLog:
    return OneEngineEventLog(str(tmp_path))


def stored(folder: Path) -> tuple[list[str], list[str]]:
    """Assets in the order of a run's events, and those of the index, as Dagster's own storage reads them."""
    own = SqliteEventLogStorage(str(folder))
    of_run = [record.event_log_entry.dagster_event.asset_key.to_user_string() for record in own.get_records_for_run(RUN).records]
    index = [name for name in NAMES if own.get_asset_records([dg.AssetKey(name)])]
    return of_run, index


def test_dagster_s_own_storage_reads_what_was_written_singly_and_in_batches(log: OneEngineEventLog, tmp_path: Path) -> None:
    log.store_event(event("orders"))
    log.store_event_batch([event("contacts"), event("touches"), event("orders")])
    assert stored(tmp_path) == (["orders", "contacts", "touches", "orders"], NAMES)


def test_a_batch_of_which_one_event_cannot_be_stored_leaves_none_to_be_stored_twice(
    log: OneEngineEventLog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = SqliteEventLogStorage.store_event

    def refuse(self: SqliteEventLogStorage, entry: EventLogEntry) -> None:
        if entry.dagster_event.asset_key.to_user_string() == "touches":
            raise RuntimeError("refused")
        store(self, entry)

    monkeypatch.setattr(SqliteEventLogStorage, "store_event", refuse)
    with pytest.raises(RuntimeError):
        log.store_event_batch([event("orders"), event("touches")])
    assert stored(tmp_path) == ([], [])
    log.store_event(event("contacts"))
    assert stored(tmp_path) == (["contacts"], ["contacts"])
