"""JSON lines as a relation: one record per physical line, exact line numbers, an invalid line refused alone.

Set-based in DuckDB; Python sees only the lines whose keys need trimming, and files whose lines are whole pages.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import duckdb
import pyarrow as pa

from orchestration.lake.contract import Export
from orchestration.lake.encoding import Text
from orchestration.lake.json_pages import around, check_no_error, dump, parse, pick
from orchestration.lake.lines import line_stream
from orchestration.lake.parts import Limits, Part, count, fill_rejects, fresh, new_rejects, shape
from orchestration.lake.refusal import Refused
from orchestration.lake.sql import literal

INVALID = "invalid JSON"
NO_OBJECT = "a record that is no JSON object"
# A key with white space (or an escaped TAB or line end) just inside its quotes; a value is never followed by a colon.
PADDED_KEY = r'(?:[{,]\s*"(?:\s|\\[tnr])[^"]*"|(?:\s|\\[tnr])")\s*:'
BATCH_BYTES = 4 << 20  # of lines that Python takes at a time: parsed, they are ten times as much, and a line may be a page of thousands


def read_lines(con: duckdb.DuckDBPyConnection, text: Text, export: Export, limits: Limits, name: str | None) -> Part:
    """Read JSON lines by the contract's records rule. `records` counts records: a line that holds two counts twice."""
    judged, rejects = _judge(con, text, limits), new_rejects(con)
    con.execute(f"insert into {rejects} select _line, reason, {shape('line')} from {judged} where reason is not null")
    is_flat = len(export.records) == 1 and export.records[0].path == "."
    relation = fresh("docs")
    if is_flat:
        _trim_keys(con, judged)
        con.execute(f"create temp table {relation} as {_exploded(judged, export.records[0].explode)}")
    else:
        con.execute(f"create temp table {relation} (_line bigint, doc json)")
        fill_rejects(con, rejects, _open_pages(con, judged, relation, export))
    con.execute(f"drop table {judged}")
    return Part(name, "json", relation, [], rejects, [], count(con, relation) + count(con, rejects))


def _judge(con: duckdb.DuckDBPyConnection, text: Text, limits: Limits) -> str:
    """A temp table (_line, line, reason): the non-blank lines, and why a line is refused (NULL for a good one)."""
    table = fresh("judged")
    bad = ", ".join(map(str, text.bad_lines)) or "null"
    with line_stream(con, text, limits) as stream:
        con.execute(
            f"create temp table {table} as select _line, line, case "
            f"when _line in ({bad}) then 'bytes at line ' || _line || {literal(f' are not {text.encoding.upper()}')} "
            f"when not json_valid(line) then {literal(INVALID)} "
            f"when json_type(line) <> 'OBJECT' then {literal(NO_OBJECT)} "
            "when contains(line, '\"errcode\"') and coalesce(line ->> 'errcode', '0') not in ('0', '') "
            "then 'an error answer of the platform: errcode ' || (line ->> 'errcode') end as reason "
            f"from (select _line, trim(line, chr(32) || chr(9) || chr(10) || chr(13) || chr(65279)) as line from {stream}) where line <> ''"
        )
    if text.lines and not text.ends_with_newline:
        last = con.execute(f"select reason from {table} where _line = {text.lines}").fetchall()
        if last and last[0][0] == INVALID:
            raise Refused(f"the file is cut off: line {text.lines}, its last, is no whole JSON object and has no line end; export it again")
    return table


def _trim_keys(con: duckdb.DuckDBPyConnection, judged: str) -> None:
    """Rewrite, in place, the lines with white space in their keys."""
    where = f"reason is null and regexp_matches(line, {literal(PADDED_KEY)})"
    for rows in _batched(con, f"select _line, line from {judged} where {where} order by _line"):
        stream = fresh("stream")
        lines = pa.array([_trimmed(line) for _, line in rows], pa.large_string())
        con.register(stream, pa.table({"_line": pa.array([number for number, _ in rows], pa.int64()), "line": lines}))
        con.execute(f"update {judged} set line = fixed.line from {stream} as fixed where {judged}._line = fixed._line")
        con.unregister(stream)


def _trimmed(line: str) -> str:
    """The line with its keys trimmed; DuckDB forgives a trailing comma that Python does not, then it stays as it is."""
    try:
        return dump(parse(line))
    except json.JSONDecodeError:
        return line


def _exploded(judged: str, path: str | None) -> str:
    """SELECT of `_line`, `doc`; with `path`, one row per element of the nested array, in order."""
    good = f"select _line, line::json as doc from {judged} where reason is null"
    if path is None:
        return good
    keys = path.split(".")
    where = literal("$" + "".join(f'."{key}"' for key in keys))
    patch = "element"
    for key in reversed(keys):
        patch = f"json_object({literal(key)}, {patch})"
    return (
        f"select _line, case when is_list then json_merge_patch(doc, {patch}) else doc end as doc from ("
        f"select _line, doc, is_list, unnest(elements) as element, generate_subscripts(elements, 1) as position from ("
        f"select _line, doc, json_type(doc, {where}) is not distinct from 'ARRAY' as is_list, "
        f"case when is_list and json_array_length(doc, {where}) > 0 then json_extract(doc, {where})::json[] "
        f"else [null::json] end as elements "
        f"from ({good}))) order by _line, position"
    )


def _open_pages(con: duckdb.DuckDBPyConnection, judged: str, relation: str, export: Export) -> list[tuple[int, str, str]]:
    """Lines that are pages themselves: their records, each under the number of its line; returns the refused lines."""
    refused: list[tuple[int, str, str]] = []
    for rows in _batched(con, f"select _line, line from {judged} where reason is null order by _line"):
        records: list[tuple[int, str]] = []
        for number, line in rows:
            try:
                page = parse(line)
                check_no_error(page)
                records += [(number, dump(record)) for record in _with_page(page, export)]
            except (Refused, json.JSONDecodeError) as error:
                refused.append((number, str(error), line))
        stream = fresh("stream")
        con.register(stream, pa.table({
            "_line": pa.array([number for number, _ in records], pa.int64()),
            "doc": pa.array([doc for _, doc in records], pa.large_string()),
        }))
        con.execute(f"insert into {relation} select _line, doc::json from {stream}")
        con.unregister(stream)
    return refused


def _with_page(page: Any, export: Export) -> list[Any]:
    """The records of a page that is one line of many; where the contract reads the page around them (`$.…`), each carries it along."""
    records = pick(page, export.records)
    if not any(path.startswith("$.") for column in export.columns.values() for path in column.headers):
        return records
    frame = around(page, export.records)
    return [{**record, "$": frame} if isinstance(record, dict) and record is not page else record for record in records]


def _batched(con: duckdb.DuckDBPyConnection, query: str) -> Iterator[list[tuple[int, str]]]:
    """Rows of a query in batches of some megabytes, each read by itself, so that the connection stays free between them."""
    batches = con.execute(
        "select min(_line), max(_line) from ("
        f"select _line, (sum(strlen(line)) over (order by _line) - strlen(line)) // {BATCH_BYTES} as batch"
        f" from ({query})) group by batch order by 1"
    ).fetchall()
    for first, last in batches:
        yield con.execute(f"select * from ({query}) where _line between {first} and {last} order by _line").fetchall()
