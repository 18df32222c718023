"""Ids under which the brand's private systems know people: spelled from the person's number, scrambled, so they need no drawing.

Belongs here: the form of those ids. Does not: who stands in which file.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from orchestration.sample.people import scrambled
from orchestration.sample.text import digits, weave, whole

MASK = (1 << 52) - 1


def wids(numbers: np.ndarray) -> pa.StringArray:
    """Weimob's customer number, an int64."""
    return whole(10_000_000_000 + scrambled(numbers))


def super_wids(numbers: np.ndarray) -> pa.StringArray:
    """Weimob's number of the person over all shops of a group."""
    return whole(10_900_000_000 + scrambled(numbers))


def till_customers(numbers: np.ndarray) -> pa.StringArray:
    """The till's customer uid, 18 digits."""
    return weave("85961344667", digits(scrambled(numbers), 7))


def logins(numbers: np.ndarray) -> pa.StringArray:
    """The account of the brand's own app and site."""
    return weave("yt", digits(scrambled(numbers), 8))


def wxids(numbers: np.ndarray) -> pa.StringArray:
    """The id of a personal WeChat account as tools dump it."""
    return weave("wxid_", digits(scrambled(numbers), 7), "yutang")


def devices(numbers: np.ndarray, family: int) -> pa.StringArray:
    """A browser or device id of 16 digits; each tracker (family) gives the same person another one."""
    mixed = (numbers + 1) * 2_862_933_555_777_941 + family * 3_037_000_493 & MASK
    mixed = (mixed ^ mixed >> 23) * 2_685_821_657 & MASK
    return weave(digits(mixed, 16))
