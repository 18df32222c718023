"""Every way to Spark sets what makes its results equal to DuckDB's, in words that the way listens to."""

from __future__ import annotations

from pathlib import Path

import yaml

PROFILES = Path(__file__).parents[2] / "dbt_project" / "profiles.yml"
EQUAL = {"spark.sql.session.timeZone": "UTC", "spark.sql.timestampType": "TIMESTAMP_NTZ"}


def test_a_session_of_a_thrift_server_is_told_what_one_in_this_process_is() -> None:
    """The server ignores plain names: its times would have zones, and a bad cast would end the run where DuckDB says NULL."""
    outputs = yaml.safe_load(PROFILES.read_text("utf-8"))["fishpond"]["outputs"]
    here, there = outputs["spark"]["server_side_parameters"], outputs["spark_thrift"]["server_side_parameters"]
    assert EQUAL.items() <= here.items()
    assert {f"set:hiveconf:{name}": value for name, value in EQUAL.items()}.items() <= there.items()
    assert "false" in there["set:hiveconf:spark.sql.ansi.enabled"]  # dbt-spark sets this one itself, by the plain name
