"""Columns that no contract names: kept in `_extra` as JSON, without personal data."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from orchestration.lake.cells_text import clean_text
from orchestration.lake.scrub import hints_at_person, scrubbed, shape
from orchestration.lake.source_cells import Unknown
from orchestration.lake.sql import cases, literal


def extra_json(unknown: Sequence[Unknown], nulls: Iterable[str], hints: Iterable[str]) -> str:
    """SQL of the JSON text {header: scrubbed value} over the cells that hold something; NULL when none does.

    Headers that sound personal, and values that are documents themselves, leave only their shape.
    """
    if not unknown:
        return "cast(null as varchar)"
    hints, nulls = tuple(hints), tuple(nulls)
    pairs = []
    for header, cell in unknown:
        text = clean_text(cell, nulls)
        if hints_at_person(header.rsplit(".", 1)[-1], hints):
            kept = f"case when {cell} is not null then {shape(text)} end"
        else:
            kept = cases(
                [(f"{cell} is null or {cell} = ''", "null"), (f"regexp_matches({cell}, '^\\s*[\\[{{]')", shape(text))], scrubbed(text)
            )
        pairs.append(f"{literal(header)}, {kept}")
    # a merge patch takes keys with null away (RFC 7386), so only cells with a value are named
    packed = f"cast(json_merge_patch('{{}}', json_object({', '.join(pairs)})) as varchar)"
    return f"nullif({packed}, '{{}}')"
