"""The ground truth of the sample as Parquet: what no pipeline sees, and every pipeline can be judged by.

Belongs here: the book that grows chunk by chunk, what was planted, what the channels truly did. Does not: the columns of its tables
(`truth_tables`), anything that lands. Written outside the lake.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from orchestration.sample import brand
from orchestration.sample.effects import Effects
from orchestration.sample.private.truth import bonds_table, complaints_table, referrals_table
from orchestration.sample.recall import campaign_table
from orchestration.sample.truth_tables import contacts_table, hard_cases_table, identifiers_table, orders_table, people_table, touches_table
from orchestration.sample.world import World


@dataclass(frozen=True)
class Planted:
    """A trouble that was put in on purpose, and what a correct pipeline makes of it."""

    kind: str
    file: str  # relative to landing; '' when it is spread over many files
    detail: str


@dataclass
class TruthBook:
    """Grows chunk by chunk; a context. Does nothing when there is no folder to write to."""

    folder: Path | None
    effects: Effects = field(default_factory=Effects)
    _stack: ExitStack = field(default_factory=ExitStack)
    _writers: dict[str, pq.ParquetWriter] = field(default_factory=dict)

    def __enter__(self) -> TruthBook:
        return self

    def __exit__(self, *failure: object) -> None:
        self._stack.close()

    def add(self, world: World) -> None:
        """Write one chunk's tables."""
        if self.folder is None:
            return
        self._write("people", people_table(world))
        self._write("identifiers", identifiers_table(world))
        self._write("touches", touches_table(world))
        self._write("contacts", contacts_table(world))
        self._write("orders", orders_table(world))
        self._write("bonds", bonds_table(world))
        self._write("complaints", complaints_table(world))
        self._write("referrals", referrals_table(world))
        self._write("hard_cases", hard_cases_table(world))
        self._write("campaigns", campaign_table(world.recall, world.person_ids(world.recall.person)))
        self.effects.add(world)

    def finish(self, planted: Iterable[Planted]) -> None:
        """Write what is not about people."""
        if self.folder is not None:
            rows = sorted(planted, key=lambda entry: (entry.kind, entry.file, entry.detail))
            names = ("kind", "file", "detail")
            self._write("planted", pa.table({name: pa.array([getattr(row, name) for row in rows], pa.string()) for name in names}))
            self._write("channels", pa.table({
                "channel": list(brand.CODES), "domain": [channel.domain for channel in brand.CHANNELS],
                "true_effect": [channel.effect for channel in brand.CHANNELS]}))
            self._write("effects", self.effects.table())

    def _write(self, name: str, table: pa.Table) -> None:
        if name not in self._writers:
            self.folder.mkdir(parents=True, exist_ok=True)
            writer = pq.ParquetWriter(self.folder / f"{name}.parquet", table.schema, compression="zstd")
            self._writers[name] = self._stack.enter_context(writer)
        self._writers[name].write_table(table)
