"""Which delivered files speak of a person, and blanking each of them: proven by reading the result again before it takes its place.

Loaded rows are found through bronze, refused rows and files by their words. What cannot be blanked in place, or does not read like
before, is removed from landing: bronze stays. Here: finding and proving. Not here: how a container is blanked (`erase_landing`).
"""

from __future__ import annotations

import json
import re
import tempfile
import zipfile
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from pathlib import Path

import duckdb
from pyarrow import parquet

from orchestration.lake.bronze import quarantine_file
from orchestration.lake.catalog import Catalog
from orchestration.lake.durable import write_durably
from orchestration.lake.erase_bronze import Found
from orchestration.lake.erase_landing import Blanking, NotInPlace, blanked, put_in_place
from orchestration.lake.fingerprints import file_sha256
from orchestration.lake.landing import DELIVERED_AS, Delivery, delivered_hashes, scan
from orchestration.lake.layout import Lake
from orchestration.lake.load_one import TABLE, blank_receipt, judge_delivery
from orchestration.lake.originals import original_row
from orchestration.lake.parts import Limits
from orchestration.lake.readers import read_delivery
from orchestration.lake.receipt import now_in_shanghai, read_receipt
from orchestration.lake.records import bronze_query
from orchestration.lake.refusal import Refused
from orchestration.lake.retention import archive_of
from orchestration.lake.suppression import cleared, keeps_rows, named
from orchestration.lake.workers import open_connection

WORD = re.compile(r"[^\s,;|\"'<>(){}\[\]:：，；、]{5,}")
Lines = frozenset[tuple[str | None, int]]
Mine = Callable[[str], bool]


def erase_originals(
    lake: Lake, catalog: Catalog, pepper: bytes, found: Sequence[Found], tokens: Collection[str], mine: Mine
) -> Counter[str]:
    """How many files were `blanked`, and how many `removed`."""
    loaded = {each.receipt.delivery_id: each.lines for each in found}
    done: Counter[str] = Counter()
    homes = [(home, delivery) for home in (lake, archive_of(lake)) for delivery in scan(home, catalog)]
    for home, delivery in homes:
        lines = loaded.get(delivery.delivery_id, frozenset()) | _refused_lines(lake, delivery, mine)
        if delivery.export_ref and lines:
            done["blanked" if _blank((lake, home), delivery, pepper, lines, tokens, mine) else "removed"] += 1
        elif not loaded.get(delivery.delivery_id) and _is_unread(lake, delivery) and _speaks(delivery.path, mine):
            delivery.path.unlink()  # nothing was ever loaded from it, and nobody can say what its columns mean
            done["removed"] += 1
    return done


def _blank(homes: tuple[Lake, Lake], delivery: Delivery, pepper: bytes, lines: Lines, tokens: Collection[str], mine: Mine) -> bool:
    """False where the original had to be removed. Its hash is noted in landing and where it lies: it may be put back."""
    by_part: dict[str | None, set[int]] = {}
    for part, line in lines:
        by_part.setdefault(part, set()).add(line)
    export = delivery.export_ref.export
    with open_connection(pepper) as con, tempfile.TemporaryDirectory(dir=_work(homes[0])) as folder:
        try:
            read = read_delivery(con, delivery.path, export, Path(folder), Limits())
            how = Blanking(export, keeps_rows(delivery.export_ref), by_part, mine, tuple(read.parts), read.encoding)
            aside = blanked(delivery.path, how)
            if not _is_clean(con, replace(delivery, path=aside), Path(folder) / "proof", tokens):
                raise NotInPlace(delivery.relative)
        except (Refused, NotInPlace, KeyError, ValueError, zipfile.BadZipFile):
            delivery.path.with_name(f".{delivery.path.name}.part").unlink(missing_ok=True)
            delivery.path.unlink()
            return False
    for home in set(homes):
        hashes = delivered_hashes(home) | {file_sha256(aside): delivery.sha256}
        write_durably(home.landing / DELIVERED_AS, json.dumps(hashes, indent=0, sort_keys=True))
    put_in_place(aside, delivery.path)
    return True


def _is_clean(con: duckdb.DuckDBPyConnection, delivery: Delivery, workdir: Path, tokens: Collection[str]) -> bool:
    """Whether the file, loaded again, would bring none of the tokens."""
    ref = delivery.export_ref
    judged = judge_delivery(con, delivery, now_in_shanghai().date(), workdir, Limits())
    try:
        query = bronze_query(ref, TABLE, judged.facts, delivery.delivery_id, delivery.sha256)
        return cleared(con, ref, f"({query})", named(tokens)) is None
    finally:
        con.execute(f"drop table if exists {TABLE}")


def _refused_lines(lake: Lake, delivery: Delivery, mine: Mine) -> Lines:
    """Rows in quarantine whose original holds a key of the person."""
    file = quarantine_file(lake, delivery.export_ref, blank_receipt(delivery))
    if delivery.export_ref is None or not file.exists():
        return frozenset()
    rows = parquet.read_table(file, columns=["part", "line_number"]).to_pylist()
    places = {(row["part"], row["line_number"]) for row in rows if row["line_number"]}
    said = ((part, line, original_row(delivery.path, line, part)) for part, line in sorted(places, key=str))
    return frozenset((part, line) for part, line, text in said if text and any(mine(word) for word in WORD.findall(text)))


def _is_unread(lake: Lake, delivery: Delivery) -> bool:
    """Whether the delivery was refused as a whole, or belongs to no export."""
    if delivery.export_ref is None:
        return not delivery.refusal or (delivery.path.is_file() and not delivery.path.is_symlink())
    file = quarantine_file(lake, delivery.export_ref, blank_receipt(delivery))
    receipt = read_receipt(file) if file.exists() else None
    return receipt is not None and receipt.status == "refused"


def _speaks(path: Path, mine: Mine) -> bool:
    """Whether any word of a text file is a key of the person; archives and workbooks that were never read are not looked into."""
    with path.open("rb") as file:
        return any(mine(word) for line in file for word in WORD.findall(line.decode("utf-8", "replace")))


def _work(lake: Lake) -> Path:
    lake.work.mkdir(parents=True, exist_ok=True, mode=0o700)
    return lake.work
