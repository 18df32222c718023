"""What all tests share: an environment of their own (no FISHPOND_* of the person who runs them) and a lake in a temporary folder."""

from __future__ import annotations

import gc
import os
import shutil
import tempfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
GOLDEN = ROOT / "tests" / "golden"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="rewrite the golden files instead of comparing with them")


def pytest_configure(config: pytest.Config) -> None:
    """Before any module of the house is imported: nothing is sent anywhere, and nothing touches the person's own lake."""
    from orchestration.cli import SILENCE

    gc.set_threshold(100_000, 50, 100)  # as the command line does
    config.fishpond_before = dict(os.environ)
    config.fishpond_folder = Path(tempfile.mkdtemp(prefix="fishpond-tests-"))
    for name in [name for name in os.environ if name.startswith("FISHPOND_")]:
        del os.environ[name]
    os.environ.update(SILENCE, FISHPOND_LAKE=str(config.fishpond_folder / "lake"))


def pytest_make_parametrize_id(config: pytest.Config, val: object, argname: str) -> str | None:
    """Bytes name no test: a compressed file carries the second it was packed in, and two workers would collect different names."""
    return argname if isinstance(val, bytes) else None


def pytest_unconfigure(config: pytest.Config) -> None:
    os.environ.clear()
    os.environ.update(config.fishpond_before)
    shutil.rmtree(config.fishpond_folder, ignore_errors=True)


@pytest.fixture(scope="session")
def lake_root() -> Path:
    """The one lake of the session; it stays at one path, so that dbt parses its project once."""
    return Path(os.environ["FISHPOND_LAKE"])


@pytest.fixture
def golden(request: pytest.FixtureRequest):
    """`golden(name, text)`: compare with `tests/golden/<name>`, or rewrite it under --update-golden."""

    def compare(name: str, text: str) -> None:
        path = GOLDEN / name
        if request.config.getoption("--update-golden"):
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, "utf-8")
        assert text == path.read_text("utf-8"), f"{path} differs; look at the difference, then run pytest with --update-golden"

    return compare
