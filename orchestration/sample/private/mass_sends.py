"""WeCom mass messages (企业群发) and Moments (客户朋友圈): what was sent to whom, who can see it, who liked it or commented.

Belongs here: their result pages, one per message and line. Does not: what a message causes. Nobody knows who read one.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from orchestration.sample import brand
from orchestration.sample.moments import DAY, HOUR, SHANGHAI_OFFSET, moment_moments, send_moments
from orchestration.sample.outbox import Outbox
from orchestration.sample.pond import BY_CUSTOMER
from orchestration.sample.private.groups import chat_id, group_of, owner
from orchestration.sample.private.pages import grouped_lines, place, pulled
from orchestration.sample.text import choose, either, weave, whole
from orchestration.sample.world import World

RECEIVER_SHARE = 0.6  # of friends, whom one message is meant for
KEPT_TRYING = 21 * DAY  # for how long messages still go to a customer who deleted the guide
FAILED, WAITING = 0.02, 0.01  # over the customer's quota, never sent by the guide


def _receivers(world: World) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Positions of friendships, of messages, and the status of each: 1 sent, 2 no friend any more, 3 over quota, 0 waiting."""
    ties, sends, draws = world.friendships, send_moments(world.span), world.streams.of("mass sends")
    still = np.where(ties.closed_by == BY_CUSTOMER, ties.closed + KEPT_TRYING, ties.closed)
    row, message = np.nonzero((ties.opened[:, None] < sends) & (still[:, None] > sends))
    soon_gone = (ties.closed[row] > sends[message]) & (ties.closed[row] < sends[message] + 2 * DAY)
    lot = draws.random(len(row))
    meant = (draws.random(len(row)) < RECEIVER_SHARE) | soon_gone
    status = np.select([ties.closed[row] <= sends[message], lot < FAILED, lot < FAILED + WAITING], [2, 3, 0], 1)
    return row[meant], message[meant], status[meant]


def write_mass_sends(world: World, outbox: Outbox) -> None:
    """One page per message, with the customers and the groups it went to."""
    ties, sends, window = world.friendships, send_moments(world.span), pulled(world.span, 0, 9, 5)
    row, message, status = _receivers(world)
    sent = sends[message] + 120 + ties.staff[row] * 90 + row % 60 - SHANGHAI_OFFSET
    people = weave(',{"external_userid":"', world.people.external_userid.take(pa.array(ties.person[row])), '","userid":"',
                   choose(brand.STAFF, ties.staff[row]), '","status":', whole(status),
                   either(status == 1, weave(',"send_time":', whole(sent)), ""), "}")
    groups = np.unique(group_of(world, np.flatnonzero(world.bonds.entered_group < world.span.stop)))
    rooms = pa.array([
        f',{{"chat_id":"{chat_id(group)}","userid":"{owner(group)}","status":1,"send_time":{moment + HOUR - SHANGHAI_OFFSET}}}'
        for moment in sends.tolist() for group in groups.tolist()], pa.string())
    heads = [f'{{"msgid":"msgYT{number:024d}","create_time":"{moment - SHANGHAI_OFFSET}","errcode":0,"errmsg":"ok","next_cursor":"",'
             '"send_list":[' for number, moment in enumerate(sends.tolist(), start=1)]
    group = np.concatenate([message, np.repeat(np.arange(len(sends)), len(groups))])
    lines = grouped_lines(heads, pa.concat_arrays([people, rooms]), group, "]}\n")
    if len(lines):
        outbox.lines(place("wecom/mass_sends", brand.CORP, window, "sends", ".jsonl"), "", lines)
        outbox.rows["wecom/mass_sends"] += len(group) - len(lines)


def write_moments(world: World, outbox: Outbox) -> None:
    """Two pages per Moment: who liked or commented, and who can see it."""
    posts, window, ties, touches = moment_moments(world.span), pulled(world.span, 0, 9, 10), world.friendships, world.touches
    acts = np.flatnonzero((touches.channel == brand.POSITION["wecom_moments"]) & (touches.at > posts[0] if len(posts) else False))
    name, written = place("wecom/moments", brand.CORP, window, "moments", ".jsonl"), 0
    heads = [f'{{"moment_id":"momYT{number:020d}","create_time":{moment - SHANGHAI_OFFSET},"errcode":0,"errmsg":"ok",'
             for number, moment in enumerate(posts.tolist(), start=1)]
    for kind, mask in (("comment_list", acts % 3 == 0), ("like_list", acts % 3 != 0)):
        rows = acts[mask]
        objects = weave(',{"external_userid":"', world.people.external_userid.take(pa.array(touches.person[rows])), '","create_time":',
                        whole(touches.at[rows] - SHANGHAI_OFFSET), "}")
        written += _page(outbox, name, [f'{head}"{kind}":[' for head in heads], objects, np.searchsorted(posts, touches.at[rows]) - 1)
    row, post = np.nonzero((ties.opened[:, None] < posts) & (ties.closed[:, None] > posts))
    objects = weave(',{"userid":"', choose(brand.STAFF, ties.staff[row]), '","external_userid":"',
                    world.people.external_userid.take(pa.array(ties.person[row])), '"}')
    written += _page(outbox, name, [f'{head}"next_cursor":"","customer_list":[' for head in heads], objects, post)
    outbox.rows["wecom/moments"] += written


def _page(outbox: Outbox, name: str, heads: list[str], objects: pa.StringArray, group: np.ndarray) -> int:
    lines = grouped_lines(heads, objects, group, "]}\n")
    if len(lines):
        outbox.lines(name, "", lines)
    return len(objects) - len(lines)
