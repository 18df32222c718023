"""What the tests of this room share: a small warehouse in which everything holds."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest

HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def built_warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file of `small_warehouse.sql`; nothing has it open."""
    path = tmp_path_factory.mktemp("small") / "small.duckdb"
    with duckdb.connect(str(path)) as con:
        con.execute((HERE / "small_warehouse.sql").read_text("utf-8"))
    return path


@pytest.fixture
def small_warehouse(built_warehouse: Path, tmp_path: Path) -> Path:
    """A copy of it, to break."""
    return shutil.copy(built_warehouse, tmp_path / "small.duckdb")


def change(database: Path, *statements: str) -> None:
    """Run statements on a database file and close it again."""
    with duckdb.connect(str(database)) as con:
        for statement in statements:
            con.execute(statement)
