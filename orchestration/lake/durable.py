"""Files that survive a power cut: written aside, forced to disk, renamed. Knows no meaning of what it writes."""

from __future__ import annotations

import os
from pathlib import Path


def sync(path: Path) -> None:
    """Force a file's bytes, or a folder's entries, to disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_tree(folder: Path) -> None:
    """Force everything below a folder to disk, and the folder itself last."""
    for path in folder.rglob("*"):
        sync(path)
    sync(folder)


def write_durably(path: Path, text: str) -> None:
    """Replace a file's text in one step: a reader, or a kill, sees the old or the new text, never a part."""
    aside = path.with_name(f".{path.name}.part")
    aside.write_text(text, "utf-8")
    sync(aside)
    os.replace(aside, path)
    sync(path.parent)


def append_durably(path: Path, line: str) -> None:
    """Add one line. What a kill left of an unfinished line is cut off first."""
    with path.open("a+b") as file:
        file.seek(0)
        whole = file.read()
        file.truncate(whole.rfind(b"\n") + 1)
        file.write(line.encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())
    sync(path.parent)
