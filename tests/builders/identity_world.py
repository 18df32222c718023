"""A warehouse with nothing in it but identity: the project's own identity models over evidence that a test writes down.

Belongs here: records of keys as plain data, and the dbt project in which they are built. Does not: what should come of them (the tests).
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import pyarrow as pa
import yaml

DBT = Path(__file__).parents[2] / "dbt_project"
START = datetime(2026, 1, 1)
STRENGTH = {
    "order_id": "bridge", "transaction_id": "bridge", "unionid": "platform", "openid": "platform", "external_userid": "platform",
    "distinct_id": "device",
}  # fmt: skip
GIVEN = {  # what stands in for the models that read files
    "int_identity_keys": """
        select record_key, key_type, key_scope, key_token, key_class, trust, min(first_seen_at) as first_seen_at,
            max(last_seen_at) as last_seen_at, min(first_seen_at) as valid_from,
            case when bool_or(valid_to is null) then null else max(valid_to) end as valid_to, {{ hash60('record_key') }} as record_id
        from given.keys group by 1, 2, 3, 4, 5, 6""",
    "int_orders__unioned": "select record_key, true as is_paid_by_other from given.paid_by_other",
    "stg_rulings__identity__keys": "select * from given.rulings",
}  # fmt: skip


@dataclass(frozen=True)
class Key:
    """One key as it stands on a record; `token` is unique to its scenario, so that scenarios never meet."""

    kind: str
    token: str
    scope: str = "s"
    trust: str = ""
    key_class: str = "ok"


@dataclass(frozen=True)
class Record:
    """A record with its keys; `day` counts from 2026-01-01, `valid_to` is the day on which a newer version no longer shows them."""

    name: str
    keys: tuple[Key, ...]
    day: int = 0
    valid_to: int | None = None
    staff: bool = False
    paid_by_other: bool = False


@dataclass(frozen=True)
class Ruling:
    name: str
    verdict: str
    tokens: tuple[str, ...]


def key(kind: str, token: str, scope: str = "s", trust: str = "", key_class: str = "ok") -> Key:
    return Key(kind, token, scope, trust, key_class)


def record(name: str, *keys: Key, day: int = 0, **more: object) -> Record:
    return Record(name, keys, day, **more)  # type: ignore[arg-type]


def write_evidence(con: duckdb.DuckDBPyConnection, records: Iterable[Record], rulings: Sequence[Ruling] = ()) -> None:
    """The tables `given.*`, in exactly this order of rows."""
    rows, paid_by_other = [], []
    for each in records:
        name = each.name + ("#staff" if each.staff else "")
        at = START + timedelta(days=each.day)
        until = None if each.valid_to is None else START + timedelta(days=each.valid_to)
        paid_by_other += [name] if each.paid_by_other else []
        for k in each.keys:
            rows.append((name, k.kind, k.scope, k.token, k.key_class, k.trust or STRENGTH.get(k.kind, "account"), at, at, until))
    names = ("record_key", "key_type", "key_scope", "key_token", "key_class", "trust", "first_seen_at", "last_seen_at", "valid_to")
    kinds = [pa.string()] * 6 + [pa.timestamp("us")] * 3
    keys = pa.table([pa.array(column, kind) for column, kind in zip(zip(*rows, strict=True), kinds, strict=True)], names=list(names))
    con.execute("create schema if not exists given")
    con.register("key_rows", keys)
    con.execute("create or replace table given.keys as select * from key_rows")
    con.execute("create or replace table given.paid_by_other (record_key varchar)")
    con.executemany("insert into given.paid_by_other values (?)", [(name,) for name in [*paid_by_other, "nobody"]])
    con.execute(
        "create or replace table given.rulings "
        "(ruling_key varchar, verdict varchar, ruled_on date, key_type varchar, key_scope varchar, key_token varchar)"
    )
    con.executemany(
        "insert into given.rulings values (?, ?, date '2026-06-01', null, null, ?)",
        [(each.name, each.verdict, token) for each in rulings for token in each.tokens] or [("none", "link", "none")],
    )


def write_project(folder: Path) -> None:
    """A dbt project of the identity models, customer_keys and identity_review as they are, over `given.*`."""
    models = folder / "models"
    models.mkdir(parents=True)
    for path in sorted((DBT / "models" / "intermediate" / "identity").glob("*.sql")):
        shutil.copy(path, models)
    for name in ("customer_keys", "identity_review"):
        shutil.copy(DBT / "models" / "marts" / "customer" / f"{name}.sql", models)
    for name, sql in GIVEN.items():
        (models / f"{name}.sql").write_text(sql, "utf-8")
    seeds = folder / "seeds"
    seeds.mkdir()
    for path in (DBT / "seeds").glob("identity_*.csv"):
        shutil.copy(path, seeds)
    real = yaml.safe_load((DBT / "dbt_project.yml").read_text("utf-8"))
    settings = {
        "name": "fishpond", "version": "1.0.0", "profile": "fishpond", "model-paths": ["models"], "seed-paths": ["seeds"],
        "macro-paths": [str(DBT / "macros")], "vars": real["vars"], "models": {"+materialized": "table"},
    }  # fmt: skip
    (folder / "dbt_project.yml").write_text(json.dumps(settings, ensure_ascii=False), "utf-8")
    for name in ("customer_keys", "identity_review"):
        text = (models / f"{name}.sql").read_text("utf-8")
        (models / f"{name}.sql").write_text("{{ config(schema='customer') }}\n" + text, "utf-8")
