"""Great Expectations itself: the one module that imports it, late and once, and the one expectation that we add to it.

Belongs here: its context for the whole process, its silence. Does not: what is asked of it (`runner`).
"""

from __future__ import annotations

import importlib
import logging
import os
import threading
from collections.abc import Mapping
from functools import cache
from typing import Any, ClassVar

from expectations.checks import SQL_QUERY

FIRST_ROWS = "first_rows"  # the type of our own expectation


@cache
def import_ahead(*others: str) -> None:
    """Begin to import Great Expectations (2–4 s), and then `others`, beside work that leaves Python's lock alone, such as DuckDB's.

    SQLAlchemy's ORM comes first, and here: its half-imported modules break queries that Dagster makes of its own storage meanwhile.
    """
    import sqlalchemy.orm  # noqa: F401

    def import_all() -> None:
        _gx_module()
        for other in others:
            importlib.import_module(other)

    threading.Thread(target=import_all, name="import great_expectations", daemon=True).start()


class GreatExpectations:
    """The imported library with one context for the whole process (import 2–4 s, context 0.1 s)."""

    def __init__(self) -> None:
        great_expectations = _gx_module()
        for name in ("great_expectations", "great_expectations.data_context.types.base"):  # the second has a level of its own
            logging.getLogger(name).setLevel(logging.CRITICAL)  # what went wrong is a result, not a log line
        self.suite = great_expectations.ExpectationSuite
        self.context = great_expectations.get_context(mode="ephemeral")
        self.context.variables.progress_bars = {"globally": False}
        self.first_rows = _first_rows(great_expectations.expectations.UnexpectedRowsExpectation)


def _first_rows(unexpected_rows: type) -> type:
    """An expectation like the one given, registered as FIRST_ROWS: that one runs its query once more to count all rows."""

    class FirstRows(unexpected_rows):
        """No row fails."""

        metric_dependencies: ClassVar[tuple[str, ...]] = (f"{SQL_QUERY}.table",)

        def _validate(self, metrics: Mapping[str, Any], **_: Any) -> dict[str, Any]:
            rows = metrics[f"{SQL_QUERY}.table"]
            return {"success": not rows, "result": {"details": {"unexpected_rows": rows}}}

    return FirstRows


def _gx_module() -> Any:
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    import great_expectations

    return great_expectations


@cache
def library() -> GreatExpectations:
    """The one of this process."""
    return GreatExpectations()
