"""Bronze and quarantine files that are not the ones that were written: found by size and time, healed by loading the original again.

Here: remembering what was written (`.written.json` beside the files), finding what changed since. Not here: loading.
Nobody but the loader writes these files, so any change is damage: a cut or flipped file, a restore that mixed versions.
"""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Iterator
from pathlib import Path

import duckdb
import pyarrow as pa
from pyarrow import parquet

from orchestration.lake.durable import write_durably

MEMORY = ".written.json"
Stamps = dict[str, list[int]]  # file name → [size, mtime_ns]


class BronzeDamaged(RuntimeError):
    """A loaded file is damaged, and landing no longer has what it was loaded from."""


def mend(bronze: Path, quarantine: Path, in_landing: Collection[str]) -> list[str]:
    """Remove what is damaged of one export, so that it is loaded again; the delivery ids. Raises BronzeDamaged where it cannot be.

    `in_landing` are the ids of deliveries that landing still has. A file that only changed, can be read to its end and has no
    original any more stays: there is nothing better.
    """
    damaged: list[str] = []
    for folder in (bronze, quarantine):
        for file in _changed(folder):
            delivery = file.name.split(".")[0]
            if delivery.partition("-")[0] in in_landing or delivery == "empty":  # a repeated file's id is the original's and more
                damaged.append(delivery)
            elif not _is_readable(file):
                raise BronzeDamaged(
                    f"{file} is damaged, and landing no longer has the file it was loaded from: deliver that file again or restore "
                    "this one from a backup. Nothing was published"
                )
    for delivery in damaged:
        for folder in (bronze, quarantine):
            for file in folder.glob(f"{delivery}.*.parquet"):
                file.unlink()
    return damaged


def remember_written(*folders: Path) -> None:
    """Note every file as it stands now; called when a load has finished."""
    for folder in folders:
        stamps = _stamps(folder)
        if stamps != _remembered(folder):
            write_durably(folder / MEMORY, json.dumps(stamps, indent=0, sort_keys=True))


def _changed(folder: Path) -> Iterator[Path]:
    """Files that differ from what was noted. One that a killed load did not note was put in place whole: its end is enough."""
    noted = _remembered(folder)
    for name, stamp in _stamps(folder).items():
        file = folder / name
        if noted[name] != stamp if name in noted else not _has_an_end(file):
            yield file


def _stamps(folder: Path) -> Stamps:
    if not folder.is_dir():
        return {}
    states = {entry.name: entry.stat() for entry in os.scandir(folder) if entry.name.endswith(".parquet")}
    return {name: [state.st_size, state.st_mtime_ns] for name, state in sorted(states.items())}


def _remembered(folder: Path) -> Stamps:
    try:
        return json.loads((folder / MEMORY).read_text("utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):
        return {}


def _has_an_end(file: Path) -> bool:
    try:
        parquet.read_metadata(file)
    except (pa.ArrowInvalid, OSError):
        return False
    return True


def _is_readable(file: Path) -> bool:
    with duckdb.connect() as con:
        try:
            con.execute("select sum(hash(record)) from read_parquet($1) as record", [str(file)]).fetchall()
        except duckdb.Error:
            return False
    return True
