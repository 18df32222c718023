"""Every command in the README exists with the options it shows, and the cheap ones run."""

from __future__ import annotations

import re
import shlex
import subprocess
from pathlib import Path

import pytest
import typer

from orchestration.cli.app import app, call
from orchestration.lake.layout import Lake
from orchestration.settings import READERS

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")
COMMAND = re.compile(r"(?:^|`)((?:fishpond|make) [^`#\n|]*)", re.MULTILINE)
CHEAP = ("status", "versions", "gate explain", "quarantine show", "source list", "quarantine show --export taobao/orders")


def commands(tool: str) -> list[str]:
    found = sorted({match.strip() for match in COMMAND.findall(README)} - {"fishpond …"})
    return [command.removeprefix(tool).strip() for command in found if command.startswith(f"{tool} ")]


@pytest.mark.parametrize("command", commands("fishpond"))
def test_readme_shows_only_commands_that_exist(command: str) -> None:
    words = shlex.split(command)
    group = typer.main.get_command(app)
    while hasattr(group, "commands") and words and not words[0].startswith("-"):
        assert words[0] in group.commands, f"there is no `fishpond {command}`"
        group = group.commands[words.pop(0)]
    known = {name for parameter in group.params for name in parameter.opts} | {"--help"}
    assert {word for word in words if word.startswith("--")} <= known


def test_readme_tells_the_commands_that_matter() -> None:
    assert {"run --full", "rollback", "publish --resume", "gate explain", "ui", "status", "source check FILE"} <= set(commands("fishpond"))
    assert {"run", "test"} <= set(commands("make"))


@pytest.mark.parametrize("target", commands("make"))
def test_readme_shows_only_make_targets_that_exist(target: str) -> None:
    subprocess.run(["make", "--dry-run", "--directory", str(ROOT), target], check=True, capture_output=True)


@pytest.mark.parametrize("command", CHEAP)
def test_cheap_commands_of_the_readme_run(command: str, untouched: Lake) -> None:
    assert command in commands("fishpond")
    assert call(shlex.split(command)) == 0


def test_source_check_recognises_a_delivered_file(untouched: Lake, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    landed = sorted((untouched.landing / "youzan" / "orders").rglob("*.json"))[0]
    handed = tmp_path / "what_is_this.json"
    handed.write_bytes(landed.read_bytes())
    assert call(["source", "check", str(handed)]) in (0, 1)
    assert "youzan/orders" in capsys.readouterr().out


def test_settings_are_documented_in_readme_and_example() -> None:
    example = set(re.findall(r"^(FISHPOND_[A-Z_]+)=", (ROOT / ".env.example").read_text("utf-8"), re.MULTILINE))
    assert example == set(READERS)
    table = re.findall(r"^\| `(FISHPOND_[A-Z_]+)` \|", README, re.MULTILINE)
    assert sorted(table) == sorted(READERS), "the table of settings holds each one once"


def test_a_wrong_call_exits_with_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert call(["run", "--fuller"]) == 2
    assert call(["source", "check", "no_such_file.csv"]) == 2
    assert call(["run", "--as-of", "yesterday"]) == 2
    assert "no_such_file.csv" in capsys.readouterr().err
