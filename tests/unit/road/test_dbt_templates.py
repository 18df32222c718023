"""dbt's compiled templates are the same from the file as from the text, and never those of another text, kind or release."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from dbt_common.clients.jinja import MacroFuzzEnvironment, NativeSandboxEnvironment, get_template

from orchestration.defs import dbt_templates
from orchestration.defs.dbt_templates import FILE, kept_templates

TEXT = "{% set twice = word ~ word %}{{ twice }}{% do log.append(word) %}{{ '1' if native else 'text' }}"


def rendered(text: str, native: bool = False, **said: Any) -> tuple[Any, list[str]]:
    log: list[str] = []
    return get_template(text, {}, native=native).render({"log": log, "native": native, **said}), log


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts that are compiled, not taken from the file."""
    texts: list[str] = []
    parse = MacroFuzzEnvironment._parse
    monkeypatch.setattr(MacroFuzzEnvironment, "_parse", lambda self, source, *more: texts.append(source) or parse(self, source, *more))
    return texts


def test_a_text_is_compiled_once_and_says_the_same_from_then_on(tmp_path: Path, compiled: list[str]) -> None:
    plain = rendered(TEXT, word="a"), rendered(TEXT, word="b")
    compiled.clear()
    for _ in range(2):
        with kept_templates(tmp_path):
            assert (rendered(TEXT, word="a"), rendered(TEXT, word="b")) == plain == (("aatext", ["a"]), ("bbtext", ["b"]))
    assert compiled == [TEXT, TEXT], "the second of the first block; none of the second block"


def test_a_text_of_another_kind_or_with_a_mistake_is_none_of_those(tmp_path: Path, compiled: list[str]) -> None:
    with kept_templates(tmp_path):
        rendered("{{ 2 | as_number }}")
    with kept_templates(tmp_path):
        assert rendered("{{ 2 | as_number }}", native=True) == (2, [])
        assert rendered("{{ 1 + 2 }}")[0] == "3"
        for _ in range(2):
            with pytest.raises(Exception, match="unexpected"):
                rendered("{{ 1 + }}")
    assert compiled == ["{{ 2 | as_number }}", "{{ 2 | as_number }}", "{{ 1 + 2 }}", "{{ 1 + }}", "{{ 1 + }}"]
    assert MacroFuzzEnvironment.compile is NativeSandboxEnvironment.compile and "compile" not in vars(MacroFuzzEnvironment)


def test_a_file_of_another_release_or_cut_off_is_made_again(tmp_path: Path, compiled: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def told() -> int:
        compiled.clear()
        with kept_templates(tmp_path):
            rendered(TEXT, word="a")
        return len(compiled)

    assert (told(), told()) == (1, 0)
    (tmp_path / FILE).write_bytes((tmp_path / FILE).read_bytes()[:-9])
    assert (told(), told()) == (1, 0)
    monkeypatch.setattr(dbt_templates, "version", lambda name: "0.0")
    assert (told(), told()) == (1, 0)


def test_texts_of_models_as_they_once_were_do_not_pile_up(tmp_path: Path, compiled: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dbt_templates, "MANY", 2)
    for word in ("a", "b", "c"):
        with kept_templates(tmp_path):
            rendered("{{ '" + word + "' }}")
    compiled.clear()
    with kept_templates(tmp_path):
        rendered("{{ 'c' }}")
        rendered("{{ 'a' }}")
    assert compiled == ["{{ 'a' }}"]
