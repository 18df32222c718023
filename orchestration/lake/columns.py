"""Names and DuckDB types of what the loader writes: bronze columns of an export, quarantine columns. No values, no SQL expressions."""

from __future__ import annotations

from orchestration.lake.contract import Column, Export

TYPES = {
    "id": "VARCHAR", "text": "VARCHAR", "free_text": "VARCHAR", "enum": "VARCHAR", "region": "VARCHAR", "tags": "VARCHAR",
    "money": "DECIMAL(18,2)", "decimal": "DECIMAL(18,8)", "percent": "DECIMAL(18,8)",
    "integer": "BIGINT", "birth_month": "BIGINT", "timestamp": "TIMESTAMP", "date": "DATE", "boolean": "BOOLEAN",
}  # fmt: skip
FIXED = {
    "account": "VARCHAR", "business_on": "DATE", "_record_key": "VARCHAR", "_delivery_id": "VARCHAR", "_file_sha256": "VARCHAR",
    "_exported_at": "TIMESTAMP", "_line": "BIGINT", "_part": "VARCHAR", "_extra": "VARCHAR",
}  # fmt: skip
QUARANTINE = {
    "delivery_id": "VARCHAR", "source": "VARCHAR", "export": "VARCHAR", "line_number": "BIGINT", "column_name": "VARCHAR",
    "reason": "VARCHAR", "shape": "VARCHAR", "part": "VARCHAR",
}  # fmt: skip


def column_types(name: str, column: Column) -> dict[str, str]:
    """The bronze columns that one contract column becomes: itself, and class and scope beside an identity key."""
    if column.type == "list":
        fields = {key: kind for field, inner in column.fields.items() for key, kind in column_types(field, inner).items()}
        inside = ", ".join(f'"{key}" {kind}' for key, kind in fields.items())
        return {name: f"STRUCT({inside})[]"}
    types = {name: TYPES[column.type]}
    if column.identity:
        types = {name: "VARCHAR", f"{name}_class": "VARCHAR", f"{name}_scope": "VARCHAR"}
    return types


def bronze_types(export: Export) -> dict[str, str]:
    """Every bronze column of the export with its DuckDB type, in file order."""
    types = {key: kind for name, column in export.columns.items() for key, kind in column_types(name, column).items()}
    return {**types, **FIXED}


def clash(export: Export) -> str | None:
    """The contract column that would hide a fixed or derived one, if any."""
    seen: set[str] = set(FIXED) | {"ordinal", "line_number"}
    for name, column in export.columns.items():
        for key in column_types(name, column):
            if key in seen:
                return key
            seen.add(key)
    return None
