"""The only room that knows Dagster: assets, checks, jobs, schedules, sensors, and the resource they share.

What is computed stands in `lake/`, `analytics/`, `expectations/` and `dbt_project/`; here it is only put in order.
"""
