"""What the unit tests of the loader share."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import duckdb
import pytest
from builders.pond import PEPPER, Pond

from orchestration.lake.workers import open_connection


@pytest.fixture(scope="session")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    """A loader connection with the test pepper."""
    with open_connection(PEPPER) as opened:
        yield opened


@pytest.fixture(scope="session")
def each(con: duckdb.DuckDBPyConnection) -> Callable[[str, Sequence[str | None]], list]:
    """`each(expression over v, values)`: the expression's value for every cell, in order."""

    def run(expression: str, values: Sequence[str | None]) -> list:
        query = f"select {expression} from (select unnest($1::varchar[]) as v, unnest(range(len($1::varchar[]))) as place) order by place"
        return [row[0] for row in con.execute(query, [list(values)]).fetchall()]

    return run


@pytest.fixture
def pond(tmp_path: Path) -> Pond:
    return Pond(tmp_path)
