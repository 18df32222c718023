"""Every setting, read from the environment once: the only module that reads it. An unknown FISHPOND_* name or value raises."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
LEAST_PEPPER = 16  # bytes; shorter secrets can be tried out
TARGETS = ("duckdb", "spark")
HANDED_TO_DBT = frozenset({"FISHPOND_WAREHOUSE", "FISHPOND_ANALYTICS"})  # set by our own steps for profiles.yml, never by a person


class SettingsError(ValueError):
    """A setting that is unknown or cannot be understood; the message names the variable and what it may be."""


@dataclass(frozen=True)
class Settings:
    """What a run needs to know from outside. `pepper` None: the lake keeps its own; `as_of` None: the latest export date."""

    lake: Path
    pepper: str | None = None
    target: str = "duckdb"
    keep_releases: int = 7
    schedules: bool = False
    memory_limit: str | None = None
    threads: int | None = None
    as_of: date | None = None
    webhook: str | None = None


def read_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """The settings of this process. Empty values count as unset. Raises SettingsError."""
    environ = os.environ if environ is None else environ
    given = {name: value.strip() for name, value in environ.items() if name.startswith("FISHPOND_") and name not in HANDED_TO_DBT}
    unknown = sorted(set(given) - set(READERS))
    if unknown:
        raise SettingsError(f"unknown setting {', '.join(unknown)}; known are {', '.join(sorted(READERS))}")
    values: dict[str, object] = {"lake": PROJECT / "data_lake"}
    for name, text in given.items():
        if not text:
            continue
        field, reader = READERS[name]
        try:
            values[field] = reader(text)
        except ValueError as error:
            raise SettingsError(f"{name}: {error}") from error
    return Settings(**values)


def _whole(text: str) -> int:
    if not re.fullmatch(r"[1-9][0-9]{0,4}", text):
        raise ValueError("must be a whole number from 1")
    return int(text)


def _switch(text: str) -> bool:
    words = {"1": True, "true": True, "on": True, "0": False, "false": False, "off": False}
    if text.lower() not in words:
        raise ValueError(f"must be one of {', '.join(words)}")
    return words[text.lower()]


def _pepper(text: str) -> str:
    if len(text.encode()) < LEAST_PEPPER:
        raise ValueError(f"must have at least {LEAST_PEPPER} bytes")
    return text


def _target(text: str) -> str:
    if text not in TARGETS:
        raise ValueError(f"must be one of {', '.join(TARGETS)}")
    return text


def _size(text: str) -> str:
    if not re.fullmatch(r"[0-9]+(\.[0-9]+)?(MB|GB|MiB|GiB)", text):
        raise ValueError("must be a size such as 4GB")
    return text


def _day(text: str) -> date:
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        raise ValueError("must be a day such as 2026-09-30")
    return date.fromisoformat(text)


def _address(text: str) -> str:
    if not re.fullmatch(r"https?://\S+", text):
        raise ValueError("must be an http(s) address")
    return text


READERS = {
    "FISHPOND_LAKE": ("lake", lambda text: Path(text).expanduser().absolute()),
    "FISHPOND_PEPPER": ("pepper", _pepper),
    "FISHPOND_TARGET": ("target", _target),
    "FISHPOND_KEEP_RELEASES": ("keep_releases", _whole),
    "FISHPOND_SCHEDULES": ("schedules", _switch),
    "FISHPOND_MEMORY_LIMIT": ("memory_limit", _size),
    "FISHPOND_THREADS": ("threads", _whole),
    "FISHPOND_AS_OF": ("as_of", _day),
    "FISHPOND_WEBHOOK": ("webhook", _address),
}
