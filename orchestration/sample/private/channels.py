"""Everything that the private channels and the brand itself export, one chunk of people after the other.

Belongs here: the list of writers. Does not: formats.
"""

from __future__ import annotations

from dataclasses import dataclass

from orchestration.sample.moments import Span
from orchestration.sample.outbox import Outbox
from orchestration.sample.own import finance, rulings
from orchestration.sample.private import (
    chat_payments,
    coupons,
    groups,
    guides,
    legacy,
    mass_sends,
    messages,
    mini_program,
    official_account,
    partners,
    referrals,
    refund_notices,
    service,
    tills,
    trackers,
    weimob,
    youzan_office,
)
from orchestration.sample.private.daily_figures import DailyFigures
from orchestration.sample.streams import Streams
from orchestration.sample.world import World

WRITERS = (
    weimob.write_weimob, tills.write_tickets, chat_payments.write_chat_payments, official_account.write_followers,
    mini_program.write_mini_program, groups.write_groups, mass_sends.write_mass_sends, mass_sends.write_moments, referrals.write_referrals,
    service.write_complaints, service.write_reviews, guides.write_bindings, coupons.write_coupons, rulings.write_codes_of_people,
    messages.write_sms, messages.write_recall, messages.write_mail, messages.write_consents, trackers.write_sensors, trackers.write_site,
    legacy.write_friends, legacy.write_rooms, partners.write_leads, youzan_office.write_report, youzan_office.write_customers,
    refund_notices.write_refund_notices, finance.write_order_costs, rulings.write_orders, rulings.write_identity,
)


@dataclass
class Channels:
    """The exports that grow chunk by chunk, and the figures that only the end knows."""

    span: Span
    figures: DailyFigures
    costs: finance.ChannelCosts

    @classmethod
    def over(cls, span: Span) -> Channels:
        """Nothing written yet."""
        return cls(span, DailyFigures(span), finance.ChannelCosts(span))

    def add(self, world: World, outbox: Outbox) -> None:
        """Write one chunk's share of every export."""
        for write in WRITERS:
            write(world, outbox)
        self.figures.add(world)
        self.costs.add(world)

    def finish(self, outbox: Outbox, streams: Streams) -> None:
        """Write what no chunk knows alone."""
        self.figures.finish(outbox, streams)
        self.costs.finish(outbox)
        finance.write_product_costs(self.span, outbox)
        rulings.write_codes(self.span, outbox)
        rulings.write_calendar(self.span, outbox)
