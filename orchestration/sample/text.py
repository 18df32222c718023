"""Columns of text made in one go: numbers, money, times, ids, and whole lines woven from them.

Belongs here: formatting that any export may need. Does not: a platform's headers or quirks.
Everything takes and gives arrays; a line is never a Python object.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from orchestration.sample.moments import NEVER

Part = str | pa.Array
DIGITS_OF_CLOCK = [0, 1, 2, 3, 5, 6, 8, 9, 11, 12, 14, 15, 17, 18]  # of YYYY-MM-DD HH:MM:SS
URL_SAFE = np.frombuffer(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", dtype=np.uint8)


def weave(*parts: Part) -> pa.StringArray:
    """Join constants and columns into one column; at least one part is a column."""
    merged: list[Part] = []
    for part in parts:
        if isinstance(part, str) and merged and isinstance(merged[-1], str):
            merged[-1] += part
        else:
            merged.append(part)
    if len(merged) == 1:
        return merged[0]
    return pc.binary_join_element_wise(*merged, "")


def whole(values: np.ndarray) -> pa.StringArray:
    """Integers as text."""
    return pa.array(values.astype(np.int64)).cast(pa.string())


def digits(values: np.ndarray, width: int) -> pa.StringArray:
    """Integers as text, padded with zeros."""
    return pc.utf8_lpad(whole(values), width, "0")


def yuan(cents: np.ndarray) -> pa.StringArray:
    """Cents as yuan with two decimals."""
    size = np.abs(cents)
    text = pc.binary_join_element_wise(whole(size // 100), digits(size % 100, 2), ".")
    return weave(choose(["", "-"], (cents < 0).astype(np.int8)), text) if (cents < 0).any() else text


def grouped(values: np.ndarray) -> pa.StringArray:
    """Integers with thousands separators; non-negative."""
    values = values.astype(np.int64)
    text = whole(values)
    for power, width in ((1_000, 3), (1_000_000, 7)):
        large = values >= power
        if large.any():
            tail = pc.utf8_slice_codeunits(text, -width, None)
            head = pc.utf8_slice_codeunits(text, 0, -width)
            text = pc.if_else(pa.array(large), weave(head, ",", tail), text)
    return text


def grouped_yuan(cents: np.ndarray) -> pa.StringArray:
    """Cents as yuan with two decimals and thousands separators; non-negative."""
    return weave(grouped(cents // 100), ".", digits(cents % 100, 2))


def clock(moments: np.ndarray, never: str = "") -> pa.StringArray:
    """Moments as YYYY-MM-DD HH:MM:SS; those that never come as `never`."""
    absent = moments >= NEVER
    text = pa.array(np.where(absent, 0, moments)).cast(pa.timestamp("s")).cast(pa.string())
    return pc.if_else(pa.array(absent), never, text) if absent.any() else text


def compact_clock(moments: np.ndarray) -> pa.StringArray:
    """Moments as YYYYMMDDHHMMSS; '' for those that never come. Its digits are picked out of the bytes: ten times as fast as a pattern."""
    absent, size = moments >= NEVER, len(moments)
    text = clock(np.where(absent, 0, moments))
    letters = np.frombuffer(text.buffers()[2], dtype=np.uint8)[: size * 19].reshape(size, 19)[:, DIGITS_OF_CLOCK] if size else np.zeros(0)
    offsets = np.arange(size + 1, dtype=np.int32) * len(DIGITS_OF_CLOCK)
    text = pa.StringArray.from_buffers(size, pa.py_buffer(offsets), pa.py_buffer(np.ascontiguousarray(letters)))
    return pc.if_else(pa.array(absent), "", text) if absent.any() else text


def choose(words: Sequence[str], positions: np.ndarray) -> pa.StringArray:
    """The word at each position."""
    return pa.array(list(words), pa.string()).take(pa.array(positions))


def either(condition: np.ndarray, yes: Part, no: Part) -> pa.StringArray:
    """`yes` where the condition holds, else `no`."""
    return pc.if_else(pa.array(condition), yes, no)


def random_text(draws: np.random.Generator, size: int, width: int) -> pa.StringArray:
    """`size` random URL-safe words of one width (22 letters are unique for all practical purposes)."""
    letters = np.ascontiguousarray(URL_SAFE[draws.integers(0, 64, (size, width), dtype=np.uint8)])
    offsets = np.arange(size + 1, dtype=np.int32) * width
    return pa.StringArray.from_buffers(size, pa.py_buffer(offsets), pa.py_buffer(letters))


def picked(column: pa.Array, rows: np.ndarray) -> pa.Array:
    """Rows of a column."""
    return column.take(pa.array(rows))


def joined(lines: pa.StringArray) -> bytes:
    """All lines as one run of bytes, without a copy per line."""
    if not len(lines):
        return b""
    offsets = np.frombuffer(lines.buffers()[1], dtype=np.int32)[lines.offset : lines.offset + len(lines) + 1]
    return lines.buffers()[2][int(offsets[0]) : int(offsets[-1])].to_pybytes()
