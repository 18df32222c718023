"""Engines of DuckDB beside the warehouse's own: what compares versions, writes a release or takes somebody out of one.

Here: that none of them takes more memory than the run may, wherever it is opened. Not here: workers of the loader, which share the limit
(`workers`), and the engine of Great Expectations (`expectations.dialect`).
"""

from __future__ import annotations

from pathlib import Path

import duckdb

_SETTINGS: dict[str, str] = {}  # of the engines that this process opens


def limit_engines(memory_limit: str, spill: Path) -> None:
    """Engines opened from now on take no more: a size such as `4GB`, or a share of the machine such as `70%`. What does not fit is written
    to `spill`, a folder on the lake's disk; without one an engine in memory would write it to wherever the process was started."""
    _SETTINGS.update(memory_limit=memory_limit, temp_directory=str(spill))


def open_engine() -> duckdb.DuckDBPyConnection:
    """An empty engine in memory, to which databases are attached; it shows no progress in logs."""
    con = duckdb.connect(config=dict(_SETTINGS))
    con.execute("set enable_progress_bar = false")
    return con
