"""Forgetting a person: who is meant, and taking every key of theirs out of landing, bronze and releases, each file aside and renamed.

The order makes it safe to kill: what is to be forgotten is noted first and forgotten last, and every step may be done twice. The
warehouse is dropped: the next build splits anew what hung on the keys. Here: the steps. Not here: how one room is cleaned (`erase_*`).
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import duckdb

from orchestration.lake.build_marks import drop_warehouse
from orchestration.lake.catalog import Catalog
from orchestration.lake.durable import append_durably, write_durably
from orchestration.lake.erase_bronze import erase_bronze, find_people
from orchestration.lake.erase_originals import erase_originals
from orchestration.lake.erase_releases import erase_releases
from orchestration.lake.erase_reports import erase_reports
from orchestration.lake.history import now
from orchestration.lake.layout import Lake
from orchestration.lake.releases import current_file
from orchestration.lake.sql import literals
from orchestration.lake.suppression import add_forgotten
from orchestration.lake.tokens import normalised, token
from orchestration.lake.workers import open_connection

JOB = ".forgetting.json"  # in landing: it holds tokens for as long as the work takes
RECEIPTS = "erasures.jsonl"
IS_TOKEN = re.compile(r"[0-9a-f]{64}")


class NobodyFound(ValueError):
    """The request names nobody that this lake knows; the message says what can be named."""


@dataclass(frozen=True)
class Person:
    """What is to be forgotten: tokens, and how many keys of each type they are."""

    tokens: tuple[str, ...]
    kinds: dict[str, int]


@dataclass(frozen=True)
class Erasure:
    """What was done, without personal data: one line of `published/erasures.jsonl`."""

    at: str
    keys: dict[str, int]
    deliveries: int
    rows_erased: int
    rows_blanked: int
    originals_blanked: int
    originals_removed: int
    releases: int


def find_person(lake: Lake, pepper: bytes, kind: str, value: str) -> Person:
    """Who is meant by a key (`kind` phone, email, openid …: its clear value) or by `customer` (an id of the published version).

    Every key that the published version knows of this customer belongs to the request. Raises NobodyFound.
    """
    with open_connection(pepper) as con:
        if kind == "customer":
            given = None
        else:
            text = con.execute(f"select {normalised(kind, '$1')}", [value.strip()]).fetchall()[0][0]
            given = token(pepper, text)
    known = _keys_of(lake, given, value)
    tokens = {key for _, key in known if IS_TOKEN.fullmatch(key)} | ({given} if given else set())
    if not tokens:
        raise NobodyFound(f"no customer {value} in the published version: take an id of customer.dim_customers, or name --phone or --key")
    kinds = Counter(key_type for key_type, key in known if IS_TOKEN.fullmatch(key)) or Counter({kind: 1})
    return Person(tuple(sorted(tokens)), dict(sorted(kinds.items())))


def forget(lake: Lake, catalog: Catalog, pepper: bytes, person: Person) -> Erasure:
    """Do it, from the beginning or from where a kill left it; the receipt."""
    write_durably(lake.landing / JOB, json.dumps(asdict(person)))
    os.chmod(lake.landing / JOB, 0o600)
    add_forgotten(lake, pepper, person.tokens)
    found = find_people(lake, catalog, person.tokens)
    originals = erase_originals(lake, catalog, pepper, found, person.tokens, owner_of(pepper, frozenset(person.tokens)))
    cleared = [rows for each in found if (rows := erase_bronze(lake, each, person.tokens))]
    erase_reports(lake, person.tokens)
    drop_warehouse(lake)
    for left in (lake.warehouse_dir / "analytics", lake.fences):
        shutil.rmtree(left, ignore_errors=True)
    lake.prepare()
    releases = erase_releases(lake, person.tokens)
    erasure = Erasure(
        now(), person.kinds, len(found), sum(rows.erased for rows in cleared), sum(rows.blanked for rows in cleared),
        originals["blanked"], originals["removed"], len(releases),
    )  # fmt: skip
    append_durably(lake.published / RECEIPTS, json.dumps(asdict(erasure)))
    (lake.landing / JOB).unlink()
    return erasure


def unfinished(lake: Lake) -> Person | None:
    """A request that a kill interrupted: it is finished before anything else is done."""
    path = lake.landing / JOB
    if not path.exists():
        return None
    said = json.loads(path.read_text("utf-8"))
    return Person(tuple(said["tokens"]), said["kinds"])


def owner_of(pepper: bytes, tokens: frozenset[str]) -> Callable[[str], bool]:
    """Whether a text as it stands in a file is one of these keys: as it is, in lower case, or as a phone."""

    def mine(text: str) -> bool:
        bare = text.strip().strip("=\"'`")
        digits = re.sub(r"[^0-9]", "", bare)
        forms = {bare, bare.lower(), digits, digits[-11:]} if len(bare) >= 5 else set()
        return any(token(pepper, form) in tokens for form in forms)

    return mine


def _keys_of(lake: Lake, given: str | None, customer: str) -> list[tuple[str, str]]:
    file: Path | None = current_file(lake)
    if file is None:
        return []
    with duckdb.connect(str(file), read_only=True) as con:
        who = f"key_token in {literals([given])}" if given else f"customer_id in {literals([customer])}"
        query = f"""select distinct key_type, key_token from customer.customer_keys
            where customer_id in (select customer_id from customer.customer_keys where {who}) order by 1, 2"""
        return con.execute(query).fetchall()
