"""Who is told when a scheduled run fails or is refused by the gate: the webhook of the settings, if there is one."""

import dagster as dg

from orchestration.lake.alerts import alert
from orchestration.settings import read_settings


@dg.run_failure_sensor(monitor_all_code_locations=False, default_status=dg.DefaultSensorStatus.RUNNING)
def run_failed(context: dg.RunFailureSensorContext) -> dg.SkipReason | None:
    """Posts what failed, once per failed run that schedule, sensor or UI started."""
    failures = [event.step_failure_data.error_display_string for event in context.get_step_failure_events()]
    first = (failures or [context.failure_event.message])[0].strip().splitlines()[0]
    trouble = alert(read_settings().webhook, f"Fishpond: run of {context.dagster_run.job_name} failed. {first}")
    return dg.SkipReason(trouble) if trouble else None
