"""The build's marks (`warehouse/build.json`): what the warehouse file holds, and whether it is whole.

Here: start, half-way and end marks, and the decision to build from nothing. Not here: what is built (dbt), what is published (releases).
"""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import asdict, dataclass, replace

from orchestration.lake.layout import Lake


class WarehouseNotWhole(RuntimeError):
    """The warehouse lacks the mark that the asked step needs: something before it did not finish."""


@dataclass(frozen=True)
class BuildMark:
    """One build. `landing` is what lay there, `delivery_set` the bronze files it covers, `code` the meaning it was built with.

    `canonical_by` and `marts_by` name the runs that built the two halves; `ended` is the end mark, and `warehouse` the size and
    time of the file that it was set on.
    """

    code: str
    landing: str = ""
    delivery_set: str = ""
    canonical_by: str = ""
    marts_by: str = ""
    ended: bool = False
    warehouse: str = ""


def read_mark(lake: Lake) -> BuildMark | None:
    """The last build's mark; None when there is none, or a kill left one that cannot be read (the same thing: nothing is whole)."""
    try:
        return BuildMark(**json.loads(lake.build_mark.read_text("utf-8")))
    except (FileNotFoundError, json.JSONDecodeError, TypeError):
        return None


def begin_build(lake: Lake, code: str, landing: str) -> BuildMark:
    """The start mark, written before the warehouse is touched. Until `end_build`, the warehouse counts as broken."""
    return _write(lake, BuildMark(code=code, landing=landing))


def mark_canonical(lake: Lake, run_id: str, delivery_set: str) -> BuildMark:
    """The canonical relations of the running build are whole, and cover exactly this delivery set."""
    mark = read_mark(lake)
    if mark is None:
        raise WarehouseNotWhole("this build has no start mark: its marks were removed while it ran")
    return _write(lake, replace(mark, delivery_set=delivery_set, canonical_by=run_id))


def need_canonical(lake: Lake) -> BuildMark:
    """The running build, if its canonical relations are whole; raises `WarehouseNotWhole` otherwise."""
    mark = read_mark(lake)
    if mark is None or not mark.canonical_by:
        raise WarehouseNotWhole("the canonical relations are missing or unfinished: `fishpond run` builds them")
    return mark


def end_build(lake: Lake, run_id: str) -> BuildMark:
    """The end mark, last of all: marts and canonical relations belong together and to one delivery set."""
    return _write(lake, replace(need_canonical(lake), marts_by=run_id, ended=True, warehouse=_stamp(lake)))


def forget_marts(lake: Lake) -> None:
    """Marts are about to be rebuilt, all or some: nothing may be published until all of them were."""
    if mark := read_mark(lake):
        _write(lake, replace(mark, marts_by="", ended=False))


def forget_build(lake: Lake) -> None:
    """Some canonical relations are about to be rebuilt by themselves: nothing may be published until the whole road was run."""
    if mark := read_mark(lake):
        _write(lake, BuildMark(code=mark.code))


def whole_build(lake: Lake) -> BuildMark:
    """The finished build that stands in the warehouse; raises `WarehouseNotWhole` if there is none."""
    mark = read_mark(lake)
    why = "the warehouse is not there" if not lake.warehouse.exists() else why_from_nothing(lake)
    if mark is None or why:
        raise WarehouseNotWhole(f"{why}: `fishpond run` builds it again")
    return mark


def why_from_nothing(lake: Lake) -> str | None:
    """Why the next build must start without the old warehouse file, or None if that file can be built upon.

    A kill leaves a start mark without an end; a file that was cut, or that somebody else wrote, is not the one its end mark was set on.
    """
    if not lake.warehouse.exists():
        return None
    mark = read_mark(lake)
    if mark is None or not mark.ended:
        return "the last build has no end mark"
    if mark.warehouse != _stamp(lake):
        return "the warehouse file changed after its end mark was set"
    return None


def drop_warehouse(lake: Lake) -> None:
    """Forget the warehouse file and its write-ahead log; the mark goes first, so a kill in between leaves nothing that looks whole.

    Rows that Spark holds in the lake go too; what stays of it are the names of its tables.
    """
    for path in (lake.build_mark, lake.warehouse, lake.warehouse.with_name(lake.warehouse.name + ".wal")):
        path.unlink(missing_ok=True)
    for rows in (lake.spark_home / "tables", lake.spark_home / "lake"):
        shutil.rmtree(rows, ignore_errors=True)


def _stamp(lake: Lake) -> str:
    state = lake.warehouse.stat()
    return f"{state.st_size} bytes, {state.st_mtime_ns}"


def _write(lake: Lake, mark: BuildMark) -> BuildMark:
    aside = lake.build_mark.with_suffix(".part")
    aside.write_text(json.dumps(asdict(mark), indent=1, sort_keys=True), "utf-8")
    os.replace(aside, lake.build_mark)
    return mark
