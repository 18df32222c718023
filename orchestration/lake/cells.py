"""One contract column as SQL: what a cell becomes, and when it is wrong. The expressions live in cells_text, _number, _time, _region.

Three steps keep the SQL small and each cell looked at once: `text` (cleaned, for types that stay text), `parsed` (typed, sentinels
still in it), `final`. `problems` compares them. Where all cells of a part are known to be `plain`, each step is a cast or nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from orchestration.lake import cells_number as number
from orchestration.lake import cells_region as region
from orchestration.lake import cells_text as words
from orchestration.lake import cells_time as time
from orchestration.lake.columns import TYPES
from orchestration.lake.contract import Column
from orchestration.lake.scrub import is_suspect, scrubbed
from orchestration.lake.sql import literal, literals

TEXTUAL = frozenset({"id", "text", "free_text", "enum", "region", "tags", "boolean", "list"})
NOT_READABLE = {
    "money": "is not an amount", "decimal": "is not a number", "integer": "is not a whole number",
    "percent": "is not a ratio or percentage",
    "timestamp": "is not a date and time", "date": "is not a date", "boolean": "is neither yes nor no", "birth_month": "is not a birthday",
}  # fmt: skip
DAMAGED = "was damaged by a spreadsheet (scientific notation): export it again as text"
SURPLUS = {"fen": "has a fraction of a fen", None: "has more than two decimals"}
FUTURE = "is later than the day after the export"
MISSING = "is required and has no value"
Problem = tuple[str, str]  # SQL condition, reason


def null_words(column: Column, base: Iterable[str]) -> tuple[str, ...]:
    """The null tokens of a cell: the house's and the export's (`base`), the column's own, but none that its vocabulary names.

    An empty list is a value of a list column.
    """
    spoken = {"[]"} if column.type == "list" else {word for some in column.values.values() for word in some}
    return tuple(word for word in dict.fromkeys((*base, *column.null_tokens)) if word not in spoken)


def plain(column: Column, raw: str, nulls: Iterable[str], tidy: str) -> str | None:
    """SQL, true for a cell that is empty or written in the one form that needs no cleaning; None where a column has no such form.

    It must be stricter than what `text`, `parsed` and `problems` take as it is: with `plain` they believe it.
    """
    match column.type:
        case "enum":
            spoken = [word for some in column.values.values() for word in some]
            is_form = f"{raw} in {literals(spoken)}" if spoken and all(word == word.strip() for word in spoken) else "false"
        case "list":
            return None
        case kind if kind in TEXTUAL:
            no_null = words.is_no_token(raw, nulls)
            if kind == "id" or column.identity:
                is_form = f"regexp_full_match({raw}, '{words.PLAIN_ID}') and {no_null}"
            else:
                is_form = f"{tidy} and {no_null}" + (f" and not {is_suspect(raw)}" if kind == "free_text" else "")
        case _ if column.null_tokens or column.default is not None:
            return None
        case "timestamp" | "date":
            is_form = time.plain(raw, column.type)
        case "money" | "decimal" | "integer" | "percent":
            form = number.plain_form(column.type, column.unit)
            is_form = f"regexp_full_match({raw}, '{form}')" if form else None
        case _:
            is_form = None
    return is_form and f"({raw} is null or {raw} = '' or ({is_form}))"


def text(
    column: Column, raw: str, nulls: Iterable[str], default: str | None = None, tidy: str = "false", is_plain: bool = False
) -> str:
    """The cell as cleaned text for textual types; other types are parsed from the raw cell. `default` is SQL for an empty cell."""
    if column.type in TEXTUAL:
        cleaned = f"nullif({raw}, '')" if is_plain else words.clean_text(raw, nulls, tidy)
        return f"coalesce({cleaned}, {default})" if default else cleaned
    if default or column.null_tokens:  # a null token of a number may be a number itself: 0, 1900-01-01
        return f"case when {words.clean_text(raw, nulls)} is null then {default or 'null'} else {raw} end"
    return raw


def parsed(column: Column, cell: str, is_plain: bool = False) -> str:
    """The typed value of what `text` gave. NULL for what cannot be read; dates may still be sentinels. Lists: see cells_list."""
    if is_plain and (short := _parsed_plain(column, cell)):
        return short
    match column.type:
        case "money":
            return number.money(cell, column.unit, column.rounding)
        case "decimal":
            return number.decimal(cell)
        case "integer":
            return number.integer(cell)
        case "percent":
            return number.percent(cell, column.unit)
        case "birth_month":
            return number.birth_month(cell)
        case "timestamp":
            return time.timestamp(cell, column.epoch, column.zone)
        case "date":
            return time.date(cell, column.epoch, column.zone)
        case "boolean":
            return words.boolean(cell)
        case "enum":
            return words.enum(cell, column.values, scrubbed(cell))
        case "free_text":
            return scrubbed(cell)
        case "tags":
            return words.tags(cell, column.patterns)
        case "region":
            return region.province(cell) if column.level == "province" else region.city(cell)
    return words.plain_id(cell) if column.type == "id" or column.identity else cell


def _parsed_plain(column: Column, cell: str) -> str | None:
    """The same for a plain cell; None where that is no shorter."""
    filled = f"nullif({cell}, '')"
    match column.type:
        case "money":
            return number.fen("cast", filled) if column.unit == "fen" else f"cast({filled} as decimal(18,2))"
        case "decimal" | "percent":
            return f"cast({filled} as decimal(18,8))"
        case "integer":
            return f"cast({filled} as bigint)"
        case "timestamp":
            return f"cast({filled} as timestamp)" + (" + interval 8 hour" if column.zone == "utc" else "")
        case "date":
            return f"cast({filled} as date)"
        case "enum":
            return words.exact_word(cell, column.values)
        case "id" | "text" | "free_text":
            return cell
    return None


def final(column: Column, value: str) -> str:
    """The value that is kept: dates that say "no date" become NULL."""
    if column.type in ("timestamp", "date"):
        return f"case when {time.is_sentinel(value)} then null else {value} end"
    return value


def problems(
    column: Column, cell: str, value: str, nulls: Iterable[str], exported_at: datetime | None, is_plain: bool = False
) -> list[Problem]:
    """What can be wrong with a cell, in the order it is asked. `cell` is what `text` gave, `value` what `parsed` made of it."""
    found: list[Problem] = []
    if column.type == "id" and not is_plain:
        found.append((words.is_damaged_id(cell), DAMAGED))
    elif column.type in NOT_READABLE:
        if column.type == "boolean" or not is_plain:
            found += _misread(column, cell, value, nulls)
        if column.type in ("timestamp", "date") and not column.may_be_future and exported_at is not None:
            found.append((f"{value} >= {literal(str(exported_at.date() + timedelta(days=2)))}::{TYPES[column.type]}", FUTURE))
    if column.required is True:
        found.append((f"{final(column, value)} is null", MISSING))
    return found


def _misread(column: Column, cell: str, value: str, nulls: Iterable[str]) -> list[Problem]:
    found = [(_unread(column, cell, value, nulls), NOT_READABLE[column.type])]
    if column.type == "money" and column.rounding == "exact":
        surplus = f"case when {value} is null and {cell} is not null then {number.has_surplus(cell, column.unit)} else false end"
        found.insert(0, (surplus, SURPLUS.get(column.unit, SURPLUS[None])))
    return found


def _unread(column: Column, cell: str, value: str, nulls: Iterable[str]) -> str:
    """True where something stood in the cell and nothing came out."""
    if column.type == "boolean":
        return f"{value} is null and {cell} is not null"
    cleaned = words.clean_text(cell, nulls)
    says = f"{cleaned} is not null"
    if column.type in ("timestamp", "date"):
        says = f"case when {cleaned} is null then false else not {time.is_empty(cleaned)} end"
    elif column.type == "birth_month":
        says = f"case when {cleaned} is null then false else not regexp_matches({cleaned}, '^[0/-]+$|[*]') end"
    return f"case when {value} is null then {says} else false end"
