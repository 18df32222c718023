"""What dbt must know of the contracts, written as two generated files: the sources YAML and the macro `registry_texts()`.

Generated, git-ignored and rewritten only when their text changes, so dbt's partial parsing keeps what it has.
"""

from __future__ import annotations

import json
import os
from collections.abc import Container, Sequence
from pathlib import Path
from typing import Any

import yaml

from orchestration.lake.catalog import Catalog, ExportRef
from orchestration.lake.columns import bronze_types
from orchestration.lake.contract import Column

HEAD = "Written by `fishpond` from orchestration/sources; change the contract, not this file."
LAKE_TABLES = {
    "deliveries": "Every delivered file and what became of it. One row per delivery.",
    "quarantine": "Every refused row: file, line, column, reason. One row per refused row.",
    "controls": "What loaded files state about their own totals, beside what their rows add up to. One row per delivery and stated total.",
    "empty_lists": "Whole lists, and pages of lists, that hold no record, and whose list each is. One row per delivery.",
    "context": "What the build knows from outside: as_of_on, is_sample, delivery_set. One row.",
}


def write_dbt_registry(catalog: Catalog, dbt_project: Path) -> None:
    """Write `models/staging/generated__sources.yml` and `macros/generated__registry.sql` below `dbt_project`."""
    sources = yaml.dump(_sources(catalog), Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=1000)
    _write_if_changed(dbt_project / "models" / "staging" / "generated__sources.yml", f"# {HEAD}\n{sources}")
    staged = {file.stem for file in (dbt_project / "models" / "staging").rglob("stg_*.sql")}
    _write_if_changed(dbt_project / "macros" / "generated__registry.sql", registry_macro(registry_rows(catalog, staged)))


def registry_rows(catalog: Catalog, staged: Container[str] | None = None) -> list[dict[str, Any]]:
    """One plain dict per export, sorted: what canonical models and identity keys are generated from.

    With `staged`, the names of the staging models there are, feeds are only those: a contract may be written before its model,
    and its keys count as evidence meanwhile.
    """
    rows = [_row(ref) for ref in catalog.exports.values()]
    if staged is None:
        return rows
    return [{**row, "feeds": {relation: model for relation, model in row["feeds"].items() if model in staged}} for row in rows]


def registry_macro(rows: Sequence[dict[str, Any]]) -> str:
    """The text of the macro `registry_texts()`: `<platform>/<export>` → the row as JSON. `macros/registry.sql` reads it.

    Texts and no literals: nearly every model asks for one row, and Jinja takes 3 ms to write out all of them.
    """
    texts = {f"{row['platform']}/{row['export']}": json.dumps(row) for row in rows}
    listed = ",\n".join(f"    {json.dumps(place)}: {json.dumps(text)}" for place, text in texts.items())
    return f"{{#- {HEAD} -#}}\n{{% macro registry_texts() %}}{{{{ return({{\n{listed}\n}}) }}}}{{% endmacro %}}\n"


def _row(ref: ExportRef) -> dict[str, Any]:
    export, platform = ref.export, ref.platform
    return {
        "platform": platform.platform, "export": ref.name, "domain": platform.domain, "kind": export.kind, "label": export.label,
        "key": export.key, "cadence": export.cadence, "required_for_publish": export.required_for_publish,
        "restates": {
            "by": export.restates.by, "columns": export.restates.columns,
            "last_page": export.restates.last_page, "page": export.restates.page,
        },
        "updated_at": export.updated_at, "event_time": export.event_time,
        "withdrawn_when": {column: list(values) for column, values in export.withdrawn_when.items()},
        "feeds": {relation: _model(ref, suffix) for relation, suffix in export.feeds.items()},
        "identity": [*_identity(export.columns, None), *(
            key for name, column in export.columns.items() if column.type == "list" for key in _identity(column.fields, name)
        )],
    }  # fmt: skip


def _identity(columns: dict[str, Column], inside: str | None) -> list[dict[str, Any]]:
    return [
        {"column": name, "type": column.identity.type, "trust": column.identity.trust, "clear": column.identity.clear,
         "person": column.identity.person, "list": inside}
        for name, column in columns.items() if column.identity
    ]  # fmt: skip


def _model(ref: ExportRef, suffix: str) -> str:
    return f"stg_{ref.relation}" + (f"__{suffix}" if suffix else "")


def _sources(catalog: Catalog) -> dict[str, Any]:
    lake = {"name": "lake", "schema": "raw", "description": "What the loader says of itself.", "tables": [
        {"name": name, "identifier": f"lake__{name}", "description": text} for name, text in LAKE_TABLES.items()
    ]}  # fmt: skip
    platforms = [
        {"name": name, "schema": "raw", "description": platform.label, "tables": [_table(ref) for ref in catalog.of_platform(name)]}
        for name, platform in catalog.platforms.items()
    ]
    return {"version": 2, "sources": [*platforms, lake]}


def _table(ref: ExportRef) -> dict[str, Any]:
    described = {name: column.description or " | ".join(column.headers) for name, column in ref.export.columns.items()}
    return {
        "name": ref.name, "identifier": ref.relation, "description": f"{ref.export.label}. {ref.export.description}",
        "config": {"meta": {"dagster": {"asset_key": ["raw", ref.platform.platform, ref.name]}}},
        "columns": [
            {"name": name, "data_type": kind, **({"description": described[name]} if described.get(name) else {})}
            for name, kind in bronze_types(ref.export).items()
        ],
    }  # fmt: skip


class _Dumper(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        return True


def _write_if_changed(file: Path, text: str) -> None:
    if file.exists() and file.read_text(encoding="utf-8") == text:
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    aside = file.with_name(f".{file.name}.{os.getpid()}.tmp")
    aside.write_text(text, encoding="utf-8")
    os.replace(aside, file)
