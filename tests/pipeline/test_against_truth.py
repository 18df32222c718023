"""What was published against what truly happened in the simulated brand: people, money and classes. The pipeline never sees the truth."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from pipeline_lake import ask

from orchestration.lake.layout import Lake
from orchestration.sample.brand import PLATFORMS, WITHOUT_BUYERS

PAIRS = "select coalesce(sum(n * (n - 1) / 2), 0) from (select count(*) as n from told group by {})"


@pytest.fixture
def con(untouched: Lake, truth: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute(f"attach '{(untouched.current / 'fishpond.duckdb').resolve()}' as p (read_only)")
        connection.execute(f"create view truth as from '{truth / 'orders.parquet'}'")
        connection.execute(
            """create view told as select truth.*, found.customer_id, found.order_key, found.order_class as told_class,
                found.net_revenue_cny as told_net, found.is_paid as told_paid
            from truth left join p.customer.fct_orders as found using (platform, order_id)"""
        )
        yield connection


def test_every_order_has_its_true_class_and_its_true_net_to_the_cent(con: duckdb.DuckDBPyConnection) -> None:
    wrong = con.execute(
        """select platform, order_id from told
        where told_class is distinct from order_class or told_net is distinct from net_revenue_cny or told_paid is distinct from is_paid"""
    ).fetchall()
    assert wrong == []
    assert con.execute("select count(*) from truth").fetchall() == con.execute("select count(*) from p.customer.fct_orders").fetchall()


def test_every_platform_sold_and_its_money_is_the_truths(con: duckdb.DuckDBPyConnection) -> None:
    """Sixty people are enough for orders on each platform, and for classes that are no sale; each platform's sums are the truth's."""
    sums = "select platform, order_class, count(*), sum(net_revenue_cny) from {} where is_paid group by all order by all"
    true = con.execute(sums.format("truth")).fetchall()
    assert con.execute(sums.format("p.customer.fct_orders")).fetchall() == true
    assert {platform for platform, *_ in true} == set(PLATFORMS)
    assert len({order_class for _, order_class, *_ in true}) > 3


def test_nothing_is_refused_or_quarantined_but_what_was_planted(untouched: Lake, truth: Path) -> None:
    """Every export of every platform loads whole, and every total that a file states is found in its rows."""
    planted = {file for (file,) in duckdb.sql(f"select file from '{truth / 'planted.parquet'}'").fetchall()}
    trouble = ask(untouched, "select file_name from quality.deliveries where status = 'refused' or rows_quarantined > 0")
    assert {file for (file,) in trouble} <= planted
    exports = ask(untouched, "select count(distinct source || '/' || export) from quality.deliveries where status = 'loaded'")
    assert exports[0][0] >= 60


def test_no_customer_is_two_people_and_few_people_are_two_customers(con: duckdb.DuckDBPyConnection) -> None:
    """Pairs of identified orders: precision is exactly 1 where no family shares a phone. Recall is what exact keys allow: who shops on
    two platforms under two phones stays two customers, and among sixty people one such buyer weighs a tenth of the pairs. Xiaohongshu's
    number and masked receivers join nothing beyond it: its buyers are customers of their own."""
    con.execute("create temp table told_identified as select person_id, customer_id, platform from told where customer_id is not null")
    told = con.execute("select count(*) from (select person_id from told_identified where platform = 'xiaohongshu' group by 1 "
                       "having count(distinct customer_id) > 1)").fetchall()
    assert told == [(0,)]
    con.execute("delete from told_identified where platform = 'xiaohongshu'")
    both, said, true = (
        con.execute(PAIRS.replace("told", "told_identified").format(columns)).fetchall()[0][0]
        for columns in ("person_id, customer_id", "customer_id", "person_id")
    )
    assert said == both
    assert both / true > 0.85


def test_platforms_without_buyer_ids_bring_money_and_no_customers(untouched: Lake) -> None:
    anonymous = [PLATFORMS[platform] for platform in WITHOUT_BUYERS]
    told = ask(
        untouched, f"""select platform, count(customer_id), sum(net_revenue_cny) > 0
        from customer.fct_orders where platform in {tuple(anonymous)} group by 1 order by 1""")
    assert told == [(platform, 0, True) for platform in sorted(anonymous)]


def test_orders_whose_files_carry_a_usable_key_have_a_customer_and_no_others(con: duckdb.DuckDBPyConnection) -> None:
    wrong = con.execute("select platform, order_id from told where is_identifiable <> (customer_id is not null)").fetchall()
    assert wrong == []
