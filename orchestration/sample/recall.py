"""One message with a control group: the brand calls its sleeping friends back by SMS (短信召回) and leaves some of them out, by lot.

Belongs here: who got it, who was held out, what it truly did. Does not: the file that tells of it (`private/messages`).
It is the one campaign of which the truth can be read without the generator: the difference between the two groups.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from orchestration.sample import brand
from orchestration.sample.moments import DAY, HOUR, Span
from orchestration.sample.people import People
from orchestration.sample.pond import Pond
from orchestration.sample.streams import Streams
from orchestration.sample.text import choose
from orchestration.sample.touches import HIGHEST_CHANCE, Touches

CAMPAIGN = "recall_tea"
DAYS_BEFORE_END = 40  # early enough that the week after it is over
FRIEND_SINCE = 14 * DAY
HELD_OUT_SHARE, FAILED_SHARE = 0.35, 0.03
ACTS_SHARE = 0.45  # of receivers, who click or answer within two days
EFFECT = 0.40  # by which that act raises the chance that an average person buys: a voucher of ten yuan is in it


@dataclass(frozen=True)
class Recall:
    """One value per person meant; `held_out` says whether the lot left them out, `failed` whether it never arrived."""

    sent_at: int
    person: np.ndarray  # position in the chunk
    held_out: np.ndarray
    failed: np.ndarray
    touches: Touches  # what receivers did


def draw_recall(people: People, pond: Pond, span: Span, streams: Streams) -> Recall:
    """Draw the groups and what the receivers do. A span too short for it has neither."""
    draws = streams.of("recall")
    sent_at = span.stop - DAYS_BEFORE_END * DAY + 10 * HOUR
    meant = (pond.joined < sent_at - FRIEND_SINCE) & (pond.left > sent_at) & (sent_at > span.start)
    person = np.flatnonzero(meant)
    held_out = draws.random(len(person)) < HELD_OUT_SHARE
    failed = ~held_out & (draws.random(len(person)) < FAILED_SHARE)
    acts = ~held_out & ~failed & (draws.random(len(person)) < ACTS_SHARE)
    at = sent_at + 300 + (draws.random(len(person)) * 40 * HOUR).astype(np.int64)
    acting = person[acts]
    chance = np.minimum(EFFECT * people.leaning[acting], HIGHEST_CHANCE)
    touches = Touches(acting, at[acts], np.full(len(acting), brand.POSITION["sms"]), chance)
    return Recall(sent_at, person, held_out, failed, touches.where(touches.at < pond.left[acting]))


def campaign_table(recall: Recall, person_ids: pa.StringArray) -> pa.Table:
    """The truth: one row per person meant, which group, when, and the chance of buying that the message added (0 where it was not sent)."""
    added = np.zeros(len(recall.person))
    added[np.searchsorted(recall.person, recall.touches.person)] = recall.touches.chance
    return pa.table({
        "person_id": person_ids, "campaign": choose((CAMPAIGN,), np.zeros(len(recall.person), dtype=np.int64)),
        "sent_at": pa.array(np.full(len(recall.person), recall.sent_at)).cast(pa.timestamp("s")).cast(pa.timestamp("us")),
        "is_held_out": recall.held_out, "true_effect": added,
    })
