"""Everything that the private channels export, one chunk of people after the other.

Belongs here: the list of writers. Does not: formats.
"""

from __future__ import annotations

from orchestration.sample.outbox import Outbox
from orchestration.sample.private import chat_payments, tills, weimob
from orchestration.sample.world import World

WRITERS = (weimob.write_weimob, tills.write_tickets, chat_payments.write_chat_payments)


def write_channels(world: World, outbox: Outbox) -> None:
    """Write one chunk's share of every private export."""
    for write in WRITERS:
        write(world, outbox)
