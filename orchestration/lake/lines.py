"""Physical lines of a UTF-8 text, handed to DuckDB with exact numbers and nothing lost: blank lines, CR and NUL stay.

DuckDB's own CSV reader drops blank lines and stops at mixed line ends, so the lines are cut here and passed as Arrow buffers,
streamed and without a copy (0.2 s for 300k lines of 220 bytes). Does not: fields, JSON.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import duckdb
import numpy as np
import pyarrow as pa

from orchestration.lake.encoding import Text, blocks
from orchestration.lake.parts import Limits, fresh

SCHEMA = pa.schema([("_line", pa.int64()), ("line", pa.large_string())])


@contextmanager
def line_stream(con: duckdb.DuckDBPyConnection, text: Text, limits: Limits) -> Iterator[str]:
    """The name of a relation (`_line` BIGINT, `line` VARCHAR with its line end) that can be scanned once inside the block."""
    name = fresh("stream")
    con.register(name, pa.RecordBatchReader.from_batches(SCHEMA, _batches(text, limits)))
    try:
        yield name
    finally:
        con.unregister(name)


def _batches(text: Text, limits: Limits) -> Iterator[pa.RecordBatch]:
    number = 1
    with text.path.open("rb") as file:
        file.seek(text.start)
        for block in blocks(file, limits):
            ends = np.flatnonzero(np.frombuffer(block, dtype=np.uint8) == 10) + 1
            if not len(ends) or ends[-1] != len(block):
                ends = np.append(ends, len(block))
            offsets = np.concatenate([[0], ends]).astype(np.int64)
            lines = pa.LargeStringArray.from_buffers(len(ends), pa.py_buffer(offsets), pa.py_buffer(block))
            numbers = np.arange(number, number + len(ends), dtype=np.int64)
            numbered = pa.Array.from_buffers(pa.int64(), len(ends), [None, pa.py_buffer(numbers)])
            yield pa.RecordBatch.from_arrays([numbered, lines], schema=SCHEMA)
            number += len(ends)
