"""The bytes of a delivered text, whatever their encoding, as one UTF-8 file that DuckDB can read.

Belongs here: choosing the encoding by strict decoding of the whole file, counting its physical lines, the UTF-8 copy where one is
needed. Does not: delimiters, headers, records. Memory stays bounded by the block size whatever the size of the file.
"""

from __future__ import annotations

import codecs
import contextlib
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import BinaryIO, Literal

import numpy as np
import pyarrow as pa

from orchestration.lake.parts import Limits
from orchestration.lake.refusal import Refused

BLOCK = 8 << 20
HEAD = 256 << 10
BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


@dataclass(frozen=True)
class Text:
    """A readable text: `path` is UTF-8 (the delivered file itself where that is possible), its first `start` bytes are a BOM.

    `lines` counts physical lines, a last one without line end included. `newline` is `mixed` as soon as one line end differs.
    `bad_lines` could not be decoded; in `path` they stand with replacement characters, so that line numbers hold.
    """

    path: Path
    encoding: str
    start: int = 0
    lines: int = 0
    newline: Literal["lf", "crlf", "mixed", "cr"] = "lf"
    ends_with_newline: bool = True
    has_nul: bool = False
    bad_lines: tuple[int, ...] = ()

    def bad_reason(self, line: int) -> str:
        return f"bytes at line {line} are not {self.encoding.upper()}"


@dataclass
class _Scan:
    newlines: int = 0
    returns: int = 0
    pairs: int = 0
    has_nul: bool = False
    last: bytes = b""
    bad: list[int] = field(default_factory=list)

    def add(self, block: bytes) -> None:
        codes = np.frombuffer(block, dtype=np.uint8)  # three times as fast as bytes.count
        feeds = codes == 10
        self.newlines += int(np.count_nonzero(feeds))
        if b"\r" in block:
            returns = codes == 13
            self.returns += int(np.count_nonzero(returns))
            self.pairs += int(np.count_nonzero(returns[:-1] & feeds[1:]))
        self.has_nul = self.has_nul or b"\0" in block
        self.last = block[-1:]

    def text(self, path: Path, encoding: str, start: int) -> Text:
        ends = self.last in (b"\n", b"")
        if not self.newlines and self.returns:
            newline = "cr"
        elif not self.returns:
            newline = "lf"
        else:
            newline = "crlf" if self.returns == self.pairs == self.newlines else "mixed"
        return Text(path, encoding, start, self.newlines + (not ends), newline, ends, self.has_nul, tuple(self.bad))


def bom(head: bytes) -> tuple[str, int] | None:
    """The encoding a byte order mark states, and its length."""
    return next(((name, len(mark)) for mark, name in BOMS if head.startswith(mark)), None)


def read_text(
    path: Path, encodings: Sequence[str], workdir: Path, limits: Limits, carries: Callable[[str], bool] = lambda head: True
) -> Text:
    """Decode a whole file strictly by the first encoding that fits; where none does, by the one with the fewest bad lines.

    `carries(head)` says whether a decoded head shows the expected header: a small damaged UTF-8 file often is valid GB18030 too,
    and only its header tells. Raises Refused for a line beyond `limits.line_bytes`.
    """
    with path.open("rb") as file:
        head = file.read(HEAD)
    candidates = _candidates(head, encodings)
    if len(candidates) > 1:
        candidates = [c for c in candidates if carries(head[c[1]:].decode(c[0], errors="replace"))] or candidates
    for encoding, start in candidates:
        text = _decode(path, encoding, start, workdir, limits, strict=True)
        if text is not None:
            return text
    tolerant = [_decode(path, encoding, start, workdir, limits, strict=False) for encoding, start in candidates]
    return min((text for text in tolerant if text is not None), key=lambda text: len(text.bad_lines))


def blocks(file: BinaryIO, limits: Limits) -> Iterator[bytes]:
    """The rest of a file in blocks that end at a line end. 0x0A and 0x0D are never part of a longer GB18030 or UTF-8 character."""
    rest = b""
    while chunk := file.read(BLOCK):
        cut = chunk.rfind(b"\n") + 1 or chunk.rfind(b"\r", 0, -1) + 1
        if cut:
            yield rest + chunk[:cut]
            rest = chunk[cut:]
        else:
            rest += chunk
        if len(rest) > max(limits.line_bytes, BLOCK):
            raise Refused(f"a line is longer than {limits.line_bytes >> 20} MiB: the file is damaged or no table")
    if rest:
        yield rest


def _candidates(head: bytes, encodings: Sequence[str]) -> list[tuple[str, int]]:
    marked = bom(head)
    if marked:
        return [marked]
    if "utf-16" in encodings and len(head) >= 4:
        sides = [head[0::2].count(0) / len(head[0::2]), head[1::2].count(0) / len(head[1::2])]
        if max(sides) > 0.2 and min(sides) < 0.02:  # ASCII digits and commas fill one side with NULs
            return [("utf-16-be" if sides[0] > sides[1] else "utf-16-le", 0)]
    return [(name, 0) for name in encodings if name != "utf-16"] or [("utf-8", 0)]


def _decode(path: Path, encoding: str, start: int, workdir: Path, limits: Limits, strict: bool) -> Text | None:
    """None when `strict` and some bytes are not of this encoding."""
    if encoding.startswith("utf-16"):
        text = _from_utf16(path, encoding, start, workdir, limits)
        if strict and text.bad_lines:
            return None
    else:
        text = _scan(path, encoding, start, workdir, limits, strict)
    return _with_line_feeds(text, workdir, limits) if text is not None and text.newline == "cr" else text


def _scan(path: Path, encoding: str, start: int, workdir: Path, limits: Limits, strict: bool) -> Text | None:
    """One pass: decode, count, and write the UTF-8 copy where the file itself is not good UTF-8."""
    scan = _Scan()
    target = None if encoding == "utf-8" and strict else _new_file(workdir)
    with path.open("rb") as file, target or contextlib.nullcontext():
        file.seek(start)
        for block in blocks(file, limits):
            good = _to_utf8(block, encoding)
            if good is None and strict:
                return None
            if good is None:
                good = _to_utf8_by_line(block, encoding, scan)
            if target is not None:
                target.write(good)
            scan.add(good)
    return scan.text(path, encoding, start) if target is None else scan.text(Path(target.name), encoding, 0)


def _to_utf8(block: bytes, encoding: str) -> bytes | None:
    """The block in UTF-8, or None. Arrow checks UTF-8 ten times faster than decoding does."""
    if encoding == "utf-8":
        whole = pa.LargeStringArray.from_buffers(1, pa.py_buffer(np.array([0, len(block)], dtype=np.int64)), pa.py_buffer(block))
        try:
            whole.validate(full=True)
        except pa.ArrowInvalid:
            return None
        return block
    try:
        return block.decode(encoding).encode("utf-8")
    except UnicodeError:
        return None


def _to_utf8_by_line(block: bytes, encoding: str, scan: _Scan) -> bytes:
    lines = []
    for number, line in enumerate(block.split(b"\n"), scan.newlines + 1):
        good = _to_utf8(line, encoding)
        if good is None:
            scan.bad.append(number)
            good = line.decode(encoding, errors="replace").encode("utf-8", errors="replace")
        lines.append(good)
    return b"\n".join(lines)


def _from_utf16(path: Path, encoding: str, start: int, workdir: Path, limits: Limits) -> Text:
    """UTF-16 has no byte that only ends lines, so it is decoded as a stream; U+FFFD marks what did not decode."""
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    line, bad = 1, []
    with path.open("rb") as file, _new_file(workdir) as target:
        file.seek(start)
        while True:
            block = file.read(BLOCK)
            text = decoder.decode(block, final=not block)
            if "\ufffd" in text:
                bad += [number for number, part in enumerate(text.split("\n"), line) if "\ufffd" in part]
            line += text.count("\n")
            target.write(text.encode("utf-8"))
            if not block:
                break
    scanned = _scan(Path(target.name), "utf-8", 0, workdir, limits, strict=True)
    return replace(scanned, encoding="utf-16", bad_lines=tuple(sorted(set(bad))))


def _with_line_feeds(text: Text, workdir: Path, limits: Limits) -> Text:
    """A copy of a file whose lines end with CR alone (old Mac tools) with LF instead: the lines are the same."""
    if text.bad_lines:
        raise Refused(f"lines end with CR alone and some bytes are not {text.encoding.upper()}: save the file again as UTF-8")
    with text.path.open("rb") as file, _new_file(workdir) as target:
        file.seek(text.start)
        for block in blocks(file, limits):
            target.write(block.replace(b"\r", b"\n"))
    scanned = _scan(Path(target.name), "utf-8", 0, workdir, limits, strict=True)
    return replace(scanned, encoding=text.encoding)


def _new_file(workdir: Path) -> BinaryIO:
    return tempfile.NamedTemporaryFile(dir=workdir, prefix="text-", suffix=".utf8", delete=False)
