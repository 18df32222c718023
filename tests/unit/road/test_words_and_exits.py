"""What the command line says and how it ends: money, shares, and one exit code per kind of ending."""

from __future__ import annotations

import io
from decimal import Decimal

import duckdb
import pytest
import typer
from rich.console import Console

from orchestration.cli.exits import BROKE, REFUSED, USAGE, Broke, ExitCode, Refused
from orchestration.cli.summary import EXPLAINED, LEVELS, UNVALUED, shares, worth, yuan
from orchestration.lake.marker import MixedLake
from orchestration.lake.one_writer import LakeBusy
from orchestration.settings import SettingsError


def test_money_is_said_in_whole_yuan_and_the_unknown_as_unknown() -> None:
    assert yuan(Decimal("1234567.89")) == "¥1,234,568"
    assert yuan(None) == "unknown"


def test_an_unknown_pond_value_says_why_and_never_zero() -> None:
    assert worth((Decimal("1234.50"), Decimal(1000), Decimal(1500)), "next year", "") == "¥1,234 (¥1,000 to ¥1,500), next year"
    assert worth((None, None, None), "next year", UNVALUED["costs_unknown"]) == (
        "unknown: too little of the revenue has its costs, so nobody knows what stays of it"
    )


def test_shares_name_only_what_is_there_and_add_up() -> None:
    assert shares({"person level": Decimal(1), "unknowable": Decimal(3)}, LEVELS) == "25.0% person level, 75.0% unknowable"
    assert shares({}, LEVELS) == "no revenue yet"


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (Refused("the gate refused"), REFUSED),
        (SettingsError("unknown setting"), USAGE),
        (MixedLake("two brands"), USAGE),
        (typer.BadParameter("no such day"), USAGE),
        (LakeBusy("somebody writes"), BROKE),
        (Broke("a model broke"), BROKE),
        (ZeroDivisionError("a bug"), BROKE),
        (KeyboardInterrupt(), BROKE),
    ],
)
def test_every_ending_has_its_exit_code(error: BaseException, code: int) -> None:
    with Console(quiet=True) as console, ExitCode(console) as exit_code:
        raise error
    assert exit_code.code == code


def test_only_a_bug_shows_a_traceback() -> None:
    shown = {}
    for error in (Broke("a step said why"), ZeroDivisionError("nobody said why")):
        console = Console(record=True, file=io.StringIO())
        with ExitCode(console):
            raise error
        shown[type(error).__name__] = "Traceback" in console.export_text()
    assert shown == {"Broke": False, "ZeroDivisionError": True}


def test_an_order_is_explained_by_the_best_evidence_of_its_path() -> None:
    """a: a friend's chat before the order's own field explains it at person level; b: only its field; c, d, e: the three truths."""
    with duckdb.connect() as con:
        con.execute("""create schema attribution; create table attribution.fct_attribution as select * from (values
            ('a', 'linear', 'wecom_friend', 'person', 40), ('a', 'linear', 'douyin_live', 'order_field', 60),
            ('a', 'last', 'douyin_live', 'order_field', 100), ('b', 'linear', 'douyin_live', 'order_field', 7),
            ('c', 'linear', 'no_touch', 'none', 5), ('d', 'linear', 'unidentified', 'none', 3), ('e', 'linear', 'pending', 'none', 2)
        ) as ledger (order_key, model, channel, evidence, attributed_revenue_cny)""")
        found = dict(con.execute(EXPLAINED).fetchall())
    assert found == {"person level": 100, "order level": 7, "without a touch": 5, "unknowable": 3, "pending": 2}
