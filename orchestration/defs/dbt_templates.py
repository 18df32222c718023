"""Compiled templates of dbt, kept from one process to the next: each would compile a model's text anew (1 ms a text, 1,300 a build).

Here: keeping code by the text that it was made of. Not here: what else dbt need not do again (dbt_lean).
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import marshal
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from types import CodeType
from typing import Any

FILE = "templates.bin"
MANY = 10_000  # texts; with more, most are of models as they once were, and only those of the last call are kept
MAKERS = ("jinja2", "dbt-common", "dbt-core")  # whose release decides what a text becomes


@contextlib.contextmanager
def kept_templates(folder: Path) -> Iterator[None]:
    """Within the block dbt's templates are taken from `folder` where they are known, and new ones are kept there afterwards."""
    from dbt_common.clients.jinja import MacroFuzzEnvironment

    compile_text, stamp = MacroFuzzEnvironment.compile, _stamp()
    known = _read(folder / FILE, stamp)
    used: dict[bytes, bytes] = {}

    def compile(self: Any, source: Any, name: Any = None, filename: Any = None, raw: bool = False, defer_init: bool = False) -> Any:
        if raw or defer_init or name or filename or not isinstance(source, str):
            return compile_text(self, source, name, filename, raw, defer_init)
        text = hashlib.sha256(f"{type(self).__name__}\0{source}".encode()).digest()
        if text in known:
            used[text] = known[text]
            return marshal.loads(known[text])
        code: CodeType = compile_text(self, source)
        used[text] = marshal.dumps(code)
        return code

    MacroFuzzEnvironment.compile = compile
    try:
        yield
    finally:
        del MacroFuzzEnvironment.compile
    if used.keys() - known.keys():
        _write(folder / FILE, stamp, known | used if len(known) < MANY else used)


def _stamp() -> str:
    return f"{importlib.util.MAGIC_NUMBER.hex()} {' '.join(version(name) for name in MAKERS)}"


def _read(file: Path, stamp: str) -> dict[bytes, bytes]:
    """What is kept; nothing where other releases kept it, or the file is cut off."""
    try:
        said, texts = marshal.loads(file.read_bytes())
    except (FileNotFoundError, EOFError, ValueError, TypeError):
        return {}
    return texts if said == stamp else {}


def _write(file: Path, stamp: str, texts: dict[bytes, bytes]) -> None:
    """In one step: a reader, or a kill, sees the old or the new file."""
    aside = file.with_name(f".{file.name}.part")
    aside.write_bytes(marshal.dumps((stamp, texts)))
    aside.replace(file)
