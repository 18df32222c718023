"""What every step of a run shares: the lake it works on, its settings, and the right to be the only writer.

Nothing is read from the environment when this is imported; `settings.py` does it when a run starts.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cached_property
from zoneinfo import ZoneInfo

import dagster as dg
import duckdb
from pydantic import PrivateAttr

from expectations.dialect import limit_memory
from orchestration.defs.fence_one import held_out
from orchestration.defs.loading import Loading
from orchestration.lake.catalog import Catalog, load_catalog
from orchestration.lake.engine import limit_engines
from orchestration.lake.landing import Delivery, scan
from orchestration.lake.layout import Lake
from orchestration.lake.loader import sweep_work
from orchestration.lake.one_writer import one_writer
from orchestration.lake.pepper import resolve_pepper
from orchestration.settings import Settings, read_settings


class Pond(dg.ConfigurableResource):
    """The lake of this run. `full` asks for a warehouse built from nothing."""

    full: bool = False
    _settings: Settings = PrivateAttr()
    _started_at: datetime = PrivateAttr()
    _loading: Loading = PrivateAttr()

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator[Pond]:
        """Hold the writer lock from the first to the last step of the run; `LakeBusy` fails the run before its first step."""
        self._settings = read_settings()
        self._started_at = datetime.now(ZoneInfo("Asia/Shanghai")).replace(tzinfo=None, microsecond=0)
        with one_writer(self.lake):
            sweep_work(self.lake.prepare())
            limit_memory(self._settings.memory_limit)
            limit_engines(self._settings.memory_limit, self.lake.work)
            with Loading(self.lake, self.pepper, self._settings.memory_limit) as self._loading:
                yield self

    @property
    def settings(self) -> Settings:
        return self._settings

    @property
    def lake(self) -> Lake:
        return Lake(self._settings.lake)

    @cached_property
    def catalog(self) -> Catalog:
        return load_catalog()

    @cached_property
    def deliveries(self) -> list[Delivery]:
        """What lay in landing when this run first asked: the same answer for all its steps, hashed once."""
        return scan(self.lake, self.catalog)

    @property
    def loading(self) -> Loading:
        """The loads of this run, shared by its landing steps."""
        return self._loading

    @property
    def started_at(self) -> datetime:
        """When the run began, Shanghai wall time to the second: what was loaded since then is new."""
        return self._started_at

    def pepper(self) -> bytes:
        return resolve_pepper(self.lake, self._settings.pepper)

    def held_out(self) -> dict[str, str]:
        """delivery id → reason, for deliveries that the first fence keeps out of the warehouse."""
        return held_out(self.lake)


@contextmanager
def open_warehouse(lake: Lake, settings: Settings, read_only: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to the warehouse file, closed at the end of the block.

    A lock held by a reader is a passing fault: the step is asked to be retried (3 times, 10 s apart) instead of failing.
    """
    config: dict[str, str | int] = {
        "autoinstall_known_extensions": "false", "autoload_known_extensions": "false", "memory_limit": settings.memory_limit,
    }  # fmt: skip
    if settings.threads:
        config["threads"] = settings.threads
    try:
        con = duckdb.connect(lake.warehouse, read_only=read_only, config=config)
    except duckdb.IOException as error:
        if "lock" in str(error).lower():
            raise dg.RetryRequested(max_retries=3, seconds_to_wait=10) from error
        raise
    try:
        yield con
    finally:
        con.close()
