"""YAML with line numbers, `$name` references and no silent surprises: what `catalog` reads contracts through.

Differs from plain safe YAML on purpose: a duplicate key is an error; `yes`, `on`, dates stay text; every place knows its line.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

Where = tuple[str | int, ...]
REFERENCE = re.compile(r"\$([a-z][a-z0-9_]*)")
PLAIN = {"tag:yaml.org,2002:int", "tag:yaml.org,2002:float", "tag:yaml.org,2002:null"}
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class ContractError(ValueError):
    """A contract that cannot be used: file, line and what to change."""

    def __init__(self, file: Path, line: int | None, problem: str) -> None:
        super().__init__(f"{file}:{line or 1}: {problem}")
        self.file, self.line, self.problem = file, line, problem


@dataclass
class Document:
    """Plain data and, for every place in it, the line it stands on."""

    file: Path
    data: Any
    lines: dict[Where, int] = field(default_factory=dict)

    def line_of(self, where: Where) -> int | None:
        """The line of the place or of the nearest one around it."""
        while where and where not in self.lines:
            where = where[:-1]
        return self.lines.get(where)


def read_document(file: Path, named: Mapping[str, Any]) -> Document:
    """Read one YAML file; `$name` stands for `named[name]`, and inside a list for its elements. Raises ContractError."""
    try:
        node = yaml.compose(file.read_text(encoding="utf-8"), Loader=LOADER)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        raise ContractError(file, line, f"not YAML: {error.problem}") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ContractError(file, None, f"not YAML: {error}") from error
    document = Document(file, None)
    if node is not None:
        document.data = _plain(node, (), document, named)
    return document


def _plain(node: yaml.Node, where: Where, document: Document, named: Mapping[str, Any]) -> Any:
    document.lines.setdefault(where, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, where, document, named)
    if isinstance(node, yaml.SequenceNode):
        items: list[Any] = []
        for child in node.value:
            value = _plain(child, (*where, len(items)), document, named)
            items.extend(value) if _is_reference(child) and isinstance(value, list | tuple) else items.append(value)
        return items
    return _scalar(node, document, named)


def _mapping(node: yaml.MappingNode, where: Where, document: Document, named: Mapping[str, Any]) -> dict[str, Any]:
    own: dict[str, Any] = {}
    merged: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key, line = key_node.value, key_node.start_mark.line + 1
        if not isinstance(key, str):
            raise ContractError(document.file, line, "a key must be plain text")
        if key_node.tag == "tag:yaml.org,2002:merge":
            for part in value_node.value if isinstance(value_node, yaml.SequenceNode) else [value_node]:
                merged = {**_plain(part, where, document, named), **merged}
            continue
        if key in own:
            raise ContractError(document.file, line, f"`{key}` is said twice")
        document.lines[(*where, key)] = line
        own[key] = _plain(value_node, (*where, key), document, named)
    return {**merged, **own}


def _is_reference(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode) and REFERENCE.fullmatch(node.value) is not None


def _scalar(node: yaml.ScalarNode, document: Document, named: Mapping[str, Any]) -> Any:
    if _is_reference(node):
        name = node.value[1:]
        if name not in named:
            known = ", ".join(sorted(named))
            raise ContractError(document.file, node.start_mark.line + 1, f"`${name}` is not a list of shared.yml ({known})")
        return named[name]
    if node.tag == "tag:yaml.org,2002:bool" and node.value.lower() in ("true", "false"):
        return node.value.lower() == "true"
    if node.tag in PLAIN:
        return yaml.safe_load(node.value) if node.value else None
    return node.value
