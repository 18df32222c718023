"""One delivery from file to bronze: read, judge, count, write. Everything that can stop it is a Refused with a reason.

Belongs here: the order of the steps and the row equation. Does not: which deliveries, threads, duplicates (loader).
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import duckdb

from orchestration.lake import parts, readers
from orchestration.lake.bronze import bronze_file, quarantine_file, write_parquet, write_refused
from orchestration.lake.catalog import ExportRef
from orchestration.lake.columns import QUARANTINE
from orchestration.lake.context import place_of, with_page_number
from orchestration.lake.controls import control_totals
from orchestration.lake.disk import disk_trouble
from orchestration.lake.empty_lists import empty_list
from orchestration.lake.facts import Facts, NotYet, resolve
from orchestration.lake.landing import Delivery
from orchestration.lake.layout import Lake
from orchestration.lake.notes import notes_on
from orchestration.lake.receipt import Receipt, now_in_shanghai
from orchestration.lake.records import bronze_query
from orchestration.lake.refusal import Refused
from orchestration.lake.repeats import set_repeats_aside
from orchestration.lake.rows import Reason, judge
from orchestration.lake.source_cells import SourceCells, find_cells
from orchestration.lake.sql import identifier, literal
from orchestration.lake.suppression import cleared, forgotten, marked, with_erased
from orchestration.lake.zeroed_ids import set_zeroed_ids_aside

TABLE = "judged_rows"
MOST_BAD_SHARE, LEAST_BAD_ROWS = 0.05, 20  # beyond both, the file is refused whole: its layout is not what the contract thinks


@dataclass(frozen=True)
class Judged:
    """The rows of a delivery, judged but not written. `reasons` are what `_bad` counts into."""

    receipt: Receipt
    facts: Facts
    reasons: list[Reason]
    result: parts.ReadResult


def blank_receipt(delivery: Delivery) -> Receipt:
    """The receipt of a delivery before anything is known of its rows."""
    ref = delivery.export_ref
    return Receipt(
        delivery_id=delivery.delivery_id, file_hash=delivery.sha256,
        source=ref.platform.platform if ref else "", export=ref.name if ref else "",
        file_name=delivery.relative, fingerprint=ref.fingerprint if ref else "0" * 12, status="refused", loaded_at=now_in_shanghai(),
        account=delivery.context.account, exported_at=delivery.context.exported_at,
    )  # fmt: skip


def load_delivery(con: duckdb.DuckDBPyConnection, lake: Lake, delivery: Delivery, run_on: date, limits: parts.Limits) -> Receipt:
    """Load one delivery of a known export; its receipt, `loaded` or `refused`. The connection's pepper must be bound."""
    ref = delivery.export_ref
    try:
        with tempfile.TemporaryDirectory(dir=lake.work) as folder:
            if delivery.refusal:
                raise Refused(delivery.refusal)
            judged = judge_delivery(con, delivery, run_on, Path(folder), limits)
            if not delivery.is_unchanged():
                raise NotYet(run_on, "it changed while it was read; it is read again on the next run")
            return _write(con, lake, delivery, judged)
    except Refused as error:
        receipt = replace(blank_receipt(delivery), reason=error.reason, retry_from=error.day if isinstance(error, NotYet) else None)
    except (OSError, duckdb.Error) as error:  # its message may quote cells, so only its kind is told
        if trouble := disk_trouble(error):
            raise trouble from error
        kind = type(error).__name__
        reason = f"the engine could not work with this file ({kind}); it is tried again on every run: see `fishpond source check`"
        receipt = replace(blank_receipt(delivery), reason=reason, retry_from=run_on)
    finally:
        con.execute(f"drop table if exists {TABLE}")
    write_refused(con, lake, ref, receipt)
    return receipt


def judge_delivery(con: duckdb.DuckDBPyConnection, delivery: Delivery, run_on: date, workdir: Path, limits: parts.Limits) -> Judged:
    """Read the file and judge its rows into the temp table TABLE. Raises Refused."""
    ref = delivery.export_ref
    try:
        result = readers.read_delivery(con, delivery.path, ref.export, workdir, limits)
        result = replace(result, payload=with_page_number(result.payload, delivery.relative))
        sources = [find_cells(con, part, ref.export, result.payload) for part in result.parts]
        facts = resolve(con, ref, place_of(delivery.relative.split("/")[2:]), result.payload, sources, run_on)
        reasons: list[Reason] = []
        for number, (part, source) in enumerate(zip(result.parts, sources, strict=True)):
            reasons = judge(con, ref, source, (number, part.name), facts, TABLE)
        reasons = set_zeroed_ids_aside(con, ref, TABLE, reasons)
        reasons = set_repeats_aside(con, ref, TABLE, facts, reasons)
        receipt = _counted(con, ref, delivery, result, sources, facts, reasons)
        _gather_bad_rows(con, receipt, result, reasons)
    finally:
        parts.release(con)
    return Judged(receipt, facts, reasons, result)


def _counted(
    con: duckdb.DuckDBPyConnection, ref: ExportRef, delivery: Delivery, result: parts.ReadResult, sources: Sequence[SourceCells],
    facts: Facts, reasons: Sequence[Reason],
) -> Receipt:  # fmt: skip
    """The receipt as the rows make it; the row equation is checked here."""
    rows, good, skipped = con.execute(
        f"select count(*), count(*) filter (where _bad is null and _skip is null), count(_skip) from {TABLE}"
    ).fetchone()
    rejected = sum(parts.count(con, part.rejects) for part in result.parts)
    footer = sum(len(part.footer) for part in result.parts)
    in_file = sum(part.records for part in result.parts)
    receipt = replace(
        blank_receipt(delivery), status="loaded", account=_account(con, facts), exported_at=facts.exported_at, rows_in_file=in_file,
        rows_loaded=good, rows_quarantined=rows - good - skipped + rejected, rows_skipped=skipped + footer,
        controls=control_totals(con, ref, TABLE, result.parts), notes=notes_on(con, ref, TABLE, result, sources),
        empty_list=None if rows + rejected > skipped else empty_list(ref.export, facts, result.payload),
    )  # fmt: skip
    if receipt.rows_in_file != receipt.rows_loaded + receipt.rows_quarantined + receipt.rows_skipped:
        seen = f"{good} good, {receipt.rows_quarantined} bad, {receipt.rows_skipped} skipped"
        raise AssertionError(f"{delivery.relative}: {in_file} records in the file, but {seen}")
    return receipt


def _account(con: duckdb.DuckDBPyConnection, facts: Facts) -> str | None:
    """The one account of the delivery; None when its rows have several."""
    hole = facts.holes("")["account"]
    found = con.execute(f"select distinct {hole} from {TABLE} where _bad is null and _skip is null limit 2").fetchall()
    known = [row[0] for row in found] or [*facts.certain().account]
    return known[0] if len(known) == 1 else None


def _write(con: duckdb.DuckDBPyConnection, lake: Lake, delivery: Delivery, judged: Judged) -> Receipt:
    """Quarantine first, then bronze: a kill between them leaves a delivery that is simply loaded again."""
    ref, receipt = delivery.export_ref, judged.receipt
    bad_rows = "select * from bad_rows order by line_number, part"
    if (reason := _too_many_bad(con, receipt)) is not None:
        refused = replace(
            receipt,
            status="refused",
            reason=reason,
            rows_loaded=0,
            rows_quarantined=receipt.rows_in_file - receipt.rows_skipped,
            controls=[],
        )
        write_refused(con, lake, ref, refused, bad_rows)
        return refused
    if receipt.rows_quarantined:
        write_parquet(con, bad_rows, quarantine_file(lake, ref, receipt))
    query = bronze_query(ref, TABLE, judged.facts, delivery.delivery_id, delivery.sha256)
    if (marks := forgotten(lake)) and (rows := cleared(con, ref, f"({query})", marked(marks))):
        query, receipt = rows.query, with_erased(receipt, rows)
    write_parquet(con, query, bronze_file(lake, ref, receipt), receipt)
    if not receipt.rows_quarantined:
        quarantine_file(lake, ref, receipt).unlink(missing_ok=True)
    return receipt


def _gather_bad_rows(con: duckdb.DuckDBPyConnection, receipt: Receipt, result: parts.ReadResult, reasons: Sequence[Reason]) -> None:
    """Temp table `bad_rows`: what the readers could not split and what the rows table calls bad, as quarantine has it."""
    names = ", ".join(literal(reason.column) for reason in reasons) or "null"
    texts = ", ".join(literal(reason.text) for reason in reasons) or "null"
    known = f"{literal(receipt.delivery_id)}, {literal(receipt.source)}, {literal(receipt.export)}"
    selects = [f"select {known}, _line, ([{names}])[_bad + 1], ([{texts}])[_bad + 1], _shape, _part from {TABLE} where _bad is not null"]
    selects += [
        f"select {known}, line_number, null, reason, shape, {literal(part.name)} from {identifier(part.rejects)}" for part in result.parts
    ]
    typed = ", ".join(f"{name} {kind}" for name, kind in QUARANTINE.items())
    con.execute(f"create or replace temp table bad_rows ({typed})")
    con.execute(f"insert into bad_rows {' union all '.join(selects)}")


def _too_many_bad(con: duckdb.DuckDBPyConnection, receipt: Receipt) -> str | None:
    records = receipt.rows_in_file - receipt.rows_skipped
    if receipt.rows_quarantined < LEAST_BAD_ROWS or receipt.rows_quarantined <= MOST_BAD_SHARE * records:
        return None
    column, why, times, line = con.execute(
        "select column_name, reason, count(*), min(line_number) from bad_rows group by all order by 3 desc, 4, 1, 2 limit 1"
    ).fetchone()
    named = f"`{column}` {why}" if column else why
    return (
        f"{receipt.rows_quarantined:,} of {records:,} rows are bad (more than {MOST_BAD_SHARE:.0%}); most often: {named} "
        f"({times:,} rows, first at line {line}). Deliver a corrected file, or correct the contract if the format changed"
    )
