"""Where a benchmark ran: a figure without its machine, versions and commit says nothing."""

from __future__ import annotations

import os
import platform
import subprocess
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

PRODUCT = ("duckdb", "dbt-core", "dagster", "great-expectations")
PEERS = (
    "dlt", "scipy", "networkx", "splink", "pandas", "ChannelAttribution", "marketing-attribution-models", "lifetimes", "pymc-marketing",
)  # fmt: skip


def machine() -> str:
    """One line: cores, memory, versions of the product's engines and of the peers that are installed, commit."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    versions = ", ".join(f"{name} {said}" for name in (*PRODUCT, *PEERS) if (said := _version(name)))
    where = f"{os.cpu_count()} cores, {memory:.0f} GiB, {platform.machine()}"
    return f"{where}; Python {platform.python_version()}, {versions}; commit {commit()}"


def commit() -> str:
    """Of the tree that is measured; `-dirty` if something in it is not committed."""
    asked = ["git", "-C", str(Path(__file__).parent), "describe", "--always", "--dirty"]
    return subprocess.run(asked, capture_output=True, text=True).stdout.strip() or "unknown"


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""
