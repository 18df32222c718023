"""`required: header` in a contract: the column must stand in the file, a single empty cell may not cost the row."""

from __future__ import annotations

from pathlib import Path

from builders.deliveries import Container, deliver

from orchestration.lake.catalog import load_catalog
from orchestration.lake.landing import scan
from orchestration.lake.layout import Lake
from orchestration.lake.loader import load_export
from orchestration.lake.receipt import Receipt


def load_ads(text: str, folder: Path) -> Receipt:
    lake, catalog = Lake(folder).prepare(), load_catalog()
    deliver(text, lake.landing / "jd" / "ads" / "account=pin" / "date=2026-09-30" / "ads.csv", Container(encoding="gb18030"))
    (receipt,) = load_export(lake, catalog.exports["jd/ads"], scan(lake, catalog), b"pepper")
    return receipt


def test_an_idle_day_without_spend_is_a_row(tmp_path: Path) -> None:
    receipt = load_ads("日期,推广计划,展现数,点击数,总费用\n2026-09-29,九月,0,0,--\n", tmp_path)
    assert (receipt.status, receipt.rows_loaded, receipt.rows_quarantined) == ("loaded", 1, 0)


def test_a_report_without_its_spend_column_is_refused_by_name(tmp_path: Path) -> None:
    receipt = load_ads("日期,推广计划,展现数,点击数\n2026-09-29,九月,0,0\n", tmp_path)
    assert receipt.status == "refused"
    assert "spend_cny" in receipt.reason and "总费用" in receipt.reason
