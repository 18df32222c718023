"""`fishpond customer explain` and `identity diff` on a published lake: what a person reads, and what nobody may read."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from pipeline_lake import ask

from orchestration.cli.app import call
from orchestration.lake.layout import Lake

CUSTOMER = """
    select customer_id, string_agg(key_type, ',' order by key_type) as kinds from customer.customer_keys
    group by 1 having kinds like '%phone%' and kinds like '%taobao_nick%' order by count(*) desc, 1 limit 1"""


@pytest.fixture
def buyer(untouched: Lake) -> str:
    """Somebody with a phone and a Taobao nick."""
    return ask(untouched, CUSTOMER)[0][0]


def test_explain_names_keys_and_the_file_and_line_that_link_them(untouched: Lake, buyer: str, capsys: pytest.CaptureFixture) -> None:
    assert call(["customer", "explain", buyer]) == 0
    said = capsys.readouterr().out
    assert buyer in said and "taobao_nick" in said
    files = re.findall(r"(\w+/\w+/\S+\.\w+), line (\d+)", said)  # whichever exports link this person: ids differ with the pepper
    assert files and all((untouched.landing / name).exists() and int(line) > 0 for name, line in files)


def test_an_order_explains_the_customer_it_belongs_to(untouched: Lake, buyer: str, capsys: pytest.CaptureFixture) -> None:
    order = ask(untouched, f"select order_key from customer.fct_orders where customer_id = '{buyer}' order by 1 limit 1")[0][0]
    assert call(["customer", "explain", order]) == 0
    assert buyer in capsys.readouterr().out


def test_a_raw_phone_is_found_in_any_spelling_and_never_written_anywhere(untouched: Lake, capsys: pytest.CaptureFixture) -> None:
    number = _a_phone(untouched)
    assert call(["customer", "explain", f"+86 {number[:3]}-{number[3:7]}-{number[7:]}"]) == 0
    said = capsys.readouterr()
    assert "phone" in said.out and number not in said.out + said.err and number[3:7] + "-" not in said.out + said.err
    kept = [path for path in untouched.warehouse_dir.rglob("*") if path.is_file() and path.suffix in (".log", ".json", ".txt", "")]
    assert kept and not [path for path in kept if number.encode() in path.read_bytes()]


def test_a_phone_typed_at_the_prompt_is_asked_for_unseen_and_never_shown(
    untouched: Lake, capsys: pytest.CaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    number, hidden = _a_phone(untouched), []
    monkeypatch.setattr("typer.prompt", lambda text, hide_input=False: hidden.append(hide_input) or number)
    assert call(["customer", "explain"]) == 0
    said = capsys.readouterr()
    assert hidden == [True] and "phone" in said.out and number not in said.out + said.err


def test_what_nobody_knows_is_called_wrongly_and_not_repeated(untouched: Lake, capsys: pytest.CaptureFixture) -> None:
    assert call(["customer", "explain", "19912345679"]) == 2
    said = capsys.readouterr()
    assert "no customer" in said.err and "19912345679" not in said.out + said.err


def test_the_published_build_would_change_nobody(untouched: Lake, capsys: pytest.CaptureFixture) -> None:
    assert call(["identity", "diff"]) == 0
    assert re.search(r"0 new, 0 merged, 0 split, 0 renamed, 0 retired of \d+ customers; ¥0.00", capsys.readouterr().out)


def _a_phone(lake: Lake) -> str:
    """A buyer's phone as it stands in landing."""
    for path in sorted((lake.landing / "crm" / "members").rglob("*.csv")):
        for row in csv.reader(_text(path).splitlines()):
            for cell in row:
                if re.fullmatch(r"1390\d{7}", cell.strip()):
                    return cell.strip()
    raise AssertionError("the sample's member file has no phone")


def _text(path: Path) -> str:
    data = path.read_bytes()
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("gb18030")
