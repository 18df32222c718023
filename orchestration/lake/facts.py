"""What holds for all rows of one delivery, resolved from path, page and loaded columns in the order the contract gives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import duckdb

from orchestration.lake import cells
from orchestration.lake.catalog import ExportRef
from orchestration.lake.context import ACCOUNT_FOLDER, DATE_FOLDER, OPEN_PLATFORM, Place, read_moment, said
from orchestration.lake.contract import ContextRule
from orchestration.lake.refusal import Refused
from orchestration.lake.source_cells import SourceCells
from orchestration.lake.sql import literal

NO_ACCOUNT, NO_DATE = "nothing says which account or shop this file is of", "nothing says when this file was exported"
SLACK = timedelta(days=1)  # clocks of platforms and of the pipeline may differ by a day, never more


@dataclass(frozen=True)
class Column:
    """A value that each row brings itself."""

    name: str
    pattern: str | None


@dataclass(frozen=True)
class Facts:
    """`account`, `business_on`, `open_platform`: what the rules answered, first answer first; a Column is asked row by row."""

    exported_at: datetime
    account: tuple[str | Column, ...]
    business_on: tuple[date | Column, ...]
    open_platform: tuple[str | Column, ...]

    def certain(self) -> Facts:
        """Without what rows bring themselves: for what is needed before a row is typed."""
        return Facts(self.exported_at, *(
            tuple(answer for answer in answers if not isinstance(answer, Column))
            for answers in (self.account, self.business_on, self.open_platform)
        ))  # fmt: skip

    def holes(self, prefix: str) -> dict[str, str]:
        """SQL of each, where a contract column stands as `<prefix><name>`."""
        return {
            "account": _sql(self.account, prefix, "varchar"),
            "business_on": _sql(self.business_on, prefix, "date"),
            "open_platform": _sql(self.open_platform, prefix, "varchar"),
        }


def resolve(
    con: duckdb.DuckDBPyConnection,
    ref: ExportRef,
    place: Place,
    payload: Mapping[str, Any] | None,
    parts: Sequence[SourceCells],
    run_on: date,
) -> Facts:
    """The facts of one delivery. Raises Refused when nothing tells its export time, NotYet when that lies ahead of the run day."""
    export = ref.export
    exported_at = None
    for rule in export.exported_at:
        if rule.column is not None:
            exported_at = _latest(con, ref, rule.column, parts, run_on)
        elif (answer := said(rule, place, payload)) is not None:
            exported_at = read_moment(answer, rule)
        if exported_at is not None:
            break
    if exported_at is None:
        raise Refused(f"{NO_DATE}: put it into a folder date=YYYY-MM-DD, or give it back the name it was downloaded with")
    if exported_at.date() > run_on + SLACK:
        day = exported_at.date()
        raise NotYet(day - SLACK, f"it says it was exported on {day}, after the day of this run: check the name or date folder")
    account = _answers(export.account or ACCOUNT_FOLDER, place, payload)
    if export.account and not _can_answer(account, parts):
        raise Refused(f"{NO_ACCOUNT}: put it into a folder account=<its id>; without it the files of two accounts would replace each other")
    days = _answers(export.date or DATE_FOLDER, place, payload)
    moments = [day if isinstance(day, Column) else read_moment(day, rule) for rule, day in days]
    return Facts(
        exported_at,
        tuple(answer for _, answer in account),
        tuple(moment if isinstance(moment, Column) else moment.date() for moment in moments if moment is not None),
        tuple(answer for _, answer in _answers(export.open_platform or OPEN_PLATFORM, place, payload)),
    )


class NotYet(Refused):
    """Refused today, but not from `day` on."""

    def __init__(self, day: date, reason: str) -> None:
        super().__init__(reason)
        self.day = day


def _answers(rules: Sequence[ContextRule], place: Place, payload: Mapping[str, Any] | None) -> list[tuple[ContextRule, str | Column]]:
    """What the rules say, up to the first certain answer."""
    found: list[tuple[ContextRule, str | Column]] = []
    for rule in rules:
        if rule.column is not None:
            found.append((rule, Column(rule.column, rule.pattern)))
        elif (answer := said(rule, place, payload)) is not None:
            found.append((rule, answer))
            break
    return found


def _can_answer(found: Sequence[tuple[ContextRule, str | Column]], parts: Sequence[SourceCells]) -> bool:
    """Whether a rule answered, or a column that a part of the file has is to be asked row by row."""
    return any(not isinstance(answer, Column) or any(answer.name in part.cells for part in parts) for _, answer in found)


def _latest(con: duckdb.DuckDBPyConnection, ref: ExportRef, name: str, parts: Sequence[SourceCells], run_on: date) -> datetime | None:
    """The largest time in a column, without those that lie after the run day."""
    column = ref.export.columns[name]
    nulls = cells.null_words(column, (*ref.shared.null_tokens, *ref.export.null_tokens))
    limit = literal(str(run_on + 2 * SLACK))
    found = []
    for part in parts:
        if name not in part.cells:
            continue
        cell = cells.text(column, part.cells[name], nulls)
        value = cells.final(column, "v")
        query = f"select max({value}) from (select {cells.parsed(column, cell)} as v from {part.source}) where v < {limit}::timestamp"
        found.append(con.execute(query).fetchone()[0])
    moments = [moment if isinstance(moment, datetime) else datetime.combine(moment, time()) for moment in found if moment is not None]
    return max(moments, default=None)


def _sql(answers: Sequence[str | date | Column], prefix: str, kind: str) -> str:
    terms = []
    for answer in answers:
        if isinstance(answer, Column):
            term = f'"{prefix}{answer.name}"'
            if answer.pattern is not None:
                term = f"nullif(regexp_extract(cast({term} as varchar), {literal(answer.pattern)}, 1), '')"
        else:
            term = literal(str(answer))
        terms.append(f"try_cast({term} as {kind})")
    return f"coalesce({', '.join(terms)})" if terms else f"cast(null as {kind})"
