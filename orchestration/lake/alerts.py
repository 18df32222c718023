"""Telling a chat group that somebody should look: one JSON POST, in the words of WeCom, DingTalk and Feishu robots at once.

Here: the message and sending it. Not here: when to tell (defs, CLI). Nothing is sent unless FISHPOND_WEBHOOK is set.
"""

from __future__ import annotations

import json
import urllib.error
import urllib.request

TIMEOUT = 10.0  # seconds
LONGEST = 1500  # characters; robots refuse texts over 2,048 bytes or cut them


def alert(webhook: str | None, text: str) -> str | None:
    """Send `text`; returns why it could not be sent, or None. A chat group that is out of reach never fails a run."""
    if webhook is None:
        return None
    request = urllib.request.Request(webhook, data=json.dumps(message(text)).encode(), headers={"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT):
            return None
    except (urllib.error.URLError, TimeoutError) as error:
        return f"the webhook could not be told: {error}"


def message(text: str) -> dict[str, object]:
    """`msgtype` and `text.content` for WeCom and DingTalk, `msg_type` and `content.text` for Feishu; each ignores the other's words."""
    short = text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
    return {"msgtype": "text", "text": {"content": short}, "msg_type": "text", "content": {"text": short}}
