"""What a run costs that no record causes: imports, code location, dbt, Great Expectations, publishing, stretch by stretch.

A brand of 20 customers still delivers a file for nearly every export, so its run is the fixed cost and, in `load`, a tenth of a CPU second
for each file. Wall seconds depend on who else uses the machine, CPU seconds (of all threads) less so. BENCH_FIXED_RUNS=3 takes the cheapest
of three runs. The code location is loaded by itself too, as the UI does it, in a process of its own.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from bench_road import FISHPOND, SMALLEST, STRETCHES

RUNS = int(os.environ.get("BENCH_FIXED_RUNS", "1"))
LOADS = 3
MARKS = """
import atexit, json, logging, sys, time
began, place, marks = time.monotonic(), sys.argv[1], []

def mark(said):
    marks.append((said, time.monotonic() - began, time.process_time()))

class Marks(logging.Handler):
    def emit(self, record):
        if record.levelno >= logging.INFO:
            mark(record.getMessage())

def write():
    mark("end")
    open(place, "w").write(json.dumps(marks))
"""
RUN = MARKS + """
from orchestration.cli import execute, main
from orchestration.defs.run_log import TERMINAL
load = execute.load_job

def load_job(name):
    mark("imports")
    job = load(name)
    mark("code location")
    return job

execute.load_job = load_job
TERMINAL.addHandler(Marks())
atexit.register(write)
sys.argv = ["fishpond", "run"]
main()
"""
LOAD = MARKS + """
from orchestration.definitions import defs
defs().get_repository_def()
mark("code location")
write()
"""
Cost = dict[str, tuple[float, float]]  # stretch → wall and CPU seconds


def test_where_the_fixed_cost_goes(tmp_path: Path) -> None:
    lake = tmp_path / "lake"
    surroundings = {**os.environ, "FISHPOND_LAKE": str(lake)}
    _call(["sample", "--customers", str(SMALLEST)], surroundings)
    runs = []
    for _ in range(RUNS):
        _only_landed(lake)
        _call(["prepare"], surroundings)
        runs.append(_costs(_marked(RUN, surroundings, tmp_path), {"imports": "imports", "code location": "code location", **STRETCHES}))
    run = min(runs, key=lambda costs: sum(cpu for _, cpu in costs.values()))
    loads = [_costs(_marked(LOAD, surroundings, tmp_path), {"code location": "load"})["load"] for _ in range(LOADS)]
    print(f"\n{_table(run)}\n\nthe code location alone, wall (CPU) s: {', '.join(f'{wall:.1f} ({cpu:.1f})' for wall, cpu in loads)}")
    assert {"code location", "canonical", "marts", "fence 3", "publish"} <= run.keys()


def _call(arguments: list[str], surroundings: dict[str, str]) -> None:
    subprocess.run([sys.executable, "-c", FISHPOND, *arguments], env=surroundings, check=True, capture_output=True)


def _only_landed(lake: Path) -> None:
    """The lake as if it had never been run; dbt's parse of the project and its compiled templates may stay: the next day finds them."""
    for folder, _, _ in os.walk(lake / "published"):
        os.chmod(folder, 0o700)
    for room in ("bronze", "published", "quarantine", *(f"warehouse/{name}" for name in ("fences", "candidates", "analytics", "dagster"))):
        shutil.rmtree(lake / room, ignore_errors=True)
    for file in ("warehouse.duckdb", "build.json"):
        (lake / "warehouse" / file).unlink(missing_ok=True)


def _marked(program: str, surroundings: dict[str, str], folder: Path) -> list[tuple[str, float, float]]:
    """What was said and when: wall and CPU seconds since the process began."""
    marks = folder / "marks.json"
    subprocess.run([sys.executable, "-c", program, str(marks)], env=surroundings, check=True, capture_output=True)
    return json.loads(marks.read_text("utf-8"))


def _costs(marks: list[tuple[str, float, float]], ends: dict[str, str]) -> Cost:
    """Wall and CPU seconds of each stretch, which ends with the words that `ends` begins with; what is left is the summary's."""
    costs: Cost = {}
    wall, cpu = 0.0, 0.0
    for said, wall_now, cpu_now in marks:
        for beginning, name in {**ends, "end": "the rest"}.items():
            if said.startswith(beginning):
                costs[name] = wall_now - wall, cpu_now - cpu
                wall, cpu = wall_now, cpu_now
    return costs


def _table(costs: Cost) -> str:
    total = tuple(sum(each[place] for each in costs.values()) for place in (0, 1))
    rows = [f"| {name} | {wall:.1f} | {cpu:.1f} | {cpu / total[1]:.0%} |" for name, (wall, cpu) in {**costs, "all": total}.items()]
    return "\n".join(["| stretch | wall s | CPU s | of CPU |", "|---|---:|---:|---:|", *rows])
