"""The whole road at several sizes: seconds by stretch, rows a second, peak memory, bytes on disk, and how cost grows with orders.

Each size is a sample brand in a lake of its own, run by the command that users run, under one limit of memory for the engine. The
smallest lake tells the fixed cost (Dagster, dbt, Great Expectations, imports), which no order causes. BENCH_ORDERS=100000,1000000,5000000
and BENCH_ROAD_MEMORY=4GB make it the full one; the default takes minutes. The last lines are one Markdown table.

The full one takes hours and 60 GB. With BENCH_ROAD_FOLDER each size leaves its figures there as it ends and is not run again, so the table
can be made in several goes; a landing folder that an interrupted go left there is not written again.
"""

from __future__ import annotations

import json
import math
import os
import re
import shutil
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import duckdb
from machine import commit, machine

SIZES = [int(size) for size in os.environ.get("BENCH_ORDERS", "10000,40000").split(",")]
MEMORY = os.environ.get("BENCH_ROAD_MEMORY", "4GB")
DAYS = int(os.environ.get("BENCH_ROAD_DAYS", "240"))
ORDERS_PER_CUSTOMER = 3.09  # of the sample brand in 240 days; the table shows what was really written
FOLDER = os.environ.get("BENCH_ROAD_FOLDER")
SMALLEST = 20  # customers: a lake that holds next to nothing
FISHPOND = "import sys; from orchestration.cli import main; sys.argv = ['fishpond', *sys.argv[1:]]; main()"
STRETCHES = {  # what ends one → its name
    "deliveries in the lake": "load", "canonical": "canonical", "fence_2": "fence 2", "analytics": "fits", "marts": "marts",
    "fence_3": "fence 3", "published": "publish",
}  # fmt: skip


@dataclass(frozen=True)
class Measured:
    """One size. `stretches`: seconds each; `cpu`: seconds of all threads; `memory`: peak of the process, bytes."""

    orders: int
    touches: int
    seconds: float
    cpu: float
    memory: int
    disk: dict[str, int]
    stretches: dict[str, float]
    commit: str


def test_road_at_several_sizes(tmp_path: Path) -> None:
    folder = Path(FOLDER) if FOLDER else tmp_path
    fixed = _known(folder, SMALLEST)
    sizes = [_known(folder, round(orders / ORDERS_PER_CUSTOMER)) for orders in SIZES]
    print(f"\n{_table(fixed, sizes)}\n\n{_growth(fixed, sizes)}")
    assert all(size.orders > fixed.orders for size in sizes)


def _known(folder: Path, customers: int) -> Measured:
    """One size from the figures that an earlier go left, else measured now."""
    figures = folder / f"road_{customers}_{DAYS}_{MEMORY}.json"
    if not figures.exists():
        folder.mkdir(parents=True, exist_ok=True)
        figures.write_text(json.dumps(asdict(_measured(folder, customers)), indent=1), "utf-8")
    return Measured(**json.loads(figures.read_text("utf-8")))


def _measured(folder: Path, customers: int) -> Measured:
    lake = folder / f"lake_{customers}"
    surroundings = {**os.environ, "FISHPOND_LAKE": str(lake), "FISHPOND_MEMORY_LIMIT": MEMORY}
    command = [sys.executable, "-c", FISHPOND]
    written = lake / "landing.written"
    _remove(lake, but="landing" if written.exists() else "")
    sample = ["sample", "--customers", str(customers), "--days", str(DAYS)]
    for asked in [["prepare"]] if written.exists() else [sample, ["prepare"]]:
        subprocess.run([*command, *asked], env=surroundings, check=True, capture_output=True)
    written.touch()
    said = lake.with_suffix(".log")
    started = time.monotonic()
    with said.open("w") as log:
        process = subprocess.Popen([*command, "run"], env=surroundings, stdout=log, stderr=subprocess.STDOUT)
        _, status, used = os.wait4(process.pid, 0)
    seconds = time.monotonic() - started
    assert os.waitstatus_to_exitcode(status) == 0, said.read_text("utf-8")[-2000:]
    disk = {room: sum(f.stat().st_size for f in (lake / room).rglob("*") if f.is_file()) for room in ("landing", "bronze", "published")}
    disk["warehouse"] = (lake / "warehouse" / "warehouse.duckdb").stat().st_size
    with duckdb.connect(lake / "published" / "current" / "fishpond.duckdb", read_only=True) as con:
        tables = ("customer.fct_orders", "attribution.fct_touches")
        orders, touches = (con.execute(f"select count(*) from {table}").fetchone()[0] for table in tables)
    _remove(lake)
    return Measured(orders, touches, seconds, used.ru_utime + used.ru_stime, used.ru_maxrss << 10, disk, _stretches(said), commit())


def _remove(lake: Path, but: str = "") -> None:
    """The next size needs the disk, and a run begins with an empty lake; releases are read-only, folders too."""
    for folder, _, _ in os.walk(lake):
        os.chmod(folder, 0o700)
    for room in [each for each in lake.glob("*") if each.is_dir() and each.name != but]:
        shutil.rmtree(room)
    if not but:
        shutil.rmtree(lake, ignore_errors=True)


def _stretches(said: Path) -> dict[str, float]:
    """Seconds of each stretch from the times that the run prints at their ends; the first holds the code location too."""
    before, found = 0.0, {}
    for moment, text in re.findall(r"^ *([0-9.]+) s  (.*)$", said.read_text("utf-8"), re.MULTILINE):
        for beginning, name in STRETCHES.items():
            if text.startswith(beginning):
                found[name], before = float(moment) - before, float(moment)
    return found


def _table(fixed: Measured, sizes: list[Measured]) -> str:
    heads = ["orders", "touches", "seconds", "CPU s", "orders/s", "fixed share", "peak GiB", "bronze MiB", "warehouse MiB", "release MiB"]
    lines = [f"{machine()}; engine limited to {MEMORY}", ""]
    names = list(STRETCHES.values())
    lines += [_row([*heads, *(f"{name} s" for name in names), "commit"]), _row(["---:"] * (len(heads) + len(names) + 1))]
    for each in (fixed, *sizes):
        share = min(fixed.seconds / each.seconds, 1)
        figures = [f"{each.orders:,}", f"{each.touches:,}", f"{each.seconds:.0f}", f"{each.cpu:.0f}", f"{each.orders / each.seconds:,.0f}"]
        sizes_on_disk = [f"{each.disk[room] / 2**20:,.0f}" for room in ("bronze", "warehouse", "published")]
        stretches = [f"{each.stretches.get(name, math.nan):.0f}" for name in names]
        lines.append(_row([*figures, f"{share:.0%}", f"{each.memory / 2**30:.1f}", *sizes_on_disk, *stretches, each.commit]))
    return "\n".join(lines)


def _row(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _growth(fixed: Measured, sizes: list[Measured]) -> str:
    """The exponent b of seconds = fixed + a·orders^b by least squares on logarithms; it needs two sizes."""
    points = [(math.log(each.orders), math.log(max(each.seconds - fixed.seconds, 0.1))) for each in sizes]
    if len(points) < 2:
        return "growth: one size tells none"
    mean_x, mean_y = (sum(values) / len(points) for values in zip(*points, strict=True))
    slope = sum((x - mean_x) * (y - mean_y) for x, y in points) / sum((x - mean_x) ** 2 for x, _ in points)
    return f"growth: seconds beyond the fixed cost rise with orders to the power {slope:.2f}"
