"""WeCom (企业微信): customer lists page by page as batch/get_by_user gives them, and the callbacks of change events.

Belongs here: their JSON. Does not: who joined why. A customer who deleted the staff stays in the list; only the event tells.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from orchestration.sample import brand
from orchestration.sample.moments import DAY, HOUR, NEVER, SHANGHAI_OFFSET, Span, Window, day_of
from orchestration.sample.outbox import Outbox, PageSet
from orchestration.sample.pond import BY_DEPARTURE, BY_STAFF, BY_TRANSFER
from orchestration.sample.receivers import PLACEHOLDER_PHONE, SHARED_PHONE
from orchestration.sample.text import choose, compact_clock, either, weave, whole
from orchestration.sample.world import World

PAGE = 100
UNIONID_SHARE, REMARK_SHARE, SECOND_REMARK_SHARE = 0.90, 0.34, 0.02
REPEATED_EVERY = 50  # of every so many people one, whose callbacks come twice
COUNTER_REMARKS = 7  # customers on whom staff noted the counter's phone
TAGS = ("etYT0000000000000000000001", "etYT0000000000000000000002", "etYT0000000000000000000003", "etYT0000000000000000000004")
FACES = ("", "🐟", "🍵", "\\n")  # nicknames hold emoji and line breaks


def snapshots(span: Span, dense: bool) -> tuple[Window, ...]:
    """When the list is pulled: ever more often towards the end; once less in a large world."""
    ages = (0, 7, 30, 120) if dense else (0, 7, 30)
    days = {span.days - age for age in ages}
    return tuple(Window(span.start, span.start + day * DAY, span.start + day * DAY + 8 * HOUR + 1_800) for day in sorted(days) if day > 0)


def page_set(window: Window, size: int) -> PageSet:
    """The page files of one pull; the last one has an empty cursor."""
    def path(page: int) -> str:
        return f"wecom/contacts/account={brand.CORP}/date={window.taken_on}/contacts_{window.stamp}_{page:04d}.json"

    def wrap(records: bytes, page: int, last: bool) -> bytes:
        cursor = b"" if last else b"cursor%06d" % page
        return b'{"errcode":0,"errmsg":"ok","external_contact_list":[' + records + b'],"next_cursor":"' + cursor + b'"}\n'

    return PageSet(path, wrap, size)


def remark_mobiles(world: World, has_counter: bool) -> pa.StringArray:
    """What staff noted as phones, per friendship, as the content of a JSON array."""
    person, draws = world.friendships.person, world.streams.of("remarks")
    phone = weave('"', world.people.phone.take(pa.array(person)), '"')
    lot = draws.random(len(person))
    text = either(lot < REMARK_SHARE, phone, "")
    second = (lot < SECOND_REMARK_SHARE) & world.people.has_second_phone[person]
    text = either(second, weave(phone, ',"', world.people.second_phone.take(pa.array(person)), '"'), text)
    text = either((lot > 0.995), f'"{PLACEHOLDER_PHONE}"', text)
    if has_counter:
        _, ones = np.unique(person, return_index=True)
        counter = np.zeros(len(person), dtype=bool)
        counter[ones[:: max(1, len(ones) // COUNTER_REMARKS)][:COUNTER_REMARKS]] = True
        text = either(counter, f'"{SHARED_PHONE}"', text)
    return text


def contact_objects(
    world: World, rows: np.ndarray, remarks: pa.StringArray, named_tags: bool = False,
) -> tuple[pa.StringArray, pa.StringArray]:
    """`external_contact` and the inner part of `follow_info` of each friendship; only `get` names the tags."""
    ties, people = world.friendships, world.people
    person = pa.array(ties.person[rows])
    lot = people.number[ties.person[rows]] * 2_654_435_761 % 1_000 / 1_000
    unionid = either(lot < UNIONID_SHARE, weave(',"unionid":"', people.unionid.take(person), '"'), "")
    face = choose(FACES, people.number[ties.person[rows]] % 11 % len(FACES))
    contact = weave('{"external_userid":"', people.external_userid.take(person), '","name":"', people.name.take(person), face,
                    '","type":1,"avatar":"","gender":', whole(people.gender[ties.person[rows]]), unionid, "}")
    state = either(ties.has_state[rows], weave(',"state":"', world.pond.state.take(person), '"'), "")
    tag = choose(TAGS, people.number[ties.person[rows]] % len(TAGS))
    named = ',"tags":[{"group_name":"来源","tag_name":"茶友","type":1,"tag_id":"', tag, '"}]'
    follow = weave(
        '"userid":"', choose(brand.STAFF, ties.staff[rows]), '","remark":"', people.name.take(person), '","description":"","createtime":',
        whole(ties.opened[rows] - SHANGHAI_OFFSET), *(named if named_tags else (',"tag_id":["', tag, '"]')), ',"remark_mobiles":[',
        remarks.take(pa.array(rows)), '],"add_way":', whole(ties.add_way[rows]),
        ',"oper_userid":"', people.external_userid.take(person), '"', state)
    return contact, follow


def write_contacts(world: World, outbox: Outbox, has_counter: bool, dense: bool, page_size: int) -> None:
    """All pulls of the customer list. In the last one, one customer comes in the shape of `externalcontact/get`."""
    ties, remarks = world.friendships, remark_mobiles(world, has_counter)
    pulls = snapshots(world.span, dense)
    for window in pulls:
        gone = (ties.closed < window.stop) & np.isin(ties.closed_by, (BY_STAFF, BY_TRANSFER, BY_DEPARTURE))
        rows = np.flatnonzero((ties.opened < window.stop) & ~gone)
        if has_counter and window == pulls[-1] and len(rows):
            rows = _single(world, outbox, window, rows, remarks)
        contact, follow = contact_objects(world, rows, remarks)
        records = weave(',{"external_contact":', contact, ',"follow_info":{', follow, "}}")
        outbox.records(f"wecom/{window.stamp}", records, lambda window=window: page_set(window, page_size))


def _single(world: World, outbox: Outbox, window: Window, rows: np.ndarray, remarks: pa.StringArray) -> np.ndarray:
    """Write the customer with most followers as a `get` page, and give back the others' rows."""
    person = world.friendships.person[rows]
    chosen = np.bincount(person).argmax()
    contact, follow = contact_objects(world, rows[person == chosen], remarks, named_tags=True)
    followers = ",".join("{" + text + "}" for text in follow.to_pylist())
    name = page_set(window, PAGE).path(0).replace("_0000", "_get_0001")
    document = f'{{"errcode":0,"errmsg":"ok","external_contact":{contact[0].as_py()},"follow_user":[{followers}]}}\n'
    outbox.whole(name, document.encode(), len(follow))
    return rows[person != chosen]


def _is_repeated(world: World, ties: np.ndarray) -> np.ndarray:
    return world.people.number[world.friendships.person[ties]] % REPEATED_EVERY == 7


def repeated_events(world: World) -> int:
    """How many callbacks of this chunk are sent twice."""
    closed = np.flatnonzero((world.friendships.closed < NEVER) & (world.friendships.closed_by != BY_DEPARTURE))
    return int(_is_repeated(world, np.arange(len(world.friendships))).sum() + _is_repeated(world, closed).sum())


def write_events(world: World, outbox: Outbox) -> None:
    """One JSON line per callback, in monthly files; some are sent twice, as WeCom does after a timeout."""
    ties = world.friendships
    closed = np.flatnonzero((ties.closed < NEVER) & (ties.closed_by != BY_DEPARTURE))  # nobody tells of those left behind
    row = np.concatenate([np.arange(len(ties)), closed])
    at = np.concatenate([ties.opened, ties.closed[closed]])
    kind = np.concatenate([np.zeros(len(ties), dtype=np.int64), ties.closed_by[closed]])
    again = np.flatnonzero(_is_repeated(world, row))
    row, at, kind = (np.concatenate([column, column[again]]) for column in (row, at, kind))
    order = np.lexsort((row, at))
    row, at, kind = row[order], at[order], kind[order]
    person = pa.array(ties.person[row])
    change = choose(("add_external_contact", "del_follow_user", "del_external_contact", "del_external_contact"), kind)
    state = either((kind == 0) & ties.has_state[row], world.pond.state.take(person), "")
    lines = weave('{"ToUserName":"', brand.CORP, '","Event":"change_external_contact","ChangeType":"', change, '","UserID":"',
        choose(brand.STAFF, ties.staff[row]),
                  '","ExternalUserID":"', world.people.external_userid.take(person), '","State":"', state, '","Source":"',
                  either(kind == BY_TRANSFER, "DELETE_BY_TRANSFER", ""), '","CreateTime":', whole(at - SHANGHAI_OFFSET), "}\n")
    month = np.asarray(pc.utf8_slice_codeunits(compact_clock(at), 0, 6).to_numpy(zero_copy_only=False),
        dtype=str) if len(at) else np.array([], dtype=str)
    for name in np.unique(month):
        first = day_of(int(at[month == name][0])).replace(day=1)
        after = min(first.replace(year=first.year + first.month // 12, month=first.month % 12 + 1), day_of(world.span.stop))
        path = f"wecom/contact_events/account={brand.CORP}/date={after}/events_{after:%Y%m%d}001000.jsonl"
        outbox.lines(path, "", lines.take(pa.array(np.flatnonzero(month == name))))

