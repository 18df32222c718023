"""Where everything stands in the lake: one root, five rooms. Knows paths only, never what is in a file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Lake:
    """The folders under one root. Only `prepare` and `room` touch the disk."""

    root: Path

    @property
    def landing(self) -> Path:
        """Files as the platforms gave them; the only room with personal data (0700)."""
        return self.root / "landing"

    @property
    def work(self) -> Path:
        """Scratch of running loads: decoded copies and spilled rows hold personal data, so it lies inside landing."""
        return self.landing / ".work"

    @property
    def bronze(self) -> Path:
        return self.root / "bronze"

    @property
    def quarantine(self) -> Path:
        return self.root / "quarantine"

    @property
    def warehouse_dir(self) -> Path:
        return self.root / "warehouse"

    @property
    def warehouse(self) -> Path:
        """The DuckDB file that dbt writes; its stem is the catalog name, so it never changes."""
        return self.warehouse_dir / "warehouse.duckdb"

    @property
    def spark_home(self) -> Path:
        """Tables and metastore of the Spark target, where that is the engine."""
        return self.warehouse_dir / "spark"

    @property
    def build_mark(self) -> Path:
        return self.warehouse_dir / "build.json"

    @property
    def candidates(self) -> Path:
        return self.warehouse_dir / "candidates"

    @property
    def fences(self) -> Path:
        return self.warehouse_dir / "fences"

    @property
    def dagster_home(self) -> Path:
        return self.warehouse_dir / "dagster"

    @property
    def published(self) -> Path:
        return self.root / "published"

    @property
    def releases(self) -> Path:
        return self.published / "releases"

    @property
    def current(self) -> Path:
        return self.published / "current"

    def prepare(self) -> Lake:
        """Make every folder that is not there; landing is readable by its owner alone."""
        self.landing.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.landing.chmod(0o700)
        for folder in (self.bronze, self.quarantine, self.candidates, self.fences, self.dagster_home, self.releases):
            folder.mkdir(parents=True, exist_ok=True)
        return self
