"""Where a run's words go: Dagster's whole log to a file, and what our steps say also to the terminal of whoever started the run.

A line is kept on the screen; a whisper is passing detail, shown only until the next one.
"""

import logging
from pathlib import Path
from typing import Protocol

import dagster as dg

from orchestration.lake.plain import plain

TERMINAL = logging.getLogger("fishpond.terminal")
TERMINAL.setLevel(logging.DEBUG)
TERMINAL.propagate = False
FORMAT = "%(asctime)s %(levelname)s %(message)s"


class Context(Protocol):
    """Anything of Dagster's that logs."""

    @property
    def log(self) -> dg.DagsterLogManager: ...


def say(context: Context, text: str, *, is_warning: bool = False) -> None:
    """One line about what a step did, into Dagster's log and to the terminal."""
    level, text = logging.WARNING if is_warning else logging.INFO, plain(text)
    context.log.log(level, text)
    TERMINAL.log(level, "%s", text)


def whisper(text: str) -> None:
    """Passing detail for the terminal alone: a log event for each would cost more than what it tells."""
    TERMINAL.debug("%s", text)


@dg.logger({"file": dg.Field(str, description="Path of the log file; its folder is made.")})
def run_log(context: dg.InitLoggerContext) -> logging.Logger:
    """Everything that Dagster logs of a run, into one file."""
    path = Path(context.logger_config["file"])
    path.parent.mkdir(parents=True, exist_ok=True)
    log = logging.Logger("fishpond.run", level=logging.DEBUG)
    to_file = logging.FileHandler(path, encoding="utf-8")
    to_file.setFormatter(logging.Formatter(FORMAT))
    log.addHandler(to_file)
    return log
