"""Which contract a file in hand is of: its folder says it, else its header or records make a guess.

Here: an ordered guess. Not here: the proof, which is loading the file.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import duckdb

from orchestration.lake.catalog import Catalog, ExportRef
from orchestration.lake.containers import detect
from orchestration.lake.header import match
from orchestration.lake.parts import Limits, Part
from orchestration.lake.readers import read_delivery
from orchestration.lake.refusal import Refused
from orchestration.lake.sql import identifier, literal

HEAD = 2 << 20
RECORDS = 50


@dataclass(frozen=True)
class Guess:
    """`exports`: ids, the likeliest first. `refusal`: where there is none, what most contracts say against the file."""

    exports: tuple[str, ...]
    refusal: str = ""


def recognise(path: Path, catalog: Catalog, most: int = 3) -> Guess:
    """The export whose folder the file lies in; elsewhere at most `most` exports, those first of which it has the most columns."""
    place = path.resolve().as_posix()
    if lies_in := next((export_id for export_id in catalog.exports if f"/{export_id}/" in place), None):
        return Guess((lies_in,))
    scores: dict[str, float] = {}
    refusals: Counter[str] = Counter()
    with tempfile.TemporaryDirectory(prefix="fishpond-look-") as folder:
        head = _head(path, Path(folder))
        for export_id, ref in catalog.exports.items():
            try:
                scores[export_id] = _columns_found(head, ref, Path(folder))
            except Refused as refused:
                refusals[refused.reason] += 1
    fitting = sorted((-score, export_id) for export_id, score in scores.items() if score)
    return Guess(tuple(export_id for _, export_id in fitting[:most]), "; ".join(reason for reason, _ in refusals.most_common(1)))


def _head(path: Path, folder: Path) -> Path:
    """The file itself, or the whole lines of its first 2 MB if it is a long text: a header needs no more."""
    if path.stat().st_size <= HEAD or detect(path) != "csv":
        return path
    with path.open("rb") as file:
        text = file.read(HEAD)
    cut = folder / path.name
    cut.write_bytes(text[: text.rfind(b"\n") + 1])
    return cut


def _columns_found(path: Path, ref: ExportRef, folder: Path) -> float:
    """Share of the contract's columns that the file has, plus their number / 1000. Raises Refused when it is no such file at all."""
    columns = ref.export.columns
    with duckdb.connect() as con:
        parts = read_delivery(con, path, ref.export, folder, Limits()).parts
        found = max((_headers(part, ref) if part.kind == "tabular" else _paths(con, part, ref) for part in parts), default=0)
    return found / len(columns) + found / 1000 if found else 0


def _headers(part: Part, ref: ExportRef) -> int:
    return len(match(part.headers, ref.export).columns)


def _paths(con: duckdb.DuckDBPyConnection, part: Part, ref: ExportRef) -> int:
    """How many columns find a value in the first records of a JSON part."""
    found = {
        name: " or ".join(f"json_exists(doc, {literal('$.' + header)})" for header in column.headers)
        for name, column in ref.export.columns.items()
        if column.headers
    }
    counts = ", ".join(f"coalesce(bool_or({condition}), false)" for condition in found.values())
    row = con.execute(f"select {counts} from (select doc from {identifier(part.relation)} limit {RECORDS})").fetchone()
    return sum(row or ())
