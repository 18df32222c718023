"""Runs one Dagster job in this process and shows its steps as they finish; Dagster's own log goes to `warehouse/logs`."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import dagster as dg
from rich.console import Console
from rich.status import Status

from orchestration.cli.exits import Broke, Refused
from orchestration.defs.instance import bury_dead_runs, prepare_home
from orchestration.defs.run_log import TERMINAL
from orchestration.lake.layout import Lake


def execute_job(console: Console, lake: Lake, name: str, full: bool = False) -> None:
    """Run job `name` to its end. Raises `Refused` if the gate or a data test refused the build, else what broke it."""
    prepare_home(lake)
    with console.status("loading the code location") as spinner, steps_shown(console, spinner), dg.DagsterInstance.get() as instance:
        bury_dead_runs(instance)
        job = load_job(name)
        try:
            job.execute_in_process(
                instance=instance,
                run_config={
                    "resources": {"pond": {"config": {"full": full}}},
                    "loggers": {"run_log": {"config": {"file": str(_log(lake))}}},
                },
                tags={"fishpond/from": "command line", "dagster/max_retries": "0"},  # whoever called starts it again, not the daemon
            )
        except dg.Failure as failure:
            if "refused_by" in failure.metadata:
                raise Refused(failure.description) from None
            raise Broke(failure.description) from None


def load_job(name: str) -> dg.JobDefinition:
    """A job of the code location."""
    return _code_location().resolve_job_def(name)


@cache
def _code_location() -> dg.Definitions:
    """Loading it takes seconds, so a process does it once for all jobs that it runs."""
    from orchestration.definitions import defs  # late: it reads the manifest, which must be prepared

    return defs()


@contextmanager
def steps_shown(console: Console, spinner: Status) -> Iterator[None]:
    """While inside, what our steps say appears above the spinner, and what they whisper beside it."""
    handler = Steps(console, spinner)
    TERMINAL.addHandler(handler)
    try:
        yield
    finally:
        TERMINAL.removeHandler(handler)


class Steps(logging.Handler):
    """Prints what the steps say with the time since the start; what they whisper stands beside the spinner until the next whisper."""

    def __init__(self, console: Console, spinner: Status) -> None:
        super().__init__(logging.DEBUG)
        self.console, self.spinner = console, spinner
        self.started = time.monotonic()

    def emit(self, record: logging.LogRecord) -> None:
        if record.levelno < logging.INFO:
            self.spinner.update(record.getMessage())
        else:
            line = f"{time.monotonic() - self.started:6.1f} s  {record.getMessage()}"
            self.console.print(line, markup=False, soft_wrap=True, style="yellow" if record.levelno > logging.INFO else None)


def _log(lake: Lake) -> Path:
    return lake.warehouse_dir / "logs" / "fishpond.log"
