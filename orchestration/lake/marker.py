"""Sample or real: a lake holds one of them, never both. The mark is a list of the sample's files by SHA-256 in landing."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

from orchestration.lake.landing import delivered_files, hash_files, leads_out
from orchestration.lake.layout import Lake

FILE = ".sample"
Kind = Literal["empty", "sample", "real"]


class MixedLake(RuntimeError):
    """Sample and real files would meet in one lake; the message names the command that clears it."""


def lake_kind(lake: Lake) -> Kind:
    """`empty` when landing, bronze and published hold nothing; else what the mark says."""
    if (lake.landing / FILE).exists():
        return "sample"
    is_used = bool(delivered_files(lake)) or any(lake.bronze.glob("*/*/*.parquet")) or lake.current.is_symlink()
    return "real" if is_used else "empty"


def mark_sample(lake: Lake, files: Iterable[Path]) -> None:
    """Mark the lake as the sample's, with what was written: call it right after writing, on an empty lake."""
    written = sorted(_sha256(file) for file in files)
    aside = lake.landing / f"{FILE}.{os.getpid()}.tmp"
    aside.write_text(json.dumps({"sha256": written}), encoding="utf-8")
    os.replace(aside, lake.landing / FILE)


def check_not_mixed(lake: Lake) -> None:
    """Raises MixedLake when a lake marked sample holds a file that the sample did not write."""
    mark = lake.landing / FILE
    if not mark.exists():
        return
    written = set(json.loads(mark.read_text(encoding="utf-8"))["sha256"])
    files = delivered_files(lake)
    hashes = hash_files(lake, [path for path in files if not leads_out(path, lake.landing)])
    strange = [path for path in files if path not in hashes or hashes[path][0] not in written]
    if strange:
        raise MixedLake(
            f"{lake.root} holds the sample brand, but {len(strange)} files are not the sample's (first: {strange[0]}). "
            f"Take them out, deliver real files into another folder (FISHPOND_LAKE), or clear the sample: rm -rf {lake.root}"
        )


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
