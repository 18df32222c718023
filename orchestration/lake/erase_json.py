"""Blanking a person in JSON: pages, bare arrays, and JSON lines. Pure: bytes in, bytes out.

The smallest list element (else the whole document) that holds one of the person's keys is theirs. In rows of money only personal
leaves are emptied; every other element becomes `{}`, or an empty text where it was a text.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from orchestration.lake.contract import Column, Export
from orchestration.lake.json_pages import dump, parse

Mine = Callable[[str], bool]


def blank_json(data: bytes, encoding: str, export: Export, keeps_rows: bool, mine: Mine) -> bytes:
    """The same document, or lines of documents, without the person."""
    text = data.decode("utf-8-sig" if encoding == "utf-8" else encoding)
    private = private_words(export) if keeps_rows else None
    try:
        return dump(_blanked(parse(text), private, mine)).encode()
    except json.JSONDecodeError:
        return "\n".join(_line(line, private, mine) for line in text.split("\n")).encode()


def private_words(export: Export) -> frozenset[str]:
    """Last words of the paths that name a person: those of keys, of free text, and of everything the contract drops."""
    paths = [path for column in _columns(export.columns.values()) if _is_private(column) for path in column.headers]
    return frozenset(path.rpartition(".")[2] for path in (*paths, *export.drop)) - {""}


def _columns(columns: Any) -> list[Column]:
    return [one for column in columns for one in (column, *_columns(column.fields.values()))]


def _is_private(column: Column) -> bool:
    return column.type == "free_text" or (column.identity is not None and not column.identity.clear)


def _line(line: str, private: frozenset[str] | None, mine: Mine) -> str:
    try:
        return dump(_blanked(parse(line), private, mine)) if line.strip() else line
    except json.JSONDecodeError:
        return line  # a broken line: what is in it is looked for as text


def _blanked(node: Any, private: frozenset[str] | None, mine: Mine) -> Any:
    """The document, with the elements of its lists that are the person's blanked; itself, if a key stands outside every list."""
    inside = _lists(node, private, mine)
    return _blank(inside, private, mine) if _holds(inside, mine) else inside


def _lists(node: Any, private: frozenset[str] | None, mine: Mine) -> Any:
    if isinstance(node, dict):
        return {key: _lists(child, private, mine) for key, child in node.items()}
    if isinstance(node, list):
        return [_blanked(child, private, mine) for child in node]
    return node


def _holds(node: Any, mine: Mine) -> bool:
    if isinstance(node, dict):
        return any(_holds(child, mine) for child in node.values())
    if isinstance(node, list):
        return any(_holds(child, mine) for child in node)
    return node is not None and not isinstance(node, bool) and mine(str(node))


def _blank(node: Any, private: frozenset[str] | None, mine: Mine) -> Any:
    if private is None or not isinstance(node, dict | list):
        return {} if isinstance(node, dict) else ""
    if isinstance(node, list):
        return [_blank(child, private, mine) for child in node]
    return {key: _leaf(key, child, private, mine) for key, child in node.items()}


def _leaf(key: str, child: Any, private: frozenset[str], mine: Mine) -> Any:
    if isinstance(child, dict | list):
        return (type(child)() if key in private else _nested(child, private, mine))
    return "" if key in private or (child is not None and mine(str(child))) else child


def _nested(child: Any, private: frozenset[str], mine: Mine) -> Any:
    if isinstance(child, dict):
        return {key: _leaf(key, inner, private, mine) for key, inner in child.items()}
    return [_nested(inner, private, mine) if isinstance(inner, dict | list) else ("" if mine(str(inner)) else inner) for inner in child]
