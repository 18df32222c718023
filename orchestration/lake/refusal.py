"""Why a delivered file is not loaded at all.

The reason is read by the person who delivered the file: what is wrong, and what to do. It never quotes cell values.
"""

from __future__ import annotations


class Refused(Exception):
    """A whole delivery is refused; `reason` is one sentence that a person can act on."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
