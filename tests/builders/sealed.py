"""Removing what tests leave: releases are sealed, and what is sealed only its owner may open again."""

from __future__ import annotations

import shutil
from pathlib import Path


def remove(*parts: Path) -> None:
    """Remove files and folders, even sealed ones; what is not there is removed already."""
    for part in parts:
        if part.is_file():
            part.unlink()
            continue
        for path in part.rglob("*"):
            if path.is_dir() and not path.is_symlink():
                path.chmod(0o700)
        shutil.rmtree(part, ignore_errors=True)
