"""The lake's pepper: the secret under which identity keys become tokens. Made once, guarded against change, never printed."""

from __future__ import annotations

import hashlib
import os
import secrets
from pathlib import Path

from orchestration.lake.layout import Lake

FILE = ".pepper"
GUARD = ".pepper-fingerprint"


class PepperChanged(RuntimeError):
    """The pepper is not the one that bronze was written with: its tokens would match nothing."""


def resolve_pepper(lake: Lake, given: str | None) -> bytes:
    """The pepper of this lake: `given` (FISHPOND_PEPPER), else the one kept in landing, made on first use (0600).

    Raises PepperChanged when bronze was written with another one or the kept one is gone.
    """
    pepper = given.encode() if given is not None else _kept(lake)
    guard = lake.bronze / GUARD
    mine = hashlib.sha256(b"fishpond pepper fingerprint\0" + pepper).hexdigest()[:16]
    if guard.exists():
        if guard.read_text(encoding="ascii").strip() != mine:
            raise PepperChanged(
                f"the pepper is not the one that {lake.bronze} was written with: set FISHPOND_PEPPER (or {lake.landing / FILE}) back "
                f"to it; or, to change it for good, delete {lake.bronze}, {lake.quarantine} and {lake.warehouse_dir} and run again "
                "with every original in landing"
            )
    else:
        guard.parent.mkdir(parents=True, exist_ok=True)
        _write(guard, mine.encode(), 0o644)
    return pepper


def _kept(lake: Lake) -> bytes:
    file = lake.landing / FILE
    if not file.exists():
        if (lake.bronze / GUARD).exists():
            raise PepperChanged(f"{file} is gone, and {lake.bronze} was written with it: restore it, or set FISHPOND_PEPPER to its text")
        lake.landing.mkdir(parents=True, exist_ok=True, mode=0o700)
        _write(file, secrets.token_hex(32).encode(), 0o600)
    return file.read_bytes().strip()


def _write(file: Path, content: bytes, mode: int) -> None:
    aside = file.with_name(f"{file.name}.{os.getpid()}.tmp")
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(descriptor, "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    os.replace(aside, file)
