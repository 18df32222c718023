"""Trouble of the machine, told apart from trouble of a file: a full or read-only disk stops the run instead of refusing deliveries.

Here: recognising it and saying it in one sentence. Not here: what is written.
"""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import duckdb

FULL = {errno.ENOSPC: "No space left on device", errno.EDQUOT: "Disk quota exceeded", errno.EFBIG: "File too large"}
CLOSED = {errno.EROFS: "Read-only file system", errno.EACCES: "Permission denied", errno.EPERM: "Operation not permitted"}
SICK = {errno.EIO: "Input/output error"}
WORDS = {**FULL, **CLOSED, **SICK}  # DuckDB tells only the system's words
ADVICE = (
    (FULL, "the disk is full: make room (fewer FISHPOND_KEEP_RELEASES, old originals out of landing)"),
    (CLOSED, "the lake cannot be written: mount it writable, and give it to the user who runs this"),
    (SICK, "the disk fails: look at the system's log before anything else"),
)


# Dagster's own records; a full disk shows first where SQLite maps its index of the log into memory, a quota as a write that failed
SQLITE = {
    sqlite3.SQLITE_FULL: errno.ENOSPC, sqlite3.SQLITE_IOERR_SHMSIZE: errno.ENOSPC, sqlite3.SQLITE_IOERR_WRITE: errno.EDQUOT,
    sqlite3.SQLITE_READONLY: errno.EROFS, sqlite3.SQLITE_IOERR: errno.EIO,
}  # fmt: skip


class DiskTrouble(RuntimeError):
    """The machine could not write; nothing that stood before was changed, and the next run goes on from there."""


def disk_trouble(error: BaseException) -> DiskTrouble | None:
    """The trouble that an error of the operating system, of the engine or of SQLite tells of; None if it is about something else.

    SQLAlchemy's errors are asked for what they wrap.
    """
    error = getattr(error, "orig", None) or error
    if isinstance(error, OSError):
        return _trouble(error.errno)
    if isinstance(error, sqlite3.Error):
        code = getattr(error, "sqlite_errorcode", 0) or 0
        return _trouble(SQLITE.get(code, SQLITE.get(code & 0xFF)))  # the low byte is the kind, the rest says more
    return disk_trouble_in(str(error)) if isinstance(error, duckdb.Error) else None


def disk_trouble_in(message: str) -> DiskTrouble | None:
    """The trouble that an engine's message tells of in the system's words, as dbt hands it on."""
    return _trouble(next((code for code, words in WORDS.items() if words.lower() in message.lower()), None))


def _trouble(code: int | None) -> DiskTrouble | None:
    said = next((text for codes, text in ADVICE if code in codes), None)
    return DiskTrouble(f"{said}; then run again: what stood before is untouched, and the run goes on from there") if said else None


@contextmanager
def writing() -> Iterator[None]:
    """Around writes into the lake: an error of the disk becomes DiskTrouble, every other stays what it is."""
    try:
        yield
    except (OSError, duckdb.Error) as error:
        if trouble := disk_trouble(error):
            raise trouble from error
        raise
