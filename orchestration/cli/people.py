"""`customer explain` and `identity diff`: who is behind an id, and what publishing a build would do to the customers readers know.

What a person types here may be personal: it is tokenised at once, never printed, logged or kept; without an argument it is asked
for unseen.
"""

from __future__ import annotations

from typing import Annotated

import typer

customer = typer.Typer(help="Who is behind an id.", no_args_is_help=True)
identity = typer.Typer(help="What identity would change.", no_args_is_help=True)



@customer.command("explain")
def customer_explain(
    subject: Annotated[str | None, typer.Argument(help="A customer id, an order, or a key; without it you are asked, unseen.")] = None,
    whole: Annotated[bool, typer.Option("--whole", help="Every key and whole tokens, as a ruling wants them.")] = False,
) -> None:
    """The person's keys, the evidence that links them (file, line, when), refused edges and near misses."""
    from orchestration.cli.app import out
    from orchestration.cli.people_shown import explain_subject

    raise typer.Exit(explain_subject(out, subject or typer.prompt("customer, order or key", hide_input=True), whole))


@identity.command("diff")
def identity_diff_shown(
    build: Annotated[bool, typer.Option("--build", help="Load and build first, without publishing.")] = False,
) -> None:
    """New, merged, split and renamed customers against the published version, and the revenue that would move person."""
    from orchestration.cli.app import out
    from orchestration.cli.people_shown import show_diff

    raise typer.Exit(show_diff(out, build))


