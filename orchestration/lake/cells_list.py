"""Columns of type `list`: a JSON array inside one record becomes LIST(STRUCT), its fields cleaned by the same rules as any cell."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from orchestration.lake import cells
from orchestration.lake.contract import Column
from orchestration.lake.sql import cases, identifier, literal

Expand = Callable[[str, Column, str], dict[str, str]]  # field, its column, SQL of its value → output fields (token, class, scope)


def json_path(path: str) -> str:
    """`a.b` as DuckDB's JSON path; keys are quoted, so any key may stand there."""
    return "$" + "".join('."' + key.replace('"', '\\"') + '"' for key in path.split("."))


def parsed(column: Column, text: str, base_nulls: Iterable[str]) -> str:
    """LIST of structs with, per field, the cleaned text `t_<field>` and the typed value `p_<field>`; NULL when the text is no list."""
    nulls = {name: cells.null_words(field, base_nulls) for name, field in column.fields.items()}
    cleaned = ", ".join(f"t_{name} := {cells.text(field, _raw(field), nulls[name])}" for name, field in column.fields.items())
    typed = ", ".join(f"t_{name} := s.t_{name}, p_{name} := {cells.parsed(field, f's.t_{name}')}" for name, field in column.fields.items())
    texts = f"list_transform({_elements(column, text)}, lambda e: struct_pack({cleaned}))"
    return f"list_transform({texts}, lambda s: struct_pack({typed}))"


def final(column: Column, value: str, expand: Expand) -> str:
    """The list that is kept: one struct per element with the contract's fields, identity keys expanded."""
    fields: dict[str, str] = {}
    for name, field in column.fields.items():
        fields |= expand(name, field, cells.final(field, f"s.p_{name}"))
    inside = ", ".join(f"{identifier(name)} := {expression}" for name, expression in fields.items())
    return f"list_transform({value}, lambda s: struct_pack({inside}))"


def problems(column: Column, text: str, value: str, base_nulls: Iterable[str], exported_at: datetime | None) -> list[cells.Problem]:
    """A text that is no list, and whatever is wrong with a field of any element."""
    found = [(f"{value} is null and {text} is not null", "is not a list")]
    for name, field in column.fields.items():
        nulls = cells.null_words(field, base_nulls)
        for condition, reason in cells.problems(field, f"s.t_{name}", f"s.p_{name}", nulls, exported_at):
            found.append((f"coalesce(len(list_filter({value}, lambda s: {condition})), 0) > 0", f"has an element whose {name} {reason}"))
    if column.required is True:
        found.append((f"coalesce(len({value}), 0) = 0", cells.MISSING))
    return found


def _raw(field: Column) -> str:
    """A field of element `e`: the first alias that is there; `.` is the element itself when it is a scalar."""
    if not field.headers:
        return f"cast({literal(field.constant or field.default)} as varchar)"
    reads = [
        "case when json_type(e) not in ('OBJECT', 'ARRAY') then json_extract_string(e, '$') end" if path == "."
        else f"json_extract_string(e, {literal(json_path(path))})"
        for path in field.headers
    ]  # fmt: skip
    return f"coalesce({', '.join(reads)})" if len(reads) > 1 else reads[0]


def _elements(column: Column, text: str) -> str:
    """JSON[]: the elements of an array; an object, or a scalar where scalars are meant, is a list of one."""
    kinds = [("'ARRAY'", f"json_extract({text}, '$[*]')"), ("'OBJECT'", f"[cast({text} as json)]")]
    takes_scalars = any("." in field.headers for field in column.fields.values())
    of_kind = cases(
        [(f"json_type({text}) = {kind}", result) for kind, result in kinds], f"[cast({text} as json)]" if takes_scalars else "null"
    )
    return f"case when json_valid({text}) then {of_kind} end"
