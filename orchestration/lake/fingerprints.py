"""Short names for "exactly this": the code and contracts that give data its meaning, and what lies in landing.

Equal fingerprints and an untouched release mean that a run could only publish the same tables again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from orchestration.lake.landing import Delivery

ROOT = Path(__file__).parents[2]
MEANING = {"orchestration": {".py", ".yml"}, "expectations": {".py", ".yml"}, "dbt_project": {".sql", ".yml", ".csv"}}
DBT_INPUTS = {"dbt_project": {".sql", ".yml", ".csv"}, "orchestration/sources": {".yml"}}
GENERATED = {"target", "logs", "__pycache__"}


def code_fingerprint(folders: dict[str, set[str]] = MEANING, root: Path = ROOT) -> str:
    """12 hex digits over path and content of every file with one of the endings, in folder order; about 10 ms for 400 files."""
    digest = hashlib.sha256()
    for folder, endings in folders.items():
        for path in sorted((root / folder).rglob("*")):
            if path.suffix in endings and not GENERATED.intersection(path.parts) and path.is_file():
                digest.update(path.relative_to(root).as_posix().encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:12]


def code_of(as_of: date | None, target: str = "duckdb") -> str:
    """What a build means: the code and contracts, the day asked for, if any, and the engine, where it is not our own."""
    return code_fingerprint() + (f"@{as_of.isoformat()}" if as_of else "") + (f"+{target}" if target != "duckdb" else "")


def landing_fingerprint(deliveries: Iterable[Delivery]) -> str:
    """12 hex digits over what landing holds: every delivery's place and identity (export, bytes, context)."""
    lines = sorted(f"{delivery.relative}\0{delivery.delivery_id}\0{delivery.sha256}" for delivery in deliveries)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:12]


def file_sha256(path: Path) -> str:
    """SHA-256 of a file's bytes, read in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
