"""dbt's tables as Dagster knows them, in plain words: what its dbt integration makes of the manifest, kept in a small file beside it.

Importing the integration, and dbt with it, took half of the time in which the code location loads. The file is written anew whenever the
manifest, or what makes specs of it, is another. Not here: names and tests (dbt_translation), dbt itself (dbt_runs).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import dagster as dg

from orchestration.defs.manifest import mart_grains, read_manifest
from orchestration.lake.durable import write_durably

FILE = "assets.json"
SELECTIONS = {"canonical": "path:models/staging path:models/intermediate path:seeds", "marts": "path:models/marts"}
COLUMNS = "dagster/column_schema"
Plain = dict[str, Any]


def known_specs(manifest: Path, project: Path) -> Plain:
    """`stretches`: by name the `specs` of its tables (see `spec_of`) and the `tests` (unique id → path of the key that each speaks about);
    `grains`: `schema.table` of each mart → its grain columns. `manifest`: as dbt wrote it; `project`: the dbt project's folder."""
    return _known(manifest, project, manifest.stat().st_mtime_ns)


@lru_cache(maxsize=1)
def _known(manifest: Path, project: Path, _changed_at: int) -> Plain:
    kept, of = manifest.with_name(FILE), _stamp(manifest)
    try:
        said = json.loads(kept.read_text("utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):
        said = {}
    if said.get("of") != of:
        said = {"of": of, **_told(manifest, project)}
        write_durably(kept, json.dumps(said, ensure_ascii=False))
    return said


def _stamp(manifest: Path) -> str:
    """Of what the file was made: the manifest as it stands, the code that reads it, and the integration's release."""
    stands, here = manifest.stat(), Path(__file__)
    code = hashlib.sha256(b"".join(here.with_name(name).read_bytes() for name in (here.name, "dbt_translation.py", "manifest.py")))
    return f"{stands.st_mtime_ns} {stands.st_size} {version('dagster-dbt')} {code.hexdigest()[:12]}"


def _told(manifest: Path, project: Path) -> Plain:
    from orchestration.defs.dbt_translation import table_specs, tables_of_tests  # late: it imports dbt

    parsed, stretches = read_manifest(manifest), {}
    for name, select in SELECTIONS.items():
        specs = table_specs(parsed, project, manifest.parent, select)
        tests = {test: about.path for test, about in tables_of_tests(parsed, specs).items()}
        stretches[name] = {"specs": [plain(spec) for spec in specs], "tests": tests}
    return {"stretches": stretches, "grains": mart_grains(manifest)}


def plain(spec: dg.AssetSpec) -> Plain:
    """A spec in plain words; objects that only a running process can hold (the manifest, the translator) stay behind."""
    return {
        "key": spec.key.path, "deps": [[dep.asset_key.path, _plain(dep.metadata)] for dep in spec.deps], "description": spec.description,
        "group": spec.group_name, "code_version": spec.code_version, "kinds": sorted(spec.kinds), "metadata": _plain(spec.metadata),
    }  # fmt: skip


def spec_of(said: Mapping[str, Any]) -> dg.AssetSpec:
    """The spec of what `plain` gave."""
    return dg.AssetSpec(
        key=said["key"],
        deps=[dg.AssetDep(dg.AssetKey(path), metadata=_metadata(facts)) for path, facts in said["deps"]],
        description=said["description"], group_name=said["group"], code_version=said["code_version"], kinds=set(said["kinds"]),
        metadata=_metadata(said["metadata"]),
    )  # fmt: skip


def _plain(metadata: Mapping[str, Any]) -> Plain:
    texts = {name: said for name, said in metadata.items() if isinstance(said, str)}
    columns = {COLUMNS: [[each.name, each.type, each.description] for each in metadata[COLUMNS].columns]} if COLUMNS in metadata else {}
    return texts | columns


def _metadata(said: Mapping[str, Any]) -> Plain:
    if COLUMNS not in said:
        return dict(said)
    columns = [dg.TableColumn(name, type=kind, description=text) for name, kind, text in said[COLUMNS]]
    return {**said, COLUMNS: dg.TableSchema(columns=columns)}
