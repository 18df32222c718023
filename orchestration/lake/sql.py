"""How names and values enter SQL text: the one place that quotes. File, sheet and header names are hostile input."""

from __future__ import annotations

from collections.abc import Iterable


def identifier(name: str) -> str:
    """A quoted identifier; a NUL cannot be said in SQL and is refused."""
    if "\x00" in name:
        raise ValueError("an identifier cannot hold a NUL")
    return '"' + name.replace('"', '""') + '"'


def literal(value: str | int | None) -> str:
    """A text or whole-number literal. DuckDB knows no backslash escapes in plain literals, so doubling the quote is enough."""
    if value is None:
        return "null"
    if isinstance(value, int):
        return str(value)
    return "'" + value.replace("\x00", "").replace("'", "''") + "'"


def literals(values: Iterable[str]) -> str:
    """`('a', 'b')` for IN and lists of words."""
    return "(" + ", ".join(literal(value) for value in values) + ")"


def cases(branches: Iterable[tuple[str, str]], otherwise: str = "null") -> str:
    """A CASE over (condition, result) pairs. DuckDB evaluates a branch only for the rows that reach it, so cheap conditions go first."""
    arms = [f"when {condition} then {result}" for condition, result in branches]
    return f"case {' '.join(arms)} else {otherwise} end" if arms else otherwise
