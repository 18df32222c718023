"""The ledger on random brands: every order shared out to exactly 1 and to the cent, by every model, as an independent oracle shares it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import duckdb
import pytest
from builders.compiled_models import build, compiled
from builders.ledger_oracle import Order, Touch, paths, shares
from builders.ledger_tables import fill, ledger_warehouse
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from orchestration.settings import read_settings

START = datetime(2026, 6, 1)
KINDS = {"ads": "paid", "oa": "owned", "sms": "owned", "shop": "direct", "seo": "earned"}
STRENGTH = {"ads": 0.5, "oa": 2.0, "sms": 0.01, "shop": 0.3, "seo": 1.0}
MODELS = ("first", "last", "last_non_direct", "last_paid", "linear", "position_based", "time_decay", "data_driven")


LEDGER_ROWS = """
    select order_key, model, touch_key, channel, credit, attributed_revenue_cny * 100 from attribution.fct_attribution
    order by touched_at, touch_key
"""


@dataclass(frozen=True)
class Ledger:
    """The models as SQL and a warehouse to build them in."""

    con: duckdb.DuckDBPyConnection
    models: dict[str, str]

    def of(self, orders: Sequence[Order], touches: Sequence[Touch]) -> dict[tuple[str, str], list[tuple]]:
        """(order, model) → rows (touch, channel, credit, cents), built anew from these orders and touches."""
        fill(self.con, orders, touches)
        build(self.con, self.models)
        found = defaultdict(list)
        for order, model, *row in self.con.execute(LEDGER_ROWS).fetchall():
            found[order, model].append(tuple(row))
        return found


@pytest.fixture(scope="module")
def ledger() -> Ledger:
    return Ledger(ledger_warehouse(KINDS, STRENGTH, neutral=0.7), compiled(read_settings()))


minutes = st.integers(0, 70 * 24 * 60).map(lambda minute: START + timedelta(minutes=minute))
nets = st.one_of(st.none(), st.just(0), st.integers(-300, 300), st.integers(-10_000_000, 10_000_000))
who = st.sampled_from(["c1", "c2", "c3", "c4", None])
# where rules turn: the instant of the order, both lookbacks and a second beyond, the deposit's days, anything between
before = st.one_of(
    st.sampled_from([timedelta(0), timedelta(7), timedelta(30), timedelta(7, 1), timedelta(30, 1), timedelta(-5), timedelta(0, -1)]),
    st.integers(0, 40 * 24 * 60).map(lambda minute: timedelta(minutes=minute)),
)


@st.composite
def brands(draw: st.DrawFn) -> tuple[list[Order], list[Touch], list[int | None]]:
    """Orders, some minutes apart; touches of people and of orders, many at one instant; the nets after more refunds."""
    bought = draw(st.lists(st.tuples(who, minutes, st.sampled_from([0, 0, 5, 30, 31]), st.integers(0, 12), nets), min_size=8, max_size=25))
    orders: list[Order] = []
    for number, (customer, paid_at, after, deposit_days, net) in enumerate(bought):
        customer, at = (orders[-1].customer, orders[-1].decided_at + timedelta(minutes=after)) if orders and after else (customer, paid_at)
        deposit_at = at if deposit_days > 9 else None
        orders.append(Order(f"o{number}", customer, at + timedelta(deposit_days), deposit_at, net))
    seen = draw(
        st.lists(
            st.tuples(st.sampled_from(orders), before, st.sampled_from(sorted(KINDS)), st.sampled_from("ccvvb"), st.integers(0, 4)),
            min_size=10,
            max_size=60,
        )
    )
    touches = [
        Touch(f"t{n}", of.customer if far else None, None if far else of.key, of.decided_at - early, channel, kind == "v", kind != "b")
        for n, (of, early, channel, kind, far) in enumerate(seen)
    ]
    return orders, touches, draw(st.lists(nets, min_size=len(orders), max_size=len(orders)))


@settings(max_examples=10, deadline=None, phases=[Phase.explicit, Phase.generate], derandomize=True)
@given(brands())
def test_every_model_closes_as_the_oracle_shares_and_refunds_never_move_credit(ledger: Ledger, brand) -> None:
    orders, touches, later = brand
    found = ledger.of(orders, touches)
    assert set(found) == {(order.key, model) for order in orders for model in MODELS}
    way = paths(orders, touches)
    for order in orders:
        steps = [touch for touch, _ in way[order.key]]
        told = shares(way[order.key], KINDS, STRENGTH) if steps else {}
        for model in MODELS:
            rows = found[order.key, model]
            assert sum(row[2] for row in rows) == 1
            assert {row[3] for row in rows} == {None} if order.net is None else sum(row[3] for row in rows) == order.net
            assert (rows[0][0] is None) == (not steps)
            if steps:
                close(rows, steps, told[model], order.net, model)
    refunded = [replace(order, net=net) for order, net in zip(orders, later, strict=True)]
    assert credits(ledger.of(refunded, touches)) == credits(found)


def credits(found: dict[tuple[str, str], list[tuple]]) -> dict[tuple[str, str], list[tuple]]:
    return {key: [row[:3] for row in rows] for key, rows in found.items()}


def close(rows: Sequence[tuple], steps: Sequence[Touch], share: Sequence[Fraction], net: int | None, model: str) -> None:
    """Each touch earns its share, off by less than one unit; a channel earns no more than the orders it touched and all of those that
    it alone touched. Decayed weights are rounded to eight digits of the greatest possible one, and a month takes one digit of them, a
    weak channel another."""
    earned = {row[0]: row for row in rows}
    slack = Fraction(1, 10 ** {"time_decay": 6, "data_driven": 5}.get(model, 8))
    for touch, due in zip(steps, share, strict=True):
        _, _, credit, cents = earned.get(touch.key, (None, None, Decimal(0), Decimal(0)))
        assert abs(Fraction(credit) - due) < slack, (model, touch)
        if net is not None:
            assert abs(Fraction(cents) - Fraction(credit) * net) < 1
    channels = {touch.channel for touch in steps}
    assert {row[1] for row in rows} <= channels
    if len(channels) == 1:
        assert sum(row[2] for row in rows) == 1


def test_a_thousand_touches_share_one_order_to_the_cent(ledger: Ledger) -> None:
    """linear: 0.001 each and 10 cents of 100.01 each, the odd cent to the first; position: 40 %, 998 times 20 %/998, 40 %."""
    order = Order("o", "c1", START + timedelta(20), None, 10_001)
    touches = [Touch(f"t{n:04}", "c1", None, START + timedelta(minutes=n), ("oa", "sms")[n % 2], False, True) for n in range(1000)]
    found = ledger.of([order], touches)
    assert all(sum(row[2] for row in found["o", model]) == 1 and sum(row[3] for row in found["o", model]) == 10_001 for model in MODELS)
    assert {row[2] for row in found["o", "linear"]} == {Decimal("0.001")}
    assert [row[3] for row in found["o", "linear"]][:2] == [11, 10]
    position = [row[2] for row in found["o", "position_based"]]
    assert position[0] == position[-1] == Decimal("0.4") and set(position[1:-1]) == {Decimal("0.00020040"), Decimal("0.00020041")}
