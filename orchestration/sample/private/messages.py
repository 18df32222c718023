"""SMS and e-mail (短信 · EDM): delivery reports, replies and mail events, and the consents that allow them.

Belongs here: their shapes. Does not: what a click causes. Nobody clicks in an SMS as far as its provider knows.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from orchestration.sample import brand
from orchestration.sample.moments import DAY, HOUR, NEVER, SHANGHAI_OFFSET
from orchestration.sample.outbox import Outbox
from orchestration.sample.private.coupons import issue_moments
from orchestration.sample.private.pages import page_set, place, pulled
from orchestration.sample.recall import CAMPAIGN
from orchestration.sample.tables import body_lines, header_line
from orchestration.sample.text import choose, clock, either, weave, whole
from orchestration.sample.world import World

AGREES_SMS, REFUSES_SMS = 0.55, 0.20  # of members; the rest said nothing
REPLY_SHARE = 0.3  # of people's acts on an SMS, that are replies; the others are clicks, which trackers see
OPTOUT_SHARE = 0.10  # of receivers, who leave after one of the messages
FAILED_SHARE = 0.03
WORDS = ("想看看新茶", "多少钱", "门店还有吗", "1")


def lots(world: World) -> np.ndarray:
    """The lot by which the member list tells consent: a number in [0, 1) per person."""
    return world.people.number * 2_654_435_761 % 1_000 / 1_000


def optout_number(world: World) -> np.ndarray:
    """After which SMS (1, 2 …) each person opts out; a high number for those who never do."""
    draws = world.streams.of("opt-outs")
    return np.where(draws.random(len(world.people)) < OPTOUT_SHARE, draws.integers(1, 9, len(world.people)), 99)


def receivers(world: World, number: int, moment: int) -> np.ndarray:
    """Members who had not refused, nor opted out after an earlier message."""
    lot = lots(world)
    agrees = (lot < AGREES_SMS) | (lot >= AGREES_SMS + REFUSES_SMS)
    return np.flatnonzero((world.bonds.member < moment) & agrees & (optout_number(world) >= number))


def write_sms(world: World, outbox: Outbox) -> None:
    """Reports of every message as JSON pages, and what people answered as a CSV."""
    span, people, touches = world.span, world.people, world.touches
    pages = page_set("sms/sends", "yutang_sms", pulled(span, 0, 9, 50), "reports", b"[", b"]\n")
    answers: list[tuple[np.ndarray, np.ndarray, pa.Array]] = []
    for number, moment in enumerate(issue_moments(world), start=1):
        person = receivers(world, number, moment)
        sent = moment + 2 * HOUR + person % 600
        failed = (people.number[person] * 7 + number * 13) % 100 < FAILED_SHARE * 100
        outbox.records("sms/sends", weave(
            ',{"phone_number":"', people.phone.take(pa.array(person)), '","send_time":"', clock(sent), '","report_time":"', clock(sent + 6),
            '","success":', choose(("true", "false"), failed.astype(int)), ',"err_code":"', either(failed, "UNDELIV", "DELIVERED"),
            f'","err_msg":"","sms_size":"1","biz_id":"9{number:011d}","out_id":"sms_{number:02d}"}}'), pages)
        leaving = person[optout_number(world)[person] == number]
        answers.append((leaving, moment + 2 * HOUR + 1_200 + leaving % 3_000, choose(("T", "TD", "退订"), leaving % 3)))
    mine = np.flatnonzero((touches.channel == brand.POSITION["sms"]) & is_reply(world))
    answers.append((touches.person[mine], touches.at[mine], choose(WORDS, touches.at[mine] % len(WORDS))))
    person, at, words = (np.concatenate([part[0] for part in answers]), np.concatenate([part[1] for part in answers]),
                         pa.concat_arrays([part[2] for part in answers]))
    if len(person):
        cells = {"手机号": ("bare", people.phone.take(pa.array(person))), "发送时间": ("bare", clock(at)), "上行内容": ("bare", words),
                 "签名": ("bare", "鱼塘茶铺")}
        name = place("sms/sends", "yutang_sms", pulled(span, 0, 9, 55), "replies", ".csv")
        outbox.lines(name, header_line(cells), body_lines(cells), "gb18030")


def write_recall(world: World, outbox: Outbox) -> None:
    """The marketing tool's list of the message that called friends back: one line per person meant, 对照组 for those left out by lot."""
    recall, people = world.recall, world.people
    if not len(recall.person):
        return
    status = choose(("发送成功", "发送失败", "对照组"), np.where(recall.held_out, 2, recall.failed.astype(int)))
    billed = choose(("1", "0"), (recall.failed | recall.held_out).astype(int))
    cells = {
        "手机号": ("bare", people.phone.take(pa.array(recall.person))), "发送时间": ("bare", clock(recall.sent_at + recall.person % 240)),
        "发送状态": ("bare", status), "活动": ("bare", CAMPAIGN), "计费条数": ("bare", billed),
    }
    name = place("sms/sends", "yutang_sms", pulled(world.span, 0, 9, 58), f"{CAMPAIGN}_list", ".csv")
    outbox.lines(name, header_line(cells), body_lines(cells), "gb18030")


def is_reply(world: World) -> np.ndarray:
    """Which touches, were they SMS, are replies and no clicks; one lot per touch."""
    return (world.touches.at * 40_503 + world.touches.person) % 100 < REPLY_SHARE * 100


def has_mail(world: World) -> np.ndarray:
    """Who has told the brand an e-mail address."""
    return np.asarray(pc.match_substring(world.people.alipay, "@"))


def newsletters(world: World) -> np.ndarray:
    """When mail goes out: every four weeks, Tuesday morning at ten of the first full week on."""
    return np.arange(world.span.start + 9 * DAY, world.span.stop, 28 * DAY) + 10 * HOUR


def write_mail(world: World, outbox: Outbox) -> None:
    """Mail events as JSON lines: delivered, opened (by proxies too), clicked, left."""
    people, touches, mails, mailed = world.people, world.touches, newsletters(world), has_mail(world)
    parts: list[tuple[np.ndarray, np.ndarray, np.ndarray, str]] = []
    lot = people.number * 75_503 % 1_000
    for number, moment in enumerate(mails.tolist(), start=1):
        left_after = np.where(lot < 40, lot % 8 + 1, 99)
        person = np.flatnonzero((world.bonds.member < moment) & mailed & (lots(world) < AGREES_SMS) & (left_after >= number))
        bulk = np.full(len(person), number)
        parts.append((person, bulk, moment + 30 + person % 300, "delivered"))
        opens = (people.number[person] * 31 + number * 7) % 100 < 34
        parts.append((person[opens], bulk[opens], moment + HOUR + person[opens] % 40_000, "open"))
        leaves = left_after[person] == number
        parts.append((person[leaves], bulk[leaves], moment + 3 * HOUR + person[leaves] % 9_000, "unsubscribe"))
    mine = np.flatnonzero((touches.channel == brand.POSITION["email"]) & mailed[touches.person] & (touches.at > mails[0]))
    parts.append((touches.person[mine], np.searchsorted(mails, touches.at[mine]), touches.at[mine], "click"))
    links = {"click": ',"link":"https://tea.example.com/new"'}
    lines = [weave('{"event":"', event, '","email":"', people.alipay.take(pa.array(person)), '","bulkId":"nl', whole(bulk),
                   '","timestamp":', whole(at - SHANGHAI_OFFSET), links.get(event, ""), "}\n") for person, bulk, at, event in parts]
    outbox.lines(place("email/sends", "yutang_mail", pulled(world.span, 0, 10, 10), "events", ".jsonl"), "", pa.concat_arrays(lines))


def write_consents(world: World, outbox: Outbox) -> None:
    """Statements of members: at joining, and again when they leave the SMS list."""
    member, people, lot = world.bonds.member, world.people, lots(world)
    said = np.flatnonzero((member < NEVER) & (lot < AGREES_SMS + REFUSES_SMS))
    mail = np.flatnonzero((member < NEVER) & (lot < AGREES_SMS) & has_mail(world))
    sends, number = np.array(issue_moments(world), dtype=np.int64), optout_number(world)
    left = np.flatnonzero((member < NEVER) & (number <= len(sends)) & (lot < AGREES_SMS))
    left_at = sends[number[left] - 1] + 5 * HOUR if len(sends) else np.array([], dtype=np.int64)
    left, left_at = left[member[left] < left_at], left_at[member[left] < left_at]
    parts = ((said, member[said] + 5, "短信", either(lot[said] < AGREES_SMS, "同意", "不同意"), "小程序注册"),
             (mail, member[mail] + 6, "邮件", either(lot[mail] < AGREES_SMS, "同意", "不同意"), "小程序注册"),
             (left, left_at, "短信", either(lot[left] < AGREES_SMS, "撤回", "撤回"), "短信退订"))
    for person, at, channel, consent, source in parts:
        rows = pa.array(person)
        cells = {
            "会员号": ("tab", people.member_id.take(rows)), "姓名": ("bare", people.name.take(rows)),
            "手机号": ("bare", either(person >= 0, people.phone.take(rows), "") if channel == "短信" else ""),
            "邮箱": ("bare", people.alipay.take(rows) if channel == "邮件" else ""), "授权渠道": ("bare", channel),
            "授权状态": ("bare", consent), "授权时间": ("bare", clock(at)), "协议版本": ("bare", "v2.1"), "来源": ("bare", source),
        }
        name = place("crm/consents", brand.CRM_SYSTEM, pulled(world.span, 0, 7, 10), "consents", ".csv")
        outbox.lines(name, header_line(cells), body_lines(cells), "utf-8-sig")
