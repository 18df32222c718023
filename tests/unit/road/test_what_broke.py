"""What is told when dbt gives up: what stopped it, not what went wrong while it cleaned up."""

from __future__ import annotations

import errno

import duckdb
from dbt.cli.exceptions import ExceptionExit

from orchestration.defs.dbt_runs import DbtBroke, what_broke
from orchestration.lake.disk import DiskTrouble


def hidden(error: Exception) -> Exception:
    """`error`, hidden by the refusal to close a connection with which another thread still works."""
    try:
        try:
            raise error
        finally:
            raise duckdb.ResourceInUseException("connection is busy with another call")
    except duckdb.ResourceInUseException as busy:
        return busy


def test_a_full_disk_is_told_though_a_connection_could_not_be_closed_after_it() -> None:
    told = what_broke(hidden(hidden(OSError(errno.ENOSPC, "No space left on device"))))
    assert isinstance(told, DiskTrouble) and "the disk is full" in str(told)


def test_any_other_error_is_told_in_its_own_words() -> None:
    assert isinstance(what_broke(RuntimeError("File too large")), DiskTrouble)
    assert str(what_broke(hidden(ValueError("no such model")))) == "no such model"
    alone = what_broke(duckdb.ResourceInUseException("busy"))
    assert isinstance(alone, DbtBroke) and str(alone) == "busy"


def test_what_dbt_wraps_in_an_error_without_words_is_told_and_an_interrupt_stays_one() -> None:
    assert str(what_broke(ExceptionExit(ValueError("no such model")))) == "no such model"
    stop = KeyboardInterrupt()
    assert what_broke(ExceptionExit(stop)) is stop and what_broke(stop) is stop
