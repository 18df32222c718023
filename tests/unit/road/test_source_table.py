"""The README's table of sources is what the contracts say, and the way to mend it is one command."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestration.cli.app import call
from orchestration.cli.source_table import BEGIN, END, NoMarkers, source_rows, with_table
from orchestration.lake.catalog import load_catalog

README = Path(__file__).parents[3] / "README.md"


def test_readme_shows_the_sources_as_their_contracts_say() -> None:
    text = README.read_text("utf-8")
    assert with_table(text, load_catalog()) == text, "run `fishpond source list --write README.md`"


def test_a_row_tells_keys_inside_lists_and_how_sure_the_contract_is() -> None:
    rows = {f"{row[0]}/{row[1]}": row for row in source_rows(load_catalog())}
    assert rows["wecom/contacts"][3:] == (
        "private", "contacts", "json jsonl", "external_userid + staff_id", "external_userid, unionid, phone", "daily", "verified",
    )  # fmt: skip
    assert rows["finance/product_costs"][-2:] == ("monthly", "unverified")


def test_only_what_stands_between_the_markers_is_replaced(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"before\n{BEGIN}\nan old table\n{END}\nafter\n", "utf-8")
    assert call(["source", "list", "--write", str(page)]) == 0
    written = page.read_text("utf-8")
    assert written.startswith(f"before\n{BEGIN}\n| platform |") and written.endswith(f"|\n{END}\nafter\n")
    assert "an old table" not in written
    assert with_table(written, load_catalog()) == written


def test_a_file_without_markers_is_left_alone(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"{BEGIN} and no end", "utf-8")
    with pytest.raises(NoMarkers):
        with_table(page.read_text("utf-8"), load_catalog())
    assert call(["source", "list", "--write", str(page)]) == 2
    assert page.read_text("utf-8") == f"{BEGIN} and no end"
