"""Every known shape of identity trouble as evidence: what was there on the first day, and what came, went or was ruled until the second.

Each scenario uses tokens that begin with its own name, so all of them stand side by side in one warehouse.
"""

from __future__ import annotations

import duckdb
from builders.identity_world import Key, Record, Ruling, key, record

from orchestration.lake.tokens import scope_sql

CHAIN = 10_000
YEARS = 1_400  # days: longer than a number rests before it is given out again


def plain(token: str) -> Key:
    """A key that no guard looks at: alone of its kind and scope."""
    return key("jd_pin", token, scope=token)


def oaid(token: str, day: str) -> Key:
    """An OAID as the loader scopes it: shop, app and ISO week of the order."""
    holes = {"account": "'shop'", "app": "'erp'", "ordered_at": f"timestamp '{day}'"}
    return key("oaid", token, scope=duckdb.execute(f"select {scope_sql('{account}:{app}:{week:ordered_at}', holes)}").fetchall()[0][0])


def linked(name: str, *pairs: str, day: int = 0) -> list[Record]:
    """`linked("chain", "ab", "bc")`: one record per pair of letters."""
    return [record(f"{name}-{pair}", *(plain(f"{name}-{letter}") for letter in pair), day=day + place) for place, pair in enumerate(pairs)]


def ticket(name: str, number: str, payer: Key, *buyer: Key) -> list[Record]:
    """A till ticket and the payment that belongs to it."""
    paid = key("transaction_id", f"{name}-pay{number}")
    sold = record(f"{name}-ticket{number}", key("order_id", f"{name}-order{number}"), paid, *buyer)
    return [sold, record(f"{name}-bill{number}", paid, payer)]


def first_day() -> list[Record]:
    """What stood in landing on the first day."""
    family = "family_phone"
    return [
        *linked("chain", "ab", "bc", "cd"),
        *linked("fan_in", "ax", "bx", "cx"),
        *linked("fan_out", "xabc"),
        *linked("diamond", "ab", "ac", "bd", "cd"),
        *linked("bridged_later", "ab", "cd"),
        *linked("older_root", "a", day=10), *linked("older_root", "b", day=5),
        record("blocked-1", key("unionid", "blocked-u1"), key("openid", "blocked-x"), day=0),
        record("blocked-2", key("unionid", "blocked-u2"), key("openid", "blocked-x"), day=1),
        record("after_merge-1", key("member_id", "after_merge-m1"), plain("after_merge-n")),
        record("after_merge-2", plain("after_merge-n"), plain("after_merge-y"), day=1),
        *[record(f"three-{i}", key("member_id", f"three-m{i}"), plain("three-a"), day=i) for i in (1, 2, 3)],
        record("back_dated-1", key("taobao_nick", "back_dated-n"), key("phone", "back_dated-p"), day=100),
        record("staff-list", key("phone", "staff_phone-s"), staff=True),
        *[record(f"staff-{i}", key("order_id", f"staff-o{i}"), key("taobao_nick", f"staff_phone-n{i}"),
                 key("phone", "staff_phone-s", trust="receiver")) for i in (1, 2)],
        record("staff-proxy", key("order_id", "staff-o3"), key("phone", "staff_phone-s", trust="receiver")),
        *[record(f"{family}-{i}", key("member_id", f"{family}-m{i}"), key("phone", f"{family}-p", trust="member_file")) for i in (1, 2)],
        record(f"{family}-3", key("taobao_nick", f"{family}-n"), key("phone", f"{family}-p")),
        record("recycled-1", key("taobao_nick", "recycled-n1"), key("phone", "recycled-p"), day=0),
        record("recycled-2", key("openid", "recycled-w2"), key("phone", "recycled-p", trust="platform_verified"), day=YEARS),
        # the brand goes on writing to the number, and its lists go on showing it under the account of years ago
        record("listed-1", key("member_id", "listed-m1"), key("phone", "listed-p", trust="member_file"), day=0),
        *[record(f"listed-sms{day}", key("phone", "listed-p", trust="profile"), day=day) for day in (900, YEARS - 30, YEARS + 60)],
        record("listed-2", key("taobao_nick", "listed-n2"), key("phone", "listed-p"), day=YEARS),
        record("listed-list", key("member_id", "listed-m1"), key("phone", "listed-p", trust="profile"), day=YEARS + 90),
        record("listed-other", key("wid", "listed-d3"), key("phone", "listed-p", trust="profile"), day=YEARS + 90),
        # two accounts of WeChat in one mini program, and a phone both gave
        record("two_wechats-1", key("openid", "two_wechats-w1"), key("phone", "two_wechats-p", trust="platform_verified")),
        record("two_wechats-2", key("member_id", "two_wechats-m"), key("unionid", "two_wechats-u"),
               key("phone", "two_wechats-p", trust="member_file"), day=1),
        record("two_wechats-3", key("unionid", "two_wechats-u"), key("openid", "two_wechats-w2"), day=2),
        *[record(f"tablet-{i}", key("login_id", f"tablet-l{i}"), key("distinct_id", "tablet-d")) for i in (1, 2, 3)],
        *[each for i in "123" for each in ticket("card", i, key("openid", f"card-w{i}"), key("member_id", "card-m"))],
        *[each for i in "12" for each in ticket("guide", i, key("openid", "guide-w"), key("member_id", f"guide-m{i}"))],
        *[each for i in "12345" for each in ticket("kiosk", i, key("openid", f"kiosk-w{i}"), key("yz_open_id", "kiosk-y"))],
        *[each for i in "123" for each in ticket("own", i, key("openid", "own-w"), key("member_id", "own-m"))],
        *[each for i in "12" for each in ticket("lent", i, key("openid", "lent-w"), key("member_id", "lent-m"))],
        record("friend-1", key("order_id", "friend-o"), key("transaction_id", "friend-x"), key("taobao_nick", "friend-buyer"),
               paid_by_other=True),
        record("friend-2", key("transaction_id", "friend-x"), key("openid", "friend-payer")),
        record("parcel-1", key("order_id", "parcel-o"), key("yz_open_id", "parcel-son"), key("phone", "parcel-p1")),
        record("parcel-2", key("order_id", "parcel-o"), key("phone", "parcel-p2", trust="receiver")),
        record("parcel-3", key("yz_open_id", "parcel-mum"), key("phone", "parcel-p2")),
        record("gift_home-1", key("wid", "gift_home-son"), key("phone", "gift_home-p1")),
        record("gift_home-2", key("order_id", "gift_home-o"), key("wid", "gift_home-son"), key("phone", "gift_home-p2", trust="receiver")),
        record("gift_home-3", key("openid", "gift_home-mum"), key("phone", "gift_home-p2", trust="platform_verified")),
        *[record(f"sends-{i}", key("order_id", f"sends-o{i}"), key("taobao_nick", "sends-n"),
                 key("phone", f"sends-p{phone}", trust="receiver")) for i, phone in enumerate("121")],
        # the buyer's own phone is known of the same WeChat account, not of the friend of WeCom that stands on the order
        record("friends_parcel-1", key("unionid", "friends_parcel-u"), key("openid", "friends_parcel-w")),
        record("friends_parcel-2", key("openid", "friends_parcel-w"), key("phone", "friends_parcel-p1", trust="platform_verified")),
        record("friends_parcel-3", key("unionid", "friends_parcel-u"), key("external_userid", "friends_parcel-e")),
        record("friends_parcel-4", key("order_id", "friends_parcel-o"), key("external_userid", "friends_parcel-e"),
               key("phone", "friends_parcel-p2", trust="receiver")),
        record("friends_parcel-5", key("taobao_nick", "friends_parcel-mum"), key("phone", "friends_parcel-p2")),
        # a guide whom no list names takes parcels for two buyers, and has a third order on the shop's tablet
        *[each for i in "12" for each in (
            record(f"desk-own{i}", key("yz_open_id", f"desk-y{i}"), key("phone", f"desk-p{i}")),
            record(f"desk-order{i}", key("order_id", f"desk-o{i}"), key("yz_open_id", f"desk-y{i}"),
                   key("phone", "desk-guide", trust="receiver")))],
        *[each for i in "12" for each in ticket(
            "desk", f"tablet{i}", key("openid", f"desk-w{i}"), key("phone", "desk-guide", trust="receiver"))],
        record("sends-home", key("yz_open_id", "sends-n1"), key("phone", "sends-p1")),
        record("sends-mum", key("yz_open_id", "sends-mum"), key("phone", "sends-p2")),
        record("oaid-1", oaid("oaid-o", "2026-01-04"), key("taobao_nick", "oaid-n1")),
        record("oaid-2", oaid("oaid-o", "2026-01-05"), key("taobao_nick", "oaid-n2")),
        record("oaid-3", oaid("oaid-o", "2026-01-02"), key("phone", "oaid-p1")),
        record("corp-1", key("external_userid", "corp-e", scope="old"), key("unionid", "corp-u")),
        record("corp-2", key("external_userid", "corp-f", scope="new"), key("unionid", "corp-u")),
        record("corp-3", key("external_userid", "corp-e", scope="new"), key("openid", "corp-w")),
        record("superseded", key("taobao_nick", "superseded-n"), key("phone", "superseded-old", trust="receiver"), day=0, valid_to=3),
        record("superseded", key("taobao_nick", "superseded-n"), key("phone", "superseded-new", trust="receiver"), day=3),
        *linked("withdrawn", "ab", "bc"),
        *linked("erased", "ab", "bc", "cd"),
        *linked("twice", "ab"), *linked("twice", "ab"),
        record("masked-1", key("taobao_nick", "masked-n1"), key("phone", "masked-p", key_class="masked")),
        record("masked-2", key("taobao_nick", "masked-n2"), key("phone", "masked-p", key_class="masked")),
        *linked("ruled_one", "a"), *linked("ruled_one", "b"), *linked("ruled_apart", "ab", "bc"), *linked("ruled_nobody", "ax", "bx"),
        *linked("revoked", "a"), *linked("revoked", "b"),
        *[record(f"ruled_members-{i}", key("member_id", f"ruled_members-m{i}"), day=i) for i in (1, 2)],
    ]  # fmt: skip


GONE = {"withdrawn-bc", "erased-ab", "erased-bc"}  # withdrawn by a status, or erased on a person's request


def second_day() -> list[Record]:
    """Everything of the first day that is still there, and what came since."""
    came = [
        *[record(f"long-{i}", plain(f"long-{i:05d}"), plain(f"long-{i + 1:05d}"), day=i % 300) for i in range(CHAIN - 1)],
        *linked("bridged_later", "bc", day=20), *linked("older_root", "ab", day=20),
        record("after_merge-3", key("member_id", "after_merge-m2"), plain("after_merge-y"), day=2),
        record("back_dated-2", key("jd_pin", "back_dated-j"), key("phone", "back_dated-p"), day=-50),
        record("erased-left", plain("erased-a")), record("withdrawn-left", plain("withdrawn-c"), day=1),
    ]  # fmt: skip
    return [each for each in first_day() if each.name not in GONE] + came


FIRST_RULINGS = [Ruling("revoked", "link", ("revoked-a", "revoked-b"))]
SECOND_RULINGS = [
    Ruling("one", "link", ("ruled_one-a", "ruled_one-b")), Ruling("apart", "different", ("ruled_apart-a", "ruled_apart-c")),
    Ruling("nobody", "blocked", ("ruled_nobody-x",)), Ruling("members", "link", ("ruled_members-m1", "ruled_members-m2")),
]  # fmt: skip
