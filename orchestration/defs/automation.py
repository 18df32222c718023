"""When and in what pieces the road runs: jobs named after what they make, schedules after when; one process, one run at a time.

Platforms finish their files between 08:00 and 10:00; orders are there at 07:30, the whole day at 10:30 (Asia/Shanghai). That is the
default of FISHPOND_SCHEDULE_TIMES.
"""

from __future__ import annotations

import dagster as dg

from orchestration.defs.resources import Pond
from orchestration.defs.run_log import run_log
from orchestration.settings import read_settings

CANONICAL = ("seeds", "staging", "intermediate")
MARTS = ("customer", "attribution", "ltv", "private_domain", "quality")

JOBS = {
    "road": (dg.AssetSelection.all(), "The whole road: land, build, check, publish."),
    "land": (dg.AssetSelection.groups("landing"), "Landing → bronze and quarantine."),
    "canonical": (dg.AssetSelection.groups(*CANONICAL), "Bronze → canonical relations."),
    "analytics": (dg.AssetSelection.groups("analytics"), "Canonical relations → fitted parameters, indices, predictions."),
    "marts": (dg.AssetSelection.groups(*MARTS), "Canonical relations → candidate marts."),
    "publish": (dg.AssetSelection.groups("publishing"), "The gate, and behind it the switch of the published version."),
}


@dg.definitions
def automation() -> dg.Definitions:
    """Jobs, schedules, the executor of everything (the UI's Materialize too) and the shared resource."""
    status = dg.DefaultScheduleStatus.RUNNING if read_settings().schedules else dg.DefaultScheduleStatus.STOPPED
    jobs = {name: dg.define_asset_job(name, selection, description=text) for name, (selection, text) in JOBS.items()}
    return dg.Definitions(
        executor=dg.in_process_executor,
        resources={"pond": Pond()},
        loggers={"console": dg.colored_console_logger, "run_log": run_log},
        jobs=list(jobs.values()),
        schedules=[_schedule(jobs["road"], time, status) for time in read_settings().schedule_times],
    )


def _schedule(job: dg.UnresolvedAssetJobDefinition, time: str, status: dg.DefaultScheduleStatus) -> dg.ScheduleDefinition:
    hour, minute = time.split(":")
    cron, name = f"{int(minute)} {int(hour)} * * *", f"road_at_{hour}{minute}"
    return dg.ScheduleDefinition(name, job=job, cron_schedule=cron, execution_timezone="Asia/Shanghai", default_status=status)
