"""No engine of a run takes more memory than the run may: neither the one that compares versions nor the one that writes a release."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import orchestration.lake
from orchestration.lake import engine


def test_every_engine_keeps_within_the_limit_and_spills_where_it_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(engine, "_SETTINGS", {})
    engine.limit_engines("64MB", tmp_path / "spill")
    with engine.open_engine() as con:
        settings = "select current_setting('memory_limit'), current_setting('temp_directory')"
        assert con.execute(settings).fetchall() == [("61.0 MiB", str(tmp_path / "spill"))]
        many = "select hash(number, copy) as value from range(3000000) as r(number), range(4) as s(copy) order by 1"  # 96 MB to sort
        con.execute("create table sorted as " + many)
        assert con.execute("select count(*) from sorted").fetchall() == [(12_000_000,)]
        assert list((tmp_path / "spill").iterdir())


def test_whoever_attaches_a_database_opens_a_limited_engine() -> None:
    unlimited = [
        file.name
        for file in Path(orchestration.lake.__file__).parent.glob("*.py")
        if re.search(r"execute\(f?\"attach ", text := file.read_text("utf-8")) and "duckdb.connect()" in text
    ]
    assert unlimited == []
