"""The ground truth of the sample as Parquet: what no pipeline sees, and every pipeline can be judged by.

Belongs here: people, their ids, touches with their true effect, orders with their true cause, what was planted.
Does not: anything that lands. Written outside the lake.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from orchestration.sample import brand, crm, douyin, pond, taobao, youzan
from orchestration.sample.moments import NEVER
from orchestration.sample.text import choose, either, weave, whole, yuan
from orchestration.sample.world import World

MONEY = pa.decimal128(18, 2)
NOTHING = pa.scalar(None, pa.string())


@dataclass(frozen=True)
class Planted:
    """A trouble that was put in on purpose, and what a correct pipeline makes of it."""

    kind: str
    file: str  # relative to landing; '' when it is spread over many files
    detail: str


@dataclass
class TruthBook:
    """Grows chunk by chunk; a context. Does nothing when there is no folder to write to."""

    folder: Path | None
    _stack: ExitStack = field(default_factory=ExitStack)
    _writers: dict[str, pq.ParquetWriter] = field(default_factory=dict)

    def __enter__(self) -> TruthBook:
        return self

    def __exit__(self, *failure: object) -> None:
        self._stack.close()

    def add(self, world: World) -> None:
        """Write one chunk's tables."""
        if self.folder is None:
            return
        self._write("people", people_table(world))
        self._write("identifiers", identifiers_table(world))
        self._write("touches", touches_table(world))
        self._write("contacts", contacts_table(world))
        self._write("orders", orders_table(world))

    def finish(self, planted: Iterable[Planted]) -> None:
        """Write what is not about people."""
        if self.folder is not None:
            rows = sorted(planted, key=lambda entry: (entry.kind, entry.file, entry.detail))
            names = ("kind", "file", "detail")
            self._write("planted", pa.table({name: pa.array([getattr(row, name) for row in rows], pa.string()) for name in names}))
            self._write("channels", pa.table({
                "channel": list(brand.CODES), "domain": [channel.domain for channel in brand.CHANNELS],
                "true_effect": [channel.effect for channel in brand.CHANNELS]}))

    def _write(self, name: str, table: pa.Table) -> None:
        if name not in self._writers:
            self.folder.mkdir(parents=True, exist_ok=True)
            writer = pq.ParquetWriter(self.folder / f"{name}.parquet", table.schema, compression="zstd")
            self._writers[name] = self._stack.enter_context(writer)
        self._writers[name].write_table(table)


def _times(moments: np.ndarray) -> pa.Array:
    return pa.array(moments, mask=moments >= NEVER).cast(pa.timestamp("s")).cast(pa.timestamp("us"))


def people_table(world: World) -> pa.Table:
    """One row per person."""
    people, entered = world.people, world.pond.joined < NEVER
    return pa.table({
        "person_id": world.person_ids(np.arange(len(people))), "home_platform": choose(brand.PLATFORMS, people.home),
        "arrived_at": _times(people.arrived), "leaning": people.leaning,
        "shares_phone_with": either(people.phone_owner != people.number, weave("person-", whole(people.phone_owner)), NOTHING),
        "joined_private_at": _times(world.pond.joined), "left_private_at": _times(world.pond.left),
        "entry": either(entered, choose(pond.ENTRY_KINDS, world.pond.entry), NOTHING),
        "invited_by": either(world.pond.inviter >= 0, weave("person-", whole(world.pond.inviter)), NOTHING),
    })


def identifiers_table(world: World) -> pa.Table:
    """One row per person and id under which some export may show them. Key types and scopes are those of the contracts."""
    people, orders = world.people, world.orders
    at = {platform: np.zeros(len(people), dtype=bool) for platform in range(3)}
    for platform, buyers in at.items():
        buyers[orders.person[orders.platform == platform]] = True
    entered, member = world.pond.joined < NEVER, crm.joined_at(world) < NEVER
    by_mail = np.asarray(pc.match_substring(people.alipay, "@"))
    known = at[brand.TAOBAO] | at[brand.YOUZAN] | entered | member
    tables = (
        ("phone", "global", people.phone, known), ("phone", "global", people.second_phone, known & people.has_second_phone),
        ("email", "global", people.alipay, at[brand.TAOBAO] & by_mail), ("taobao_nick", "taobao", people.nick, at[brand.TAOBAO]),
        ("yz_open_id", "youzan", people.yz_open_id, at[brand.YOUZAN]),
        ("openid", brand.MINI_PROGRAM, people.openid, at[brand.YOUZAN] | member),
        ("unionid", brand.OPEN_PLATFORM, people.unionid, entered | member),
        ("external_userid", brand.CORP, people.external_userid, entered),
        ("member_id", brand.CRM_SYSTEM, people.member_id, member),
    )
    parts = []
    for key_type, scope, values, mask in tables:
        held = np.flatnonzero(mask)
        constant = {name: pa.array([text]).take(pa.array(np.zeros(len(held), dtype=np.int64))) for name,
            text in (("key_type", key_type), ("key_scope", scope))}
        parts.append(pa.table({"person_id": world.person_ids(held), **constant, "raw_value": values.take(pa.array(held))}))
    return pa.concat_tables(parts).combine_chunks()


def touches_table(world: World) -> pa.Table:
    """One row per touch, seen by an export or not; `true_effect` is the chance of buying that this touch added."""
    touches = world.touches
    return pa.table({"person_id": world.person_ids(touches.person), "at": _times(touches.at),
        "channel": choose(brand.CODES, touches.channel),
                     "true_effect": touches.chance})


def contacts_table(world: World) -> pa.Table:
    """One row per WeCom relation."""
    ties = world.friendships
    return pa.table({"person_id": world.person_ids(ties.person), "staff_id": choose(brand.STAFF, ties.staff),
        "opened_at": _times(ties.opened),
                     "closed_at": _times(ties.closed), "closed_by": choose(("", "customer", "staff", "transfer"), ties.closed_by),
                     "state": either(ties.has_state, world.pond.state.take(pa.array(ties.person)), "")})


def orders_table(world: World) -> pa.Table:
    """One row per order, with its money after every refund."""
    orders, fates = world.orders, world.fates
    everything = np.arange(len(orders))
    ids = either(orders.platform == brand.TAOBAO, taobao.order_ids(world, everything), either(
        orders.platform == brand.DOUYIN, douyin.order_ids(world, everything), youzan.order_ids(world, everything)))
    paid = fates.paid < NEVER
    refunded = np.where(fates.refunded < NEVER, fates.refund, 0)
    receivable = np.where(paid, orders.paid + orders.subsidy, 0)
    cause = np.where(orders.cause == brand.DIRECT, len(brand.CODES), orders.cause)
    return pa.table({
        "person_id": world.person_ids(orders.person), "platform": choose(brand.PLATFORMS, orders.platform), "order_id": ids,
        "order_class": choose(brand.CLASSES, orders.kind), "ordered_at": _times(orders.at), "paid_at": _times(fates.paid), "is_paid": paid,
        "lines": orders.line_count, "receivable_cny": yuan(receivable).cast(MONEY), "refunded_cny": yuan(refunded).cast(MONEY),
        "net_revenue_cny": yuan(receivable - refunded).cast(MONEY), "true_channel": choose((*brand.CODES, "direct"), cause),
    })
