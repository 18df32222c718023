"""Around a run from the command line: whoever watches the chat group is told how it ended, however it ended."""

from __future__ import annotations

from types import TracebackType

from rich.console import Console

from orchestration.cli.exits import CALLED_WRONGLY, Refused
from orchestration.lake.alerts import robot_of
from orchestration.lake.catalog import Catalog
from orchestration.lake.freshness import Freshness, freshness
from orchestration.lake.layout import Lake
from orchestration.lake.marker import lake_kind
from orchestration.lake.one_writer import LakeBusy
from orchestration.lake.raw import read_receipts
from orchestration.lake.receipt import now_in_shanghai
from orchestration.lake.troubles import GATE, RUN, begin_trouble, end_run, tell_stale
from orchestration.settings import Settings


class Told:
    """A block that tells the webhook of its failure, of the gate's refusal, and of recovery; it swallows nothing."""

    def __init__(self, console: Console, lake: Lake, settings: Settings) -> None:
        self.console, self.lake = console, lake
        self.robot = robot_of(settings.webhook, settings.webhook_kind, settings.webhook_secret)

    def __enter__(self) -> Told:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if error is None:
            trouble = end_run(self.lake, self.robot)
        elif isinstance(error, Refused):
            trouble = begin_trouble(self.lake, self.robot, GATE, str(error))
        elif isinstance(error, Exception) and not isinstance(error, (LakeBusy, CALLED_WRONGLY)):
            trouble = begin_trouble(self.lake, self.robot, RUN, f"{type(error).__name__}: {error}")
        else:
            return
        if trouble:
            self.console.print(trouble, markup=False)

    def about_sources(self, catalog: Catalog) -> None:
        """Tell of sources that are late by now, and of those that deliver again."""
        if trouble := tell_stale(self.lake, self.robot, late_sources(self.lake, catalog)):
            self.console.print(trouble, markup=False)


def late_sources(lake: Lake, catalog: Catalog) -> list[Freshness]:
    """Freshness of every source today; of a sample on its own last day, since it is never delivered again."""
    receipts = read_receipts(lake, catalog)
    days = [receipt.exported_at.date() for receipt in receipts if receipt.status == "loaded" and receipt.exported_at]
    today = max(days, default=now_in_shanghai().date()) if lake_kind(lake) == "sample" else now_in_shanghai().date()
    return freshness(catalog, receipts, today)
