"""A small lake with one contract: deliver files, load them, look at bronze and quarantine. What tests of the loader share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import yaml

from orchestration.lake.catalog import Catalog, ExportRef, load_catalog
from orchestration.lake.landing import scan
from orchestration.lake.layout import Lake
from orchestration.lake.loader import load_export
from orchestration.lake.receipt import Receipt

PEPPER = b"a pepper that only tests know"
RUN_ON = date(2026, 10, 2)
CONTRACT = """
label: Orders 订单
description: One row per order.
kind: orders
container: [csv, json, jsonl, xlsx]
exported_at: [{file_name: '(\\d{8})', format: '%Y%m%d'}, {folder: date}]
key: [order_id]
columns:
  order_id: {from: [订单编号], type: id, required: true, identity: {type: order_id, scope: shop, trust: bridge, clear: true}}
  phone: {from: [手机], type: text, identity: {type: phone, trust: receiver}}
  status: {from: [状态], type: enum, values: {done: [交易成功], closed: [交易关闭]}}
  paid_at: {from: [付款时间], type: timestamp}
  paid_cny: {from: [实付], type: money, unit: yuan}
feeds: [orders]
"""


@dataclass
class Pond:
    """One lake in `root`; `contract` is the export `shop/orders` as YAML, `words` replace words of it."""

    root: Path
    contract: str = CONTRACT
    words: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.lake = Lake(self.root / "lake").prepare()
        self.catalog = self.new_catalog(**self.words)

    @property
    def ref(self) -> ExportRef:
        return self.catalog.exports["shop/orders"]

    def new_catalog(self, **words: Any) -> Catalog:
        """The contract with some words replaced becomes the pond's catalog."""
        export = yaml.safe_load(self.contract) | words
        platform = {"platform": "shop", "label": "Shop 店", "domain": "public", "exports": {"orders": export}}
        folder = self.root / "sources"
        folder.mkdir(exist_ok=True)
        (folder / "shop.yml").write_text(yaml.safe_dump(platform, allow_unicode=True), "utf-8")
        self.catalog = load_catalog(folder)
        return self.catalog

    def deliver(self, text: str | bytes, name: str = "orders_20261001.csv") -> Path:
        """Put a file into the export's folder of landing."""
        file = self.lake.landing / "shop" / "orders" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return file

    def load(self, run_on: date = RUN_ON, **more: Any) -> list[Receipt]:
        """Scan and load; the receipts in order of file names."""
        deliveries = [each for each in scan(self.lake, self.catalog) if each.export_ref]
        return load_export(self.lake, self.ref, deliveries, PEPPER, run_on=run_on, **more)

    def rows(self, columns: str = "*") -> list[tuple]:
        """Rows of all bronze files of the export, in file and line order."""
        return self._read(f"select {columns} from read_parquet($1, union_by_name = true) order by _delivery_id, _part, _line", "bronze")

    def bad_rows(self) -> list[tuple]:
        """(line, column, reason, shape) of every refused row."""
        query = "select line_number, column_name, reason, shape from read_parquet($1) order by delivery_id, line_number"
        return self._read(query, "quarantine")

    def files(self, room: str = "bronze") -> list[str]:
        """Names of the export's files in a room, but for the empty one and the loader's own notes."""
        found = (file.name for file in (self.lake.root / room / "shop" / "orders").glob("*"))
        return sorted(name for name in found if not name.startswith(("empty.", ".")))

    def _read(self, query: str, room: str) -> list[tuple]:
        files = [str(self.lake.root / room / "shop" / "orders" / name) for name in self.files(room)]
        with duckdb.connect() as con:
            return con.execute(query, [files]).fetchall() if files else []
