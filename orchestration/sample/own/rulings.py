"""Rulings (人工裁定) of the brand: what channel codes mean, its own promotion days, what some orders really are, who is who.

Belongs here: hand-kept lists. Does not: the facts they speak of.
"""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from orchestration.sample import brand
from orchestration.sample.moments import NEVER, Span, day_of
from orchestration.sample.outbox import Outbox
from orchestration.sample.pond import PARCEL_CODES
from orchestration.sample.private import tills, weimob
from orchestration.sample.private.pages import pulled
from orchestration.sample.receivers import SHARED_PHONE
from orchestration.sample.tables import body_lines, header_line
from orchestration.sample.text import either, weave, whole
from orchestration.sample.world import World

RULED_PEOPLE = 3  # per chunk

FIXED = {  # code → channel, what it is
    "koc_open": ("referral", "老带新 公开码"), "grp_parcel": ("parcel_card", "包裹卡 群码"),
    "oa_parcel": ("parcel_card", "包裹卡 公众号码"), "oa_store": ("store", "门店 公众号码"), "oa_live": ("douyin_live", "直播间 公众号码"),
    "oa_menu": ("oa", "公众号菜单"), "partner_yoga": ("partner", "瑜伽馆 联名"), "partner_book": ("partner", "书店 联名"),
}
BY_MONTH = {"live_dy_": ("douyin_live", "抖音直播间码"), "sms_": ("sms", "短信链接"), "cs_": ("service", "客服会话码")}


def place(export: str, span: Span, stem: str) -> str:
    """Path of a list: named by the day it was saved."""
    window = pulled(span, 0, 9, 0)
    return f"rulings/{export}/date={window.taken_on}/{stem}_{window.taken_on:%Y%m%d}.csv"


def months(span: Span) -> list[date]:
    """First days of the months that the span touches."""
    first, found = day_of(span.start).replace(day=1), []
    while first <= span.last_day:
        found.append(first)
        first = (first + timedelta(days=32)).replace(day=1)
    return found


def code_table(span: Span) -> list[tuple[str, str, str]]:
    """Every code that does not name a person: code, channel, campaign."""
    rows = [(code, *meaning) for code, meaning in FIXED.items()]
    rows += [(f"store_sz{number:03d}", "store", f"门店码 {brand.STORES[number - 1]}") for number in range(1, len(brand.STORES) + 1)]
    for month in months(span):
        rows += [(f"{code}{month:%y%m}", channel, f"{text} {month:%y%m}") for code, (channel, text) in BY_MONTH.items()]
        rows += [(f"pk_{shop}_{month:%y%m}", "parcel_card", f"包裹卡 {shop} {month:%y%m}") for shop in PARCEL_CODES]
    return rows


def code_lines(codes: pa.Array, channels: pa.Array, campaigns: pa.Array, day: date) -> tuple[str, pa.StringArray]:
    """Header and lines of the code list."""
    cells = {"渠道码": ("bare", codes), "渠道": ("bare", channels), "活动": ("bare", campaigns), "状态": ("bare", "有效"),
             "裁定人": ("bare", "ops01"), "裁定日期": ("bare", day.isoformat())}
    return header_line(cells), body_lines(cells)


def write_codes_of_people(world: World, outbox: Outbox) -> None:
    """The personal codes of those who invite (KOC 码): one line each."""
    states = pc.unique(world.pond.state)
    personal = states.filter(pc.match_substring_regex(states, "^koc_[0-9]+$"))
    if len(personal):
        personal = personal.take(pc.sort_indices(personal))
        channel = pa.array(["referral"]).take(pa.array(np.zeros(len(personal), dtype=np.int64)))
        header, lines = code_lines(personal, channel, weave("老带新 ", personal), day_of(world.span.start))
        outbox.lines(place("channel_codes", world.span, "channel_codes"), header, lines, "gb18030")


def write_codes(span: Span, outbox: Outbox) -> None:
    """The codes that name no person."""
    codes, channels, campaigns = (pa.array(column, pa.string()) for column in zip(*code_table(span), strict=True))
    header, lines = code_lines(codes, channels, campaigns, day_of(span.start))
    outbox.lines(place("channel_codes", span, "channel_codes"), header, lines, "gb18030")


def write_orders(world: World, outbox: Outbox) -> None:
    """Orders of the brand's own shops that are no sale to a consumer; their systems keep no memo, so a ruling tells."""
    kinds = (brand.STAFF_CLASS, brand.GUIDE_PROXY)
    rows = np.flatnonzero(np.isin(world.orders.platform, (brand.WEIMOB, brand.STORE)) & np.isin(world.orders.kind, kinds))
    mall = world.orders.platform[rows] == brand.WEIMOB
    cells = {
        "平台": ("bare", either(mall, "微盟", "门店")),
        "订单号": ("tab", either(mall, weimob.order_ids(world, rows), tills.order_ids(world, rows))),
        "订单分类": ("bare", either(world.orders.kind[rows] == brand.STAFF_CLASS, "内购", "代客下单")), "原因": ("bare", "店长确认"),
        "裁定人": ("bare", "ops02"), "裁定日期": ("bare", world.span.last_day.isoformat()),
    }
    outbox.lines(place("orders", world.span, "orders"), header_line(cells), body_lines(cells), "utf-8-sig")


def write_identity(world: World, outbox: Outbox) -> None:
    """Members whose second phone the store wrote down, and the phone of the counter, which is nobody's."""
    people = world.people
    person = np.flatnonzero((world.bonds.member < NEVER) & people.has_second_phone)[:RULED_PEOPLE]
    number, rows = people.number[person], pa.array(person)
    cells = {
        "编号": ("bare", weave("S", whole(number + 1))), "结论": ("bare", "同一人"), "会员系统": ("bare", brand.CRM_SYSTEM),
        "会员号": ("bare", people.member_id.take(rows)), "手机号": ("bare", people.second_phone.take(rows)),
        "原因": ("bare", "本人到店确认"), "裁定人": ("bare", "ops02"), "裁定日期": ("bare", world.span.last_day.isoformat()),
    }
    name = place("identity", world.span, "identity")
    outbox.lines(name, header_line(cells), body_lines(cells), "gb18030")
    if world.people.number[0] == 0:
        cells |= {"编号": ("bare", pa.array(["B0"])), "结论": ("bare", "公用"), "会员号": ("bare", ""), "手机号": ("bare", SHARED_PHONE),
                  "原因": ("bare", "门店前台电话")}
        outbox.lines(name, header_line(cells), body_lines(cells), "gb18030")


def write_calendar(span: Span, outbox: Outbox) -> None:
    """The brand's own days beside the great sales: a member day each month, and the tea culture week (茶文化周)."""
    rows = [("会员日", "现货", month.replace(day=18), month.replace(day=18)) for month in months(span)]
    rows += [("茶文化周", "现货", date(year, 5, 18), date(year, 5, 24)) for year in sorted({month.year for month in months(span)})]
    promos, phases, starts, ends = zip(*rows, strict=True)
    cells = {
        "大促": ("bare", pa.array(promos)), "阶段": ("bare", pa.array(phases)),
        "开始日期": ("bare", pa.array([day.isoformat() for day in starts])),
        "结束日期": ("bare", pa.array([day.isoformat() for day in ends])), "登记人": ("bare", "ops01"),
        "登记日期": ("bare", day_of(span.start).isoformat()),
    }
    outbox.lines(place("calendar", span, "calendar"), header_line(cells), body_lines(cells), "gb18030")
