"""Who the people are: their homes, habits, and every id under which a platform may know them.

Belongs here: identity and inclination. Does not: what they see or buy. Every name, number and id is made up:
phone numbers of people begin with 1390 or 1590 and spell the person's number, scrambled.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from orchestration.sample import brand
from orchestration.sample.moments import DAY, Span
from orchestration.sample.streams import Streams
from orchestration.sample.text import choose, digits, either, random_text, weave

SURNAMES = ("余", "江", "池", "汪", "沈", "潘", "洪", "游", "凌", "涂", "温", "汤")
SYLLABLES = ("小鱼", "明溪", "安澜", "清水", "雨荷", "一舟", "听涛", "望川", "浅浅", "莲生", "溪言", "沐泽", "知渔", "南湾", "晚汀", "可塘")
SEVEN_DIGITS = 9_000_000  # scrambled person numbers fill 1000000…9999999
FAMILY_SHARE, SECOND_PHONE_SHARE, ROAMING_SHARE = 0.02, 0.06, 0.42


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


def xhs_user_ids(people: People) -> pa.StringArray:
    """Each person's number at Xiaohongshu (用户编号): 24 characters."""
    return weave("6400000000000000", digits(scrambled(people.number), 8))


def draw_people(first: int, size: int, span: Span, streams: Streams, with_families: bool = False) -> People:
    """The people first … first + size − 1; `with_families`, some pairs use one phone."""
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
    if with_families:
        owner[in_family + 1] = number[in_family]
    second = looks.random(size) < SECOND_PHONE_SHARE
    phone = phone_of(owner)
    mail = weave("fish", digits(scrambled(number), 7), "@example.com")
    return People(
        number=number, home=shops_by_habit, arrived=arrived, leaning=leaning, pace=pace, lifetime=lifetime,
        roams=streams.of("roaming").random(size) < ROAMING_SHARE,
        place=looks.choice(len(weights), size, p=weights / weights.sum()), gender=looks.choice([1, 2], size, p=[0.32, 0.68]),
        phone_owner=owner, has_second_phone=second,
        name=weave(choose(SURNAMES, looks.integers(0, len(SURNAMES), size)), choose(SYLLABLES, looks.integers(0, len(SYLLABLES), size))),
        phone=phone, second_phone=either(second, phone_of(number, "1590"), ""),
        nick=weave("tb", digits(scrambled(number), 9)),
        alipay=either(looks.random(size) < 0.4, phone, mail),
        openid=weave("oYT00", random_text(keys, size, 23)), unionid=weave("oUN00", random_text(keys, size, 23)),
        external_userid=weave("wmYT00", random_text(keys, size, 26)), yz_open_id=weave("yz", random_text(keys, size, 22)),
        member_id=weave("00", digits(scrambled(number), 8)),
    )
