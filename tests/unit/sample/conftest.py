"""One small sample for all tests of this folder, and readers that know nothing of how it was written."""

from __future__ import annotations

import csv
import gzip
import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from orchestration.sample import SampleReport, write_sample

CUSTOMERS, DAYS, END = 1_300, 150, date(2026, 9, 30)


@dataclass(frozen=True)
class Sample:
    """The written sample."""

    landing: Path
    truth: Path
    report: SampleReport

    def files(self, export: str) -> list[Path]:
        """All files of an export, the oldest export first (by the digits of the name)."""
        names = [path for path in self.landing.glob(f"{export}/**/*") if path.is_file()]
        return sorted(names, key=lambda path: (len(self._stamp(path)), self._stamp(path), path.name))

    def records(self, path: Path, encoding: str) -> Iterator[dict[str, str]]:
        """Rows of a well-formed CSV file, decoded strictly, by trimmed header; Excel's wrappings taken off."""
        raw = path.read_bytes()
        if path.suffix == ".gz":
            raw = gzip.decompress(raw)
        if path.suffix == ".zip":
            with zipfile.ZipFile(path) as archive:
                raw = archive.read(archive.namelist()[0])
        rows = csv.reader(io.StringIO(raw.decode(encoding), newline=""))
        header = [cell.strip() for cell in next(rows)]
        for row in rows:
            yield dict(zip(header, (_bare(cell) for cell in row), strict=False))

    def pages(self, export: str) -> Iterator[tuple[Path, dict]]:
        """Every JSON page of an export."""
        for path in self.files(export):
            yield path, json.loads(path.read_text(encoding="utf-8"))

    def ask(self, query: str) -> list[tuple]:
        """Ask the truth; its tables go by their names."""
        with duckdb.connect() as connection:
            for path in self.truth.glob("*.parquet"):
                connection.execute(f"create view {path.stem} as from '{path}'")
            return connection.execute(query).fetchall()

    @staticmethod
    def money(text: str) -> Decimal:
        """An amount as the platforms print it."""
        return Decimal(text.replace(",", "").replace("元", "") or "0")

    @staticmethod
    def _stamp(path: Path) -> str:
        digits = [part for part in "".join(sign if sign.isdigit() else " " for sign in path.stem).split() if len(part) >= 8]
        return digits[0] if digits else ""


def _bare(cell: str) -> str:
    if cell.startswith('="'):
        cell = cell[2:-1]
    return cell.lstrip("'`").strip()


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Sample:
    folder = tmp_path_factory.mktemp("brand")
    report = write_sample(folder / "landing", folder / "truth", customers=CUSTOMERS, days=DAYS, seed=7, end=END, hard_cases=True)
    return Sample(folder / "landing", folder / "truth", report)
