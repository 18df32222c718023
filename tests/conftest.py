"""What all tests share: an environment of their own (no FISHPOND_* of the person who runs them) and a lake in a temporary folder."""

from __future__ import annotations

import gc
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from builders.sealed import remove

ROOT = Path(__file__).parents[1]
GOLDEN = ROOT / "tests" / "golden"
MEMORY = Path("/dev/shm")
LONGEST_FIRST = (
    "pipeline/test_good_day.py",  # walks the road that most of the others start from
    "pipeline/faults/test_killed_roads.py",
    "pipeline/test_forgotten_person.py",
    "pipeline/test_identity_diff_build.py",
    "pipeline/test_dbt_unit_tests.py",
    "pipeline/test_gate_on_the_road.py",
    "unit/sources/test_source_fixtures.py",
)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="rewrite the golden files instead of comparing with them")


def pytest_configure(config: pytest.Config) -> None:
    """Before any module of the house is imported: nothing is sent anywhere, and nothing touches the person's own lake."""
    from orchestration.cli import SILENCE

    gc.set_threshold(100_000, 50, 100)  # as the command line does
    config.fishpond_before = dict(os.environ)
    worker = getattr(config, "workerinput", None)
    config.fishpond_shared = Path(worker["shared"] if worker else tempfile.mkdtemp(prefix="fishpond-tests-"))
    folder = config.fishpond_shared / (worker["workerid"] if worker else "alone")
    for name in [name for name in os.environ if name.startswith("FISHPOND_")]:
        del os.environ[name]
    os.environ.update(SILENCE, FISHPOND_LAKE=str(folder / "lake"))


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: object) -> None:
    """A worker of pytest-xdist has a folder of its own in that of who started it, beside what one worker built for all."""
    node.workerinput["shared"] = str(node.config.fishpond_shared)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files in the order in which they are begun: what takes long first, so that two workers end together. Nothing else depends on it."""
    place = {name: number for number, name in enumerate(LONGEST_FIRST)}
    items.sort(key=lambda item: place.get(item.path.relative_to(ROOT / "tests").as_posix(), len(place)))


def pytest_make_parametrize_id(config: pytest.Config, val: object, argname: str) -> str | None:
    """Bytes name no test: a compressed file carries the second it was packed in, and two workers would collect different names."""
    return argname if isinstance(val, bytes) else None


def pytest_unconfigure(config: pytest.Config) -> None:
    os.environ.clear()
    os.environ.update(config.fishpond_before)
    if not hasattr(config, "workerinput"):
        remove(config.fishpond_shared)


@pytest.fixture(scope="session")
def lake_root() -> Path:
    """The one lake of the session; it stays at one path, so that dbt parses its project once."""
    return Path(os.environ["FISHPOND_LAKE"])


@pytest.fixture(scope="session")
def shared(request: pytest.FixtureRequest) -> Path:
    """A folder that all workers of this session see; whoever writes into it holds a lock there."""
    return request.config.fishpond_shared


@pytest.fixture
def in_memory() -> Iterator[Path]:
    """A folder in memory where the machine has such a place, else on disk: for tests of order and content, not of the disk's patience."""
    folder = Path(tempfile.mkdtemp(prefix="fishpond-", dir=MEMORY if MEMORY.is_dir() else None))
    yield folder
    remove(folder)


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
