"""The trouble that real landing folders have, put in on purpose and written down.

Belongs here: damaged rows, doubled and late files, pages that are no exports. Does not: quirks that every file of a platform has.
"""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Iterable
from datetime import timedelta

import numpy as np

from orchestration.sample import brand, douyin, taobao, wecom
from orchestration.sample.exports import restating, rows_between
from orchestration.sample.fulfilment import view_at
from orchestration.sample.hard_cases import TABLET_OPENID
from orchestration.sample.moments import DAY, HOUR, Span, Window, day_of
from orchestration.sample.outbox import Outbox
from orchestration.sample.people import FAMILY, RECYCLED
from orchestration.sample.private import referrals
from orchestration.sample.receivers import MASKED, PLACEHOLDER, PLACEHOLDER_PHONE, PRIVACY, SHARED, SHARED_PHONE
from orchestration.sample.tables import body_lines, header_line
from orchestration.sample.truth import Planted
from orchestration.sample.world import World

LOGIN_PAGE = '<!DOCTYPE html>\n<html><head><title>登录</title></head><body><form action="/login">请重新登录</form></body></html>\n'
DAMAGED_ID = "1.23457E+18"


def write_late_files(world: World, outbox: Outbox) -> None:
    """Exports of three evenings ago that arrive last: older in the name, newest in the folder."""
    day = world.span.stop - 3 * DAY
    window = Window(day, day + DAY, day + 20 * HOUR)
    folder = f"date={day_of(world.span.stop) + timedelta(days=1)}"
    for platform in (brand.TAOBAO, brand.DOUYIN):
        rows = rows_between(world, platform, window)
        view = view_at(world.orders, world.fates, window.as_of)
        if platform == brand.TAOBAO:
            name, cells = taobao.place("orders", window, "ExportOrderList"), taobao.order_cells(world, rows, view)
        else:
            name, cells = douyin.place(window), douyin.cells_of(world, rows, view, window, express=False)
        quoted, end, encoding = (True, "\r\n", "gb18030") if platform == brand.TAOBAO else (False, "\n", "utf-8-sig")
        late = name.replace(f"date={window.taken_on}", folder)
        outbox.lines(late, header_line(cells, quoted, end), body_lines(cells, end), encoding)


def count_troubles(world: World, counts: Counter[str]) -> None:
    """Count what this chunk's people bring with them."""
    kinds = world.receivers.kind[~np.isin(world.orders.platform, (*brand.WITHOUT_BUYERS, brand.XIAOHONGSHU, brand.STORE))]
    for name, kind in (("masked_phone", MASKED), ("privacy_phone", PRIVACY), ("placeholder_phone", PLACEHOLDER), ("shared_phone", SHARED)):
        counts[name] += int((kinds == kind).sum())
    for name, kind in (("family_phone", FAMILY), ("recycled_phone", RECYCLED)):
        counts[name] += int((world.people.hard_case == kind).sum())
    cases = world.hard_cases
    counts["store_tablet"] += int(cases.on_tablet.sum())
    counts["lent_card"] += int((cases.card_of != world.orders.person).sum())
    counts["staff_phone"] += int((cases.staff >= 0).sum())
    counts["two_phones"] += int(world.people.has_second_phone.sum())
    counts["self_referral"] += referrals.planted(world)
    counts["referral_cycle"] += referrals.planted(world)
    counts["anonymous_orders"] += int(np.isin(world.orders.platform, brand.WITHOUT_BUYERS).sum())
    counts["repeated_events"] += wecom.repeated_events(world)


def plant(outbox: Outbox, span: Span, counts: Counter[str]) -> list[Planted]:
    """Damage, double and disguise files after all were written; tell what a correct pipeline makes of each."""
    planted, plan = [*_spread(counts)], taobao.windows(span)
    present = {path.relative_to(outbox.landing).as_posix() for path in outbox.files}
    # days without an order have no file: a small brand's trouble stands in the newest ones that there are
    regular = [name for window in plan[1:-1] if (name := taobao.place("orders", window, "ExportOrderList")) in present]
    earlier, later = ["", "", *regular][-2:]
    if earlier:
        doubled = earlier.replace(".csv", "_副本.csv")
        outbox.whole(doubled, (outbox.landing / earlier).read_bytes())
        expect = "one of the two is a duplicate delivery; no row counted twice"
        planted.append(Planted("duplicate_file", doubled, _say(same_as=earlier, expect=expect)))
    if later:
        planted += _damage(outbox, later, plan[-1].stop)
    items = taobao.place("order_items", plan[-2], "ExportOrderDetailList")
    if items in present:
        copy = items.replace("ExportOrderDetailList", "再次导出_ExportOrderDetailList")
        outbox.whole(copy, (outbox.landing / items).read_bytes().decode("gb18030").encode("utf-8-sig"))
        planted.append(Planted("same_rows_other_encoding", copy,
            _say(same_as=items, expect="loaded; the same lines once, in UTF-8 as in GB18030")))
    page = taobao.place("orders", plan[-1], "ExportOrderList").replace(".csv", "_1.csv")
    outbox.whole(page, LOGIN_PAGE.encode())
    planted.append(Planted("login_page", page, _say(expect="delivery refused as HTML; nothing else stops")))
    return planted + _named(sorted(present), plan, douyin.windows(span))


def _say(**facts: object) -> str:
    return json.dumps(facts, ensure_ascii=False, sort_keys=True)


def _spread(counts: Counter[str]) -> Iterable[Planted]:
    says = {
        "masked_phone": "class masked; links nobody", "privacy_phone": "class virtual; links nobody",
        "placeholder_phone": "class placeholder; links nobody",
        "shared_phone": "blocked by the fan-out cap; listed in identity_review", "two_phones": "one person, joined through other keys",
        "family_phone": "people who share a phone; two member ids or unionids must not merge",
        "self_referral": "the hand list says somebody invited herself: no referral",
        "referral_cycle": "two who invited each other: the earlier invitation stands",
        "recycled_phone": "a number given to a new owner years after the old one joined: two members, never merged",
        "store_tablet": "one account for many customers: blocked by the fan-out cap, each known by other keys or not at all",
        "lent_card": "the ticket says the card's owner; nothing in the files tells otherwise",
        "staff_phone": "a guide's phone on customers' parcels: links nobody",
        "anonymous_orders": "Douyin, Pinduoduo, Kuaishou, Vipshop: money only, no customer",
        "repeated_events": "a callback sent twice is one event",
    }
    values = {"placeholder_phone": PLACEHOLDER_PHONE, "shared_phone": SHARED_PHONE, "store_tablet": TABLET_OPENID}
    for kind, expect in says.items():
        if not counts[kind]:
            continue
        yield Planted(kind, "", _say(count=counts[kind], expect=expect, **({"value": values[kind]} if kind in values else {})))


def _named(present: list[str], plan: tuple[Window, ...], evenings: tuple[Window, ...]) -> list[Planted]:
    restated = taobao.place("orders", restating(plan), "ExportOrderList")
    late = f"date={day_of(plan[-1].stop) + timedelta(days=1)}"
    found = [Planted("late_older_export", name, _say(expect="loaded, but newer statuses stay")) for name in present if late in name]
    found += [Planted("restating_export", name, _say(expect="its statuses and refunds win")) for name in present if name == restated]
    wider = douyin.place(evenings[-2])
    found += [Planted("unknown_column", name,
        _say(column=douyin.UNKNOWN_COLUMN, expect="loaded; the column noted, its values kept in _extra"))
              for name in present if name == wider]
    utf8 = taobao.place("orders", plan[0], "ExportOrderList")
    found += [Planted("other_encoding", name, _say(expect="UTF-8 where the rest is GB18030")) for name in present if name == utf8]
    return found


def _damage(outbox: Outbox, name: str, stop: int) -> list[Planted]:
    """Put five broken rows of orders that do not exist among the good rows of a file."""
    path = outbox.landing / name
    header, *lines = path.read_bytes().decode("gb18030").split("\r\n")[:-1]
    names = [cell.strip('"') for cell in header.split(",")]
    pattern = next(csv.reader([lines[0]]))
    where = {column: names.index(column) for column in ("买家实际支付金额", "宝贝标题 ", "订单创建时间", "订单付款时间 ")}

    def row(number: int, **changes: str) -> list[str]:
        cells = list(pattern)
        cells[0] = f'="49999999999999999{number:02d}"'
        for column, text in changes.items():
            cells[where[column]] = text
        return [cell if cell.startswith("=") else f'"{cell}"' for cell in cells]

    future = f"{day_of(stop) + timedelta(days=400):%Y-%m-%d} 10:00:00"
    open_quote = row(3)
    open_quote[where["宝贝标题 "]] = open_quote[where["宝贝标题 "]][:-1]
    broken = (
        ("damaged_id", [f'"{DAMAGED_ID}"', *row(0)[1:]], "quarantined: id lost to Excel"),
        ("unparsable_amount", row(1, 买家实际支付金额="约一百元"), "quarantined: amount"),
        ("too_few_fields", row(2)[:12], "quarantined: field count"),
        ("open_quote", open_quote, "this line alone quarantined; the rows after it load"),
        ("future_order", row(4, 订单创建时间=future), "quarantined: time in the future"),
    )
    planted, step = [], max(1, len(lines) // len(broken))
    for position, (kind, cells, expect) in enumerate(broken):
        place = position * (step + 1) + 1
        lines.insert(place, ",".join(cells))
        planted.append(Planted(kind, name, _say(line=place + 2, expect=expect)))
    outbox.whole(name, "\r\n".join([header, *lines, ""]).encode("gb18030"), rows=len(broken))
    return planted

