"""Telling a chat group that somebody should look: the shapes of WeCom, DingTalk and Feishu robots, and plain JSON.

Here: the message, its signature, sending it with retries. Not here: when to tell (`troubles`). Nothing is sent unless a webhook is
set, and what is sent names no person: whatever reads like a phone, an e-mail address, an ID number or a token is taken out.
Formats: WeCom 群机器人, DingTalk 自定义机器人 (加签), Feishu 自定义机器人 (签名校验).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass, field
from typing import Any

from orchestration.lake.plain import plain

TIMEOUT = 10.0  # seconds
PAUSES = (1.0, 4.0)  # seconds before the second and the third try
LONGEST = 500  # characters: 2,048 bytes is the least that a robot takes, and a character has up to four
HOSTS = {"qyapi.weixin.qq.com": "wecom", "oapi.dingtalk.com": "dingtalk", "open.feishu.cn": "feishu", "open.larksuite.com": "feishu"}
PASSING = {45009, -1, 130101, 11232, 9499}  # too often, or busy, in the words of the three
PERSONAL = re.compile(
    r"(?<![0-9])1[3-9][0-9]{9}(?![0-9])|[0-9a-f]{32,}|[^\s@:]+@[^\s@]+\.[a-z]{2,}|(?<![0-9])[1-9][0-9]{16}[0-9Xx](?![0-9])", re.IGNORECASE
)


@dataclass(frozen=True)
class Robot:
    """Who is told. `kind` auto is told by the address; `secret` signs for DingTalk and Feishu."""

    address: str = field(repr=False)
    kind: str = "auto"
    secret: str | None = field(default=None, repr=False)

    @property
    def shape(self) -> str:
        return HOSTS.get(urllib.parse.urlsplit(self.address).hostname or "", "json") if self.kind == "auto" else self.kind


def robot_of(address: str | None, kind: str, secret: str | None) -> Robot | None:
    """The robot that the settings name, if they name one."""
    return Robot(address, kind, secret) if address else None


def alert(robot: Robot | None, event: str, text: str, pauses: tuple[float, ...] = PAUSES) -> str | None:
    """Tell `text` about an `event` (failed, refused, stale, recovered); why it could not be told, or None.

    A chat group that is out of reach never fails a run. Tried again after each pause, unless the robot says that it will not do.
    """
    if robot is None:
        return None
    trouble: str | None = None
    for pause in (0.0, *pauses):
        threading.Event().wait(pause)
        trouble, is_passing = _post(robot, event, text)
        if not is_passing:
            break
    return f"the webhook could not be told: {trouble}" if trouble else None


def request_of(robot: Robot, event: str, text: str, at: float) -> tuple[str, dict[str, Any]]:
    """(address, body) of one message at epoch second `at`, signed where there is a secret."""
    short = shortened(text)
    if robot.shape == "wecom":
        return robot.address, {"msgtype": "text", "text": {"content": short}}
    if robot.shape == "dingtalk":
        return _signed_address(robot, at), {"msgtype": "text", "text": {"content": short}}
    if robot.shape == "feishu":
        signed = {"timestamp": str(int(at)), "sign": _feishu_sign(robot.secret, int(at))} if robot.secret else {}
        return robot.address, {**signed, "msg_type": "text", "content": {"text": short}}
    return robot.address, {"source": "fishpond", "event": event, "text": short, "at": int(at)}


def shortened(text: str) -> str:
    """One message: no personal data, no control characters, not longer than every robot takes."""
    said = PERSONAL.sub("…", plain(text))
    return said if len(said) <= LONGEST else said[: LONGEST - 1] + "…"


def _signed_address(robot: Robot, at: float) -> str:
    """DingTalk: HMAC-SHA-256 over "<milliseconds>\\n<secret>" under the secret, in the address."""
    if not robot.secret:
        return robot.address
    stamp = str(int(at * 1000))
    sign = base64.b64encode(hmac.digest(robot.secret.encode(), f"{stamp}\n{robot.secret}".encode(), hashlib.sha256)).decode()
    joint = "&" if "?" in robot.address else "?"
    return f"{robot.address}{joint}timestamp={stamp}&sign={urllib.parse.quote_plus(sign)}"


def _feishu_sign(secret: str, at: int) -> str:
    """Feishu: HMAC-SHA-256 over nothing under "<seconds>\\n<secret>", in the body."""
    return base64.b64encode(hmac.digest(f"{at}\n{secret}".encode(), b"", hashlib.sha256)).decode()


def _post(robot: Robot, event: str, text: str) -> tuple[str | None, bool]:
    """(what went wrong, whether it may pass). The address is a secret itself: no error may show it."""
    address, body = request_of(robot, event, text, time.time())
    data = json.dumps(body, ensure_ascii=False).encode()
    request = urllib.request.Request(address, data=data, headers={"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:
            return _refusal(answer.read(65536))
    except urllib.error.HTTPError as error:
        return f"HTTP {error.code}", error.code == 429 or error.code >= 500
    except (urllib.error.URLError, TimeoutError, ConnectionError) as error:
        return type(error).__name__ + (f" ({error.reason})" if isinstance(error, urllib.error.URLError) else ""), True


def _refusal(answer: bytes) -> tuple[str | None, bool]:
    """Robots answer 200 and say in the body that they did not do it."""
    try:
        said = json.loads(answer)
    except ValueError:
        return None, False
    code = next((said[name] for name in ("errcode", "code", "StatusCode") if name in said), 0) if isinstance(said, dict) else 0
    return (None, False) if code in (0, "0", None) else (f"the robot refused with code {code}", code in PASSING)
