"""Taking people out of what was written about checks: verdicts and pages name failing rows by their keys.

Belongs here: the texts beside candidates and releases. Does not: tables (`erase_releases`), Dagster's own log, which is never given a
whole customer id or token (`previews.hide`).
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterator
from pathlib import Path

import duckdb

from orchestration.lake.candidates import REPORT
from orchestration.lake.durable import sync
from orchestration.lake.layout import Lake
from orchestration.lake.release_files import FILE_NAME
from orchestration.lake.releases import list_versions
from orchestration.lake.sql import literals

WRITTEN = (".html", ".json", ".jsonl")
INSTEAD = "erased"


def erase_reports(lake: Lake, tokens: Collection[str]) -> int:
    """Every text about checks without these tokens and the customers who ever held them; how many files were changed.

    Comes before the versions and the warehouse lose them, since they tell who the customers are.
    """
    named = re.compile(rf"\b(?:{'|'.join(sorted({*tokens, *_customers(lake, tokens)}))})\b")
    return sum(_erase(path, named) for path in _texts(lake))


def _customers(lake: Lake, tokens: Collection[str]) -> set[str]:
    found: set[str] = set()
    for file in (lake.warehouse, *(lake.releases / version / FILE_NAME for version in list_versions(lake))):
        try:
            with duckdb.connect(str(file), read_only=True) as con:
                query = f"select distinct customer_id from customer.customer_keys where key_token in {literals(sorted(tokens))}"
                found |= {row[0] for row in con.execute(query).fetchall()}
        except (duckdb.IOException, duckdb.CatalogException):  # a warehouse that was dropped, cut off, or never came so far
            continue
    return found


def _texts(lake: Lake) -> Iterator[Path]:
    yield from sorted(path for path in lake.candidates.rglob("*") if path.suffix in WRITTEN)
    yield from (page for version in list_versions(lake) if (page := lake.releases / version / REPORT).exists())


def _erase(path: Path, named: re.Pattern[str]) -> bool:
    text = path.read_text("utf-8")
    without = named.sub(INSTEAD, text)
    if without == text:
        return False
    folder, aside = path.parent, path.with_name(f".{path.name}.part")
    modes = folder.stat().st_mode, path.stat().st_mode
    folder.chmod(0o755)
    aside.unlink(missing_ok=True)
    aside.write_text(without, "utf-8")
    aside.chmod(modes[1])
    os.replace(aside, path)
    sync(folder)
    folder.chmod(modes[0])
    return True
