"""What strangers wrote stays text, what is secret stays in its place, and nobody outside this machine sees the UI."""

from __future__ import annotations

import pytest
from builders.pond import Pond
from rich.console import Console

from orchestration.cli.refused_rows import show_refused
from orchestration.cli.ui import COMMAND
from orchestration.defs.resources import Pond as Shared
from orchestration.lake.plain import plain

HEADER = "订单编号,手机,状态,付款时间,实付\n"


def test_the_ui_is_bound_to_this_machine() -> None:
    assert COMMAND[COMMAND.index("--host") + 1] == "127.0.0.1"


def test_a_run_is_configured_with_no_secret() -> None:
    assert set(Shared.model_fields) == {"full"}, "run configuration is kept and shown: settings are read where they are used"


@pytest.mark.parametrize("text", ["a\x1b[2Jb", "a\x1b]0;title\x07b", "first\nINFO second", "a\rb", "a\x9b31mb", "a\u202eb", "a\u2028b"])
def test_no_text_commands_a_terminal_or_forges_a_line(text: str) -> None:
    assert len(plain(text).splitlines()) == 1 and plain(text).replace("�", "").isprintable()
    assert plain("订单 导出 (1)\t🍵.csv") == "订单 导出 (1)\t🍵.csv"


def test_a_refused_line_is_shown_and_not_done(pond: Pond, monkeypatch: pytest.MonkeyPatch) -> None:
    pond.deliver(HEADER + "1\x1b[2J,13900006666,交易成功,gestern,1\n")
    pond.load()
    monkeypatch.setenv("FISHPOND_LAKE", str(pond.lake.root))
    console = Console(record=True, force_terminal=True, width=200)
    show_refused(console, None, None, 5)
    said = console.export_text(styles=False)
    assert "gestern" in said and "\x1b[2J" not in said and "␛[2J" in said


@pytest.fixture
def pond(tmp_path) -> Pond:
    return Pond(tmp_path)
