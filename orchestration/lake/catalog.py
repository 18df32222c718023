"""All contracts of the house, read and checked once: `orchestration/sources/*.yml` → `Catalog`.

Belongs here: finding, merging (`extends`) and naming exports. Does not: what a contract may say (contract), YAML itself (contract_yaml).
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError

from orchestration.lake.columns import clash
from orchestration.lake.contract import Export, Platform, Strict
from orchestration.lake.contract_yaml import ContractError, Document, read_document

__all__ = ["SOURCES", "Catalog", "ContractError", "ExportRef", "Shared", "load_catalog"]

SOURCES = Path(__file__).resolve().parent.parent / "sources"
SHARED = "shared.yml"


class Shared(Strict):
    """`shared.yml`: what is true of every source, and the named lists that contracts refer to as `$name`."""

    null_tokens: tuple[str, ...]
    pii_headers: tuple[str, ...]
    placeholders: dict[str, tuple[str, ...]]
    lists: dict[str, Any] = Field(default_factory=dict)


@dataclass(frozen=True)
class ExportRef:
    """One export and where it belongs."""

    platform: Platform
    name: str
    export: Export
    shared: Shared

    @property
    def id(self) -> str:
        """`taobao/orders`: asset key, landing folder and dbt source at once."""
        return f"{self.platform.platform}/{self.name}"

    @property
    def relation(self) -> str:
        """`taobao__orders`: the same name where a slash cannot stand."""
        return f"{self.platform.platform}__{self.name}"

    @cached_property
    def fingerprint(self) -> str:
        """12 hex digits of the meaning of the contract and of the shared rules it is read with."""
        shared = self.shared.model_dump(mode="json", exclude={"lists"})
        text = json.dumps([self.export.fingerprint(), shared, self.id], sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()[:12]


@dataclass(frozen=True)
class Catalog:
    """Every export, keyed `platform/export`, in sorted order."""

    exports: Mapping[str, ExportRef]
    shared: Shared

    @property
    def platforms(self) -> dict[str, Platform]:
        """The platforms by name, sorted."""
        return {ref.platform.platform: ref.platform for ref in self.exports.values()}

    def of_platform(self, platform: str) -> list[ExportRef]:
        """The exports of one platform, sorted."""
        return [ref for ref in self.exports.values() if ref.platform.platform == platform]


def load_catalog(folder: Path = SOURCES) -> Catalog:
    """Read and check every contract in `folder`. Raises ContractError with file and line."""
    shared = _read_shared(folder)
    named = {"null_tokens": list(shared.null_tokens), "pii_headers": list(shared.pii_headers), **shared.lists}
    documents = {file.stem: read_document(file, named) for file in sorted(folder.glob("*.yml")) if file.name != SHARED}
    exports: dict[str, ExportRef] = {}
    for stem, document in documents.items():
        platform = _platform(stem, documents)
        if platform.platform != stem:
            raise ContractError(document.file, document.line_of(("platform",)), f"`platform` must be `{stem}`, as the file is called")
        for name, export in platform.exports.items():
            if hidden := clash(export):
                where = ("exports", name, "columns", hidden)
                raise ContractError(document.file, document.line_of(where), f"{stem}/{name}: the column name `{hidden}` is taken")
            exports[f"{stem}/{name}"] = ExportRef(platform, name, export, shared)
    return Catalog(dict(sorted(exports.items())), shared)


@cache
def known_catalog() -> Catalog:
    """The house's own contracts, read once in this process: what a code location is made of, which stands until it is loaded again."""
    return load_catalog()


def _read_shared(folder: Path) -> Shared:
    file = folder / SHARED
    document = read_document(file if file.exists() else SOURCES / SHARED, {})
    return _checked(Shared, document.data, [document])


def _platform(stem: str, documents: Mapping[str, Document]) -> Platform:
    """The platform with what it extends merged in; only exports that it names are inherited."""
    chain = _ancestry(stem, documents)
    data: Any = {}
    for document in reversed(chain):
        if not isinstance(document.data, dict):
            raise ContractError(document.file, 1, "a contract is a mapping with `platform`, `label`, `domain`, `exports`")
        named = document.data.get("exports") or {}
        data = merge(data, document.data)
        data["exports"] = {name: export for name, export in (data.get("exports") or {}).items() if name in named}
    return _checked(Platform, data, chain)


def _ancestry(stem: str, documents: Mapping[str, Document]) -> list[Document]:
    chain, seen = [documents[stem]], {stem}
    while isinstance(chain[-1].data, dict) and (parent := chain[-1].data.get("extends")) is not None:
        line = chain[-1].line_of(("extends",))
        if parent not in documents:
            raise ContractError(chain[-1].file, line, f"extends `{parent}`, but there is no {parent}.yml")
        if parent in seen:
            raise ContractError(chain[-1].file, line, f"extends `{parent}` in a circle")
        seen.add(parent)
        chain.append(documents[parent])
    return chain


def merge(base: Any, over: Any) -> Any:
    """Deep merge: mappings key by key, anything else replaced; a key that is said as null is taken away."""
    if not isinstance(base, dict) or not isinstance(over, dict):
        return base if over is None else over
    merged = {key: value for key, value in base.items() if not (key in over and over[key] is None)}
    for key, value in over.items():
        if value is not None:
            merged[key] = merge(merged.get(key), value)
        elif key in base and isinstance(base[key], dict) and "columns" in base[key]:
            merged[key] = base[key]  # `orders:` with nothing under it inherits the export as it is
    return merged


def _checked(model: type[Strict], data: Any, chain: list[Document]) -> Any:
    try:
        return model.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        where = tuple(part for part in first["loc"] if part != "[key]")
        named = re.match(r"Value error, `(\w+)`", first["msg"])  # a rule over a whole export names the word that breaks it
        where = (*where, named.group(1)) if named else where
        document = next((doc for doc in chain if where in doc.lines), chain[0])
        place = ".".join(str(part) for part in where)
        more = f" ({error.error_count() - 1} more)" if error.error_count() > 1 else ""
        raise ContractError(document.file, document.line_of(where), f"{place}: {first['msg']}{more}") from error
