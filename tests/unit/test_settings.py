"""Settings: what is not known raises, what is empty is unset."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from orchestration.settings import PROJECT, Settings, SettingsError, read_settings


def test_nothing_set_gives_the_defaults() -> None:
    assert read_settings({}) == Settings(lake=PROJECT / "data_lake")
    assert read_settings({"PATH": "x", "FISHPOND_PEPPER": "", "FISHPOND_WAREHOUSE": "w"}).pepper is None


def test_every_setting_is_read() -> None:
    found = read_settings(
        {
            "FISHPOND_LAKE": "/tmp/lake",
            "FISHPOND_PEPPER": "a" * 16,
            "FISHPOND_TARGET": "spark",
            "FISHPOND_KEEP_RELEASES": "3",
            "FISHPOND_SCHEDULES": "on",
            "FISHPOND_MEMORY_LIMIT": "4GB",
            "FISHPOND_THREADS": "2",
            "FISHPOND_AS_OF": "2026-09-30",
            "FISHPOND_WEBHOOK": "https://example.org/x",
            "FISHPOND_WEBHOOK_KIND": "dingtalk",
            "FISHPOND_WEBHOOK_SECRET": "SEC1",
            "FISHPOND_SCHEDULE_TIMES": "11:00, 08:15",
            "FISHPOND_LANDING_DAYS": "90",
            "FISHPOND_LANDING_THEN": "delete",
            "FISHPOND_SPARK_MASTER": "spark://driver.example:7077",
            "FISHPOND_SPARK_THRIFT": "spark.example:10000",
            "FISHPOND_SPARK_TABLES": "/mnt/tables",
        }
    )
    robot = ("https://example.org/x", "dingtalk", "SEC1")
    spark = ("spark://driver.example:7077", "spark.example:10000", Path("/mnt/tables"))
    assert found == Settings(
        Path("/tmp/lake"), "a" * 16, "spark", 3, True, "4GB", 2, date(2026, 9, 30), *robot, ("08:15", "11:00"), 90, "delete", *spark
    )


def test_secrets_are_in_no_representation() -> None:
    shown = repr(read_settings({"FISHPOND_PEPPER": "a pepper for nobody", "FISHPOND_WEBHOOK_SECRET": "SEC1"}))
    assert "nobody" not in shown and "SEC1" not in shown


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("FISHPOND_LAK", "x"),
        ("FISHPOND_SCHEDULE_TIMES", "25:00"),
        ("FISHPOND_WEBHOOK_KIND", "pigeon"),
        ("FISHPOND_LANDING_THEN", "forget"),
        ("FISHPOND_TARGET", "oracle"),
        ("FISHPOND_KEEP_RELEASES", "0"),
        ("FISHPOND_SCHEDULES", "maybe"),
        ("FISHPOND_PEPPER", "short"),
        ("FISHPOND_MEMORY_LIMIT", "much"),
        ("FISHPOND_THREADS", "-1"),
        ("FISHPOND_AS_OF", "2026-02-30"),
        ("FISHPOND_WEBHOOK", "mailto:x"),
        ("FISHPOND_SPARK_MASTER", "the big one"),
        ("FISHPOND_SPARK_THRIFT", "spark.example"),
    ],
)
def test_an_unknown_name_or_value_raises_and_is_named(name, value) -> None:
    with pytest.raises(SettingsError, match=name):
        read_settings({name: value})
