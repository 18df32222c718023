"""What is asked of a table and what came of it: suites and check results as plain data.

Belongs here: the words of `suites/*.yml` and their loading. Does not: Great Expectations (see `runner`), decisions (see the gate).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml

SUITES = Path(__file__).parent / "suites"
Severity = Literal["critical", "warning"]
Status = Literal["passed", "failed", "could_not_check"]
WORDS = {"check", "type", "kwargs", "severity", "description", "per_delivery"}
CHECK_NAME = re.compile(r"[a-z][a-z0-9_.]*")
SQL_TYPE = "unexpected_rows_expectation"
SQL_QUERY = "unexpected_rows_query"  # its argument
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
WRONG_COLUMNS = "wrong_columns"  # a column that a query of failing rows may add: which of their columns are wrong; shown in samples


class SuiteError(ValueError):
    """A suite file says something that cannot be meant; the message names file and check."""


@dataclass(frozen=True)
class Suite:
    """What is expected of one table.

    `table` is `schema.table`, or a query that begins with `select`; `key` are the columns that may show in samples (ids,
    never personal data); each expectation has check, type, kwargs, severity, description, and `per_delivery` when it asks
    about a delivery's file as a whole instead of its rows.
    """

    name: str
    table: str
    expectations: tuple[Mapping[str, Any], ...]
    key: tuple[str, ...] = ()
    asset: str = ""

    @property
    def shown_as(self) -> str:
        """The asset that results name: `raw/taobao/orders`, or `schema.table`."""
        return self.asset or self.table

    @property
    def is_query(self) -> bool:
        return self.table.lstrip()[:6].lower() == "select"

    @property
    def relation(self) -> str:
        """What stands behind `from` to read the checked rows."""
        return f"({self.table}) as checked" if self.is_query else self.table

    def limited_to(self, where: str) -> Suite:
        """The same suite for the rows for which this SQL condition holds."""
        return replace(self, table=f"select * from {self.relation} where {where}", asset=self.shown_as)


@dataclass(frozen=True)
class CheckResult:
    """One expectation's outcome. `failing_rows` is None where no rows can be counted; `samples` are at most 5 keys;
    `query` lists the failing rows when run on the checked database."""

    asset: str
    suite: str
    expectation: str
    severity: Severity
    status: Status
    observed: str
    expected: str
    failing_rows: int | None = None
    samples: tuple[str, ...] = ()
    query: str = ""

    @property
    def check(self) -> str:
        """The name that a person uses: `<suite>/<expectation>`."""
        return f"{self.suite}/{self.expectation}"

    @property
    def passed(self) -> bool:
        return self.status == "passed"


def load_suites(folder: Path = SUITES, prefix: str = "") -> list[Suite]:
    """Every suite file whose name begins with `prefix`, by name. `customer__fct_orders.yml` speaks about `customer.fct_orders`.

    Raises SuiteError on an unknown word, a missing one, or a check named twice.
    """
    return [_load(path) for path in sorted(folder.glob("*.yml")) if path.stem.startswith(prefix)]


def with_more(suite: Suite, more: Iterable[Suite]) -> Suite:
    """`suite` with the expectations that suites of the same name add to it."""
    extra = tuple(expectation for other in more if other.name == suite.name for expectation in other.expectations)
    return replace(suite, expectations=(*suite.expectations, *extra))


def _load(path: Path) -> Suite:
    said = _said(path.read_text(encoding="utf-8"))
    if not isinstance(said, dict) or set(said) - {"key", "expectations"} or not said.get("expectations"):
        raise SuiteError(f"{path.name}: a suite has `key` and `expectations`")
    schema, _, table = path.stem.partition("__")
    if not table:
        raise SuiteError(f"{path.name}: a suite file is named <schema>__<table>.yml")
    seen: set[str] = set()
    for expectation in said["expectations"]:
        name = _checked(path, expectation)
        if name in seen:
            raise SuiteError(f"{path.name}: `{name}` stands twice")
        seen.add(name)
    return Suite(path.stem, f"{schema}.{table}", tuple(said["expectations"]), tuple(said.get("key", ())))


@cache
def _said(text: str) -> Any:
    """What a suite file says; the same text is read once (every fence and every export of the first one asks for suites)."""
    return yaml.load(text, LOADER)


def _checked(path: Path, expectation: Mapping[str, Any]) -> str:
    name = str(expectation.get("check", ""))
    where = f"{path.name}: {name or expectation}"
    if set(expectation) - WORDS:
        raise SuiteError(f"{where}: unknown {sorted(set(expectation) - WORDS)}")
    if missing := WORDS - {"per_delivery", "kwargs"} - set(expectation):
        raise SuiteError(f"{where}: {sorted(missing)} is missing")
    if not CHECK_NAME.fullmatch(name):
        raise SuiteError(f"{where}: a check is named in lower snake_case")
    if expectation["severity"] not in ("critical", "warning"):
        raise SuiteError(f"{where}: severity is critical or warning")
    if expectation["type"] == SQL_TYPE and "{batch}" not in expectation.get("kwargs", {}).get(SQL_QUERY, ""):
        raise SuiteError(f"{where}: the query must read from {{batch}}")
    return name
