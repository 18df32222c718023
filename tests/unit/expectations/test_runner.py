"""Running suites: verdicts, what cannot be evaluated, samples without personal data, and locks given back."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from expectations import together
from expectations.checks import CheckResult, Suite
from expectations.dialect import Cursor
from expectations.runner import run_suites
from tests.unit.expectations.conftest import change


def expect(kind: str, severity: str = "critical", check: str = "it", **kwargs: object) -> dict:
    return {"check": check, "type": kind, "kwargs": kwargs, "severity": severity, "description": "It holds."}


@pytest.fixture
def people(tmp_path: Path) -> Path:
    path = tmp_path / "people.duckdb"
    change(
        path,
        "create schema s",
        """create table s.people as
        select 'p' || i as id, 'name ' || i as name, 138000000 || i % 100 as phone, i as age, cast(i as decimal(18, 2)) as paid_cny,
            timestamp '2026-01-01' + to_days(cast(i as integer)) as seen_at, ['a', 'b'] as tags
        from range(10, 30) as numbers (i)""",
    )
    return path


def run(database: Path, *expectations: dict, key: tuple[str, ...] = ("id",), **more: object) -> list[CheckResult]:
    return run_suites(database, [Suite("s__people", "s.people", expectations, key)], **more)


@pytest.mark.parametrize(
    ("expectation", "status", "failing_rows"),
    [
        (expect("expect_column_values_to_match_regex", column="id", regex="[0-9]"), "passed", 0),  # a search, not a full match
        (expect("expect_column_values_to_match_regex", column="id", regex="^p1[0-9]$"), "failed", 10),
        (expect("expect_column_values_to_not_match_regex", column="id", regex="^p1"), "failed", 10),
        (expect("expect_column_values_to_be_between", column="paid_cny", min_value=10, max_value=28.5), "failed", 1),
        (expect("expect_column_values_to_be_between", column="seen_at", min_value="2026-01-01", max_value="2026-01-15"), "failed", 15),
        (expect("expect_column_values_to_be_in_set", column="id", value_set=["p10"]), "failed", 19),
        (expect("expect_column_values_to_be_unique", column="phone"), "passed", 0),
        (expect("expect_column_values_to_not_be_null", column="tags"), "passed", 0),
        (expect("expect_column_pair_values_a_to_be_greater_than_b", column_A="age", column_B="paid_cny"), "failed", 20),
        (expect("expect_table_row_count_to_be_between", min_value=21), "failed", None),
        (expect("expect_column_to_exist", column="shoe_size"), "failed", None),
        (expect("unexpected_rows_expectation", unexpected_rows_query="select id from {batch} where age > 27"), "failed", 2),
        (expect("unexpected_rows_expectation", unexpected_rows_query="select id from {batch} where age > 99"), "passed", 0),
        (expect("unexpected_rows_expectation", unexpected_rows_query="select id from {batch} where size > 9"), "could_not_check", None),
        (expect("expect_column_values_to_not_be_null", column="shoe_size"), "could_not_check", None),
    ],
)
def test_an_expectation_gets_its_verdict_and_count(people: Path, expectation: dict, status: str, failing_rows: int | None) -> None:
    (result,) = run(people, expectation)
    assert (result.status, result.failing_rows) == (status, failing_rows), result


def test_one_that_cannot_be_evaluated_takes_no_other_along(people: Path) -> None:
    good = expect("expect_column_values_to_be_unique", check="good", column="id")
    also = expect("expect_column_values_to_be_between", check="also", column="age", min_value=0)
    statuses = [result.status for result in run(people, good, expect("expect_column_values_to_not_be_null", column="nope"), also)]
    assert statuses == ["passed", "could_not_check", "passed"]


def rows(check: str, condition: str) -> dict:
    return expect("unexpected_rows_expectation", check=check, unexpected_rows_query=f"select id from {{batch}} where {condition}")


def test_checks_asked_by_one_query_are_told_as_if_each_were_asked_alone(people: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    change(people, "create view s.young as select * from s.people where age < 20")
    checks = (rows("good", "age > 99"), rows("bad", "age > 27"), rows("broken", "size > 9"), rows("wrong", "cast(id as integer) > 0"))
    suites = [Suite(f"s__{table}", f"s.{table}", checks, ("id",)) for table in ("people", "young", "gone")]
    suites.append(Suite("asked", "select * from s.people", (*checks, expect("expect_column_values_to_be_unique", column="age")), ("id",)))
    together_told = run_suites(people, suites)
    monkeypatch.setattr(together, "MANY", -1)
    assert together_told == run_suites(people, suites)
    assert [result.status for result in together_told[:4]] == ["passed", "failed", "could_not_check", "could_not_check"]
    assert [result.samples for result in together_told if result.status == "failed"] == [("id=p28", "id=p29")] * 2


def test_the_gate_of_a_small_lake_is_a_few_queries(people: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    execute = Cursor.execute
    monkeypatch.setattr(Cursor, "execute", lambda self, statement, *rest: asked.append(statement) or execute(self, statement, *rest))
    run(people, *(rows(f"good_{number}", f"age > {99 + number}") for number in range(30)))
    assert len([statement for statement in asked if "age >" in statement]) == 1


def test_a_missing_table_is_could_not_check_for_all_and_stops_no_other_suite(people: Path) -> None:
    check = expect("expect_column_values_to_not_be_null", column="id")
    results = run_suites(people, [Suite("s__gone", "s.gone", (check,)), Suite("s__people", "s.people", (check,))])
    assert [result.status for result in results] == ["could_not_check", "passed"]
    assert "gone" in results[0].observed


def test_samples_are_keys_of_failing_rows_smallest_first(people: Path) -> None:
    (result,) = run(people, expect("expect_column_values_to_be_between", column="age", max_value=15))
    assert result.samples == ("id=p16", "id=p17", "id=p18", "id=p19", "id=p20")
    with duckdb.connect(str(people), read_only=True) as con:
        assert len(con.execute(result.query).fetchall()) == result.failing_rows == 14


def test_nothing_personal_is_in_a_result_even_if_a_suite_names_it_as_key(people: Path) -> None:
    values = expect("expect_column_values_to_be_in_set", check="values", column="phone", value_set=["x"])
    rows = expect("unexpected_rows_expectation", check="rows", unexpected_rows_query="select phone, name from {batch}")
    with duckdb.connect(str(people), read_only=True) as con:
        phones = {row[0] for row in con.execute("select phone from s.people").fetchall()}
    for result in run(people, values, rows, key=("phone",)):
        assert result.status == "failed" and result.samples
        assert not any(phone in text for phone in phones for text in (*result.samples, result.observed, result.expected))


def test_a_missing_key_column_costs_the_samples_not_the_finding(people: Path) -> None:
    (result,) = run(people, expect("expect_column_values_to_be_between", column="age", max_value=15), key=("customer_id",))
    assert (result.status, result.failing_rows, result.samples) == ("failed", 14, ())


def test_where_limits_the_rows_and_a_query_can_stand_for_a_table(people: Path) -> None:
    check = expect("expect_column_values_to_be_between", column="age", max_value=20)
    (limited,) = run(people, check, where="age > 18")
    (asked,) = run_suites(people, [Suite("q", "select * from s.people where age > 18", (check,), ("id",), asset="s.people")])
    assert (limited.failing_rows, asked.failing_rows) == (9, 9)
    assert limited.samples == asked.samples and limited.asset == asked.asset == "s.people"


def test_columns_asked_together_are_judged_as_by_great_expectations(people: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    change(
        people,
        """create table s.odd as select * from (values
            (1, 'a', 0.0::double, 1, null), (2, 'b''s', 'nan'::double, 1, null), (3, null, 1.0, null, null), (3, 'A', -0.5, null, null)
        ) as odd(id, word, share, twice, nothing)""",
        "create table s.nobody as select * from s.odd limit 0",
    )
    in_set, between, unique, filled = (
        f"expect_column_values_to_{what}" for what in ("be_in_set", "be_between", "be_unique", "not_be_null")
    )
    asked = [
        (in_set, {"column": "word", "value_set": ["a", "b's", "A"]}), (in_set, {"column": "word", "value_set": ["a", "b's"]}),
        (in_set, {"column": "nothing", "value_set": ["a"]}), (in_set, {"column": "word", "value_set": ["a"], "mostly": 0.1}),
        (in_set, {"column": "id", "value_set": [1, 2, 3]}), (in_set, {"column": "no_such", "value_set": ["a"]}),
        (between, {"column": "share", "min_value": -0.5}), (between, {"column": "share", "min_value": -0.5, "strict_min": True}),
        (between, {"column": "share", "max_value": 1}), (between, {"column": "twice", "min_value": 0, "max_value": 1}),
        (between, {"column": "twice", "max_value": 1, "strict_max": True}), (between, {"column": "word", "min_value": 0}),
        (between, {"column": "nothing", "min_value": 5}), (between, {"column": "share", "min_value": 0, "mostly": 0.5}),
        (unique, {"column": "word"}), (unique, {"column": "id"}), (unique, {"column": "nothing"}), (unique, {"column": "twice"}),
        (filled, {"column": "id"}), (filled, {"column": "word"}), (filled, {"column": "nothing"}),
        (filled, {"column": "word", "mostly": 0.7}),
    ]  # fmt: skip
    checks = tuple(expect(kind, check=f"{place}", **said) for place, (kind, said) in enumerate(asked))
    suites = [Suite("odd", "s.odd", checks, ("id",)), Suite("nobody", "s.nobody", checks, ("id",)),
              Suite("asked", "select * from s.odd where id < 3", checks, ("id",), asset="s.odd")]  # fmt: skip
    told = run_suites(people, suites)
    monkeypatch.setattr(together, "groups", lambda asked: [])
    assert told == run_suites(people, suites)
    assert {result.status for result in told} == {"passed", "failed", "could_not_check"}


def test_a_writer_can_open_the_database_right_after(people: Path) -> None:
    run(people, expect("expect_column_values_to_be_unique", column="id"), expect("expect_column_values_to_not_be_null", column="nope"))
    program = "import duckdb, sys; duckdb.connect(sys.argv[1]).execute('create table s.written as select 1')"
    subprocess.run([sys.executable, "-c", program, str(people)], check=True, timeout=60)
    change(people, "drop table s.written")


def test_great_expectations_is_not_imported_before_something_is_checked() -> None:
    program = "import sys, expectations.runner, expectations.fence; sys.exit('great_expectations' in sys.modules)"
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60, cwd=Path(__file__).parents[3])


def test_the_import_beside_the_work_leaves_nothing_half_imported_that_the_work_uses() -> None:
    """While SQLAlchemy's ORM was half there, Dagster's queries of its storage broke and took the run along."""
    program = "import sys; from expectations import library; library._gx_module = lambda: None; library.import_ahead();" \
        " sys.exit(any(name not in sys.modules for name in ('sqlalchemy.orm', 'sqlalchemy.orm.exc')))"
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60, cwd=Path(__file__).parents[3])
