"""Who the people are: their homes, habits, and every id under which a platform may know them.

Belongs here: identity and inclination. Does not: what they see or buy. Every name, number and id is made up:
phone numbers of people begin with 1390 or 1590 and spell the person's number, scrambled.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from orchestration.sample import brand
from orchestration.sample.moments import DAY, NEVER, Span
from orchestration.sample.streams import Streams
from orchestration.sample.text import choose, digits, either, random_text, weave

SURNAMES = ("余", "江", "池", "汪", "沈", "潘", "洪", "游", "凌", "涂", "温", "汤")
SYLLABLES = ("小鱼", "明溪", "安澜", "清水", "雨荷", "一舟", "听涛", "望川", "浅浅", "莲生", "溪言", "沐泽", "知渔", "南湾", "晚汀", "可塘")
SEVEN_DIGITS = 9_000_000  # scrambled person numbers fill 1000000…9999999
FAMILY_SHARE, RECYCLED_SHARE, SECOND_PHONE_SHARE, ROAMING_SHARE = 0.02, 0.02, 0.06, 0.42
FAMILY, RECYCLED = 1, 2


@dataclass(frozen=True)
class People:
    """One chunk of people; every column has one value per person."""

    number: np.ndarray  # over the whole world, from 0
    home: np.ndarray  # the platform where the person shops by habit
    arrived: np.ndarray  # first moment at which a channel can reach the person
    leaning: np.ndarray  # factor on every channel's effect, mean about 1
    pace: np.ndarray  # repeat purchases per second while a customer
    lifetime: np.ndarray  # seconds as a customer after the first purchase
    roams: np.ndarray  # shops outside the home too
    place: np.ndarray
    gender: np.ndarray  # 1 male, 2 female
    phone_owner: np.ndarray  # person number whose phone is used (a family shares one)
    hard_case: np.ndarray  # 0, FAMILY or RECYCLED: why the phone is also another's
    member_since: np.ndarray  # NEVER, or long ago: a member who has not been seen since and gave the phone number back
    has_second_phone: np.ndarray
    name: pa.StringArray
    phone: pa.StringArray
    second_phone: pa.StringArray  # '' when there is none
    nick: pa.StringArray
    alipay: pa.StringArray
    openid: pa.StringArray
    unionid: pa.StringArray
    external_userid: pa.StringArray
    yz_open_id: pa.StringArray
    member_id: pa.StringArray

    def __len__(self) -> int:
        return len(self.number)


def scrambled(numbers: np.ndarray) -> np.ndarray:
    """Person numbers as seven digits that do not look like a row of numbers; one to one up to nine million."""
    return 1_000_000 + (numbers * 7_368_787 + 3_141_593) % SEVEN_DIGITS


def phone_of(numbers: np.ndarray, prefix: str = "1390") -> pa.StringArray:
    """The invented mobile number of each person."""
    return weave(prefix, digits(scrambled(numbers), 7))


def jd_pins(people: People) -> pa.StringArray:
    """Each person's account name at JD (下单帐号)."""
    return weave("jd_yt", digits(scrambled(people.number), 8))


def shop_openids(people: People) -> pa.StringArray:
    """Each person's openid in the WeChat shop's app."""
    return weave("oWS00", pc.utf8_slice_codeunits(people.openid, 5, 28))


def xhs_user_ids(people: People) -> pa.StringArray:
    """Each person's number at Xiaohongshu (用户编号): 24 characters."""
    return weave("6400000000000000", digits(scrambled(people.number), 8))


def draw_people(first: int, size: int, span: Span, streams: Streams, hard_cases: bool = False) -> People:
    """The people first … first + size − 1; with `hard_cases`, some pairs use one phone, at a time or one years after the other."""
    number = np.arange(first, first + size, dtype=np.int64)
    habits, looks, keys = streams.of("habits"), streams.of("looks"), streams.of("keys")
    shops_by_habit = habits.choice(3, size, p=[0.46, 0.31, 0.23]).astype(np.int8)
    known_before = habits.random(size) < 0.30
    early = habits.exponential(span.days / 6, size).clip(0, span.days - 5)
    arrived = span.start + (np.where(known_before, early, habits.random(size) * (span.days - 5)) * DAY).astype(np.int64)
    drawn_by_sale = ~known_before & (habits.random(size) < 0.12)
    arrived = np.where(drawn_by_sale, span.sale_moments(habits.random(size)), arrived)
    pace = habits.gamma(0.75, 1 / (0.75 * 110), size) / DAY
    leaning = habits.gamma(2.2, 1 / 2.2, size)
    lifetime = (habits.exponential(260, size) * DAY).astype(np.int64)

    weights = np.array([place[-1] for place in brand.PLACES], dtype=float)
    in_family = np.flatnonzero(looks.random(size // 2) < FAMILY_SHARE) * 2
    owner = number.copy()
    hard_case, member_since = np.zeros(size, dtype=np.int8), np.full(size, NEVER)
    if hard_cases:
        draws = streams.of("recycled phones")
        former = np.setdiff1d(np.flatnonzero(draws.random(size // 2) < RECYCLED_SHARE) * 2, in_family)
        hard_case[in_family + 1], hard_case[former + 1] = FAMILY, RECYCLED
        shared = np.concatenate([in_family, former])
        owner[shared + 1] = number[shared]
        member_since[former] = span.start - (draws.uniform(3 * 365, 6 * 365, len(former)) * DAY).astype(np.int64)
        arrived[former] = NEVER
    second = looks.random(size) < SECOND_PHONE_SHARE
    phone = phone_of(owner)
    mail = weave("fish", digits(scrambled(number), 7), "@example.com")
    return People(
        number=number, home=shops_by_habit, arrived=arrived, leaning=leaning, pace=pace, lifetime=lifetime,
        roams=streams.of("roaming").random(size) < ROAMING_SHARE,
        place=looks.choice(len(weights), size, p=weights / weights.sum()), gender=looks.choice([1, 2], size, p=[0.32, 0.68]),
        phone_owner=owner, hard_case=hard_case, member_since=member_since, has_second_phone=second,
        name=weave(choose(SURNAMES, looks.integers(0, len(SURNAMES), size)), choose(SYLLABLES, looks.integers(0, len(SYLLABLES), size))),
        phone=phone, second_phone=either(second, phone_of(number, "1590"), ""),
        nick=weave("tb", digits(scrambled(number), 9)),
        alipay=either(looks.random(size) < 0.4, phone, mail),
        openid=weave("oYT00", random_text(keys, size, 23)), unionid=weave("oUN00", random_text(keys, size, 23)),
        external_userid=weave("wmYT00", random_text(keys, size, 26)), yz_open_id=weave("yz", random_text(keys, size, 22)),
        member_id=weave("00", digits(scrambled(number), 8)),
    )
