"""A good day, and a day on which nothing came."""

from __future__ import annotations

import time

import pytest
from pipeline_lake import ask

from orchestration.cli.app import call
from orchestration.lake.build_marks import read_mark
from orchestration.lake.layout import Lake
from orchestration.lake.releases import current_version, list_versions


def test_first_run_publishes_and_says_what_it_found(untouched: Lake, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(["run"]) == 0
    said = capsys.readouterr().out
    for word in ("nothing new", "deliveries", "quarantine", "checks", "identified", "net revenue", "person level", str(untouched.current)):
        assert word in said, f"the summary does not say {word}"


def test_a_run_with_nothing_new_takes_seconds_and_builds_nothing(untouched: Lake) -> None:
    before, started = read_mark(untouched), time.process_time()  # whatever else the machine does
    assert call(["run"]) == 0
    assert time.process_time() - started < 10
    assert read_mark(untouched) == before
    assert len(list_versions(untouched)) == 1


def test_a_refused_file_stops_nobody_else(untouched: Lake) -> None:
    status = dict(ask(untouched, "select status, count(*) from quality.deliveries group by status"))
    assert status["refused"] >= 1, "the sample has a login page saved as .csv"
    assert status["loaded"] > status["refused"]
    assert ask(untouched, "select count(*) from quality.deliveries where status = 'refused' and reason is null") == [(0,)]


def test_every_row_of_every_file_is_accounted_for(untouched: Lake) -> None:
    wrong = "rows_in_file <> rows_loaded + rows_quarantined + rows_skipped"
    assert ask(untouched, f"select file_name from quality.deliveries where status = 'loaded' and {wrong}") == []
    counted = "select sum(rows_quarantined) from quality.deliveries where status = 'loaded'"
    listed = "select count(*) from quality.quarantine join quality.deliveries using (delivery_id) where status = 'loaded'"
    assert ask(untouched, listed) == ask(untouched, counted)


def test_money_closes_from_orders_to_the_ledger(untouched: Lake) -> None:
    sales = "select sum(net_revenue_cny) from customer.fct_orders where is_paid and order_class = 'consumer_sale'"
    ledger = "select distinct sum(attributed_revenue_cny) from attribution.fct_attribution group by model"
    assert ask(untouched, ledger) == ask(untouched, sales)


def test_the_release_carries_its_own_record(untouched: Lake) -> None:
    version = current_version(untouched)
    assert ask(untouched, "select version, is_sample from quality.publish_versions") == [(version, True)]
    verdicts = dict(ask(untouched, "select status, count(*) from quality.check_results group by status"))
    assert verdicts["passed"] > 100
    assert "could_not_check" not in verdicts
    assert "<h1>Checks of run" in (untouched.current / "report.html").read_text("utf-8")
    assert ask(untouched, "select count(*) from quality.metric_changes") == [(0,)], "the first version changes nothing"


def test_status_versions_and_gate_speak_of_the_same_version(untouched: Lake, capsys: pytest.CaptureFixture[str]) -> None:
    assert [call([verb]) for verb in ("status", "versions")] == [0, 0]
    assert call(["gate", "explain"]) == 0
    said = capsys.readouterr().out
    assert said.count(str(current_version(untouched))) == 2
    assert "refused" in said


def test_quarantine_shows_the_original_line(untouched: Lake, capsys: pytest.CaptureFixture[str]) -> None:
    query = "select delivery_id, line_number, shape from quality.quarantine where line_number > 1 order by all"
    (delivery, line, shape), *_ = ask(untouched, query)
    assert call(["quarantine", "show", delivery]) == 0
    said = capsys.readouterr().out
    assert f"line {line}" in said
    assert shape not in said, "landing still has the file: the line itself is shown, not its shape"
