"""The faults whose full size no CI run should pay for: ten thousand tiny files, and one file of two gigabytes with little memory.

BENCH_FILES and BENCH_MIB set other sizes.
"""

from __future__ import annotations

import os
import resource
import time
from pathlib import Path

import pytest
from builders.faults import run_apart
from builders.pond import Pond
from conftest import Bench, Line

HEADER = "订单编号,手机,状态,付款时间,实付\n"
ROW = "{},13900001111,交易成功,2026-09-30 08:00:00,{}.50\n"
FILES = int(os.environ.get("BENCH_FILES", "10000"))
BYTES, MEMORY = int(os.environ.get("BENCH_MIB", "2048")) << 20, "1GB"


def load(root: Path, memory_limit: str | None = None) -> tuple[int, int, float]:
    """(rows loaded, peak memory in MiB, seconds)."""
    started = time.monotonic()
    rows = sum(receipt.rows_loaded for receipt in Pond(root).load(memory_limit=memory_limit))
    return rows, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10, time.monotonic() - started


def test_ten_thousand_tiny_files(tmp_path: Path, bench: Bench) -> None:
    pond = Pond(tmp_path)
    for number in range(FILES):
        pond.deliver(HEADER + ROW.format(number + 1, 1), f"part={number % 50}/f{number}_20261001.csv")
    rows, memory, seconds = load(tmp_path)
    again = load(tmp_path)
    bench.told(Line(f"load {FILES:,} tiny files", "Fishpond", seconds, peak_mb=memory))
    bench.told(Line(f"load {FILES:,} tiny files", "Fishpond, nothing new", again[2], peak_mb=again[1]))
    assert rows == again[0] == FILES


def test_two_gigabytes_with_little_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bench: Bench) -> None:
    pond = Pond(tmp_path)
    monkeypatch.setattr("builders.faults.PATIENCE", 1800.0)
    block = "".join(ROW.format("{}" + f"{at:06}", at % 50) for at in range(20_000))
    with pond.deliver(HEADER).open("a") as file:
        for number in range(1, BYTES // len(block.encode()) + 2):
            file.write(block.replace("{}", str(number)))
    ending = run_apart(load, tmp_path, MEMORY)
    rows, memory, seconds = ending.value
    bench.told(Line(f"load one file of {BYTES >> 20:,} MiB within {MEMORY}", "Fishpond", seconds, peak_mb=memory))
    assert rows == number * 20_000
