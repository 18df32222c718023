"""The planted cases of identity: each stands in the files as it would in life, and the truth says whose key it is."""

from __future__ import annotations

from orchestration.sample.hard_cases import TABLET_OPENID


def _youzan(sample) -> list[dict]:
    return [entry["full_order_info"] for _, page in sample.pages("youzan/orders") for entry in page["data"]["full_order_info_list"]]


def test_a_recycled_number_stands_on_two_cards_years_apart(sample):
    pairs = sample.ask("""
        select old.person_id, new.person_id, old.raw_value, old.from_at, old.to_at, new.from_at
        from hard_cases old join hard_cases new on new.person_id = old.other and old.raw_value = new.raw_value
        where old.kind = 'recycled_phone' and new.kind = 'recycled_phone' and old.to_at is not null""")
    assert len(pairs) >= 5
    assert all(since.year <= until.year - 2 and until == start for *_, since, until, start in pairs)
    cards = {}
    for row in sample.records(sample.files("crm/members")[-1], "gb18030"):
        cards.setdefault(row["手机号"], []).append(row["注册时间"])
    doubled = [sorted(cards[phone]) for _, _, phone, *_ in pairs if len(cards.get(phone, [])) == 2]
    assert all(phone in cards for _, _, phone, *_ in pairs) and doubled
    assert all(first < "2024" and second > "2026" for first, second in doubled)


def test_the_tablet_orders_for_many_customers_under_one_account(sample):
    orders = {order["order_info"]["tid"] for order in _youzan(sample) if order["buyer_info"]["outer_user_id"] == TABLET_OPENID}
    told = sample.ask("select order_id, person_id from hard_cases where kind = 'store_tablet'")
    assert orders == {order for order, _ in told}
    assert len({person for _, person in told}) > 5


def test_a_guides_phone_is_on_the_parcels_of_several_customers(sample):
    told = dict(sample.ask("select order_id, raw_value from hard_cases where kind = 'staff_phone' and platform = 'youzan'"))
    seen = {order["order_info"]["tid"]: order["address_info"]["receiver_tel"] for order in _youzan(sample)}
    assert told and {order: seen[order] for order in told} == told
    (most,), = sample.ask("""
        select max(n) from (select count(distinct person_id) as n from hard_cases where kind = 'staff_phone' group by raw_value)""")
    assert most >= 2


def test_a_lent_card_is_on_the_ticket_and_the_truth_names_the_buyer(sample):
    told = sample.ask("""
        select hard_cases.order_id, raw_value, hard_cases.person_id = orders.person_id, other <> orders.person_id
        from hard_cases join orders using (platform, order_id) where kind = 'lent_card'""")
    shown = {ticket["sn"]: ticket["customerNumber"] for _, page in sample.pages("store/tickets") for ticket in page["data"]["result"]}
    assert told
    assert all(shown[order] == card and buyer and another for order, card, buyer, another in told)
