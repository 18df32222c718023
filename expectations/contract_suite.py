"""What a contract alone makes us expect of a delivery's bronze file: nobody writes these checks by hand.

Belongs here: contract (as plain data) → suite. Does not: what one export asks beyond its contract (`suites/<platform>__<export>.yml`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from expectations.checks import SQL_TYPE, Suite

IN_SQL = "^[0-9a-f]{{64}}$"  # the same where Great Expectations fills in {batch}
CLASSES = ("ok", "masked", "virtual", "placeholder", "ciphertext", "invalid", "blocked")
TOKEN = "^[0-9a-f]{64}$"
ALWAYS_THERE = ("_record_key", "_delivery_id", "_file_sha256", "_exported_at", "_line")
FIXED = (*ALWAYS_THERE, "account", "business_on", "_part", "_extra")
KEY = ("_delivery_id", "_line")
EARLIEST = "timestamp '2000-01-01'"
QUARANTINE_SHARE = 0.01

Check = dict[str, Any]


def suite_from_contract(export: Mapping[str, Any]) -> Suite:
    """The suite of one export. `export` is the contract entry as plain data (field names of the contract's models) with `platform` and
    `name` beside it. Its table is named after the raw relation; the fence runs it on the files of new deliveries."""
    platform, name = export["platform"], export["name"]
    checks = [*_table(export), *_files()]
    for column, said in export["columns"].items():
        checks += _list(column, said) if said["type"] == "list" else _column(column, said)
    return Suite(f"{platform}__{name}", f"raw.{platform}__{name}", tuple(checks), KEY, f"raw/{platform}/{name}")


def _table(export: Mapping[str, Any]) -> Iterator[Check]:
    columns = [*FIXED]
    for column, said in export["columns"].items():
        columns += [column, f"{column}_class", f"{column}_scope"] if said.get("identity") else [column]
    yield _check("columns_are_there", "expect_table_columns_to_match_set", "Every column of the contract is in the file.",
                 column_set=columns, exact_match=False)
    for column in ALWAYS_THERE:
        name = column.lstrip("_")
        yield _check(f"present_{name}", "expect_column_values_to_not_be_null", f"Every record has its {name}.", column=column)
    for column in export["key"]:
        if column in export["columns"] and not export["columns"][column].get("identity"):
            yield _check(f"key_{column}", "expect_column_values_to_not_be_null", "The natural key is complete.", column=column)
    times = [c for c, said in export["columns"].items() if said["type"] in ("timestamp", "date") and not said.get("may_be_future")]
    if times:
        wrong = " or ".join(f'"{c}" < {EARLIEST} or "{c}" > _exported_at + interval 2 day' for c in times)
        yield _rows("times_are_plausible", "No time before 2000 or after the export.", wrong, "warning")


def _files() -> Iterator[Check]:
    yield _check("has_rows", "expect_column_values_to_be_between", "A delivery has at least one row.", "warning",
                 column="rows_loaded", min_value=1) | {"per_delivery": True}
    yield _rows("rows_are_accounted_for", "Rows in the file = loaded + quarantined + skipped.",
                "rows_in_file is distinct from rows_loaded + rows_quarantined + rows_skipped") | {"per_delivery": True}
    yield _rows("few_rows_are_quarantined", f"At most {QUARANTINE_SHARE:.0%} of a delivery's rows are quarantined.",
                f"rows_quarantined > {QUARANTINE_SHARE} * rows_in_file", "warning") | {"per_delivery": True}


def _column(column: str, said: Mapping[str, Any]) -> Iterator[Check]:
    identity = said.get("identity")
    if said.get("required") is True:  # `header` asks for the column, not for a value in each row
        filled = f"{column}_class" if identity else column
        yield _check(f"required_{column}", "expect_column_values_to_not_be_null", f"{column} is required.", column=filled)
    if said["type"] == "enum":
        words = "|".join(re.escape(word) for word in said["values"])
        yield _check(f"vocabulary_{column}", "expect_column_values_to_match_regex", f"{column} is a word of the contract or unknown:….",
                     column=column, regex=f"^({words})$|^unknown:")
        yield _check(f"known_words_{column}", "expect_column_values_to_not_match_regex", f"Every word of {column} is in the contract.",
                     "warning", column=column, regex="^unknown:")
    if identity:
        yield _check(f"class_{column}", "expect_column_values_to_be_in_set", "Classes of identity keys are known.",
                     column=f"{column}_class", value_set=list(CLASSES))
        if not identity.get("clear"):
            yield _check(f"token_{column}", "expect_column_values_to_match_regex", f"{column} holds tokens, never clear values.",
                         column=column, regex=TOKEN)


def _list(column: str, said: Mapping[str, Any]) -> Iterator[Check]:
    """The same for the fields of a nested list: one check per kind, over all elements."""
    for field, inner in said["fields"].items():
        identity = inner.get("identity")
        if identity and not identity.get("clear"):
            yield _rows(f"token_{column}.{field}", f"{column}.{field} holds tokens, never clear values.",
                        _any(column, f"""not regexp_matches(element."{field}", '{IN_SQL}')"""))
        if identity:
            known = ", ".join(f"'{word}'" for word in CLASSES)
            yield _rows(f"class_{column}.{field}", "Classes of identity keys are known.",
                        _any(column, f'element."{field}_class" not in ({known})'))


def _any(column: str, condition: str) -> str:
    return f'len(list_filter("{column}", lambda element: {condition})) > 0'


def _rows(check: str, description: str, wrong: str, severity: str = "critical") -> Check:
    return _check(check, SQL_TYPE, description, severity, unexpected_rows_query=f"select * from {{batch}} where {wrong}")


def _check(check: str, kind: str, description: str, severity: str = "critical", **kwargs: Any) -> Check:
    return {"check": check, "type": kind, "kwargs": kwargs, "severity": severity, "description": description}
