"""Every export's fixture, in its real container and encoding, becomes the rows that its golden says: values, refusals, counts.

A fixture is tests/fixtures/<platform>/<export>/: readable texts, and expected.json with what to build of them and what must come out.
Look at the difference before you run with --update-golden.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from builders.deliveries import Container, deliver
from pyarrow import parquet

from orchestration.lake.catalog import Catalog, load_catalog
from orchestration.lake.landing import scan
from orchestration.lake.layout import Lake
from orchestration.lake.loader import load_export
from orchestration.lake.receipt import Receipt
from orchestration.lake.tokens import token
from orchestration.lake.workers import Workers

FIXTURES = Path(__file__).parents[2] / "fixtures"
PEPPER = b"fixture"
# Who the fixtures are about: none of it may be found in anything the loader writes.
PERSONAL = re.compile(
    r"(?<!\d)1[3-9]\d ?(?:\d{4}|\*{4}) ?\d{4}(?!\d)|110101199001010010|@example\.com|张三|李四|王五|张\*|某街道|某路"
    r"|tb鱼塘|鱼友|oUnion|wmFish|oFish"
)
CASES = sorted(file.parent.relative_to(FIXTURES).as_posix() for file in FIXTURES.glob("*/*/expected.json"))


@dataclass(frozen=True)
class Desk:
    """One lake in which every export has folders of its own, who loads them, and a connection to read what they wrote: opening engines
    for each export alone takes longer than all the loads."""

    lake: Lake
    workers: Workers
    con: duckdb.DuckDBPyConnection

    def load(self, export: str, catalog: Catalog) -> dict[str, Receipt]:
        """File name → receipt of the export's deliveries."""
        deliveries = [each for each in scan(self.lake, catalog) if each.export_ref and each.export_ref.id == export]
        receipts = load_export(self.lake, catalog.exports[export], deliveries, PEPPER, workers=self.workers)
        return {receipt.file_name: receipt for receipt in receipts}


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    lake = Lake(tmp_path_factory.mktemp("fixtures") / "lake").prepare()
    with Workers(lake, PEPPER) as workers, duckdb.connect() as con:
        yield Desk(lake, workers, con)


@pytest.mark.parametrize("export", CASES)
def test_fixture_loads_as_its_golden_says(export: str, catalog: Catalog, desk: Desk, request: pytest.FixtureRequest) -> None:
    folder = FIXTURES / export
    case = json.loads((folder / "expected.json").read_text("utf-8"))
    for delivery in case["deliveries"]:
        text = (folder / delivery["source"]).read_text("utf-8")
        deliver(text, desk.lake.landing / export / delivery["as"], Container(**delivery.get("container", {})))
    receipts = desk.load(export, catalog)
    people = {token(PEPPER, value): f"={value}" for value in case["people"]}
    seen = [_outcome(desk, export, receipts[f"{export}/{delivery['as']}"], case["show"], people) for delivery in case["deliveries"]]
    if request.config.getoption("--update-golden"):
        given = [{key: value for key, value in delivery.items() if key != "expect"} for delivery in case["deliveries"]]
        case["deliveries"] = [{**delivery, "expect": outcome} for delivery, outcome in zip(given, seen, strict=True)]
        (folder / "expected.json").write_text(json.dumps(case, ensure_ascii=False, indent=1) + "\n", "utf-8")
    assert seen == [delivery["expect"] for delivery in case["deliveries"]]
    assert _leaks(desk, export) == set()


def test_every_public_export_has_a_fixture(catalog: Catalog) -> None:
    inherited = {ref.id for ref in catalog.exports.values() if ref.platform.extends}
    public = {ref.id for ref in catalog.exports.values() if ref.platform.domain == "public"}
    assert sorted(public - inherited - set(CASES)) == []


def _outcome(desk: Desk, export: str, receipt: Receipt, show: list[str], people: Mapping[str, str]) -> dict[str, Any]:
    assert receipt.rows_in_file == receipt.rows_loaded + receipt.rows_quarantined + receipt.rows_skipped
    name = f"{export}/{receipt.delivery_id}.{receipt.fingerprint}.parquet"
    return {
        "status": receipt.status,
        **({"reason": receipt.reason} if receipt.reason else {}),
        "rows": {"loaded": receipt.rows_loaded, "quarantined": receipt.rows_quarantined, "skipped": receipt.rows_skipped},
        "controls": [[control["column"], control["rule"], str(control["stated"]), control["ok"]] for control in receipt.controls],
        "unknown": sorted({note["column"] for note in receipt.notes if note["kind"] == "unknown_column"}),
        "loaded": _rows(desk, desk.lake.bronze / name, show, people),
        "quarantined": _rows(desk, desk.lake.quarantine / name, ["line_number", "column_name", "reason"], people),
    }


def _leaks(desk: Desk, export: str) -> set[str]:
    """Personal data found in what the loader wrote: bronze, quarantine, the receipts in their metadata. Tokens are not searched."""
    found: set[str] = set()
    files = [file for room in (desk.lake.bronze, desk.lake.quarantine) for file in (room / export).glob("*.parquet")]
    assert files
    for file in files:
        said = [str(value) for row in desk.con.execute(f"from read_parquet('{file}')").fetchall() for value in row]
        said += [text.decode() for text in (parquet.read_metadata(file).metadata or {}).values()]
        found |= {hit for text in said for hit in PERSONAL.findall(re.sub(r"[0-9a-f]{64}", "", text))}
    return found


def _rows(desk: Desk, file: Path, show: list[str], people: Mapping[str, str]) -> list[dict[str, Any]]:
    """The wanted columns of a Parquet file, empty ones left out; tokens of known people are written as `=value`, others as `token`."""
    if not file.exists():
        return []
    order = "_part, _line" if "_line" in parquet.read_schema(file).names else "part, line_number, column_name"
    found = desk.con.execute(f"select * from read_parquet('{file}') order by {order}")
    names = [column[0] for column in found.description]
    rows = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
    return [{name: _plain(row[name], people) for name in show if row[name] is not None} for row in rows]


def _plain(value: Any, people: Mapping[str, str]) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(inner, people) for key, inner in value.items() if inner is not None}
    if isinstance(value, list):
        return [_plain(inner, people) for inner in value]
    if isinstance(value, bool | int):
        return value
    text = format(value, "f") if isinstance(value, Decimal) else str(value)
    for one in text.split("|"):  # record keys hold tokens between bars
        if len(one) == 64 and set(one) <= set("0123456789abcdef"):
            text = text.replace(one, people.get(one, "token"))
    return text
