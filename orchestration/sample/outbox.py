"""Files that grow chunk by chunk, with the same bytes whenever they are written.

Belongs here: encodings, compression with fixed clocks, paging, counting. Does not: what stands in the files.
"""

from __future__ import annotations

import gzip
import zipfile
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import pyarrow as pa

from orchestration.sample.text import joined
from orchestration.sample.workbook import Workbook

ZIP_CLOCK = (2026, 1, 1, 0, 0, 0)


@dataclass
class PageSet:
    """Records waiting for their page. One record is always held back: only the end knows which page is the last."""

    path: Callable[[int], str]  # page number → relative path
    wrap: Callable[[bytes, int, bool], bytes]  # records joined by commas, page number, is it the last → document
    size: int
    waiting: list[pa.Array] = field(default_factory=list)
    pages: int = 0


@dataclass
class Outbox:
    """Where the sample's files are written, below `landing`: a context. Call `close` once, after the last chunk."""

    landing: Path
    rows: Counter[str] = field(default_factory=Counter)
    _open: dict[str, IO[bytes]] = field(default_factory=dict)
    _pages: dict[str, PageSet] = field(default_factory=dict)
    _books: dict[str, Workbook] = field(default_factory=dict)
    _stack: ExitStack = field(default_factory=ExitStack)
    _written: set[str] = field(default_factory=set)

    def __enter__(self) -> Outbox:
        return self

    def __exit__(self, *failure: object) -> None:
        self._stack.close()

    @property
    def files(self) -> tuple[Path, ...]:
        """Every file written, in order of its path."""
        return tuple(self.landing / name for name in sorted(self._written))

    def lines(self, name: str, header: str, body: pa.StringArray, encoding: str = "utf-8") -> None:
        """Add lines to a text file; the header is written when the file begins. `.gz` and `.zip` are packed on the way.

        A file without a header begins with its first line: an empty one is no export.
        """
        if not header and not len(body):
            return
        if name not in self._open:
            self._open[name] = self._begin(name)
            self._open[name].write(header.encode(encoding))
        content = joined(body)
        if encoding not in ("utf-8", "utf-8-sig"):
            content = content.decode().encode(encoding)
        self._open[name].write(content)
        self._count(name, len(body))

    def records(self, group: str, records: pa.StringArray, page_set: Callable[[], PageSet]) -> None:
        """Add JSON records to a group of page files."""
        pages = self._pages.setdefault(group, page_set())
        pages.waiting.append(records)
        self._turn_pages(pages, keep=1)
        self._count(pages.path(1), len(records))

    def sheet(self, name: str, title: str, head: str, rows: pa.StringArray) -> None:
        """Add rows to a sheet of a workbook; `head` is the XML of the rows above, written when the sheet begins (`tables.sheet_rows`)."""
        if name not in self._books:
            path = self.landing / name
            path.parent.mkdir(parents=True, exist_ok=True)
            self._written.add(name)
            archive = self._stack.enter_context(zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1))
            self._books[name] = Workbook(archive)
        self._books[name].add(title, head, rows)
        self._count(name, len(rows))

    def finish_sheet(self, name: str, rows: str) -> None:
        """Add what stands below the last record of a workbook's newest sheet."""
        self._books[name].tail(rows)

    def whole(self, name: str, content: bytes, rows: int = 0) -> None:
        """Write one complete file."""
        path = self.landing / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        self._written.add(name)
        self._count(name, rows)

    def finish_lines(self, name: str, tail: str, encoding: str = "utf-8") -> None:
        """Add what stands after a text file's last record."""
        self._open[name].write(tail.encode(encoding))

    def close(self) -> None:
        """Write the last pages and close every file."""
        for pages in self._pages.values():
            self._turn_pages(pages, keep=0)
        for book in self._books.values():
            book.close()
        self._books.clear()
        self._stack.close()
        self._open.clear()

    def _count(self, name: str, rows: int) -> None:
        self.rows["/".join(name.split("/")[:2])] += rows

    def _begin(self, name: str) -> IO[bytes]:
        path = self.landing / name
        path.parent.mkdir(parents=True, exist_ok=True)
        self._written.add(name)
        raw = self._stack.enter_context(path.open("wb"))
        if name.endswith(".gz"):
            return self._stack.enter_context(gzip.GzipFile(filename="", mode="wb", fileobj=raw, mtime=0, compresslevel=6))
        if name.endswith(".zip"):
            archive = self._stack.enter_context(zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED))
            member = zipfile.ZipInfo(path.name.removesuffix(".zip") + ".csv", ZIP_CLOCK)
            member.compress_type = zipfile.ZIP_DEFLATED
            return self._stack.enter_context(archive.open(member, "w", force_zip64=True))
        return raw

    def _turn_pages(self, pages: PageSet, keep: int) -> None:
        waiting = sum(len(part) for part in pages.waiting)
        if not waiting or (keep and waiting <= pages.size):
            return
        records = pa.concat_arrays(pages.waiting)
        done = 0
        while len(records) - done > (pages.size if keep else 0):
            page = records[done : done + pages.size]
            done += len(page)
            pages.pages += 1
            last = not keep and done == len(records)
            content = joined(page)[1:]  # every record begins with a comma
            self.whole(pages.path(pages.pages), pages.wrap(content, pages.pages, last))
        pages.waiting = [records[done:]]
