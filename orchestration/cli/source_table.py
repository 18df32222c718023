"""The table of all exports, as the screen and the README show it: one row per contract, so neither can tell another story.

Belongs here: which facts of a contract are shown, and the README's block between its two markers. Does not: reading contracts (lake).
"""

from __future__ import annotations

from pathlib import Path

import typer

from orchestration.lake.catalog import Catalog, ExportRef
from orchestration.lake.contract import Column

HEADERS = ("platform", "export", "what it is", "domain", "kind", "container", "key", "identity keys", "cadence", "evidence")
BEGIN = "<!-- sources: written by `fishpond source list --write README.md` -->"
END = "<!-- /sources -->"


class NoMarkers(typer.BadParameter):
    """The file has no place for the table: called with a wrong file."""


def source_rows(catalog: Catalog) -> list[tuple[str, ...]]:
    """One row per export in the catalog's order, its cells in the order of HEADERS."""
    return [_row(ref) for ref in catalog.exports.values()]


def markdown_table(catalog: Catalog) -> str:
    """The rows as a Markdown table; a `|` inside a cell is escaped."""
    lines = [HEADERS, tuple("---" for _ in HEADERS), *source_rows(catalog)]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def with_table(text: str, catalog: Catalog) -> str:
    """`text` with everything between the two markers replaced by the table; raises `NoMarkers` where one of them is missing."""
    head, begin, rest = text.partition(BEGIN)
    _, end, tail = rest.partition(END)
    if not begin or not end:
        raise NoMarkers(f"the table belongs between the lines {BEGIN!r} and {END!r}; one of them is missing")
    return f"{head}{BEGIN}\n{markdown_table(catalog)}\n{END}{tail}"


def write_table(path: Path, catalog: Catalog) -> bool:
    """Bring the file's table up to date; True if it was not."""
    before = path.read_text("utf-8")
    after = with_table(before, catalog)
    if after != before:
        path.write_text(after, "utf-8")
    return after != before


def _row(ref: ExportRef) -> tuple[str, ...]:
    export, platform = ref.export, ref.platform
    return (
        platform.platform, ref.name, f"{platform.label}: {export.label}", platform.domain, export.kind, " ".join(export.container),
        " + ".join(export.key), ", ".join(identity_types(export.columns)), export.cadence, export.evidence,
    )  # fmt: skip


def identity_types(columns: dict[str, Column]) -> list[str]:
    """The key types that an export's columns and lists carry, each once, in the contract's order."""
    every = [column for outer in columns.values() for column in (outer, *outer.fields.values())]
    return list(dict.fromkeys(column.identity.type for column in every if column.identity))
