"""The rooms' walls: which room may import which, and which libraries. Ruff says the same earlier, but per file, not per pair."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LIBRARIES = {"dagster", "dagster_dbt", "dbt", "great_expectations"}
ROOMS = {  # room → what it may import of the house and of the guarded libraries
    "orchestration/settings.py": set(),
    "orchestration/lake": set(),
    "orchestration/analytics": set(),
    "orchestration/sample": set(),
    "expectations": {"great_expectations"},
    "orchestration/defs": {
        "orchestration.lake", "orchestration.analytics", "orchestration.settings", "expectations", "dagster", "dagster_dbt", "dbt",
    },
    "orchestration/definitions.py": {"dagster"},
    "orchestration/cli": {
        "orchestration.defs", "orchestration.lake", "orchestration.sample", "orchestration.settings", "orchestration.definitions",
        "expectations", "dagster",
    },
}  # fmt: skip


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_only_what_it_may_know(room: str) -> None:
    own = room.removesuffix(".py").replace("/", ".")
    wrong = [
        f"{path.relative_to(ROOT)}:{line} imports {module}"
        for path in _modules(room)
        for line, module in _imports(path)
        if _is_guarded(module) and not any(_inside(module, allowed) for allowed in ROOMS[room] | {own})
    ]
    assert wrong == []


def test_every_python_file_stands_in_a_room() -> None:
    known = {path for room in ROOMS for path in _modules(room)}
    everything = {path for folder in ("orchestration", "expectations") for path in (ROOT / folder).rglob("*.py")}
    assert sorted(everything - known) == [ROOT / "orchestration" / "__init__.py"]


def test_great_expectations_is_imported_by_one_module() -> None:
    importing = {path.name for path in _modules("expectations") for _, module in _imports(path) if _inside(module, "great_expectations")}
    assert importing == {"library.py"}


def test_only_settings_reads_the_environment() -> None:
    reading = {
        path.relative_to(ROOT).as_posix()
        for folder in ("orchestration", "expectations")
        for path in (ROOT / folder).rglob("*.py")
        if any(word in path.read_text("utf-8") for word in ("os.getenv", 'os.environ["FISHPOND_LAKE', 'environ.get("FISHPOND'))
    }
    assert reading <= {"orchestration/settings.py"}


def test_definitions_stay_a_loader() -> None:
    assert len((ROOT / "orchestration" / "definitions.py").read_text("utf-8").splitlines()) <= 15


def _modules(room: str) -> list[Path]:
    place = ROOT / room
    return [place] if place.suffix == ".py" else sorted(place.rglob("*.py"))


def _imports(path: Path) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [f"{node.module}.{alias.name}" for alias in node.names] if node.module == "orchestration" else [node.module]
            yield from ((node.lineno, name) for name in names)


def _is_guarded(module: str) -> bool:
    return module.split(".")[0] in LIBRARIES | {"orchestration", "expectations"}


def _inside(module: str, allowed: str) -> bool:
    return module == allowed or module.startswith(allowed + ".")
