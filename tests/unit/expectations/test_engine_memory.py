"""The limit of memory that a run is given holds for the engines of its checks, and for the loader's workers together."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from expectations import dialect
from expectations.fence_relations import relations
from orchestration.lake.layout import Lake
from orchestration.lake.workers import Workers

LIMIT = "select current_setting('memory_limit')"


def test_checks_keep_to_the_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dialect, "_ENGINE", {})
    duckdb.connect(tmp_path / "warehouse.duckdb").close()
    dialect.limit_memory("1GiB")
    with relations([]) as (in_memory, _):
        for database in (tmp_path / "warehouse.duckdb", in_memory, None):
            with dialect.open_database(database) as con:
                assert con.execute(LIMIT).fetchall() == [("1.0 GiB",)]


@pytest.mark.parametrize(("limit", "of_each"), [("3GiB", "1.5 GiB"), ("1024MiB", "512.0 MiB")])
def test_two_files_that_are_read_at_once_share_the_limit(tmp_path: Path, limit: str, of_each: str) -> None:
    lake = Lake(tmp_path).prepare()
    with Workers(lake, b"a pepper that only tests know", limit) as workers:
        assert workers._connection(0).execute(LIMIT).fetchall() == [(of_each,)]


def test_a_share_of_the_machine_is_a_limit_too(tmp_path: Path) -> None:
    with (
        Workers(Lake(tmp_path).prepare(), b"a pepper that only tests know", "70%") as workers,
        duckdb.connect(config={"memory_limit": "35%"}) as con,
    ):
        assert workers._connection(0).execute(LIMIT).fetchall() == con.execute(LIMIT).fetchall()


def test_engines_that_have_read_all_files_are_closed_and_opened_for_the_next_one(tmp_path: Path) -> None:
    with Workers(Lake(tmp_path).prepare(), b"a pepper that only tests know") as workers:
        before = workers._connection(0)
        workers.rest()
        with pytest.raises(duckdb.ConnectionException):
            before.execute("select 1")
        assert workers._connection(0).execute("select 1").fetchall() == [(1,)]
