"""The good rows of a delivery as they stand in bronze: tokens, context, record key. One SELECT over the judged rows."""

from __future__ import annotations

from orchestration.lake.catalog import ExportRef
from orchestration.lake.columns import bronze_types
from orchestration.lake.facts import Facts
from orchestration.lake.sql import identifier, literal, literals
from orchestration.lake.tokens import CLASSES, hmac_sql, key_fields, normalised


def bronze_query(ref: ExportRef, table: str, facts: Facts, delivery_id: str, sha256: str) -> str:
    """Every bronze column of the export, in order, in file order.

    Columns of few words are written as ENUM: text again for every reader, at a sixth of the cost of writing the words.
    """
    fixed = {
        "_record_key": record_key(ref, delivery_id), "_delivery_id": literal(delivery_id), "_file_sha256": literal(sha256),
        "_exported_at": f"timestamp {literal(str(facts.exported_at))}",
    }  # fmt: skip
    kinds = bronze_types(ref.export) | _few_words(ref, facts, delivery_id, sha256)
    names = [f"cast({fixed.get(name, identifier(name))} as {kind}) as {identifier(name)}" for name, kind in kinds.items()]
    order = " order by _part_no, _line" if "ordinal" in ref.export.key else ""
    return f"select {', '.join(names)} from ({good_rows(ref, table, facts)}){order}"


def good_rows(ref: ExportRef, table: str, facts: Facts) -> str:
    """The judged rows that are records, with identity keys as token, class and scope, and `ordinal` where the key has it."""
    export = ref.export
    holes = facts.holes("")
    columns = {name: _hole(name, ref) for name, column in export.columns.items() if column.type != "list"}
    shown: dict[str, str] = {}
    for name, column in export.columns.items():
        if column.identity:
            shown |= key_fields(name, column.identity, identifier(name), {**columns, **holes}, ref.shared.placeholders)
        else:
            shown[name] = identifier(name)
    shown |= {"account": holes["account"], "business_on": holes["business_on"]}
    listed = ", ".join(f"{expression} as {identifier(name)}" for name, expression in shown.items())
    query = f"select {listed}, _line, _part_no, _part, _extra from {table} where _bad is null and _skip is null"
    if "ordinal" not in export.key:
        return query
    others = ", ".join(identifier(part) for part in ("account", *export.key) if part != "ordinal")
    return f"select *, row_number() over (partition by {others} order by _part_no, _line) as ordinal from ({query})"


def record_key(ref: ExportRef, delivery_id: str) -> str:
    """SQL of `<platform>/<export>|<account>|<key values>`; records without a key of their own are named by delivery and line."""
    if ref.export.key == ("line_number",):
        values = [f"{literal(delivery_id + ':')} || coalesce(_part || ':', '') || _line"]
    else:
        values = [f"cast({identifier(part)} as varchar)" for part in ref.export.key]
    return f"{literal(ref.id + '|')} || coalesce(account, '') || '|' || " + " || '|' || ".join(values)


def _few_words(ref: ExportRef, facts: Facts, delivery_id: str, sha256: str) -> dict[str, str]:
    """ENUM types of the columns whose words are known before the rows are."""
    words: dict[str, tuple[str, ...]] = {"_delivery_id": (delivery_id,), "_file_sha256": (sha256,)}
    if facts.account and isinstance(facts.account[0], str):
        words["account"] = (facts.account[0],)
    for name, column in ref.export.columns.items():
        if column.identity:
            words[f"{name}_class"] = CLASSES
            if "{" not in column.identity.scope:
                words[f"{name}_scope"] = (column.identity.scope,)
    return {name: f"enum {literals(some)}" for name, some in words.items()}


def _hole(name: str, ref: ExportRef) -> str:
    """A column as it may stand in a scope: never an unhashed key."""
    identity = ref.export.columns[name].identity
    return identifier(name) if identity is None or identity.clear else hmac_sql(normalised(identity.type, identifier(name)))
