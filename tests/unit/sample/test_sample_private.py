"""The private channels' files against the truth: who stands in them, since when, and what became of it."""

from __future__ import annotations

import json
from collections import Counter
from datetime import datetime, timedelta, timezone

import pytest

from orchestration.lake.catalog import load_catalog

CHINA = timezone(timedelta(hours=8))


def _lines(sample, export):
    for path in sample.files(export):
        if path.suffix == ".jsonl":
            yield from (json.loads(line) for line in path.read_text().splitlines())


def _wall(seconds):
    return datetime.fromtimestamp(seconds, CHINA).replace(tzinfo=None)


def _ids(sample, key_type, scope="%"):
    return dict(sample.ask(f"select raw_value, person_id from identifiers where key_type = '{key_type}' and key_scope like '{scope}'"))


def test_every_export_of_the_catalog_is_written(sample):
    assert sorted(set(load_catalog().exports) - {export for export, rows in sample.report.rows.items() if rows}) == []


def test_the_last_follower_list_is_everybody_who_ever_followed(sample):
    openids = _ids(sample, "openid", "wx00f15b90d0000002")
    _, page = list(sample.pages("wechat_oa/users"))[-1]
    listed = {openids[row["openid"]]: row["subscribe"] for row in page["user_info_list"]}
    truth = dict(sample.ask("select person_id, cast(unfollowed_at is null as integer) from bonds where followed_at is not null"))
    assert listed == truth and 0 < sum(truth.values()) < len(truth)


def test_follower_figures_by_day_end_with_the_number_of_followers(sample):
    days, totals = _lines(sample, "wechat_oa/user_summary")
    moved = sum(row["new_user"] - row["cancel_user"] for row in days["list"])
    (followers,), = sample.ask("select count(followed_at) - count(unfollowed_at) from bonds")
    assert totals["list"][-1]["cumulate_user"] == moved == followers


def test_groups_hold_who_is_there_at_each_pull_and_their_owner(sample):
    people = _ids(sample, "external_userid")
    newest = sample.files("wecom/groups")[-1]
    groups = [json.loads(line)["group_chat"] for line in newest.read_text().splitlines()]
    members = Counter(people[member["userid"].strip()] for group in groups for member in group["member_list"] if member["type"] == 2)
    assert all(group["member_list"][0]["userid"] == group["owner"] for group in groups)
    truth = {person for person, in sample.ask("select person_id from bonds where entered_group_at is not null and left_group_at is null")}
    assert set(members) == truth and max(members.values()) == 1


def test_the_first_login_and_the_confirmed_phone_are_the_persons_own(sample):
    people, phones = _ids(sample, "openid", "wx00f15b90d0000001"), _ids(sample, "phone")
    first = {}
    for line in _lines(sample, "wechat_miniprogram/logins"):
        person = people[line["openid"]]
        first[person] = min(first.get(person, line["login_at"]), line["login_at"])
    truth = dict(sample.ask("select person_id, first_login_at from bonds where first_login_at is not null"))
    known = {person: _wall(at // 1000) for person, at in first.items()}
    assert set(truth) <= set(known)
    assert all(known[person] <= at for person, at in truth.items())
    bindings = _lines(sample, "wechat_miniprogram/phone_bindings")
    bound = [(people[line["openid"]], phones[line["phone_info"]["phoneNumber"]]) for line in bindings]
    families = {person for person, in sample.ask("select person_id from people where shares_phone_with is not null")}
    families |= {person for person, in sample.ask("select shares_phone_with from people where shares_phone_with is not null")}
    assert len(bound) > 20 and all(one == other or {one, other} <= families for one, other in bound)


def test_a_mass_message_tells_who_is_no_friend_any_more(sample):
    people = _ids(sample, "external_userid")
    left = dict(sample.ask("select person_id, left_private_at from people where left_private_at is not null"))
    statuses = Counter()
    for page in _lines(sample, "wecom/mass_sends"):
        for row in page["send_list"]:
            statuses[row["status"]] += 1
            assert ("send_time" in row) == (row["status"] == 1)
            if row["status"] == 2:
                assert left[people[row["external_userid"]]] <= _wall(int(page["create_time"]))
    assert statuses[1] > 10 * statuses[2] > 0 and statuses[0] and statuses[3]


def test_some_leave_within_two_days_after_a_message(sample):
    sends = [_wall(int(page["create_time"])) for page in _lines(sample, "wecom/mass_sends")]
    left = [at for at, in sample.ask("select left_private_at from people where left_private_at is not null")]
    soon = sum(any(timedelta() <= at - send < timedelta(days=2) for send in sends) for at in left)
    assert 0.25 < soon / len(left) < 0.8  # two days of fourteen would be a seventh


def test_staff_statistics_count_the_new_friends_of_the_day(sample):
    (new,), = sample.ask("select count(*) from contacts where not (opened_at > date '2026-10-01')")
    pages = list(_lines(sample, "wecom/staff_stats"))
    counted = sum(day["new_contact_cnt"] for page in pages for day in page["behavior_data"])
    assert 0 < counted <= new
    silent = [day for page in pages for day in page["behavior_data"] if not day["chat_cnt"]]
    assert all("reply_percentage" not in day for day in silent)
    days = {page["userid"]: len(page["behavior_data"]) for page in pages}
    assert min(days.values()) < max(days.values())  # the guide who quit


def test_referrals_stand_in_one_of_two_lists_with_a_cycle_and_a_self_referral(sample):
    told = list(sample.ask("select person_id, inviter_id, list from referrals"))
    unions, phones = _ids(sample, "unionid"), _ids(sample, "phone")
    rows = {row["id"]: row for path in sample.files("referral/relations") if "work" in path.name for row in sample.records(path, "utf-8")}
    by_tool = {(unions[row["union_id"]], unions[rows[row["contact_superior_user_parent"]]["union_id"]]) for row in rows.values()
               if row["contact_superior_user_parent"] != "0"}
    assert by_tool == {(guest, host) for guest, host, kind in told if kind == "work_fission"}
    assert max(int(row["level"]) for row in rows.values()) >= 2
    hand = [(phones[row["被邀请人手机号"]], phones[row["邀请人手机号"]])
            for path in sample.files("referral/relations") if "hand" in path.name for row in sample.records(path, "gb18030")]
    pairs = {(guest, host) for guest, host, _ in told}
    assert [guest for guest, host in hand if guest == host] and [pair for pair in hand if pair[::-1] in pairs]


def test_every_complaint_is_told_once_and_trust_follows_its_outcome(sample):
    lists = [path for path in sample.files("service/complaints") if path.suffix == ".csv"]
    told = [row["订单号"] for path in lists for row in sample.records(path, "utf-8-sig")]
    paid = [line["data"][0]["complaint_order_info"][0]["transaction_id"] for line in _lines(sample, "service/complaints")]
    truth = sample.ask("select order_id, resolved_at is not null from complaints")
    assert len(told) == len(set(told)) and set(told) < {order for order, _ in truth} and len(told) + len(paid) == len(truth)
    again = dict(sample.ask("""
        select c.resolved_at is not null, avg(cast(exists(
            select 1 from orders o where o.person_id = c.person_id and o.is_paid
            and o.ordered_at > coalesce(c.resolved_at, c.complained_at)) as integer))
        from complaints c group by 1"""))
    assert again[True] > again[False] + 0.2


def test_tickets_add_up_to_the_truth_and_void_ones_sold_nothing(sample):
    tickets = [ticket for _, page in sample.pages("store/tickets") for ticket in page["data"]["result"]]
    sales = [ticket for ticket in tickets if ticket["ticketType"] == "SELL" and not ticket["invalid"]]
    sold = {ticket["sn"]: sample.money(str(ticket["totalAmount"])) for ticket in sales}
    returns = [ticket for ticket in tickets if ticket["ticketType"] == "SELL_RETURN"]
    back = {ticket["originalSn"]: sample.money(str(ticket["totalAmount"])) for ticket in returns}
    truth = sample.ask("select order_id, receivable_cny, refunded_cny from orders where platform = 'store' and is_paid")
    assert {order: amount for order, amount, _ in truth} == sold
    assert {order: amount for order, _, amount in truth if amount} == back
    assert any(ticket["invalid"] for ticket in tickets)


def test_a_coupon_is_used_once_after_it_was_issued(sample):
    issued, used = {}, Counter()
    for line in _lines(sample, "store/coupons"):
        if line["event_type"].endswith("SEND"):
            issued[line["coupon_code"]] = line["send_time"]
        else:
            used[line["coupon_code"]] += 1
            assert issued[line["coupon_code"]] < line["use_time"]
    assert 0 < len(used) < len(issued) and max(used.values()) == 1


@pytest.mark.parametrize("export", ["sensors/events", "ga4/events", "snowplow/events"])
def test_a_tracked_visit_is_a_touch_of_its_channel(sample, export):
    words = {"oa": "oa", "wecom": "wecom_friend", "wecom_group": "wecom_group", "sms": "sms"}
    seen = Counter()
    for line in _lines(sample, export):
        source = (line.get("properties") or {}).get("$utm_source") or line.get("mkt_source") or (
            line.get("collected_traffic_source") or {}).get("manual_source")
        if source in words:
            seen[words[source]] += 1
    truth = dict(sample.ask("select channel, count(*) from touches group by 1"))
    assert seen and all(count <= truth[channel] for channel, count in seen.items())


def test_every_channel_code_in_use_has_its_meaning(sample):
    codes = {row["渠道码"]: row["渠道"] for path in sample.files("rulings/channel_codes") for row in sample.records(path, "gb18030")}
    states = {state for state, in sample.ask("select distinct state from contacts where state <> ''")}
    assert states <= set(codes)
    assert {codes[state] for state in states} >= {"parcel_card", "store", "referral", "sms", "service"}


def test_orders_that_only_a_ruling_explains_are_ruled(sample):
    ruled = {row["订单号"] for path in sample.files("rulings/orders") for row in sample.records(path, "utf-8-sig")}
    truth = {order for order, in sample.ask("""
        select order_id from orders where platform in ('store', 'weimob') and order_class in ('staff', 'guide_proxy')""")}
    assert ruled == truth and ruled


def test_channel_costs_end_with_their_sum(sample):
    path, = sample.files("finance/channel_costs")
    *rows, total = sample.records(path, "gb18030")
    assert total["渠道"] == "合计" and sum(sample.money(row["金额"]) for row in rows) == sample.money(total["金额"]) > 0


def test_the_message_with_a_control_group_tells_who_was_left_out_and_they_bought_less(sample):
    """By lot: every person meant is one line; to whom it was not sent it added nothing, and fewer of them buy in the week after it."""
    people = _ids(sample, "phone", "global")
    path, = (path for path in sample.files("sms/sends") if path.name.startswith("recall_tea_list"))
    listed = Counter((row["活动"], row["发送状态"] == "对照组") for row in sample.records(path, "gb18030") if row["手机号"] in people)
    truth = {(campaign, held_out): count for campaign, held_out, count in
             sample.ask("select campaign, is_held_out, count(*) from campaigns group by all")}
    assert listed == truth and min(truth.values()) > 30
    assert sample.ask("select max(true_effect) from campaigns where is_held_out") == [(0,)]
    added, missing = sample.ask("""
        select avg(exists (from orders where orders.person_id = campaigns.person_id and is_paid and order_class = 'consumer_sale'
            and paid_at between sent_at and sent_at + interval 7 day)::int) from campaigns group by is_held_out order by is_held_out""")
    assert added[0] > missing[0] + 0.03
