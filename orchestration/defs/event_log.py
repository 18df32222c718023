"""Dagster's event log in SQLite files, written over one kept connection per file instead of a new one per event.

Dagster's own storage makes, uses and throws away an SQLAlchemy engine for every event. A run writes some 2,000, most of them to
two files, and each new engine opens the file and compiles its statements anew: a tenth of a run. Here: keeping the engine.
Not here: what is written, which stays Dagster's own, so either class reads what the other wrote.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from sqlite3 import Connection as SqliteConnection
from typing import Any

import sqlalchemy as sa
from dagster._core.storage.event_log import SqliteEventLogStorage
from sqlalchemy.pool import QueuePool

BUSY_SECONDS = 60  # how long to wait for another process (the UI) that writes the same file


class OneEngineEventLog(SqliteEventLogStorage):
    """The event log that `dagster.yaml` names; same files, same tables."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._engines: dict[str, sa.Engine] = {}
        self._tables: set[str] = set()
        super().__init__(*args, **kwargs)

    @classmethod
    def from_config_value(cls, inst_data: Any, config_value: Any) -> OneEngineEventLog:
        """What Dagster calls with the configuration of `dagster.yaml`."""
        return cls(inst_data=inst_data, **config_value)

    @contextmanager
    def _connect(self, shard: str) -> Iterator[sa.Connection]:
        with self._db_lock:
            if shard not in self._engines:
                self._engines[shard] = _engine(self.conn_string_for_shard(shard))
            engine = self._engines[shard]
            if shard not in self._initialized_dbs:
                self._initdb(engine)
                self._initialized_dbs.add(shard)
            with engine.connect() as connection, connection.begin():
                yield connection

    def has_table(self, table_name: str) -> bool:
        """Whether the index holds this table. Asked for each check's event, each time over a new engine; one that is there stays."""
        if table_name not in self._tables and super().has_table(table_name):
            self._tables.add(table_name)
        return table_name in self._tables

    def dispose(self) -> None:
        for engine in self._engines.values():
            engine.dispose()
        super().dispose()


def _engine(url: str) -> sa.Engine:
    """An engine that keeps one connection; threads may take turns, since the storage's lock lets one in at a time."""
    one_for_all = {"timeout": BUSY_SECONDS, "check_same_thread": False}
    engine = sa.create_engine(url, poolclass=QueuePool, pool_size=1, connect_args=one_for_all)
    sa.event.listen(engine, "connect", _without_flush)
    return engine


def _without_flush(connection: SqliteConnection, _record: object) -> None:
    """Leave flushing to the system (on a busy disk, flushing each event took 90 of a run's 150 s).

    A power cut may then cost the log of the last run; data is written elsewhere, durably, and never depends on it.
    """
    connection.execute("pragma synchronous = off")
