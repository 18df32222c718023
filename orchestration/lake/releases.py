"""Releases on disk: build one aside, let readers see it by one link, go back, keep a few.

`published/current` is a link to a release's folder. A kill between any two steps leaves it pointing to a whole release; what is
left over is swept when the next release is built. Not here: whether a release may be seen (the gate), its tables (`release_files`).
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path

import pyarrow as pa

from orchestration.lake.disk import DiskTrouble, writing
from orchestration.lake.durable import sync, sync_tree
from orchestration.lake.history import read_history, record
from orchestration.lake.layout import Lake
from orchestration.lake.release_files import FILE_NAME, Grains, write_release_files

VERSION = re.compile(r"(\d{4}-\d{2}-\d{2})\.(\d{3,})")
BUILDING, REMOVING, LINK = ".building-", ".removing-", ".current-"
NOTE = "release.json"


class ReleaseError(RuntimeError):
    """What was asked of releases cannot be done; the message says why and what can."""


@dataclass(frozen=True)
class ReleaseNote:
    """What a release says of itself (`release.json`): what it was built from, and what is in it."""

    version: str
    delivery_set: str = ""
    code: str = ""
    run_id: str = ""
    rows: dict[str, int] = field(default_factory=dict)
    bytes: int = 0


def build_release(
    lake: Lake,
    warehouse: Path,
    version: str,
    tables: Grains,
    extra_tables: Mapping[str, pa.Table],
    comments: Mapping[str, str],
    delivery_set: str = "",
    code: str = "",
    run_id: str = "",
    report: Path | None = None,
) -> Path:
    """Build the release aside, prove it, force it to disk and give it its name; its folder. Readers do not see it yet.

    `tables`: `schema.table` → grain columns; `report`: a page that goes along.
    Raises ReleaseError if the version exists, ReleaseBroken if a copy is not whole.
    """
    final = _folder(lake, version)
    if final.exists():
        raise ReleaseError(f"release {version} exists already")
    sweep(lake)
    aside = lake.releases / f"{BUILDING}{version}"
    try:
        with writing():
            aside.mkdir(parents=True)
            rows = write_release_files(aside, warehouse, tables, extra_tables, comments)
            note = ReleaseNote(version, delivery_set, code, run_id, rows, (aside / FILE_NAME).stat().st_size)
            if report is not None:
                shutil.copyfile(report, aside / report.name)
            (aside / NOTE).write_text(json.dumps(asdict(note), indent=1), "utf-8")
            sync_tree(aside)
    except DiskTrouble:
        sweep(lake)  # half a release would keep the disk full
        raise
    os.rename(aside, final)
    sync(lake.releases)
    _seal(final)
    return final


def switch(lake: Lake, version: str) -> str | None:
    """Point `current` to a release in one step; the version it pointed to before. Open readers keep the old files."""
    if not (_folder(lake, version) / FILE_NAME).exists():
        raise ReleaseError(f"there is no release {version}; there are: {', '.join(list_versions(lake)) or 'none'}")
    _seal(_folder(lake, version))
    before = current_version(lake)
    aside = lake.published / f"{LINK}{version}"
    aside.unlink(missing_ok=True)
    aside.symlink_to(Path("releases") / version, target_is_directory=True)
    os.replace(aside, lake.current)
    sync(lake.published)
    return before


def show_release(lake: Lake, version: str) -> bool:
    """Let readers see a release that passed the gate; False if a hold keeps the link where it is."""
    if (lake.published / "hold").exists():
        record(lake, "held_back", version)
        return False
    record(lake, "published", version, replaced=switch(lake, version))
    return True


def current_version(lake: Lake) -> str | None:
    """The version that readers see, or None."""
    if not lake.current.is_symlink() or not (lake.current / FILE_NAME).exists():
        return None
    return Path(os.readlink(lake.current)).name


def current_file(lake: Lake) -> Path | None:
    """The DuckDB file that readers see, by its own path (a link may move while one reads), or None."""
    version = current_version(lake)
    return _folder(lake, version) / FILE_NAME if version else None


def list_versions(lake: Lake) -> list[str]:
    """Whole releases on disk, oldest first."""
    found = lake.releases.iterdir() if lake.releases.exists() else ()
    return sorted((path.name for path in found if VERSION.fullmatch(path.name) and (path / FILE_NAME).exists()), key=number)


def newest_version(lake: Lake) -> str | None:
    """The newest whole release, seen by readers or held back; None if there is none."""
    return next(reversed(list_versions(lake)), None)


def number(version: str) -> int:
    """The running number in `<as_of_on>.<nnn>`: it grows forever and orders versions."""
    match = VERSION.fullmatch(version)
    if not match:
        raise ReleaseError(f"{version!r} is no version: <as_of_on>.<nnn>")
    return int(match.group(2))


def next_version(lake: Lake, as_of_on: date) -> str:
    """The next version's name; no number is ever used twice, not even one of a release that was removed or never seen."""
    folders = [path.name.removeprefix(BUILDING) for path in lake.releases.iterdir()] if lake.releases.exists() else []
    used = [name for name in (*folders, *(event.version for event in read_history(lake))) if VERSION.fullmatch(name)]
    return f"{as_of_on.isoformat()}.{max(map(number, used), default=0) + 1:03d}"


def release_note(lake: Lake, version: str) -> ReleaseNote:
    """What a release says of itself."""
    return ReleaseNote(**json.loads((_folder(lake, version) / NOTE).read_text("utf-8")))


def release_matches(lake: Lake, delivery_set: str, code: str) -> bool:
    """Whether a run could only publish again what stands there: the same deliveries, the same code, an untouched file.

    Under a hold the newest release is asked, since the one that readers see is meant to be an old one.
    """
    version = newest_version(lake) if (lake.published / "hold").exists() else current_version(lake)
    if version is None or not delivery_set:
        return False
    note = release_note(lake, version)
    return (note.delivery_set, note.code) == (delivery_set, code) and (_folder(lake, version) / FILE_NAME).stat().st_size == note.bytes


def prune(lake: Lake, keep: int) -> list[str]:
    """Remove all but the newest `keep` releases; never the one that readers see. The removed versions."""
    versions = list_versions(lake)
    doomed = [version for version in versions[: -max(keep, 1)] if version != current_version(lake)]
    for version in doomed:
        _remove(lake, version)
        record(lake, "pruned", version)
    return doomed


def sweep(lake: Lake) -> None:
    """Remove what killed runs left over, and write down a switch whose record they did not reach."""
    for path in lake.releases.iterdir() if lake.releases.exists() else ():
        if path.name.startswith((BUILDING, REMOVING)):
            _delete(path)
    for link in lake.published.glob(f"{LINK}*"):
        link.unlink()
    version = current_version(lake)
    seen = [event.version for event in read_history(lake) if event.event in ("published", "rolled_back")]
    if version and (not seen or seen[-1] != version):
        record(lake, "published", version, replaced=seen[-1] if seen else None, reason="recovered")


def _folder(lake: Lake, version: str) -> Path:
    number(version)
    return lake.releases / version


def _seal(folder: Path) -> None:
    """Take the right to write from a release; folders last."""
    for path in sorted(folder.rglob("*"), reverse=True):
        path.chmod(0o555 if path.is_dir() else 0o444)
    folder.chmod(0o555)


def _remove(lake: Lake, version: str) -> None:
    """Out of sight in one step, then deleted: a kill never leaves half a release under its name."""
    aside = lake.releases / f"{REMOVING}{version}"
    os.rename(_folder(lake, version), aside)
    _delete(aside)


def _delete(folder: Path) -> None:
    for path in (folder, *(path for path in folder.rglob("*") if path.is_dir())):
        path.chmod(0o755)
    shutil.rmtree(folder)
