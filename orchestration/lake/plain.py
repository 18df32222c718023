"""Text of unknown origin as one harmless line: file names, cells and messages may hold line ends and terminal commands."""

from __future__ import annotations

import re
import unicodedata

COMMANDS = re.compile(r"[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def plain(text: str) -> str:
    """The text with every control character shown instead of done: no line can be forged, no terminal be told anything."""
    return COMMANDS.sub(_shown, text)


def _shown(found: re.Match[str]) -> str:
    code = ord(found[0])
    return chr(0x2400 + code) if code < 0x20 else unicodedata.lookup("REPLACEMENT CHARACTER")
