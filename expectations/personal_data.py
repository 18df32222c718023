"""The last look before publishing: no published text may read like a phone, an e-mail address, an ID number or an identity token.

Belongs here: the patterns, the columns they do not apply to, and the suites made from a database's columns. Does not: tokens at
the door (the loader does that; this proves it).
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import duckdb

from expectations.checks import SQL_TYPE, Suite

PHONE = "(^|[^0-9])1[3-9][0-9]{9}([^0-9]|$)"
PHONE_BY_WORDS = "[^\\x00-\\x7F]1[3-9][0-9]{9}([^0-9A-Za-z]|$)|(^|[^0-9A-Za-z])1[3-9][0-9]{9}[^\\x00-\\x7F]"
EMAIL = "[A-Za-z0-9._-]+@[A-Za-z0-9-]+[.][A-Za-z]{2,}"
NATIONAL_ID = "(^|[^0-9])[1-9][0-9]{5}(19|20)[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9Xx]([^0-9A-Za-z]|$)"
TOKEN = "(^|[^0-9a-f])[0-9a-f]{64}([^0-9a-f]|$)"
TOKENS_BELONG = ("key_token", "other_key_token")  # the one published place of tokens: which keys make a customer
HASHES_BELONG = ("file_hash",)
SHAPES = ("shape",)  # a refused row with every digit a 9 and every letter an a: anything else in it is the row itself
UNSHAPED = "[0-8b-zB-Z]"
# What every text has that such a pattern matches. Most texts have none of it and need not be read by a pattern: a quarter of the cost.
NEEDED = {
    PHONE: "strlen({text}) >= 11",
    PHONE_BY_WORDS: "strlen({text}) > length({text})",  # bytes, characters: some are not ASCII
    EMAIL: "contains({text}, '@')",
    NATIONAL_ID: "strlen({text}) >= 18",
    TOKEN: "strlen({text}) >= 64",
}
CLEAR_IDS = ("_id", "_ids", "_key", "_code", "account", "campaign", "content", "path", "file_name")


def personal_data_suites(database: Path, schemas: Collection[str]) -> list[Suite]:
    """One suite with one check per table of these schemas that has text columns: one scan, one row per offending column."""
    with duckdb.connect(str(database), read_only=True) as con:
        found = con.execute(
            """select columns.schema_name, columns.table_name, columns.column_name
            from duckdb_columns() as columns
            join duckdb_tables() as tables using (database_name, schema_name, table_name)
            where columns.data_type in ('VARCHAR', 'VARCHAR[]') and list_contains(?, columns.schema_name)
            order by 1, 2, columns.column_index""",
            [list(schemas)],
        ).fetchall()
    tables: dict[tuple[str, str], list[str]] = {}
    for schema, table, column in found:
        tables.setdefault((schema, table), []).append(column)
    return [_suite(schema, table, columns) for (schema, table), columns in tables.items()]


def _suite(schema: str, table: str, columns: list[str]) -> Suite:
    counts = ", ".join(f"count(*) filter (where {_reads_personal(column)}) as {column}" for column in columns)
    query = f"""select column_name, hits
        from (unpivot (select {counts} from {{batch}}) on {', '.join(columns)} into name column_name value hits)
        where hits > 0"""
    check = {
        "check": "no_personal_data", "type": SQL_TYPE, "kwargs": {"unexpected_rows_query": query}, "severity": "critical",
        "description": "No text reads like a phone, an e-mail address, an ID number or a token; one row per offending column.",
    }  # fmt: skip
    return Suite(f"{schema}__{table}__text", f"{schema}.{table}", (check,), ("column_name", "hits"))


def _reads_personal(column: str) -> str:
    """The condition for one column. Platforms number things in eleven digits too, and hashes hold such runs by chance (one in a
    thousand): in columns of ids only a number that stands in Chinese words is a phone."""
    text = f"cast({column} as varchar)"
    if column in SHAPES:
        return _any(text, UNSHAPED)
    if column in TOKENS_BELONG or column in HASHES_BELONG:
        return _any(text, EMAIL)
    if column.endswith(CLEAR_IDS):
        return _any(text, EMAIL, TOKEN, PHONE_BY_WORDS)
    return _any(text, PHONE, EMAIL, NATIONAL_ID, TOKEN)


def _any(text: str, *patterns: str) -> str:
    return "(" + " or ".join(_matches(text, pattern) for pattern in patterns) + ")"


def _matches(text: str, pattern: str) -> str:
    matches = f"regexp_matches({text}, '{pattern.replace('{', '{{').replace('}', '}}')}')"
    # `and` would read all texts by both: only `case` leaves out those of which the first is false
    return f"case when {NEEDED[pattern].format(text=text)} then {matches} else false end" if pattern in NEEDED else matches
