"""`fishpond identity diff --build`: what a ruling would do is read before anybody is moved, and the gate says the same as it publishes."""

from __future__ import annotations

import re

import pytest
from pipeline_lake import ask, every_byte
from rich.console import Console

from orchestration.cli.app import call
from orchestration.cli.execute import execute_job
from orchestration.lake.identity_diff import CHECK
from orchestration.lake.landing import delivered_files
from orchestration.lake.layout import Lake
from orchestration.lake.marker import mark_sample

TWO_BUYERS = """
    select keys.customer_id, min(keys.key_token)
    from customer.customer_keys as keys
    join customer.fct_orders as orders using (customer_id)
    where keys.key_type = 'phone' and keys.ruling = '' and orders.is_paid and orders.net_revenue_cny > 0
        and keys.customer_id not in (select customer_id from customer.customer_keys where key_type in ('member_id', 'unionid'))
    group by 1 order by 1 limit 2"""
MOVED = """
    select from_id, orders, moved from (
        select customer_id as from_id, count(*) as orders, sum(abs(coalesce(net_revenue_cny, 0))) as moved
        from customer.fct_orders where is_paid group by 1
    ) where from_id in ('{}', '{}')"""


def test_a_ruling_is_weighed_before_readers_see_it_and_in_the_drift_when_they_do(lake: Lake, capsys: pytest.CaptureFixture[str]) -> None:
    (one, token), (other, other_token) = ask(lake, TWO_BUYERS)
    weight = {customer: (orders, moved) for customer, orders, moved in ask(lake, MOVED.format(one, other))}
    customers = ask(lake, "select count(distinct customer_id) from customer.customer_keys")[0][0]
    _rule(lake, token, other_token)
    before = every_byte(lake.published)
    capsys.readouterr()

    assert call(["identity", "diff", "--build"]) == 0
    said = capsys.readouterr().out
    assert every_byte(lake.published) == before
    counted = re.search(r"0 new, 1 merged, 0 split, 0 renamed, 0 retired of (\d+) customers; ¥([\d,.]+) \(.+%\) would move person", said)
    assert counted and int(counted[1]) == customers
    ((gone, kept),) = re.findall(r"(c[0-9a-f]{20}) → (c[0-9a-f]{20}): ", said)
    orders, moved = weight[gone]
    assert {gone, kept} == {one, other} and f"{gone} → {kept}: {orders:,} orders, ¥{moved:,.2f}" in said and counted[2] == f"{moved:,.2f}"

    execute_job(Console(quiet=True), lake, "publish")
    told = ask(lake, f"select status, observed from quality.check_results where expectation = '{CHECK}'")
    assert [observed for _, observed in told] == [counted[0]]
    changed = "select change, cause, from_customer_id, customer_id from customer.customer_changes order by version desc limit 1"
    assert ask(lake, changed) == [("merged", "ruling", gone, kept)]


def _rule(lake: Lake, token: str, other_token: str) -> None:
    """The sample's list of rulings once more, exported later on the same day, with one more line: the two keys are one person's."""
    (known,) = (lake.landing / "rulings" / "identity").rglob("*.csv")
    header, *rows = known.read_text("gb18030").splitlines()
    names = header.split(",")
    said = {"编号": "T1", "结论": "同一人", "裁定人": "ops01", "裁定日期": "2026-09-30"}
    assert set(said) <= set(names)
    more = ",".join(said.get(name, "") for name in names) + f",{token},{other_token}"
    lines = [f"{header},key_token,other_key_token", *(f"{row},," for row in rows), more]
    known.with_name(f"{known.stem}235959.csv").write_text("\n".join(lines) + "\n", "utf-8")
    mark_sample(lake, delivered_files(lake))
