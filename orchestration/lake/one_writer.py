"""One writer at a time: the lock that a run holds on the warehouse from its first to its last step.

Readers of published versions need no lock. The operating system frees the lock when its process dies, however it dies.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from filelock import FileLock, Timeout

from orchestration.lake.layout import Lake


class LakeBusy(RuntimeError):
    """Another process is writing this lake."""


@contextmanager
def one_writer(lake: Lake, patience: float = 5.0) -> Iterator[None]:
    """Hold the lake's writer lock; within one process it may be taken again. Raises `LakeBusy` after `patience` seconds."""
    lake.warehouse_dir.mkdir(parents=True, exist_ok=True)
    lock = FileLock(lake.warehouse_dir / "writer.lock", is_singleton=True, thread_local=False)
    holder = lake.warehouse_dir / "writer.pid"
    try:
        lock.acquire(timeout=patience)
    except Timeout:
        who = holder.read_text("utf-8").strip() if holder.exists() else "unknown"
        raise LakeBusy(f"another run is writing {lake.root} (process {who}); wait until it has finished, or stop it") from None
    try:
        holder.write_text(f"{os.getpid()}\n", "utf-8")
        yield
    finally:
        lock.release()
