"""What a contract alone makes us expect of a delivery's bronze file: nobody writes these checks by hand.

Belongs here: contract (as plain data) → suite. Does not: what one export asks beyond its contract (`suites/<platform>__<export>.yml`).

One expectation per rule, over all columns that the rule is about, not one per column and rule: Great Expectations takes about 8 ms for
each, and a hundred exports have nearly two thousand. The failing rows say which columns were wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from expectations.checks import SQL_TYPE, WRONG_COLUMNS, Suite

CLASSES = ("ok", "masked", "virtual", "placeholder", "ciphertext", "invalid", "blocked")
TOKEN = "^[0-9a-f]{64}$"
UNKNOWN = "unknown:"
ALWAYS_THERE = ("_record_key", "_delivery_id", "_file_sha256", "_exported_at", "_line")
KEY = ("_delivery_id", "_line")
EARLIEST = "timestamp '2000-01-01'"
QUARANTINE_SHARE = 0.01

Conditions = dict[str, str]  # what a failing row names → the SQL condition under which it is wrong
Check = dict[str, Any]


def suite_from_contract(export: Mapping[str, Any]) -> Suite:
    """The suite of one export. `export` is the contract entry as plain data (field names of the contract's models) with `platform` and
    `name` beside it. Its table is named after the raw relation; the fence runs it on the files of new deliveries."""
    platform, name = export["platform"], export["name"]
    checks = [check for check in _about_rows(export) if check] + [*_files()]
    return Suite(f"{platform}__{name}", f"raw.{platform}__{name}", tuple(checks), KEY, f"raw/{platform}/{name}")


def _about_rows(export: Mapping[str, Any]) -> Iterator[Check | None]:
    columns: Mapping[str, Mapping[str, Any]] = export["columns"]
    words = {column: said["values"] for column, said in columns.items() if said["type"] == "enum"}
    times = [c for c, said in columns.items() if said["type"] in ("timestamp", "date") and not said.get("may_be_future")]
    yield _rows("is_complete", "Every record has its place, its natural key, and what the contract requires.",
                {column: f'"{column}" is null' for column in _filled(export)})
    yield _rows("tokens_only", "Identity keys are tokens, never clear values.", _wrong_keys(columns, "", _no_token, but="clear"))
    yield _rows("classes_are_known", "Every identity key has one of the known classes.", _wrong_keys(columns, "_class", _no_class))
    unknown = {column: f"""starts_with("{column}", '{UNKNOWN}')""" for column in words}
    yield _rows("vocabulary", "Every word is one of the contract's or unknown:….",
                {column: f'"{column}" not in ({_texts(said)}) and not {unknown[column]}' for column, said in words.items()})
    yield _rows("known_words", "Every word is in the contract.", unknown, "warning")
    yield _rows("times_are_plausible", "No time before 2000 or after the export.",
                {c: f'"{c}" < {EARLIEST} or "{c}" > _exported_at + interval 2 day' for c in times}, "warning")


def _filled(export: Mapping[str, Any]) -> list[str]:
    """Columns that no record may lack. `header` asks for the column, not for a value in each row; a masked key has its class."""
    columns = export["columns"]
    key = [column for column in export["key"] if column in columns and not columns[column].get("identity")]
    required = [f"{column}_class" if said.get("identity") else column for column, said in columns.items() if said.get("required") is True]
    return list(dict.fromkeys((*ALWAYS_THERE, *key, *required)))


def _wrong_keys(columns: Mapping[str, Mapping[str, Any]], suffix: str, wrong: Callable[[str], str], but: str = "") -> Conditions:
    """The condition on each identity key, in lists too; `but` names a word of the contract that lets a key off."""
    found = {}
    for column, said in columns.items():
        for field, inner in said["fields"].items() if said["type"] == "list" else ():
            if (key := inner.get("identity")) and not key.get(but):
                element = f'element."{field}{suffix}"'
                found[f"{column}.{field}"] = f'len(list_filter("{column}", lambda element: {wrong(element)})) > 0'
        if (key := said.get("identity")) and not key.get(but):
            found[column] = wrong(f'"{column}{suffix}"')
    return found


def _no_token(cell: str) -> str:
    return f"not regexp_matches({cell}, '{TOKEN}')"


def _no_class(cell: str) -> str:
    return f"{cell} not in ({_texts(CLASSES)})"


def _files() -> Iterator[Check | None]:
    yield _rows("has_rows", "A delivery has at least one row.", {"rows_loaded": "rows_loaded < 1"}, "warning", per_delivery=True)
    yield _rows("rows_are_accounted_for", "Rows in the file = loaded + quarantined + skipped.",
                {"rows_in_file": "rows_in_file is distinct from rows_loaded + rows_quarantined + rows_skipped"}, per_delivery=True)
    yield _rows("few_rows_are_quarantined", f"At most {QUARANTINE_SHARE:.0%} of a delivery's rows are quarantined.",
                {"rows_quarantined": f"rows_quarantined > {QUARANTINE_SHARE} * rows_in_file"}, "warning", per_delivery=True)


def _rows(check: str, description: str, wrong: Conditions, severity: str = "critical", **more: bool) -> Check | None:
    """The rows for which one of the conditions holds, each with the names of those that do; None where nothing can be wrong."""
    if not wrong:
        return None
    names = ", ".join(f"case when {condition} then '{name}' end" for name, condition in wrong.items())
    where = " or ".join(f"({condition})" for condition in wrong.values())
    query = f"select *, concat_ws(', ', {names}) as {WRONG_COLUMNS} from <batch> where {where}"
    query = query.replace("{", "{{").replace("}", "}}").replace("<batch>", "{batch}")  # it is a format string
    return {"check": check, "type": SQL_TYPE, "kwargs": {"unexpected_rows_query": query}, "severity": severity,
            "description": description, **more}


def _texts(words: Iterable[str]) -> str:
    return ", ".join("'" + word.replace("'", "''") + "'" for word in words)
