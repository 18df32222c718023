"""dbt builds the same with the lean parts as without them: the same SQL, tables, refusals, and the events that are listened to.

It fails too where another release of dbt-core keeps these things elsewhere.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

import duckdb
import pytest

from orchestration.defs.dbt_lean import HEARD, Lazy, lean

PROFILES = Path(__file__).parents[3] / "dbt_project"
MACROS = """
{% macro engine_limits() %}{% endmacro %}
{% macro greeting(name) %}'good day {{ name }}'{% endmacro %}
{% macro type_string() %}varchar(9){% endmacro %}
{% macro spelled(x) %}{{ adapter.dispatch('spelled', 'lean')(x) }}{% endmacro %}
{% macro default__spelled(x) %}upper({{ x }}){% endmacro %}
{% macro duckdb__spelled(x) %}lower({{ x }}){% endmacro %}
{% macro test_is_one(model, column_name) %}select * from {{ model }} where {{ column_name }} <> 1{% endmacro %}
{% macro log(words) %}our log: {{ words }}{% endmacro %}
"""
MODELS = {
    "named": "select {{ greeting(var('whom')) }} as a, {{ lean.greeting('b') }} as b, {{ spelled(\"'C'\") }} as c, 1 as one",
    "typed": "select cast(a as {{ type_string() }}) as ours, cast(a as {{ dbt.type_string() }}) as theirs from {{ ref('named') }}",
    "looked_up": "select {{ 1 if context.get('greeting') else 0 }} as there, {{ 1 if context.get('no_such') else 0 }} as missing, "
    "{{ 1 if no_such is defined else 0 }} as undefined, '{{ log('x') }}' as overridden, 2 as one, '{{ var('called') }}' as called",
    "broken": "select {{ no_such_macro() }}",
}
TESTS = """
models:
  - {name: named, columns: [{name: one, data_tests: [is_one, unique]}]}
  - {name: looked_up, columns: [{name: one, data_tests: [is_one]}]}
unit_tests:
  - name: a_macro_can_be_replaced
    model: named
    overrides: {macros: {greeting: "'another'"}}
    given: []
    expect: {rows: [{a: another, b: good day b, c: c, one: 1}]}
"""
Built = tuple[dict[str, tuple[str, str, str]], dict[str, list[Any]], set[str]]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("lean")
    settings = {
        "name": "lean", "version": "1.0.0", "profile": "fishpond", "models": {"+materialized": "table"},
        "vars": {"whom": "you", "called": "{{ greeting('var') | length }}"},
    }  # fmt: skip
    (folder / "dbt_project.yml").write_text(json.dumps(settings), "utf-8")
    for name, text in {"macros/all.sql": MACROS, "models/tests.yml": TESTS, **{f"models/{n}.sql": t for n, t in MODELS.items()}}.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    return folder


def _built(project: Path, work: Callable[[], AbstractContextManager[None]]) -> Built:
    """What became of each node (status, its SQL, words of a failure), what stands in the tables, and the names of the events told."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    told: set[str] = set()
    file = project / "warehouse.duckdb"
    with pytest.MonkeyPatch.context() as patch, work():
        patch.setenv("FISHPOND_WAREHOUSE", str(file))
        paths = ["--project-dir", str(project), "--profiles-dir", str(PROFILES), "--target-path", str(project / "target")]
        quiet = ["--log-level", "none", "--log-level-file", "none", "--no-print"]
        answer = dbtRunner(callbacks=[lambda event: told.add(event.info.name)]).invoke(["build", *paths, *quiet])
        DuckDBConnectionManager.close_all_connections()
    assert answer.exception is None, answer.exception
    nodes = {each.node.name: (str(each.status), each.node.compiled_code or "", each.message or "") for each in answer.result}
    with duckdb.connect(str(file)) as con:
        tables = {name: con.execute(f"select * from {name}").fetchall() for name in MODELS if name != "broken"}
    file.unlink()
    return nodes, tables, told


@pytest.fixture(scope="module")
def both(project: Path) -> tuple[Built, Built]:
    return _built(project, nullcontext), _built(project, lean)


def test_lean_dbt_builds_and_refuses_what_dbt_does(both: tuple[Built, Built]) -> None:
    (as_it_is, its_tables, _), (leanly, lean_tables, _) = both
    assert {name: status for name, (status, *_) in as_it_is.items()} == {
        "named": "success", "typed": "success", "looked_up": "success", "broken": "error", "a_macro_can_be_replaced": "pass",
        "is_one_named_one": "pass", "unique_named_one": "pass", "is_one_looked_up_one": "fail",
    }  # fmt: skip
    assert leanly == as_it_is
    assert lean_tables == its_tables
    assert its_tables["named"] == [("good day you", "good day b", "c", 1)]
    assert its_tables["looked_up"] == [(1, 0, 0, "our log: x", 2, "14")], "a macro comes before a function of dbt with its name"


def test_only_events_that_are_heard_are_told(both: tuple[Built, Built]) -> None:
    (*_, all_events), (*_, events) = both
    assert events == HEARD
    assert all_events > HEARD


def test_what_an_event_says_can_still_be_read_and_a_warning_can_still_be_an_error() -> None:
    from dbt_common.events import event_manager_client, functions, types
    from dbt_common.exceptions.events import EventCompilationError

    with lean():
        assert types.Note(msg="said").message() == "said"
        assert types.Note(msg="said").to_dict() == {"msg": "said"}
        event_manager_client.get_event_manager().warn_error = True
        with pytest.raises(EventCompilationError, match="said"):
            functions.warn_or_error(types.Note(msg="said"))


def test_dbt_is_as_before_afterwards() -> None:
    from dbt.context.manifest import ManifestContext
    from dbt_common.events import event_manager_client
    from dbt_common.events.base_types import BaseEvent

    before = (ManifestContext._build_namespace, ManifestContext.to_dict, BaseEvent.__init__, event_manager_client.get_event_manager())
    with pytest.raises(ZeroDivisionError), lean():
        assert ManifestContext.to_dict is not before[1]
        raise ZeroDivisionError
    after = (ManifestContext._build_namespace, ManifestContext.to_dict, BaseEvent.__init__, event_manager_client.get_event_manager())
    assert after == before


def test_a_lazy_dictionary_is_one() -> None:
    made: list[int] = []
    lazy = Lazy({"a": 1, "b": 2}, lambda value: made.append(value) or value * 10)
    lazy["c"] = 3
    assert ("a" in lazy, "d" in lazy, bool(lazy), len(lazy)) == (True, False, True, 3) and made == []
    assert (lazy.get("d", 4), lazy["a"], lazy.get("a")) == (4, 10, 10) and made == [1]
    with pytest.raises(KeyError):
        lazy["d"]
    lazy["b"] = 5
    assert dict(lazy) == {"a": 10, "b": 5, "c": 3} == dict(lazy.items())
    lazy.prefer_names()
    assert {**lazy} == {"a": 10, "b": 20, "c": 3}
