"""What platforms tell by day and not by person: staff statistics, follower figures, article figures, visits.

Belongs here: sums over all chunks of people, and their JSON. Does not: records of persons.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from orchestration.sample import brand
from orchestration.sample.moments import DAY, NEVER, SHANGHAI_OFFSET, Span, day_of
from orchestration.sample.outbox import Outbox
from orchestration.sample.pond import BY_CUSTOMER, LEAVING_STAFF, REASSIGNED, staff_departure
from orchestration.sample.private.mini_program import login_moments
from orchestration.sample.private.official_account import SCENES, scene_of
from orchestration.sample.private.pages import place, pulled
from orchestration.sample.streams import Streams
from orchestration.sample.world import World

KEPT_DAYS = 180  # WeCom answers for no longer
SOURCES = (30, 1, 17, 51, 0)  # user_source of each follow scene: QR code, search, card, payment, others
ARTICLE_EVERY = 7  # days
TITLES = ("今日茶单", "新茶上市", "器物小记", "节气与茶", "会员专享")


@dataclass
class DailyFigures:
    """Counts by day (and staff or source) that grow chunk by chunk."""

    span: Span
    counts: dict[str, np.ndarray] = field(default_factory=dict)

    def add(self, world: World) -> None:
        """Count a chunk of people."""
        ties, bonds, touches = world.friendships, world.bonds, world.touches
        new = ties.add_way != REASSIGNED
        self._count("new_contacts", ties.opened[new], ties.staff[new], len(brand.STAFF))
        lost = ties.closed_by == BY_CUSTOMER
        self._count("lost_contacts", ties.closed[lost], ties.staff[lost], len(brand.STAFF))
        staff = np.full(len(world.people), -1)
        staff[ties.person[::-1]] = ties.staff[::-1]  # each person's first guide
        talks = (touches.channel == brand.POSITION["wecom_friend"]) & (staff[touches.person] >= 0)
        self._count("talks", touches.at[talks], staff[touches.person[talks]], len(brand.STAFF))
        for name, moments in (("followed", bonds.followed), ("unfollowed", bonds.unfollowed)):
            person = np.flatnonzero(moments < NEVER)
            self._count(name, moments[person], scene_of(world, person), len(SCENES))
        person, at = login_moments(world)
        self._count("sessions", at, np.zeros(len(at), dtype=int), 1)
        day = (at - self.span.start) // DAY
        seen = np.unique(person * 100_000 + day)  # a visitor of a day is counted once
        self._count("visitors", self.span.start + seen % 100_000 * DAY, np.zeros(len(seen), dtype=int), 1)
        first = bonds.visited[bonds.visited < NEVER]
        self._count("new_visitors", first, np.zeros(len(first), dtype=int), 1)
        reads = touches.at[touches.channel == brand.POSITION["oa"]]
        self._count("reads", reads, np.zeros(len(reads), dtype=int), 1)

    def finish(self, outbox: Outbox, streams: Streams) -> None:
        """Write the four exports."""
        self._staff(outbox, streams)
        self._followers(outbox)
        self._articles(outbox, streams)
        self._visits(outbox)

    def _count(self, name: str, moments: np.ndarray, column: np.ndarray, width: int) -> None:
        table = self.counts.setdefault(name, np.zeros((self.span.days, width), dtype=np.int64))
        np.add.at(table, ((moments - self.span.start) // DAY, column), 1)

    def _day(self, position: int) -> date:
        return day_of(self.span.start + position * DAY)

    def _write(self, outbox: Outbox, export: str, account: str, stem: str, minute: int, documents: list[dict], rows: int) -> None:
        text = "".join(json.dumps(document, ensure_ascii=False, separators=(",", ":")) + "\n" for document in documents)
        outbox.whole(place(export, account, pulled(self.span, 0, 9, minute), stem, ".jsonl"), text.encode(), rows)

    def _staff(self, outbox: Outbox, streams: Streams) -> None:
        draws, pages, first = streams.of("staff statistics"), [], max(self.span.days - KEPT_DAYS, 0)
        new, lost, talks = (self.counts[name] for name in ("new_contacts", "lost_contacts", "talks"))
        replies, extra = draws.integers(62, 100, new.shape), draws.poisson(3, new.shape)
        minutes, last = draws.integers(1, 25, new.shape), (staff_departure(self.span) - self.span.start) // DAY
        for staff, name in enumerate(brand.STAFF):
            days = []
            for day in range(first, self.span.days if staff != LEAVING_STAFF else min(last + 1, self.span.days)):
                chats = int(2 * talks[day, staff] + extra[day, staff] + new[day, staff])
                record = {
                    "stat_time": self.span.start + day * DAY - SHANGHAI_OFFSET, "chat_cnt": chats, "message_cnt": chats * 3,
                    "negative_feedback_cnt": int(lost[day, staff]), "new_apply_cnt": int(new[day, staff]) + chats % 2,
                    "new_contact_cnt": int(new[day, staff]),
                }
                if chats:  # no chat, no rate: the platform leaves the key out
                    record |= {"reply_percentage": int(replies[day, staff]) + 0.25, "avg_reply_time": int(minutes[day, staff])}
                days.append(record)
            pages.append({"userid": name, "errcode": 0, "errmsg": "ok", "behavior_data": days})
        rows = sum(len(page["behavior_data"]) for page in pages)
        self._write(outbox, "wecom/staff_stats", brand.CORP, "behavior", 15, [page for page in pages if page["behavior_data"]], rows)

    def _followers(self, outbox: Outbox) -> None:
        new, lost = self.counts["followed"], self.counts["unfollowed"]
        stock, rows, totals = 0, [], []
        for day in range(self.span.days):
            text = self._day(day).isoformat()
            for position in np.flatnonzero(new[day] + lost[day]).tolist():
                rows.append({"ref_date": text, "user_source": SOURCES[position], "new_user": int(new[day, position]),
                             "cancel_user": int(lost[day, position])})
            stock += int(new[day].sum() - lost[day].sum())
            totals.append({"ref_date": text, "cumulate_user": stock})
        self._write(outbox, "wechat_oa/user_summary", brand.OFFICIAL_ACCOUNT, "followers", 20, [{"list": rows}, {"list": totals}],
                    len(rows) + len(totals))

    def _articles(self, outbox: Outbox, streams: Streams) -> None:
        draws, reads, rows = streams.of("articles"), self.counts["reads"][:, 0], []
        stock = np.cumsum(self.counts["followed"].sum(axis=1) - self.counts["unfollowed"].sum(axis=1))
        for number, day in enumerate(range(0, self.span.days, ARTICLE_EVERY)):
            seen, target, details = 0, int(stock[day]), []
            for after in range(min(ARTICLE_EVERY, self.span.days - day)):
                seen += int(reads[day + after]) + int(draws.poisson(target * 0.12 / (1 + after) ** 1.6))
                details.append({"stat_date": self._day(day + after).isoformat(), "target_user": target, "int_page_read_user": seen,
                                "int_page_read_count": seen + seen // 5, "share_user": seen // 18, "share_count": seen // 15,
                                "add_to_fav_user": seen // 40})
            rows.append({"ref_date": self._day(day).isoformat(), "msgid": f"{2_650_000_000 + number}_1",
                         "title": f"{TITLES[number % len(TITLES)]} 第{number + 1}期", "details": details})
        self._write(outbox, "wechat_oa/articles", brand.OFFICIAL_ACCOUNT, "articles", 25, [{"list": rows}],
                    sum(len(row["details"]) for row in rows))

    def _visits(self, outbox: Outbox) -> None:
        sessions, visitors, new = (self.counts[name][:, 0] for name in ("sessions", "visitors", "new_visitors"))
        rows = [{"ref_date": f"{self._day(day):%Y%m%d}", "session_cnt": int(sessions[day]), "visit_pv": int(sessions[day]) * 4,
                 "visit_uv": int(visitors[day]), "visit_uv_new": int(new[day]), "stay_time_session": 41.5, "stay_time_uv": 58.25,
                 "visit_depth": 2.4} for day in range(self.span.days)]
        self._write(outbox, "wechat_miniprogram/visits", brand.MINI_PROGRAM, "visits", 30, [{"list": rows}], len(rows))
