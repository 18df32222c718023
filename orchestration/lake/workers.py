"""Threads that load files, each with a DuckDB connection of its own; shared by all exports of a step.

Here: connections, how much planning a file is worth, two files at a time. Not here: which files (loader), what loading is (load_one).
"""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from datetime import date
from functools import cache

import duckdb

from orchestration.lake import tokens
from orchestration.lake.bronze import write_empty
from orchestration.lake.catalog import ExportRef
from orchestration.lake.landing import Delivery
from orchestration.lake.layout import Lake
from orchestration.lake.load_one import load_delivery
from orchestration.lake.parts import Limits
from orchestration.lake.receipt import Receipt

PARALLEL = 2
LARGE = 1 << 20  # bytes from which a good plan pays


class Workers:
    """A context: `load` may be called from several threads; connections are opened by the first file that needs one.

    `memory_limit` is for all together: a size such as `4GB`, or a share of the machine such as `70%`.
    """

    def __init__(self, lake: Lake, pepper: bytes, memory_limit: str | None = None) -> None:
        self._lake, self._pepper, self._memory_limit = lake, pepper, memory_limit and _of_each(memory_limit)
        self._pool = ThreadPoolExecutor(min(PARALLEL, os.cpu_count() or 1))
        self._own = threading.local()
        self._opened: list[duckdb.DuckDBPyConnection] = []

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """Wait for the files that are being read, drop those not begun, close the connections."""
        self._pool.shutdown(cancel_futures=True)
        self.rest()

    def rest(self) -> None:
        """Close the connections while no file is read, since an open engine keeps memory that others need; the next file opens new ones."""
        opened, self._opened, self._own = self._opened, [], threading.local()
        for con in opened:
            con.close()

    def load(self, pending: Sequence[Delivery], run_on: date, limits: Limits) -> Iterator[Receipt]:
        """Receipts as the loads finish."""
        for future in as_completed([self._pool.submit(self._load, delivery, run_on, limits) for delivery in pending]):
            yield future.result()

    def write_empty(self, ref: ExportRef) -> None:
        """The zero-row file of an export; opening an engine only for it would cost more than the file."""
        self._pool.submit(lambda: write_empty(self._lake, ref, self._connection(0))).result()

    def _load(self, delivery: Delivery, run_on: date, limits: Limits) -> Receipt:
        return load_delivery(self._connection(delivery.size), self._lake, delivery, run_on, limits)

    def _connection(self, size: int) -> duckdb.DuckDBPyConnection:
        """This thread's own, set to plan as carefully as `size` bytes are worth."""
        if not hasattr(self._own, "con"):
            self._own.con = open_connection(self._pepper, self._memory_limit, str(self._lake.work))
            self._opened.append(self._own.con)
        plan_for(self._own.con, size)
        return self._own.con


def open_connection(pepper: bytes, memory_limit: str | None = None, spill: str | None = None) -> duckdb.DuckDBPyConnection:
    """A connection of its own, in memory, that downloads nothing; rows that do not fit spill to `spill`."""
    config: dict[str, str] = {"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}
    if memory_limit:
        config["memory_limit"] = memory_limit
    if spill:
        config["temp_directory"] = spill
    con = duckdb.connect(":memory:", config=config)
    con.execute("set enable_progress_bar = false; set timezone = 'UTC'")
    tokens.bind(con, pepper)
    return con


def plan_for(con: duckdb.DuckDBPyConnection, size: int) -> None:
    """Let the planner take as much time, and the engine as many threads, as a file of `size` bytes is worth.

    One statement judges a file; planned with care it costs 0.1 s more than without, and that is most of a small file's time.
    `in_clause` is never worth it: it turns each list of words into a join (3 s for 50 columns).
    """
    disabled = "in_clause" if size >= LARGE else ",".join(_optimizers())
    con.execute(f"set disabled_optimizers = '{disabled}'; set threads = {_cores() if size >= LARGE else 1}")


def _of_each(limit: str) -> str:
    """What one of the workers may take."""
    number, unit = re.fullmatch(r"([0-9.]+)(\D+)", limit).groups()
    return f"{float(number) / PARALLEL:g}{unit}"


@cache
def _cores() -> int:
    with duckdb.connect() as con:
        return con.execute("select current_setting('threads')").fetchone()[0]


@cache
def _optimizers() -> list[str]:
    with duckdb.connect() as con:
        return [name for (name,) in con.execute("select name from duckdb_optimizers() order by name").fetchall()]
