"""Where a private system's export lies, and the page of JSON that holds its records.

Belongs here: names and wrappers that several exports share. Does not: what a record says.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pyarrow as pa

from orchestration.sample.moments import HOUR, Span, Window
from orchestration.sample.outbox import PageSet
from orchestration.sample.text import joined

MERGED_PAGE = 5_000  # records that a puller keeps in one file


def pulled(span: Span, days_before_end: int = 0, hour: int = 8, minute: int = 45) -> Window:
    """A pull of everything up to some days before the end, taken on the morning after; never before the first day is over."""
    stop = max(span.stop - days_before_end * 86_400, span.start + 86_400)
    return Window(span.start, stop, stop + hour * HOUR + minute * 60)


def place(export: str, account: str, window: Window, stem: str, suffix: str) -> str:
    """Path of a file below landing; the name tells the second of the export."""
    return f"{export}/account={account}/date={window.taken_on}/{stem}_{window.stamp}{suffix}"


def page_set(
    export: str, account: str, window: Window, stem: str, before: bytes, after: bytes, size: int = MERGED_PAGE,
) -> Callable[[], PageSet]:
    """Pages whose records stand between two constant texts."""
    def path(page: int) -> str:
        return place(export, account, window, stem, f"_{page:04d}.json")

    def wrap(records: bytes, page: int, last: bool) -> bytes:
        return before + records + after

    return lambda: PageSet(path, wrap, size)


def grouped_lines(before: Sequence[str], objects: pa.StringArray, group: np.ndarray, after: str) -> pa.StringArray:
    """One JSON line per group that has objects: `before[group]`, its objects (each begins with a comma), `after`."""
    order = np.argsort(group, kind="stable")
    sorted_objects, edges = objects.take(pa.array(order)), np.searchsorted(group[order], np.arange(len(before) + 1))
    full = np.flatnonzero(np.diff(edges)).tolist()
    texts = [joined(sorted_objects[int(edges[number]) : int(edges[number + 1])])[1:].decode() for number in full]
    return pa.array([before[number] + text + after for number, text in zip(full, texts, strict=True)], pa.string())
