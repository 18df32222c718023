"""Real processes that are killed, run out of disk or lose their right to write at a chosen step. They are forked from a server that
has the lake's modules loaded, so one costs a twentieth of a second.

A fault is what a child does to itself before its task. A step is a call by which Python opens, makes, names, cuts or removes a file.
"""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import resource
import signal
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

STEPS = frozenset({"open", "os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.symlink", "os.truncate", "os.chmod", "os.utime"})
PATIENCE = 60.0  # seconds
CAPABILITIES_V3 = 0x20080522
WRITE_ANYWHERE = (1 << 1) | (1 << 2) | (1 << 3)  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH, CAP_FOWNER
SERVER = multiprocessing.get_context("forkserver")
SERVER.set_forkserver_preload(["orchestration.lake.loader", "orchestration.lake.releases", "builders.pond"])
Fault = Callable[[], None]


@dataclass(frozen=True)
class Ending:
    """How a child ended: `signal` that killed it (0: none), what the task returned, or the error that it raised."""

    signal: int
    value: Any = None
    error: str = ""


@dataclass(frozen=True)
class KilledBefore:
    """kill -9 right before step number `step` (from 0) below `folder`."""

    folder: Path
    step: int

    def __call__(self) -> None:
        left = self.step

        def count(_place: str) -> None:
            nonlocal left
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            left -= 1

        on_each_step(self.folder, count)


@dataclass(frozen=True)
class KilledAfter:
    """kill -9 so many seconds after the task began, whatever it does then."""

    seconds: float

    def __call__(self) -> None:
        signal.setitimer(signal.ITIMER_REAL, self.seconds)  # nobody handles SIGALRM: it ends the process in the middle of anything


@dataclass(frozen=True)
class FullDisk:
    """No file can grow beyond `largest` bytes; the kernel refuses the write that would, as it does on a full disk."""

    largest: int

    def __call__(self) -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (self.largest, self.largest))


@dataclass(frozen=True)
class ReadOnly:
    """What file modes forbid is forbidden, for root too: it gives up its right to pass them by."""

    def __call__(self) -> None:
        if os.geteuid() == 0:
            _give_up_rights()


def run_apart(task: Callable[..., Any], *given: Any, fault: Fault | None = None) -> Ending:
    """Run `task` in a process of its own, under the fault; how it ended."""
    ours, theirs = SERVER.Pipe(duplex=False)
    child = SERVER.Process(target=_child, args=(theirs, fault, task, given))
    child.start()
    theirs.close()
    said = _received(ours)
    child.join(PATIENCE)
    assert child.exitcode is not None, "the process hangs"
    return Ending(max(-child.exitcode, 0), *(said or ()))


def every_step(folder: Path, task: Callable[..., Any], *given: Any) -> list[int]:
    """The task's steps below `folder`, one for each line of our code that takes one: its number when it is first reached."""
    places = run_apart(_places, folder, task, given).value
    return [number for number, place in enumerate(places) if place not in places[:number]]


def on_each_step(folder: Path, call: Callable[[str], None]) -> None:
    """From now on and for the rest of this process's life: before each step below `folder`, `call` with what takes it where."""
    root, lock = os.fspath(folder), threading.Lock()

    def hook(event: str, given: tuple) -> None:
        if event in STEPS and isinstance(given[0], (str, Path)) and os.fspath(given[0]).startswith(root):
            with lock:
                call(f"{event} {_place()}")

    sys.addaudithook(hook)


def _place() -> str:
    """The innermost line of our own code in the call stack."""
    frame = sys._getframe()
    while frame and "/orchestration/" not in frame.f_code.co_filename:
        frame = frame.f_back
    return f"{frame.f_code.co_filename}:{frame.f_lineno}" if frame else ""


def _places(folder: Path, task: Callable[..., Any], given: tuple) -> list[str]:
    places: list[str] = []
    on_each_step(folder, places.append)
    task(*given)
    return places


def _child(answer: Any, fault: Fault | None, task: Callable[..., Any], given: tuple) -> None:
    if fault:
        fault()
    try:
        value, error = task(*given), ""
    except (OSError, RuntimeError, ValueError) as raised:
        value, error = None, f"{type(raised).__name__}: {raised}"
    answer.send((value, error))


def _received(answer: Any) -> tuple | None:
    try:
        return answer.recv() if answer.poll(PATIENCE) else None
    except EOFError:
        return None


def _give_up_rights() -> None:
    """capset(2): what the owner may not do by the file's modes, this process may not do either."""
    libc = ctypes.CDLL(None, use_errno=True)
    header = (ctypes.c_uint32 * 2)(CAPABILITIES_V3, 0)
    sets = (ctypes.c_uint32 * 6)()
    if libc.capget(header, sets):
        raise OSError(ctypes.get_errno(), "capget")
    for place in (0, 1, 2):
        sets[place] &= ~WRITE_ANYWHERE
    if libc.capset(header, sets):
        raise OSError(ctypes.get_errno(), "capset")
