"""Every setting, read from the environment once: the only module that reads it. An unknown FISHPOND_* name or value raises."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
LEAST_PEPPER = 16  # bytes; shorter secrets can be tried out
TARGETS = ("duckdb", "spark")
ROBOTS = ("auto", "wecom", "dingtalk", "feishu", "json")
AFTERWARDS = ("archive", "delete")
HANDED_TO_DBT = frozenset(
    {"FISHPOND_WAREHOUSE", "FISHPOND_ANALYTICS", "FISHPOND_SPARK_HOME", "FISHPOND_SPARK_HOST", "FISHPOND_SPARK_PORT"}
)  # set by our own steps for profiles.yml, never by a person


class SettingsError(ValueError):
    """A setting that is unknown or cannot be understood; the message names the variable and what it may be."""


@dataclass(frozen=True)
class Settings:
    """What a run needs to know from outside. `pepper` None: the lake keeps its own; `as_of` None: the latest export date.

    The target spark runs inside this process, or on the Thrift server `spark_thrift`; `spark_tables` None: its tables lie in the lake.
    `memory_limit`: of the engine at any moment; a share is the machine's. `webhook_kind` auto: told by its host. `landing_days` None:
    originals stay for good. Secrets are in no representation.
    """

    lake: Path
    pepper: str | None = field(default=None, repr=False)
    target: str = "duckdb"
    keep_releases: int = 7
    schedules: bool = False
    memory_limit: str = "70%"
    threads: int | None = None
    as_of: date | None = None
    webhook: str | None = None
    webhook_kind: str = "auto"
    webhook_secret: str | None = field(default=None, repr=False)
    schedule_times: tuple[str, ...] = ("07:30", "10:30")
    landing_days: int | None = None
    landing_then: str = "archive"
    spark_master: str | None = None
    spark_thrift: str | None = None
    spark_tables: Path | None = None


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


def _one_of(words: tuple[str, ...]) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in words:
            raise ValueError(f"must be one of {', '.join(words)}")
        return text

    return read


def _times(text: str) -> tuple[str, ...]:
    times = tuple(sorted({part.strip() for part in text.split(",")}))
    if not all(re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", time) for time in times):
        raise ValueError("must be times of day in Asia/Shanghai such as 07:30,10:30")
    return times


def _size(text: str) -> str:
    if not re.fullmatch(r"[0-9]+(\.[0-9]+)?(MB|GB|MiB|GiB)", text):
        raise ValueError("must be a size such as 4GB")
    return text


def memory_bytes(limit: str) -> float:
    """Bytes that a memory limit means on this machine: a size such as `4GB`, or a share of all memory such as `70%`."""
    number, unit = re.fullmatch(r"([0-9.]+)(\D+)", limit).groups()
    machine = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return float(number) * {"%": machine / 100, "MB": 1e6, "GB": 1e9, "MiB": 2**20, "GiB": 2**30}[unit]


def _day(text: str) -> date:
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        raise ValueError("must be a day such as 2026-09-30")
    return date.fromisoformat(text)


def _place(text: str) -> Path:
    return Path(text).expanduser().absolute()


def _master(text: str) -> str:
    if not re.fullmatch(r"local(\[(\*|[0-9]+)\])?|(spark|k8s)://\S+|yarn", text):
        raise ValueError("must be a Spark master such as local[2] or spark://host:7077")
    return text


def _host_and_port(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9._-]+:[0-9]{1,5}", text):
        raise ValueError("must be a host and a port such as spark.example:10000")
    return text


def _address(text: str) -> str:
    if not re.fullmatch(r"https?://\S+", text):
        raise ValueError("must be an http(s) address")
    return text


READERS = {
    "FISHPOND_LAKE": ("lake", _place),
    "FISHPOND_PEPPER": ("pepper", _pepper),
    "FISHPOND_TARGET": ("target", _one_of(TARGETS)),
    "FISHPOND_SPARK_MASTER": ("spark_master", _master),
    "FISHPOND_SPARK_THRIFT": ("spark_thrift", _host_and_port),
    "FISHPOND_SPARK_TABLES": ("spark_tables", _place),
    "FISHPOND_KEEP_RELEASES": ("keep_releases", _whole),
    "FISHPOND_SCHEDULES": ("schedules", _switch),
    "FISHPOND_MEMORY_LIMIT": ("memory_limit", _size),
    "FISHPOND_THREADS": ("threads", _whole),
    "FISHPOND_AS_OF": ("as_of", _day),
    "FISHPOND_WEBHOOK": ("webhook", _address),
    "FISHPOND_WEBHOOK_KIND": ("webhook_kind", _one_of(ROBOTS)),
    "FISHPOND_WEBHOOK_SECRET": ("webhook_secret", str),
    "FISHPOND_SCHEDULE_TIMES": ("schedule_times", _times),
    "FISHPOND_LANDING_DAYS": ("landing_days", _whole),
    "FISHPOND_LANDING_THEN": ("landing_then", _one_of(AFTERWARDS)),
}
