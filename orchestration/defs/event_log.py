"""Dagster's event log in SQLite files, written over one kept connection per file and in one transaction per event or batch of them.

Dagster's own storage makes, uses and throws away an SQLAlchemy engine for every event. A run writes some 2,700, most of them to
two files, and each new engine opens the file and compiles its statements anew: a tenth of a run. Here: keeping the engine, what is
asked of it again and again, and the transactions. Not here: what is written, which stays Dagster's own, so either class reads what
the other wrote.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from sqlite3 import Connection as SqliteConnection
from typing import Any

import dagster as dg
import sqlalchemy as sa
from dagster._core.storage.event_log import SqliteEventLogStorage
from sqlalchemy.pool import QueuePool

BUSY_SECONDS = 60  # how long to wait for another process (the UI) that writes the same file


class OneEngineEventLog(SqliteEventLogStorage):
    """The event log that `dagster.yaml` names; same files, same tables."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._engines: dict[str, sa.Engine] = {}
        self._there: set[tuple[str, str]] = set()
        self._open: dict[str, sa.Connection] | None = None
        super().__init__(*args, **kwargs)
        self._db_lock = threading.RLock()  # what a transaction does asks for the files again

    @classmethod
    def from_config_value(cls, inst_data: Any, config_value: Any) -> OneEngineEventLog:
        """What Dagster calls with the configuration of `dagster.yaml`."""
        return cls(inst_data=inst_data, **config_value)

    def store_event(self, event: dg.EventLogEntry) -> None:
        with self._one_transaction():
            super().store_event(event)

    def store_event_batch(self, events: Sequence[dg.EventLogEntry]) -> None:
        """All of them or, where one cannot be stored, none: Dagster then gives them one by one."""
        with self._one_transaction():
            for event in events:
                super().store_event(event)

    @contextmanager
    def _one_transaction(self) -> Iterator[None]:
        """What is asked of any file inside becomes one transaction of that file; an event goes to up to two of them in four pieces."""
        with self._db_lock, ExitStack() as transactions:
            self._open, self._transactions = {}, transactions
            try:
                yield
            finally:
                self._open = None

    @contextmanager
    def _connect(self, shard: str) -> Iterator[sa.Connection]:
        with self._db_lock:
            if self._open is None:
                with self._begun(shard) as connection:
                    yield connection
                return
            if shard not in self._open:
                self._open[shard] = self._transactions.enter_context(self._begun(shard))
            yield self._open[shard]

    @contextmanager
    def _begun(self, shard: str) -> Iterator[sa.Connection]:
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
        return self._stays("table", table_name, super().has_table)

    def has_asset_key_col(self, column_name: str) -> bool:
        """Whether the table of assets has this column: asked three times for each asset that is looked up."""
        return self._stays("column", column_name, super().has_asset_key_col)

    def _has_asset_key_col_on_connection(self, conn: sa.Connection, column_name: str) -> bool:
        """The same, asked for each event of an asset."""
        return self._stays("column", column_name, lambda name: super(OneEngineEventLog, self)._has_asset_key_col_on_connection(conn, name))

    def has_secondary_index(self, name: str) -> bool:
        """Whether a migration of the index is done; asked twice for each asset that is looked up."""
        return self._stays("index", name, super().has_secondary_index)

    def _stays(self, kind: str, name: str, ask: Callable[[str], bool]) -> bool:
        if (kind, name) not in self._there and ask(name):
            self._there.add((kind, name))
        return (kind, name) in self._there

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
