"""Trouble of the machine, told apart from trouble of a file: a full or read-only disk stops the run instead of refusing deliveries.

Here: recognising it and saying it in one sentence. Not here: what is written.
"""

from __future__ import annotations

import errno
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


class DiskTrouble(RuntimeError):
    """The machine could not write; nothing that stood before was changed, and the next run goes on from there."""


def disk_trouble(error: BaseException) -> DiskTrouble | None:
    """The trouble that an operating system's or engine's error tells of; None if it is about something else."""
    if isinstance(error, OSError):
        code = error.errno if error.errno in WORDS else None
    elif isinstance(error, duckdb.Error):
        code = next((code for code, words in WORDS.items() if words.lower() in str(error).lower()), None)
    else:
        code = None
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
