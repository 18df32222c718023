"""What a failure means to the caller: its exit code and one readable line instead of a traceback.

0 published or nothing new · 1 the gate refused · 2 called wrongly, or the lake asks for a decision · 3 broke.
"""

from __future__ import annotations

import traceback
from types import TracebackType

import typer
from rich.console import Console

from orchestration.defs.gate import GateError
from orchestration.lake.build_marks import WarehouseNotWhole
from orchestration.lake.catalog import ContractError
from orchestration.lake.damage import BronzeDamaged
from orchestration.lake.disk import DiskTrouble, disk_trouble
from orchestration.lake.forget import NobodyFound
from orchestration.lake.identity_explain import NobodyKnown
from orchestration.lake.marker import MixedLake
from orchestration.lake.one_writer import LakeBusy
from orchestration.lake.pepper import PepperChanged
from orchestration.lake.releases import ReleaseError
from orchestration.settings import SettingsError

PUBLISHED, REFUSED, USAGE, BROKE = 0, 1, 2, 3
CALLED_WRONGLY = typer.BadParameter.__bases__[0]  # Typer's usage error, which it does not export by name
ASKS_FOR_A_DECISION = (SettingsError, ContractError, MixedLake, PepperChanged, GateError, ReleaseError, NobodyFound, NobodyKnown)


class Refused(Exception):
    """The gate, or a data test before it, refused the candidate; the published version is untouched."""


class Broke(Exception):
    """A step of a run failed and said why."""


EXPLAINED = (LakeBusy, WarehouseNotWhole, DiskTrouble, BronzeDamaged, Broke)


class ExitCode:
    """Around one call: swallows what ends it and keeps the code in `code`."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.code = PUBLISHED

    def __enter__(self) -> ExitCode:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> bool:
        if error is None:
            return False
        if isinstance(error, CALLED_WRONGLY):
            error.show()
            self.code = USAGE
        elif isinstance(error, ASKS_FOR_A_DECISION):
            self._say(error)
            self.code = USAGE
        elif isinstance(error, Refused):
            self._say(error)
            self.code = REFUSED
        elif isinstance(error, (KeyboardInterrupt, typer.Abort)):
            self.console.print("stopped; what was loaded stays, the next run goes on from there")
            self.code = BROKE
        else:
            error = disk_trouble(error) or error
            if not isinstance(error, EXPLAINED):
                self.console.print("".join(traceback.format_exception(error)), markup=False, highlight=False, soft_wrap=True)
            self._say(error)
            self.code = BROKE
        return isinstance(error, (Exception, KeyboardInterrupt))

    def _say(self, error: BaseException) -> None:
        self.console.print(f"{error}", style="red", markup=False, highlight=False, soft_wrap=True)
