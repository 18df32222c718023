"""Why a customer is one person: keys, the records that link them and where those stand in landing, what was refused, who was near.

Here: the questions to a built warehouse. Not here: printing. What a person typed is only ever compared as a token; no error repeats it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

import duckdb

from orchestration.lake.identity_paths import Step, leading_to, spanning_steps, way_to
from orchestration.lake.sql import identifier, literal, literals
from orchestration.lake.tokens import hmac_sql, normalised

TOKEN = re.compile(r"[0-9a-f]{64}")
NODES = """
    select nodes.node_id, nodes.key_type, nodes.key_scope, nodes.key_token, nodes.first_seen_at, nodes.records, nodes.is_bridge
    from intermediate.int_identity_nodes as nodes
    join intermediate.int_identity_persons as persons using (node_id)
    join intermediate.int_customers as customers using (component)
    where customers.customer_id = ?
    order by nodes.is_bridge, nodes.first_seen_at, nodes.trust_rank, nodes.key_type, nodes.key_scope, nodes.key_token, nodes.key_window"""
USES = """
    select record_key, node_id from intermediate.int_identity_evidence
    where node_id in (select unnest($1))
    order by is_bridge, trust_rank, key_rank, first_seen_at, record_key, node_id"""
REFUSED = """
    select rule, key_type, key_token, other_key_type, other_key_token, customer_id, other_customer_id, would_merge_customers, records,
        reason
    from intermediate.int_identity_refusals
    where key_token in (select unnest($1)) or other_key_token in (select unnest($1)) or $2 in (customer_id, other_customer_id)
    order by all"""
NEAR = """
    select theirs.other_customer_id, theirs.rule, theirs.key_type, theirs.key_token
    from intermediate.int_identity_refusals as theirs
    where theirs.key_token in (select unnest($1)) and theirs.key_token <> '' and theirs.other_customer_id <> $2
    union
    select case when customer_id = $2 then other_customer_id else customer_id end, rule, key_type, key_token
    from intermediate.int_identity_refusals
    where $2 in (customer_id, other_customer_id) and customer_id <> other_customer_id
    order by 1, 2, 3, 4"""


class NobodyKnown(ValueError):
    """The subject names no customer, order or key of this build."""


@dataclass(frozen=True)
class Node:
    """A key of the person, or an order or payment number that links two records of one purchase."""

    node_id: int
    key_type: str
    key_scope: str
    key_token: str
    first_seen_at: datetime
    records: int
    is_bridge: bool


@dataclass(frozen=True)
class Place:
    """Where a record stands: the export, the file under landing, the line, and when the file was exported."""

    export: str
    file_name: str
    line: int | None
    exported_at: datetime | None


@dataclass(frozen=True)
class Explained:
    """`steps` lead from the naming key (the first of `nodes`) to every other key; `way` to the key that was asked for, if one was.
    `refused`, `near`: rows as REFUSED and NEAR select them."""

    customer_id: str | None
    nodes: dict[int, Node]
    steps: list[Step]
    way: list[Step]
    places: dict[str, Place]
    refused: list[tuple]
    near: list[tuple]


def explain(con: duckdb.DuckDBPyConnection, subject: str) -> list[Explained]:
    """Everybody the subject means: a customer id, an order (key or number), a token, or a raw key. `con`: the warehouse, pepper bound.

    Raises NobodyKnown; the message does not repeat the subject.
    """
    tokens = _tokens(con, subject)
    if found := _customers(con, subject):
        return [_explain(con, customer, ()) for customer in found]
    ordered = "select record_key from intermediate.int_orders where order_key = $1 or order_id = $1 order by 1"
    records = [record for (record,) in con.execute(ordered, [subject]).fetchall()]
    uses = con.execute(
        """select distinct record_key, node_id, key_token from intermediate.int_identity_uses
        where key_token in (select unnest($1)) or record_key in (select unnest($2)) order by all""",
        [sorted(tokens), records],
    ).fetchall()
    if not uses and not records:
        raise NobodyKnown("no customer, order or key of this build is like that; a phone or e-mail may be spelled in any way, an id not")
    nodes = sorted({node for _, node, _ in uses})
    owners = con.execute(
        """select distinct customers.customer_id from intermediate.int_identity_persons as persons
        join intermediate.int_customers as customers using (component) where persons.node_id in (select unnest($1)) order by 1""",
        [nodes],
    ).fetchall()
    if not owners:
        asked = sorted({token for _, _, token in uses})
        refused, near = con.execute(REFUSED, [asked, None]).fetchall(), con.execute(NEAR, [asked, ""]).fetchall()
        return [Explained(None, {}, [], [], {}, refused, near)]
    return [_explain(con, customer, nodes) for (customer,) in owners]


def _tokens(con: duckdb.DuckDBPyConnection, subject: str) -> set[str]:
    """The subject as every kind of key would be written; sent as a parameter, so no statement holds it."""
    forms = ", ".join(hmac_sql(normalised(kind, "typed.subject")) for kind in ("phone", "email", "id"))
    row = con.execute(f"select {forms} from (select trim($1) as subject) as typed", [subject]).fetchall()[0]
    return {*row, subject}


def _customers(con: duckdb.DuckDBPyConnection, subject: str) -> list[str]:
    rows = con.execute("select customer_id from intermediate.int_customers where customer_id = ?", [subject]).fetchall()
    return [found for (found,) in rows]


def _explain(con: duckdb.DuckDBPyConnection, customer: str, asked: Collection[int]) -> Explained:
    nodes = {row[0]: Node(*row) for row in con.execute(NODES, [customer]).fetchall()}
    root = next(iter(nodes))
    steps = spanning_steps(root, con.execute(USES, [list(nodes)]).fetchall())
    wanted = [node for node in asked if node in nodes]
    way = way_to(steps, wanted[0]) if wanted else []
    steps = leading_to(steps, {*wanted, *(node.node_id for node in nodes.values() if not node.is_bridge)})
    tokens = sorted({node.key_token for node in nodes.values()})
    refused = con.execute(REFUSED, [tokens, customer]).fetchall()
    near = con.execute(NEAR, [sorted({*tokens, *(row[2] for row in refused)}), customer]).fetchall()
    stands = places(con, {step.record: nodes[step.to_node].key_token for step in steps})
    return Explained(customer, nodes, steps, way, stands, refused, near)


def places(con: duckdb.DuckDBPyConnection, records: dict[str, str]) -> dict[str, Place]:
    """Where each record (→ one token it carries) was first delivered with that token; a record without a file is left out."""
    exports: dict[str, list[str]] = {}
    for record in records:
        exports.setdefault(record.split("|", 1)[0], []).append(record)
    found: dict[str, Place] = {}
    for export, names in exports.items():
        relation = f"raw.{identifier(export.replace('/', '__'))}"
        keys = _key_columns(con, export)
        if not keys:
            continue
        own = {re.sub(r"#[a-z][a-z0-9_]*$", "", name): name for name in names}
        shows = " or ".join(f"cast({identifier(key)} as varchar) = wanted.token" for key in keys)
        rows = con.execute(
            f"""select rows._record_key, deliveries.file_name, rows._line, rows._exported_at
            from (select unnest($1) as record, unnest($2) as token) as wanted
            join {relation} as rows on rows._record_key = wanted.record
            join raw.lake__deliveries as deliveries on deliveries.delivery_id = rows._delivery_id
            qualify row_number() over (
                partition by rows._record_key order by ({shows}) desc, rows._exported_at, deliveries.file_name, rows._line
            ) = 1""",
            [list(own), [records[own[name]] for name in own]],
        ).fetchall()
        found |= {own[record]: Place(export, *rest) for record, *rest in rows}
    return found


def _key_columns(con: duckdb.DuckDBPyConnection, export: str) -> list[str]:
    """Columns of an export that hold keys: each has its class beside it."""
    names = con.execute(
        f"select column_name from duckdb_columns() where schema_name = 'raw' and table_name = {literal(export.replace('/', '__'))}"
    ).fetchall()
    known = {name for (name,) in names}
    return sorted(name for name in known if f"{name}_class" in known)


def once_called(con: duckdb.DuckDBPyConnection, subject: str) -> list[tuple]:
    """(id now, last version, what ended it) of an id of an earlier version; `con`: the published file."""
    there: Iterable[tuple] = con.execute(
        f"select 1 from duckdb_tables() where schema_name = 'customer' and table_name in {literals(['customer_id_history'])}"
    ).fetchall()
    query = """select current_customer_id, last_version, change from customer.customer_id_history
        where customer_id = ? and last_version is not null"""
    return con.execute(query, [subject]).fetchall() if there else []
