"""The loads of one run, begun ahead: while one platform's rows are fenced, files of the next ones are already read.

Here: when loads begin and who waits for them. Not here: what a load is (lake), what Dagster shows of it (landing).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from functools import cached_property
from typing import Self

from orchestration.lake.catalog import ExportRef
from orchestration.lake.landing import Delivery
from orchestration.lake.layout import Lake
from orchestration.lake.loader import load_export
from orchestration.lake.receipt import Receipt
from orchestration.lake.workers import Workers

EXPORTS = 4  # at a time: most bring one small file, and its folders are looked through beside the reading of others
PATIENCE = 5.0  # seconds between two words about a long load: it lives, without a log line per file

Progress = Callable[[str, int, int], None]  # export, deliveries done, deliveries in all


class Loading:
    """A context around the steps of a run. Leaving it waits for the files that are being read and drops those not begun."""

    def __init__(self, lake: Lake, pepper: Callable[[], bytes], memory_limit: str | None) -> None:
        self._lake, self._pepper, self._memory_limit = lake, pepper, memory_limit
        self._exports = ThreadPoolExecutor(EXPORTS, thread_name_prefix="load")
        self._begun: dict[str, Future[list[Receipt]]] = {}
        self._done: dict[str, tuple[int, int]] = {}
        self._refs: dict[str, ExportRef] = {}
        self._told: set[str] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if "_workers" in self.__dict__:
            self._workers.stop()
        self._exports.shutdown(cancel_futures=True)

    @cached_property
    def _workers(self) -> Workers:
        return Workers(self._lake, self._pepper(), self._memory_limit)

    def begin(self, refs: Sequence[ExportRef], deliveries: Sequence[Delivery]) -> None:
        """Begin to load these exports in this order; those that are begun go on."""
        workers = self._workers  # a run that loads nothing needs no pepper
        by_export: dict[str, list[Delivery]] = {ref.id: [] for ref in refs if ref.id not in self._begun}
        for delivery in deliveries:
            if delivery.export_ref and delivery.export_ref.id in by_export:
                by_export[delivery.export_ref.id].append(delivery)
        for ref in refs:
            if ref.id in by_export and ref.id not in self._begun:
                self._begun[ref.id] = self._exports.submit(self._load, workers, ref, by_export[ref.id])
                self._refs[ref.id] = ref

    def receipts(self, refs: Sequence[ExportRef], on_wait: Progress) -> list[list[Receipt]]:
        """Wait for these exports; the receipts of each. Raises what stopped a load, after which it may be begun again.

        `on_wait` hears every few seconds how far the exports are that are waited for.
        """
        waited_for = [self._begun[ref.id] for ref in refs]
        while wait(waited_for, PATIENCE).not_done:
            for ref in refs:
                if ref.id in self._done and not self._begun[ref.id].done():
                    on_wait(ref.id, *self._done[ref.id])
        try:
            return [each.result() for each in waited_for]
        finally:
            for ref in refs:
                if self._begun[ref.id].exception():
                    del self._begun[ref.id]
            if all(load.done() for load in self._begun.values()):
                self._workers.rest()

    def done_meanwhile(self, others: Sequence[ExportRef]) -> list[tuple[ExportRef, list[Receipt]]]:
        """Exports whose load has ended beside those of the `others`, each told once: what they need next may be done for many together."""
        self._told.update(ref.id for ref in others)
        ended = [name for name, load in self._begun.items() if name not in self._told and load.done() and not load.exception()]
        self._told.update(ended)
        return [(self._refs[name], self._begun[name].result()) for name in ended]

    def _load(self, workers: Workers, ref: ExportRef, deliveries: Sequence[Delivery]) -> list[Receipt]:
        def progress(done: int, total: int) -> None:
            self._done[ref.id] = done, total

        return load_export(self._lake, ref, deliveries, self._pepper(), progress, workers=workers)
