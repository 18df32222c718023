"""What benchmarks measured, as one Markdown table at the end of `make bench`: who took how long for the same work."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from machine import machine
from pytest_benchmark.fixture import BenchmarkFixture

HEADS = ("work", "by", "wall s", "CPU s", "times ours", "peak MB")


@dataclass(frozen=True)
class Line:
    """`wall`, `cpu`: seconds; `peak_mb`: of the process, where the work had one of its own."""

    work: str
    by: str
    wall: float
    cpu: float | None = None
    peak_mb: float | None = None


@dataclass
class Board:
    """Lines in the order in which they were measured. The first line of a work is ours; the others are told as multiples of it."""

    lines: list[Line] = field(default_factory=list)

    def markdown(self) -> str:
        ours: dict[str, float] = {}
        rows = [HEADS, ("---", "---", *["---:"] * (len(HEADS) - 2))]
        for line in self.lines:
            first = ours.setdefault(line.work, line.wall)
            cpu, peak = (f"{value:,.{digits}f}" if value is not None else "" for value, digits in ((line.cpu, 2), (line.peak_mb, 0)))
            rows.append((line.work, line.by, f"{line.wall:,.2f}", cpu, f"{line.wall / first:.2f}", peak))
        return "\n".join(f"| {' | '.join(row)} |" for row in rows)


@dataclass(frozen=True)
class Bench:
    """What one test measures: lines on the board; ours in pytest-benchmark too, for its history (`--benchmark-compare`)."""

    board: Board
    request: pytest.FixtureRequest

    def ours(self, work: str, call: Callable[[], object], before: Callable[[], None] | None = None, rounds: int = 1) -> Line:
        """Least wall and processor seconds of `rounds`; `before` runs ahead of each and is not timed."""
        walls: list[float] = []
        cpus: list[float] = []
        benchmark: BenchmarkFixture = self.request.getfixturevalue("benchmark")
        benchmark.pedantic(lambda: _timed(call, walls, cpus), setup=before, rounds=rounds)
        return self.told(Line(work, "Fishpond", min(walls), min(cpus)))

    def peer(self, work: str, by: str, call: Callable[[], object], before: Callable[[], None] | None = None, rounds: int = 1) -> Line:
        walls: list[float] = []
        cpus: list[float] = []
        for _ in range(rounds):
            if before is not None:
                before()
            _timed(call, walls, cpus)
        return self.told(Line(work, by, min(walls), min(cpus)))

    def told(self, line: Line) -> Line:
        """A line that the work measured itself."""
        self.board.lines.append(line)
        return line


def _timed(call: Callable[[], object], walls: list[float], cpus: list[float]) -> None:
    started, used = time.perf_counter(), time.process_time()
    call()
    walls.append(time.perf_counter() - started)
    cpus.append(time.process_time() - used)


BOARD = pytest.StashKey[Board]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[BOARD] = Board()


@pytest.fixture
def bench(request: pytest.FixtureRequest) -> Bench:
    """pytest-benchmark's fixture is asked for by `ours` alone: a test whose work measures itself has nothing for it."""
    return Bench(request.config.stash[BOARD], request)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    board = config.stash[BOARD]
    if board.lines:
        terminalreporter.section("measured")
        for text in (machine(), "", board.markdown(), ""):
            terminalreporter.write_line(text)
