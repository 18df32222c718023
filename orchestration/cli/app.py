"""The verbs of `fishpond` and their options. Each is a line or two: the work stands in the module it names.

Imports are made inside the verbs, so `fishpond status` never waits for Dagster or dbt.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from orchestration.cli.exits import BROKE, ExitCode
from orchestration.cli.people import customer, identity

INTERRUPTED = 130  # what Typer makes of Ctrl-C
HELP = "Fishpond: what a brand's private domain (私域) is worth. Raw exports in, checked marts out."
app = typer.Typer(help=HELP, no_args_is_help=True, add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
source = typer.Typer(help="What the contracts know.", no_args_is_help=True)
quarantine = typer.Typer(help="Refused rows.", no_args_is_help=True)
gate = typer.Typer(help="Why a candidate was refused, and what to do about it.", no_args_is_help=True)
app.add_typer(source, name="source")
app.add_typer(quarantine, name="quarantine")
app.add_typer(gate, name="gate")
app.add_typer(customer, name="customer")
app.add_typer(identity, name="identity")
out = Console(highlight=False, width=None if sys.stdout.isatty() else 160)  # a log file has no 80 columns

Day = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Look at the brand as of this day, e.g. 2026-09-30.")]


def call(arguments: Sequence[str]) -> int:
    """Run one command line; the exit code."""
    with ExitCode(Console(stderr=True)) as exit_code:
        exit_code.code = app(list(arguments), prog_name="fishpond", standalone_mode=False) or 0
    return BROKE if exit_code.code == INTERRUPTED else exit_code.code


@app.command()
def run(
    full: Annotated[bool, typer.Option("--full", help="Build the warehouse from nothing.")] = False,
    as_of: Day = None,
    first: Annotated[datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="Load again from landing: first day.")] = None,
    last: Annotated[datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="… and the last day, by export date.")] = None,
) -> None:
    """Load, build, check, publish; on an empty lake with the sample brand first."""
    from orchestration.cli.road import run_road

    if (first is None) != (last is None) or (first and last and first > last):
        raise typer.BadParameter("--from and --to belong together, the first day first")
    days = (first.date(), last.date()) if first and last else None
    raise typer.Exit(run_road(out, full, as_of.date() if as_of else None, days))


@app.command()
def prepare() -> None:
    """Read the dbt project ahead, as installation does, so that the first run starts at once."""
    from orchestration.cli.road import prepare_road

    prepare_road()


@app.command()
def status() -> None:
    """What is published, what was built last, what waits in landing."""
    from orchestration.cli.status import show_status

    show_status(out)


@app.command()
def sample(
    customers: Annotated[int, typer.Option(min=1)] = 2000,
    days: Annotated[int, typer.Option(min=10)] = 240,
    seed: int = 1,
    truth: Annotated[Path | None, typer.Option(help="Also write who did what, outside the lake.")] = None,
    hard_cases: Annotated[bool, typer.Option("--hard-cases", help="Add people no exact key can tell apart.")] = False,
) -> None:
    """Write the sample brand's exports into an empty landing."""
    from orchestration.cli.samples import write_sample_brand

    write_sample_brand(out, customers, days, seed, truth, hard_cases)


@source.command("list")
def source_list(
    markdown: Annotated[bool, typer.Option("--markdown", help="As a Markdown table.")] = False,
    write: Annotated[Path | None, typer.Option("--write", help="Into the marked block of this file.", exists=True, dir_okay=False)] = None,
) -> None:
    """Every export that can be loaded: what it is, its key, the identity keys it carries, how often it comes, how sure its contract is."""
    from orchestration.cli.sources import list_sources

    list_sources(out, markdown, write)


@source.command("check")
def source_check(files: Annotated[list[Path], typer.Argument(exists=True, dir_okay=False, readable=True)]) -> None:
    """For files in your hand: which contract fits, what maps, what does not, the first bad rows."""
    from orchestration.cli.sources import check_files

    raise typer.Exit(check_files(out, files))


@quarantine.command("show")
def quarantine_show(
    delivery: Annotated[str | None, typer.Argument(help="A delivery's id, or its beginning.")] = None,
    export: Annotated[str | None, typer.Option("--export", help="Only this export, e.g. taobao/orders.")] = None,
    rows: Annotated[int, typer.Option(min=1, help="At most so many rows.")] = 20,
) -> None:
    """Refused rows with their reason and, as long as landing has the file, the original line."""
    from orchestration.cli.refused_rows import show_refused

    show_refused(out, delivery, export, rows)


@app.command()
def publish(
    resume: Annotated[bool, typer.Option("--resume", help="Lift the hold that a rollback set.")] = False,
) -> None:
    """Run the gate on the finished build and publish it."""
    from orchestration.cli.releases import publish_build

    raise typer.Exit(publish_build(out, resume))


@app.command()
def rollback(version: Annotated[str | None, typer.Argument(help="Default: the version before the current one.")] = None) -> None:
    """Switch back to an older version and hold there until `publish --resume`."""
    from orchestration.cli.releases import roll_back

    roll_back(out, version)


@app.command()
def versions() -> None:
    """Every published version that is still there."""
    from orchestration.cli.releases import list_versions_table

    list_versions_table(out)


@gate.command("explain")
def gate_explain() -> None:
    """The last candidate: each failed check, what was expected, which rows."""
    from orchestration.cli.gate import explain_gate

    raise typer.Exit(explain_gate(out))


@gate.command("accept")
def gate_accept(
    check: Annotated[str, typer.Option("--check", help="The finding, as `gate explain` names it.")],
    reason: Annotated[str, typer.Option("--reason", help="Why it may be published; kept with the version.")],
) -> None:
    """Accept one named finding of the last candidate; then `fishpond publish`."""
    from orchestration.cli.gate import accept_finding

    accept_finding(out, check, reason)


@app.command("forget")
def forget_command(
    phone: Annotated[str | None, typer.Option(help="Their phone; - reads it from standard input.")] = None,
    key: Annotated[str | None, typer.Option(help="Another key of theirs as type=value, e.g. email=…, unionid=….")] = None,
    customer: Annotated[str | None, typer.Option(help="Their customer_id in the published version.")] = None,
) -> None:
    """Take a person out of landing, bronze and every version, for good; their orders stay as money of nobody."""
    from orchestration.cli.forget import forget_person

    raise typer.Exit(forget_person(out, phone, key, customer))


@app.command()
def ui(port: Annotated[int, typer.Option(min=1, max=65535)] = 3000) -> None:
    """The Dagster UI with schedules and sensors on 127.0.0.1."""
    from orchestration.cli.ui import serve

    raise typer.Exit(serve(out, port))
