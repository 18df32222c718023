"""Who is told how runs of schedule, sensor and UI ended, and which sources are late: the webhook of the settings, if there is one.

Runs from the command line tell for themselves (`cli/told.py`).
"""

import dagster as dg

from orchestration.lake.alerts import Robot, robot_of
from orchestration.lake.catalog import load_catalog
from orchestration.lake.freshness import freshness
from orchestration.lake.layout import Lake
from orchestration.lake.marker import lake_kind
from orchestration.lake.raw import read_receipts
from orchestration.lake.receipt import now_in_shanghai
from orchestration.lake.troubles import GATE, RUN, begin_trouble, end_run, tell_stale
from orchestration.settings import read_settings

HOURLY = 3600
FROM_COMMAND_LINE = "fishpond/from"


def _robot() -> Robot | None:
    settings = read_settings()
    return robot_of(settings.webhook, settings.webhook_kind, settings.webhook_secret)


@dg.run_failure_sensor(monitor_all_code_locations=False, default_status=dg.DefaultSensorStatus.RUNNING)
def run_failed(context: dg.RunFailureSensorContext) -> dg.SkipReason | None:
    """Posts what failed or was refused, once per failed run."""
    if FROM_COMMAND_LINE in context.dagster_run.tags:
        return dg.SkipReason("the command line told of its own run")
    failures = [event.step_failure_data for event in context.get_step_failure_events()]
    told = [failure.user_failure_data for failure in failures if failure.user_failure_data]
    is_refused = any("refused_by" in said.metadata for said in told)
    first = ([said.description for said in told if said.description] or [failure.error_display_string for failure in failures])[:1]
    text = f"run of {context.dagster_run.job_name}. {(first or [context.failure_event.message])[0].strip().splitlines()[0]}"
    trouble = begin_trouble(Lake(read_settings().lake), _robot(), GATE if is_refused else RUN, text)
    return dg.SkipReason(trouble) if trouble else None


@dg.run_status_sensor(
    run_status=dg.DagsterRunStatus.SUCCESS, monitor_all_code_locations=False, default_status=dg.DefaultSensorStatus.RUNNING
)
def run_recovered(context: dg.RunStatusSensorContext) -> dg.SkipReason | None:
    """Posts that runs publish again, once after trouble."""
    if FROM_COMMAND_LINE in context.dagster_run.tags or context.dagster_run.job_name not in ("road", "publish"):
        return dg.SkipReason("this run says nothing about publishing")
    trouble = end_run(Lake(read_settings().lake), _robot())
    return dg.SkipReason(trouble) if trouble else None


@dg.sensor(minimum_interval_seconds=HOURLY, default_status=dg.DefaultSensorStatus.RUNNING)
def sources_late(context: dg.SensorEvaluationContext) -> dg.SkipReason:
    """Posts, once an hour at most, which sources became late by the cadence of their contracts, and which deliver again."""
    lake, catalog = Lake(read_settings().lake), load_catalog()
    if lake_kind(lake) != "real":
        return dg.SkipReason("nothing is delivered to a sample, or to an empty lake")
    sources = freshness(catalog, read_receipts(lake, catalog), now_in_shanghai().date())
    trouble = tell_stale(lake, _robot(), sources)
    return dg.SkipReason(trouble or f"{sum(1 for each in sources if each.late_since)} of {len(sources)} sources are late")
