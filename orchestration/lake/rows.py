"""All rows of one part of a delivery, judged: typed, skipped as no record, or bad with column and reason. One temp table.

Belongs here: the layered SELECT. Does not: single cells (cells), where cells come from (source_cells), files (bronze).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import duckdb

from orchestration.lake import cells, cells_list
from orchestration.lake import cells_text as words
from orchestration.lake.catalog import ExportRef
from orchestration.lake.cells_text import clean_text, is_tidy, pattern_of
from orchestration.lake.columns import TYPES, column_types
from orchestration.lake.contract import Column, Export, SummaryRule
from orchestration.lake.extras import extra_json
from orchestration.lake.facts import Facts
from orchestration.lake.scrub import shape
from orchestration.lake.source_cells import SourceCells
from orchestration.lake.sql import cases, identifier, literal, literals
from orchestration.lake.tokens import key_fields, scope_sql

BLANK, SUMMARY, REPEATED, HEADER = 1, 2, 100, 101  # _skip; summary rule i is SUMMARY + i
NO_KEY = "is part of the key and has no value"
NO_RECORD = "names no record: the row is a total or a note below the table"


@dataclass(frozen=True)
class Reason:
    """What `_bad` counts into."""

    column: str
    text: str


def judge(
    con: duckdb.DuckDBPyConnection, ref: ExportRef, source: SourceCells, part: tuple[int, str | None], facts: Facts, table: str
) -> list[Reason]:
    """Add the part's rows to `table` (made when it is not there); returns the reasons that its `_bad` indexes.

    Columns of `table`: every contract column (identity keys still as cleaned text), `_line`, `_part_no`, `_part`, `_extra`,
    `_skip` (NULL for a record), `_bad` (NULL for a good row), `_shape` of the bad cell.
    """
    query, reasons = _query(ref, source, part, facts, plain_columns(con, ref, source))
    there = con.execute("select count(*) from duckdb_tables() where temporary and table_name = $1", [table]).fetchone()
    con.execute(f"insert into {table} {query}" if there and there[0] else f"create temp table {table} as {query}")
    return reasons


def plain_columns(con: duckdb.DuckDBPyConnection, ref: ExportRef, source: SourceCells) -> frozenset[str]:
    """The columns all of whose cells here are empty or `cells.plain`. Asked first, because most columns are, and most of the time that a
    small file takes is the planning of what its cells might need."""
    base = _null_tokens(ref)
    asked = {name: cells.plain(ref.export.columns[name], raw, cells.null_words(ref.export.columns[name], base), "_tidy")
             for name, raw in source.cells.items()}  # fmt: skip
    said = {name: condition for name, condition in asked.items() if condition}
    if not said or not source.is_cheap:
        return frozenset()
    tidy = _tidy(ref.export, source, frozenset())
    found = con.execute(
        f"select {', '.join(f'coalesce(bool_and({condition}), true)' for condition in said.values())} "
        f"from (select *, {tidy} as _tidy from {source.source})"
    ).fetchone()
    return frozenset(name for name, is_plain in zip(said, found, strict=True) if is_plain)


def _null_tokens(ref: ExportRef) -> tuple[str, ...]:
    return (*ref.shared.null_tokens, *ref.export.null_tokens)


def _query(
    ref: ExportRef, source: SourceCells, part: tuple[int, str | None], facts: Facts, plain: frozenset[str]
) -> tuple[str, list[Reason]]:
    export, base = ref.export, _null_tokens(ref)
    texts: dict[str, str] = {}  # SQL → its name: province and city of one address are cleaned once
    columns = [_column(ref, name, source.cells.get(name), texts, base, facts, name in plain) for name in export.columns]
    context = [
        (f"{facts.holes('p_')[name]} is null", Reason(name, NO_KEY), "null") for name in ("account", "business_on") if name in export.key
    ]
    problems = [problem for column in columns for problem in column.problems] + context
    reasons = list(dict.fromkeys(reason for _, reason, _ in problems))
    at = {reason: index for index, reason in enumerate(reasons)}
    bad = cases([("_skip is not null", "null"), *((condition, str(at[reason])) for condition, reason, _ in problems)])
    cell_of = {at[reason]: cell for _, reason, cell in problems}
    bad_cell = cases([(f"_bad = {index}", f"cast({cell} as varchar)") for index, cell in cell_of.items()])
    lines = f"""
        select {", ".join(column.final for column in columns)}, _line,
            {part[0]}::integer as _part_no, {literal(part[1])}::varchar as _part, _extra,
            _skip::smallint as _skip, _bad::smallint as _bad, case when _bad is not null then {shape(bad_cell)} end as _shape
        from (select *, {bad} as _bad
        from (select *, {", ".join(column.typed for column in columns)}
        from (select *, {", ".join(f"{text} as {cell}" for text, cell in texts.items())}, {_skip(export, source, base)} as _skip,
            {extra_json(source.unknown, base, ref.shared.pii_headers)} as _extra
        from (select *, {_tidy(export, source, plain)} as _tidy from {source.source}))))"""
    return lines, reasons


@dataclass(frozen=True)
class _ColumnSql:
    """One column in the layers of the query; `problems` are (condition, reason, SQL of the cell)."""

    typed: str
    final: str
    problems: list[tuple[str, Reason, str]]


def _column(
    ref: ExportRef, name: str, raw: str | None, texts: dict[str, str], base: tuple[str, ...], facts: Facts, is_plain: bool
) -> _ColumnSql:
    """Adds the column's cleaned text to `texts`. A column that the part lacks is a bare NULL, which keeps the plan small."""
    column, value = ref.export.columns[name], f"p_{name}"
    nulls = cells.null_words(column, base)
    text = _text(column, raw, nulls, _default(column, facts.certain().holes("")), is_plain)
    cell = texts.setdefault(text or "cast(null as varchar)", f"t_{name}")
    kept, kind = cells.final(column, value), column_types(name, column)[name]
    if text is None:
        typed, kept = f"cast(null as {kind})", value
        found = [("true", cells.MISSING)] if column.required is True else []
    elif column.type == "list":
        typed, kept = cells_list.parsed(column, cell, base), cells_list.final(column, value, _expander(ref, facts.holes("p_")))
        found = cells_list.problems(column, cell, value, base, facts.exported_at)
    else:
        typed = cells.parsed(column, cell, is_plain)
        kept = kept if column.identity else f"cast({kept} as {kind})"
        found = cells.problems(column, cell, value, nulls, facts.exported_at, is_plain)
    if name in ref.export.key and column.type in ("id", "text") and text is not None:
        may_be_note = column.type == "id" and not is_plain
        found.insert(0, (words.is_total(cell) + (f" or {words.is_note(cell)}" if may_be_note else ""), NO_RECORD))
    if name in ref.export.key and column.required is not True:
        found.append((f"{kept} is null", NO_KEY))
    problems = [(condition, Reason(name, reason), cell) for condition, reason in found]
    return _ColumnSql(f"{typed} as {value}", f"{kept} as {identifier(name)}", problems)


def _text(column: Column, raw: str | None, nulls: tuple[str, ...], default: str | None, is_plain: bool) -> str | None:
    """SQL of the cell as text; None where the part has nothing for the column."""
    if column.constant is not None:
        return f"cast({literal(column.constant)} as varchar)"
    return default if raw is None else cells.text(column, raw, nulls, default, "_tidy", is_plain)


def _default(column: Column, holes: Mapping[str, str]) -> str | None:
    """SQL text for an empty cell: a template of literals and context holes."""
    return None if column.default is None else f"cast({scope_sql(column.default, holes)} as varchar)"


def _expander(ref: ExportRef, holes: Mapping[str, str]) -> cells_list.Expand:
    """Fields of list elements; scope holes may name the context or a column of the record."""
    outer = {name: f"p_{name}" for name, column in ref.export.columns.items() if column.type != "list"} | dict(holes)

    def expand(name: str, field: Column, value: str) -> dict[str, str]:
        if field.identity:
            return key_fields(name, field.identity, value, outer, ref.shared.placeholders)
        return {name: f"cast({value} as {TYPES[field.type]})"}

    return expand


def _tidy(export: Export, source: SourceCells, plain: frozenset[str]) -> str:
    """Whether none of the row's textual cells needs cleaning; those of `plain` columns are known not to."""
    textual = [cell for name, cell in source.cells.items() if export.columns[name].type in cells.TEXTUAL and name not in plain]
    return is_tidy(dict.fromkeys(textual)) if textual else "true"


def _skip(export: Export, source: SourceCells, nulls: tuple[str, ...]) -> str:
    """Which rows are no records: empty ones, the header once more, and summaries by the contract's rules."""
    filled = ", ".join(f"nullif({cell}, '')" for cell in source.whole)
    rules = [
        (condition, str(SUMMARY + index))
        for index, rule in enumerate(export.skip_rows) if (condition := _is_summary(rule, source, nulls)) is not None
    ]  # fmt: skip
    again = [(source.is_header, str(HEADER))] if source.is_header else []
    return cases([(f"coalesce({filled}) is null", str(BLANK)), *again, *rules])


def _is_summary(rule: SummaryRule, source: SourceCells, nulls: tuple[str, ...]) -> str | None:
    if rule.column == "*":
        return _says_anywhere(rule, source)
    cell = source.cells.get(rule.column)
    if cell is None:
        return None
    text = clean_text(cell, [word for word in nulls if word not in rule.words])
    if rule.blank:
        return f"{clean_text(cell, nulls)} is null"
    if rule.starts_with is not None:
        return f"starts_with({text}, {literal(rule.starts_with)})"
    return f"{text} in {literals(rule.words)}"


def _says_anywhere(rule: SummaryRule, source: SourceCells) -> str:
    """A summary word in whatever column: the cells joined by a character that no export holds, searched once."""
    words = "|".join(pattern_of(word) for word in (rule.words or (rule.starts_with or "",)))
    end = "" if rule.starts_with is not None else r"\s*(?:\x{1f}|$)"
    pattern = literal(rf"(?:^|\x{{1f}})\s*(?:{words}){end}")
    return f"regexp_matches(concat_ws(chr(31), {', '.join(source.whole)}), {pattern})"
