"""The systemd units of the README: they parse, start commands that exist, run at the house's times, and may write where it writes."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
import typer

from orchestration.cli.app import app
from orchestration.settings import read_settings

README = (Path(__file__).parents[3] / "README.md").read_text("utf-8")
HOUSE = "/opt/fishpond"
UNIT = re.compile(r"^# /etc/systemd/system/(\S+)\n", re.MULTILINE)


def units() -> dict[str, str]:
    found = {}
    for block in re.findall(r"```ini\n(.*?)```", README, re.DOTALL):
        parts = UNIT.split(block)
        found |= dict(zip(parts[1::2], parts[2::2], strict=True))
    return found


def said(unit: str, word: str) -> list[str]:
    return re.findall(rf"^{word}=(.+)$", units()[unit], re.MULTILINE)


def test_the_readme_has_a_service_for_the_ui_and_a_timer_with_its_service() -> None:
    assert sorted(units()) == ["fishpond-run.service", "fishpond-run.timer", "fishpond.service"]


@pytest.mark.parametrize("unit", ["fishpond.service", "fishpond-run.service"])
def test_a_service_starts_a_command_that_exists(unit: str) -> None:
    program, verb, *options = shlex.split(said(unit, "ExecStart")[0])
    command = typer.main.get_command(app).commands[verb]
    assert program == f"{HOUSE}/.venv/bin/fishpond"
    assert {word for word in options if word.startswith("-")} <= {name for each in command.params for name in each.opts}


def test_the_timer_fires_at_the_times_of_the_schedules_and_makes_up_for_what_a_reboot_missed() -> None:
    """One line a time: systemd reads `07:30,10:30` as the seconds 30 of 07:10 and 07:30."""
    assert said("fishpond-run.timer", "OnCalendar") == [f"*-*-* {at}:00 Asia/Shanghai" for at in read_settings({}).schedule_times]
    assert said("fishpond-run.timer", "Persistent") == ["true"]


def test_a_service_that_may_write_nowhere_may_write_where_the_house_does() -> None:
    """Dagster's web server does not start without a temporary folder, and dbt's registry is written into its project."""
    assert said("fishpond.service", "ProtectSystem") == ["strict"] and said("fishpond.service", "PrivateTmp") == ["true"]
    assert said("fishpond.service", "ReadWritePaths") == [f"{HOUSE}/data_lake {HOUSE}/dbt_project"]


def test_systemd_takes_the_units_where_it_is_there_to_be_asked(tmp_path: Path) -> None:
    for name, text in units().items():
        here = text.replace(f"{HOUSE}/.venv/bin/fishpond", "/bin/true").replace(HOUSE, str(tmp_path)).replace("User=fishpond", "User=root")
        (tmp_path / name).write_text(here.replace("/etc/fishpond.env", f"-{tmp_path}/env"), "utf-8")
    analyze = shutil.which("systemd-analyze")
    if analyze:
        paths = [str(tmp_path / name) for name in units()]
        run = subprocess.run([analyze, "verify", *paths], capture_output=True, text=True, timeout=60, check=False)
        assert (run.returncode, run.stderr) == (0, "")
