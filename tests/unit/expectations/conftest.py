"""What the tests of this room share: a small warehouse in which everything holds."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

HERE = Path(__file__).parent


@pytest.fixture
def small_warehouse(tmp_path: Path) -> Path:
    """A database file of `small_warehouse.sql`; nothing has it open."""
    return build_small_warehouse(tmp_path / "small.duckdb")


def build_small_warehouse(path: Path) -> Path:
    with duckdb.connect(str(path)) as con:
        con.execute((HERE / "small_warehouse.sql").read_text("utf-8"))
    return path


def change(database: Path, *statements: str) -> None:
    """Run statements on a database file and close it again."""
    with duckdb.connect(str(database)) as con:
        for statement in statements:
            con.execute(statement)
