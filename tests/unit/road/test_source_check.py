"""`fishpond source check FILE`: which contract fits a file in hand, what it makes of it, and where it must be put."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestration.cli.app import call

ADS = "日期,推广计划,展现数,点击数,总费用\n2026-09-29,九月,10,1,3.50\n2026-09-30,九月,x,1,3.50\n"


def check(path: Path, text: str, capsys: pytest.CaptureFixture) -> tuple[int, str]:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return call(["source", "check", str(path)]), capsys.readouterr().out


def test_a_file_that_tells_neither_shop_nor_day_is_shown_the_folders_it_needs(tmp_path: Path, capsys) -> None:
    code, said = check(tmp_path / "ads.csv", ADS, capsys)
    assert code == 0
    assert "fits jd/ads" in said and "deliver it to landing/jd/ads/account=…/date=…/" in said
    assert "2 rows: 1 load, 1 are refused" in said and "line 3  impressions" in said


def test_folders_around_the_file_are_read_as_in_landing(tmp_path: Path, capsys) -> None:
    code, said = check(tmp_path / "jd" / "ads" / "account=pin" / "date=2026-09-30" / "ads.csv", ADS, capsys)
    assert code == 0
    assert "deliver it to landing/jd/ads/\n" in said and "exported at 2026-09-30 00:00:00" in said


def test_a_renamed_column_is_named_with_what_stands_instead(tmp_path: Path, capsys) -> None:
    code, said = check(tmp_path / "jd" / "ads" / "ads.csv", ADS.replace("总费用", "新版总花费"), capsys)
    assert code == 1
    assert "not jd/ads: the header row (record 1) lacks required columns: spend_cny (总费用" in said and "it has instead 新版总花费" in said
