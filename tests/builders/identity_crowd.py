"""A crowd of buyers as evidence with its truth: each with the keys that four exports show, some with keys that mean somebody else.

Belongs here: who carries which key on which record, and whose each key is. Does not: what identity should make of it (the tests).
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from builders.identity_world import Key, Record, key, record
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

PEOPLE, SEED = 240, 5
FAMILIES, RECYCLED, LENDERS, ON_TABLET, GUIDED, SENDERS = (
    range(0, 40), range(40, 80), range(80, 120), range(120, 140), range(140, 160), range(160, 190)
)  # fmt: skip
REST = 1_400  # days that a number rests before the operator gives it out again
NAME = "crowd"


def crowd() -> list[Record]:
    """Everybody's records. Neighbours 2k and 2k + 1 are family, former and new owner, or lend each other their cards."""
    draws = np.random.default_rng(SEED)
    shops = draws.random((PEOPLE, 4)) < 0.75
    shops[~shops.any(axis=1), 0] = True
    for people, needed in ((FAMILIES, 0), (RECYCLED, 0), (LENDERS, 2), (LENDERS, 3), (ON_TABLET, 1), (GUIDED, 0), (SENDERS, 2)):
        shops[people, needed] = True
    day = draws.integers(0, 200, (PEOPLE, 4))
    records = [record(f"{NAME}-guides_guide", _phone("guide"), staff=True)]
    for person in range(PEOPLE):
        partner = person ^ 1
        number = person & ~1 if person in FAMILIES or person in RECYCLED else person
        later = REST if person in RECYCLED and person & 1 else 0
        receiver = "guide" if person in GUIDED else number
        made = (
            _taobao(person, receiver), _youzan(person, number, person in ON_TABLET),
            _member(person, number, partner if person in SENDERS else None), _till(person, partner if person in LENDERS else person),
        )  # fmt: skip
        for kind in np.flatnonzero(shops[person]):
            records += [record(f"{NAME}-{name}_{person}", *keys, day=int(day[person, kind]) + later) for name, keys in made[kind].items()]
    return records


def owner(name: str) -> str:
    """Whose key or record it is: the number of the person, `guide` or `tablet` for the shop's own; a name ends with it."""
    return name.rsplit("_", 1)[1]


def evidence(records: Iterable[Record]) -> dict[str, int]:
    """Token → which of a person's keys hang together by what records rightly say: a key counts on its owner's records, a family's phone
    on none."""
    ids: dict[str, int] = {}
    left, right = [], []
    for each in records:
        rightly = [k.token for k in each.keys if owner(k.token) == owner(each.name) and not (k.kind == "phone" and _is_shared(each.name))]
        places = [ids.setdefault(token, len(ids)) for token in rightly]
        left += places[:1] * len(places)
        right += places
    _, part = connected_components(coo_matrix((np.ones(len(left)), (left, right)), shape=(len(ids), len(ids))), directed=False)
    return {token: int(part[place]) for token, place in ids.items()}


def _is_shared(name: str) -> bool:
    return owner(name).isdigit() and int(owner(name)) in FAMILIES


def _key(kind: str, short: str, person: object, trust: str = "") -> Key:
    return key(kind, f"{NAME}-{short}_{person}", scope=NAME, trust=trust)


def _phone(person: object, trust: str = "account") -> Key:
    return _key("phone", "p", person, trust)


def _taobao(person: int, receiver: object) -> dict[str, tuple[Key, ...]]:
    return {"tb": (_key("order_id", "tb", person), _key("taobao_nick", "n", person), _phone(receiver, "receiver"))}


def _youzan(person: int, number: int, on_tablet: bool) -> dict[str, tuple[Key, ...]]:
    """Two orders; on the shop's tablet they stand under its account and name the buyer by who pays and who receives."""
    found = {}
    for place in (1, 2):
        order, paid = _key("order_id", f"yz{place}", person), _key("transaction_id", f"yzt{place}", person)
        account = (_key("yz_open_id", "y", "tablet"),) if on_tablet else (_key("yz_open_id", "y", person), _phone(number))
        found[f"yz{place}"] = (order, paid, *account, _phone(number, "receiver"))
        found[f"yzbill{place}"] = (paid, _key("openid", "w", person))
    return found


def _member(person: int, number: int, sends_to: int | None) -> dict[str, tuple[Key, ...]]:
    """The member file, the phone that the mini program verified, and an order of the own mall, maybe to another's home."""
    home = _phone(number if sends_to is None else sends_to, "receiver")
    return {
        "member": (_key("member_id", "m", person), _phone(number, "member_file")),
        "bound": (_key("openid", "w", person), _phone(number, "platform_verified")),
        "mall": (_key("order_id", "wm", person), _key("wid", "d", person), home), "mallself": (_key("wid", "d", person), _phone(number)),
    }  # fmt: skip


def _till(person: int, card: int) -> dict[str, tuple[Key, ...]]:
    """Tickets under a card and the payments that name who paid: one under a lent card, three under the own."""
    found, shown = {}, (_key("member_id", "m", card), _key("pos_customer_uid", "u", card))
    for place in (1,) if card != person else (1, 2, 3):
        paid = _key("transaction_id", f"tillt{place}", person)
        found[f"till{place}"] = (_key("order_id", f"till{place}", person), paid, *shown)
        found[f"tillbill{place}"] = (paid, _key("openid", "w", person))
    return found
