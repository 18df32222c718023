"""What the truth says the channels added, recomputed from the orders themselves."""

from __future__ import annotations


def test_a_channel_added_the_paid_sales_that_its_touches_made_and_no_other(sample):
    told = sample.ask("select channel, orders_with, orders_without, incremental_orders, incremental_revenue from effects")
    sales = "from orders where is_paid and order_class = 'consumer_sale'"
    everything = sample.ask(f"select count(*) {sales}")[0][0]
    caused = {
        channel: (count, net) for channel, count, net in
        sample.ask(f"select true_channel, count(*), sum(net_revenue_cny) {sales} and true_channel <> 'direct' group by 1")
    }
    assert sum(count for count, _ in caused.values()) > 300
    for channel, with_it, without_it, added, revenue in told:
        assert (with_it, with_it - without_it) == (everything, added)
        assert (added, revenue) == caused.pop(channel, (0, 0))
    assert caused == {}


def test_what_followed_a_first_order_is_habit_and_counted_apart(sample):
    later = sample.ask("""
        with firsts as (select person_id, arg_min(true_channel, ordered_at) as opener from orders group by 1)
        select count(*) from orders join firsts using (person_id)
        where is_paid and order_class = 'consumer_sale' and true_channel = 'direct' and opener <> 'direct'""")
    assert sample.ask("select sum(following_orders)::bigint from effects") == later
