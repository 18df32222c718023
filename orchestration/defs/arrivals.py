"""What arrived: a sensor that starts one run for complete new deliveries in landing.

A file counts as complete when its size and time stood still between two looks; one still being written is left alone.
What a file is and whether it was loaded before is decided by the loader, by content; here only arrival is noticed.
"""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

import dagster as dg

from orchestration.lake.fingerprints import file_sha256
from orchestration.lake.landing import delivered_files, leads_out
from orchestration.lake.layout import Lake
from orchestration.settings import read_settings

Look = dict[str, list[int]]  # relative path → [size, mtime_ns]


def look(landing: Path, files: list[Path]) -> Look:
    """Size and time of each file, by its path under landing; a file that vanished meanwhile is not there."""
    seen: Look = {}
    for path in files:
        if path.is_file():
            stat = path.stat()
            seen[path.relative_to(landing).as_posix()] = [stat.st_size, stat.st_mtime_ns]
    return seen


def settled(before: Mapping[str, list[int]], now: Mapping[str, list[int]], reported: Mapping[str, list[int]]) -> list[str]:
    """Files that stood still since the last look and were not reported like this yet, sorted."""
    return sorted(name for name, state in now.items() if before.get(name) == state and reported.get(name) != state)


def run_key(landing: Path, names: list[str]) -> str:
    """The same new content gives the same key, whatever process asks: a hash of names and bytes."""
    digest = hashlib.sha256()
    for name in names:
        digest.update(f"{name}\0{file_sha256(landing / name)}\n".encode())
    return digest.hexdigest()[:24]


STATUS = dg.DefaultSensorStatus.RUNNING if read_settings().schedules else dg.DefaultSensorStatus.STOPPED


@dg.sensor(job_name="road", minimum_interval_seconds=60, default_status=STATUS)
def deliveries_arrived(context: dg.SensorEvaluationContext) -> dg.SensorResult:
    """Looks at landing once a minute; complete new files start one run of the whole road."""
    lake = Lake(read_settings().lake)
    memory = json.loads(context.cursor) if context.cursor else {"before": {}, "reported": {}}
    now = look(lake.landing, [path for path in delivered_files(lake) if not leads_out(path, lake.landing)])
    new = settled(memory["before"], now, memory["reported"])
    reported = {name: state for name, state in memory["reported"].items() if name in now} | {name: now[name] for name in new}
    cursor = json.dumps({"before": now, "reported": reported}, sort_keys=True)
    if not new:
        waiting = len(now) - sum(reported.get(name) == state for name, state in now.items())
        reason = f"{waiting} new files are still being written" if waiting else "no new files"
        return dg.SensorResult(skip_reason=reason, cursor=cursor)
    request = dg.RunRequest(run_key=run_key(lake.landing, new), tags={"fishpond/new_files": str(len(new))})
    return dg.SensorResult(run_requests=[request], cursor=cursor)
