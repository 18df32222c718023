"""What lies in landing: every delivered file, what export it belongs to, and the identity it is loaded under.

Belongs here: walking, hashing, path context. Does not: opening a file to see what is in it.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from orchestration.lake.catalog import Catalog, ExportRef
from orchestration.lake.context import Context, path_context, place_of
from orchestration.lake.layout import Lake

IGNORED_ENDINGS = (".part", ".tmp", ".crdownload")
IGNORED_NAMES = frozenset({"thumbs.db", "desktop.ini"})
HASHES = ".hashes.json"  # of files seen before, so that a daily scan reads only what is new
DELIVERED_AS = ".delivered-hashes.json"
SETTLED_SECONDS = 2  # a younger file may change again within the file system's clock tick: hash it anew next time
UNLINKED = "is a link out of landing or to nothing; copy the file itself into landing"
UNREADABLE = "cannot be read: it vanished meanwhile, or the user who runs this has no right to read it"
Stamp = tuple[int, int, int, int]  # size, mtime_ns, ctime_ns, inode


@dataclass(frozen=True)
class Delivery:
    """One file in landing. `relative` is its path below landing; `refusal` says why it is not even opened.

    `delivery_id`: 16 hex digits over export, bytes and path context. Equal ids are duplicates.
    """

    export_ref: ExportRef | None
    path: Path
    relative: str
    sha256: str
    size: int
    context: Context
    delivery_id: str
    stamp: Stamp = (0, 0, 0, 0)
    refusal: str | None = None

    def is_unchanged(self) -> bool:
        """False when the file was written to or replaced since it was hashed."""
        try:
            return stamp_of(self.path) == self.stamp
        except OSError:
            return False


def scan(lake: Lake, catalog: Catalog) -> list[Delivery]:
    """Every delivery, sorted by relative path. Files that no contract knows come with `export_ref` None and a refusal."""
    files = delivered_files(lake)
    hashes = hash_files(lake, [path for path in files if not leads_out(path, lake.landing)])
    return [_delivery(lake, catalog, path, hashes.get(path)) for path in files]


def delivered_files(lake: Lake) -> list[Path]:
    """The files of landing that count as delivered, sorted: nothing hidden, nothing half copied, no lock files of spreadsheets."""
    return sorted(_walk(lake.landing), key=lambda path: path.relative_to(lake.landing).as_posix())


def stamp_of(path: Path) -> Stamp:
    """What changes when a file is written to or replaced."""
    state = path.stat()
    return state.st_size, state.st_mtime_ns, state.st_ctime_ns, state.st_ino


def _walk(folder: Path) -> Iterator[Path]:
    if not folder.is_dir():
        return
    for entry in os.scandir(folder):
        name = entry.name.lower()
        if name.startswith((".", "~$")) or name.endswith(IGNORED_ENDINGS) or name in IGNORED_NAMES or name == "__macosx":
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _walk(Path(entry.path))
        elif entry.is_file() or entry.is_symlink():
            yield Path(entry.path)


def leads_out(path: Path, landing: Path) -> bool:
    """True for links to nothing or to outside of landing."""
    return path.is_symlink() and (not path.resolve().is_relative_to(landing.resolve()) or not path.is_file())


def _delivery(lake: Lake, catalog: Catalog, path: Path, hashed: tuple[str, Stamp] | None) -> Delivery:
    parts = path.relative_to(lake.landing).parts
    relative = "/".join(parts).encode("utf-8", "backslashreplace").decode()
    ref = catalog.exports.get("/".join(parts[:2])) if len(parts) > 2 else None
    sha256, stamp = hashed or ("", (0, 0, 0, 0))
    context = path_context(ref.export, place_of(parts[2:])) if ref else Context()
    refusal = None
    if hashed is None:
        refusal = UNLINKED if path.is_symlink() else UNREADABLE
    elif ref is None:
        refusal = _advice(parts, catalog)
    identity = "\0".join([ref.id if ref else "", sha256 or relative, context.identity()] + ([] if ref else [relative]))
    delivery_id = hashlib.sha256(identity.encode()).hexdigest()[:16]
    return Delivery(ref, path, relative, sha256, stamp[0], context, delivery_id, stamp, refusal)


def _advice(parts: tuple[str, ...], catalog: Catalog) -> str:
    near = get_close_matches("/".join(parts[:2]), catalog.exports, n=1, cutoff=0.5)
    hint = f"; the nearest is {near[0]}/" if near else ""
    return f"no contract knows the folder {'/'.join(parts[:-1]) or 'landing itself'}: files belong in <platform>/<export>/{hint}"


def hash_files(lake: Lake, files: list[Path]) -> dict[Path, tuple[str, Stamp]]:
    """SHA-256 and stamp of each file; what did not change since the last scan is not read again."""
    known = _known_hashes(lake)
    stamps = {path: stamp for path in files if (stamp := _stamp_if_readable(path))}
    found: dict[Path, tuple[str, Stamp]] = {}
    unread = []
    for path in stamps:
        before = known.get(_key(lake, path))
        if before and tuple(before[1]) == stamps[path]:
            found[path] = (before[0], stamps[path])
        else:
            unread.append(path)
    with ThreadPoolExecutor(2) as pool:
        for path, sha256 in zip(unread, pool.map(_sha256, unread), strict=True):
            found[path] = (sha256, stamps[path])
    if unread or len(known) != len(found):
        _remember(lake, {_key(lake, path): entry for path, entry in found.items()})
    before = delivered_hashes(lake)
    return {path: (before.get(sha256, sha256), stamp) for path, (sha256, stamp) in found.items()}


def delivered_hashes(lake: Lake) -> dict[str, str]:
    """Hash of a file in which somebody was blanked → hash it was delivered under, which stays its identity."""
    path = lake.landing / DELIVERED_AS
    return json.loads(path.read_text("utf-8")) if path.exists() else {}


def _stamp_if_readable(path: Path) -> Stamp | None:
    """None for a file that vanished meanwhile, or that this user may not read."""
    try:
        return stamp_of(path) if os.access(path, os.R_OK) else None
    except FileNotFoundError:
        return None


def _key(lake: Lake, path: Path) -> str:
    return os.fsencode(path.relative_to(lake.landing)).decode("utf-8", "backslashreplace")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _known_hashes(lake: Lake) -> dict[str, tuple[str, list[int]]]:
    try:
        return json.loads((lake.landing / HASHES).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}


def _remember(lake: Lake, hashes: Mapping[str, tuple[str, Stamp]]) -> None:
    settled = (time.time() - SETTLED_SECONDS) * 1e9
    old_enough = {name: entry for name, entry in hashes.items() if max(entry[1][1], entry[1][2]) < settled}
    aside = lake.landing / f"{HASHES}.{os.getpid()}.tmp"
    with contextlib.suppress(OSError):  # a memory, nothing more: who may only read, or has no room, hashes again next time
        aside.write_text(json.dumps(old_enough), encoding="utf-8")
        aside.chmod(0o600)
        os.replace(aside, lake.landing / HASHES)
