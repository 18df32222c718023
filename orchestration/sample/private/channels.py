"""Everything that the private channels and the brand itself export, one chunk of people after the other.

Belongs here: the list of writers. Does not: formats.
"""

from __future__ import annotations

from dataclasses import dataclass

from orchestration.sample.moments import Span
from orchestration.sample.outbox import Outbox
from orchestration.sample.own import rulings
from orchestration.sample.private import (
    chat_payments,
    coupons,
    groups,
    guides,
    mass_sends,
    mini_program,
    official_account,
    referrals,
    service,
    tills,
    weimob,
)
from orchestration.sample.private.daily_figures import DailyFigures
from orchestration.sample.streams import Streams
from orchestration.sample.world import World

WRITERS = (
    weimob.write_weimob, tills.write_tickets, chat_payments.write_chat_payments, official_account.write_followers,
    mini_program.write_mini_program, groups.write_groups, mass_sends.write_mass_sends, mass_sends.write_moments, referrals.write_referrals,
    service.write_complaints, service.write_reviews, guides.write_bindings, coupons.write_coupons, rulings.write_codes_of_people,
)


@dataclass
class Channels:
    """The exports that grow chunk by chunk, and the figures that only the end knows."""

    span: Span
    figures: DailyFigures

    @classmethod
    def over(cls, span: Span) -> Channels:
        """Nothing written yet."""
        return cls(span, DailyFigures(span))

    def add(self, world: World, outbox: Outbox) -> None:
        """Write one chunk's share of every export."""
        for write in WRITERS:
            write(world, outbox)
        self.figures.add(world)

    def finish(self, outbox: Outbox, streams: Streams) -> None:
        """Write what no chunk knows alone."""
        self.figures.finish(outbox, streams)
        rulings.write_codes(self.span, outbox)
