"""A small contract and a delivered file, read by the readers: what tests of the readers share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from orchestration.lake.contract import Export
from orchestration.lake.parts import Limits, Part, ReadResult
from orchestration.lake.readers import read_delivery


def an_export(headers: Sequence[str], required: int = 1, **words: Any) -> Export:
    """A contract whose columns `a0, a1, …` read the given headers (`x|y`: aliases); the first `required` are required."""
    columns = {f"a{index}": {"from": header.split("|"), "required": index < required} for index, header in enumerate(headers)}
    return Export.model_validate(
        {
            "label": "测试",
            "description": "test",
            "kind": "orders",
            "container": ["csv", "xlsx"],
            "key": ["a0"],
            "exported_at": [{"constant": "2026-09-30 00:00:00"}],
            "columns": columns,
            **words,
        }
    )


@dataclass
class Reading:
    """A connection and a work folder; every read goes through the one door of the readers."""

    con: duckdb.DuckDBPyConnection
    folder: Path
    limits: Limits = field(default_factory=Limits)

    def read(self, export: Export, data: bytes | Path, name: str = "delivered.csv") -> ReadResult:
        path = data
        if isinstance(data, bytes):
            path = self.folder / name
            path.write_bytes(data)
        return read_delivery(self.con, path, export, self.folder / "work", self.limits)

    def part(self, export: Export, data: bytes | Path) -> Part:
        """The only part of a delivery."""
        (part,) = self.read(export, data).parts
        return part

    def rows(self, part: Part) -> list[tuple]:
        """(line, cell, cell, …) in the relation's own order."""
        return self.con.execute(f"select * from {part.relation}").fetchall()

    def rejects(self, part: Part) -> list[tuple[int, str]]:
        return self.con.execute(f"select line_number, reason from {part.rejects} order by all").fetchall()

    def shapes(self, part: Part) -> list[str]:
        return [row[0] for row in self.con.execute(f"select shape from {part.rejects} order by line_number").fetchall()]
