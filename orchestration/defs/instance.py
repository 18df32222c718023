"""The Dagster instance of a lake: run history and event log under `warehouse/dagster`, nothing sent anywhere.

Used by the CLI and the UI alike, so that both show the same runs.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import dagster as dg

from orchestration.lake.layout import Lake

# One run at a time. A run whose process died is started again; a run that failed by itself is not: its data or the gate said no.
DAGSTER_YAML = """\
telemetry:
  enabled: false
nux:
  enabled: false
concurrency:
  runs:
    max_concurrent_runs: 1
run_retries:
  enabled: true
  max_retries: 2
  retry_on_asset_or_op_failure: false
run_monitoring:
  enabled: true
  start_timeout_seconds: 300
  max_runtime_seconds: 21600
  poll_interval_seconds: 60
compute_logs:
  module: dagster._core.storage.noop_compute_log_manager
  class: NoOpComputeLogManager
schedules:
  use_threads: true
sensors:
  use_threads: true
event_log_storage:
  module: orchestration.defs.event_log
  class: OneEngineEventLog
  config:
    base_dir: {history}
"""


WORKSPACE = """\
load_from:
  - python_module:
      module_name: orchestration.definitions
      location_name: fishpond
      working_directory: {folder}
"""
PROJECT = Path(__file__).parents[2]
ALIVE = (dg.DagsterRunStatus.STARTING, dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.CANCELING)


def workspace_file(lake: Lake) -> Path:
    """Write and return the workspace file: which code location the UI loads, under the name that pyproject.toml gives it."""
    path = prepare_home(lake) / "workspace.yaml"
    path.write_text(WORKSPACE.format(folder=json.dumps(str(PROJECT))), "utf-8")
    return path


def prepare_home(lake: Lake) -> Path:
    """Write `dagster.yaml` (only if it differs) and point Dagster at it; returns DAGSTER_HOME."""
    home = lake.dagster_home
    home.mkdir(parents=True, exist_ok=True)
    config = home / "dagster.yaml"
    said = DAGSTER_YAML.format(history=json.dumps(str(home / "history" / "runs")))
    if not config.exists() or config.read_text("utf-8") != said:
        config.write_text(said, "utf-8")
    os.environ["DAGSTER_HOME"] = str(home)
    return home


def bury_dead_runs(instance: dg.DagsterInstance) -> list[str]:
    """Mark runs that a reboot or kill cut off as failed; their ids. For whoever holds the lake's writer lock: nobody else can be running.

    Such a run would count as running for good, and the queue, which lets one run through at a time, would wait for it.
    """
    dead = instance.get_runs(filters=dg.RunsFilter(statuses=[*ALIVE]))
    for run in dead:
        instance.report_run_failed(run, "Its process is gone: the machine or somebody ended it.")
    return [run.run_id for run in dead]
