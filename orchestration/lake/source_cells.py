"""Where the cell of each contract column is found in one part of a delivery: a CSV column, a JSON path, the page, a default.

Belongs here: the mapping part × contract → raw SQL expression, and what is missing or unknown. Does not: what a cell means.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import duckdb

from orchestration.lake import header
from orchestration.lake.cells_list import json_path
from orchestration.lake.context import in_payload
from orchestration.lake.contract import Export
from orchestration.lake.parts import Part
from orchestration.lake.refusal import Refused
from orchestration.lake.sql import literal

MOST_UNKNOWN = 200  # paths of one JSON part; a page with more has data in its keys
FEW = 10_000  # JSON records that are cheaply taken apart once more
TOGETHER_BYTES = 64 << 20  # of JSON documents whose structure is asked for at once
Unknown = tuple[str, str]  # header or path, SQL of its cell


@dataclass(frozen=True)
class SourceCells:
    """`source`: SQL of the rows (`_line` and whatever `cells` read). `cells`: contract column → raw VARCHAR expression.

    `whole`: raw expressions that together hold the whole record (for blank rows and sums anywhere).
    `is_header`: SQL that is true where a row of a table is its header again (files put together by hand); empty for JSON.
    `is_cheap`: whether reading all cells once more costs little: a table's are there, JSON is taken apart anew each time.
    """

    source: str
    cells: dict[str, str]
    whole: list[str]
    unknown: list[Unknown] = field(default_factory=list)
    notes: list[dict[str, Any]] = field(default_factory=list)
    is_header: str = ""
    is_cheap: bool = True


def find_cells(con: duckdb.DuckDBPyConnection, part: Part, export: Export, payload: Mapping[str, Any] | None) -> SourceCells:
    """Raises Refused when a required column is nowhere in the part."""
    return _json(con, part, export, payload) if part.kind == "json" else _tabular(part, export, payload)


def _tabular(part: Part, export: Export, payload: Mapping[str, Any] | None) -> SourceCells:
    seen = header.match(part.headers, export)
    _need(seen.missing_required, export, [text for _, text in seen.unknown])
    cells = {name: f"c{index}" for name, index in seen.columns.items()}
    cells |= _elsewhere(export, cells, payload, {header.normalise(text) for text in part.headers})
    unknown = [(text, f"c{index}") for index, text in seen.unknown]
    unknown += [(f"column_{index + 1}", f"c{index}") for index in seen.nameless]
    whole = [f"c{index}" for index in range(len(part.headers))]
    missing = [name for name in seen.missing_optional if name not in cells]
    strange = {text for _, text in seen.unknown}
    notes = [_note("missing_column", name, part) for name in missing] + [_note("unknown_column", name, part) for name in sorted(strange)]
    named = {index: part.headers[index] for index in seen.columns.values()}
    again = " and ".join(f"c{index} = {literal(text)}" for index, text in sorted(named.items()))
    return SourceCells(part.relation, cells, whole, unknown, notes, again)


def _json(con: duckdb.DuckDBPyConnection, part: Part, export: Export, payload: Mapping[str, Any] | None) -> SourceCells:
    leaves, there = _structure(con, part.relation)
    wanted = {name: [path for path in column.headers if not path.startswith("$.")] for name, column in export.columns.items()}
    # a record that was read from a page on one line of many carries that page along under `$`
    present = {
        name: [path for path in column.headers if path in there or (not path.startswith("$.") and _under_leaf(path, leaves))]
        for name, column in export.columns.items()
    }
    missing = [name for name, column in export.columns.items() if wanted[name] and not present[name] and column.default is None]
    known = {path for paths in wanted.values() for path in paths} | set(export.drop)
    inner = {
        f"{path}[*].{alias}" if alias != "." else f"{path}[*]"
        for name, column in export.columns.items() if column.type == "list"
        for path in wanted[name] for inside in column.fields.values() for alias in inside.headers
    }  # fmt: skip
    lists = {path for name, column in export.columns.items() if column.type == "list" for path in wanted[name]}
    own = [leaf for leaf in leaves if not f"{leaf}.".startswith("$.")]
    unknown = [leaf for leaf in own if not _is_known(leaf, known - lists, lists, inner, set(export.drop))][:MOST_UNKNOWN]
    flat = [path for path in unknown if "[*]" not in path]
    paths = list(dict.fromkeys([*(path for some in present.values() for path in some), *flat]))
    at = {path: f"_v[{index}]" for index, path in enumerate(paths, 1)}
    reads = ", ".join(literal(json_path(path)) for path in paths)
    source = f"(select _line, doc, {f'json_extract_string(doc, [{reads}])' if paths else '[null::varchar]'} as _v from {part.relation})"
    cells = {
        name: at[some[0]] if len(some) == 1 else f"coalesce({', '.join(at[path] for path in some)})"
        for name, some in present.items()
        if some
    }
    cells |= _elsewhere(export, cells, payload, set())
    lacking = [name for name in missing if name not in cells] if part.records else []  # an empty list lacks nothing
    _need([name for name in lacking if export.columns[name].required], export, unknown)
    extra = [(path, at[path]) for path in flat]
    extra += [(path, f"cast(to_json(json_extract(doc, {literal(_wild(path))})) as varchar)") for path in unknown if "[*]" in path]
    notes = [_note("missing_column", name, part) for name in lacking] + [_note("unknown_column", path, part) for path in unknown]
    return SourceCells(source, cells, ["nullif(nullif(cast(doc as varchar), '{}'), 'null')"], extra, notes, is_cheap=part.records <= FEW)


def _elsewhere(export: Export, found: Mapping[str, str], payload: Mapping[str, Any] | None, headers: set[str]) -> dict[str, str]:
    """Cells that are equal for all rows: constants, layouts, values of the page around the records."""
    cells: dict[str, str] = {}
    for name, column in export.columns.items():
        if name in found:
            continue
        value = column.constant
        if column.layouts:
            value = next((said for said, some in column.layouts.items() if {header.normalise(text) for text in some} <= headers), None)
        paths = [path for path in column.headers if path.startswith("$.")]
        for path in paths:
            value = value if value is not None else in_payload(payload, path)
        if value is not None or (paths and not column.required):
            cells[name] = f"cast({literal(value)} as varchar)"
    return cells


def _need(missing: Sequence[str], export: Export, others: Sequence[str]) -> None:
    if missing:
        named = ", ".join(f"{name} ({' or '.join(export.columns[name].headers[:header.ALIASES])})" for name in missing)
        instead = f"; it has instead {header.listed(others)}" if others else ""
        raise Refused(f"required columns are missing: {named}{instead}. {header.ADVICE}")


def _note(kind: str, name: str, part: Part) -> dict[str, Any]:
    return {"kind": kind, "column": name, **({"part": part.name} if part.name else {})}


def _structure(con: duckdb.DuckDBPyConnection, relation: str) -> tuple[list[str], set[str]]:
    """Leaf paths (arrays are entered as `a[*]`) and all paths of the documents, in order of appearance."""
    leaves: dict[str, Any] = {}
    there: dict[str, None] = {}

    def walk(node: Any, path: str) -> None:
        there[path] = None
        if isinstance(node, dict) and node:
            for key, child in node.items():
                walk(child, f"{path}.{key}" if path else key)
        elif isinstance(node, list) and node:
            walk(node[0], f"{path}[*]")
        elif leaves.get(path, "NULL") == "NULL":
            leaves[path] = node

    for structure in _structures(con, relation):
        walk(structure, "")
    # nothing but null in some documents and an object or a list in others
    entered = {path[:end] for path in there for end in range(len(path)) if path[end] in ".["}
    return [path for path, kind in leaves.items() if kind != "NULL" or path not in entered], set(there)


def _structures(con: duckdb.DuckDBPyConnection, relation: str) -> Iterator[Any]:
    """The structure of the documents, some megabytes of them at a time: the engine holds all whose structure it is asked for at once."""
    last, size = con.execute(f"select coalesce(max(_line), 0), coalesce(sum(strlen(doc)), 0) from {relation}").fetchone()
    step = max(1, last * TOGETHER_BYTES // max(size, 1))
    for first in range(0, last + 1, step + 1):
        (said,) = con.execute(f"select json_group_structure(doc) from {relation} where _line between {first} and {first + step}").fetchone()
        yield json.loads(said) if said else {}


def _under_leaf(path: str, leaves: Sequence[str]) -> bool:
    """True when the path may hide below a place of mixed kind (an object here, a text there)."""
    return any(leaf and path.startswith(f"{leaf}.") for leaf in leaves)


def _is_known(leaf: str, known: set[str], lists: set[str], inner: set[str], dropped: set[str]) -> bool:
    """Whether a column (or `drop`) reads the leaf, something around it, or something below it."""
    plain = leaf.replace("[*]", "")
    if any(_covers(path, plain) for path in dropped) or any(_covers(path, plain) or _covers(plain, path) for path in known):
        return True
    if not any(_covers(path, plain) for path in lists):
        return not leaf
    return leaf in lists or leaf in inner or any(leaf == path.replace("[*]", "") for path in inner)


def _covers(outer: str, inner: str) -> bool:
    return bool(outer) and (inner == outer or inner.startswith(f"{outer}."))


def _wild(path: str) -> str:
    """`a[*].b` as DuckDB's JSON path."""
    keys = "".join('."' + key.replace('"', '\\"') + '"' for key in path.replace("[*]", "\0").split("."))
    return "$" + keys.replace('\0"', '"[*]').replace("\0", "[*]")
