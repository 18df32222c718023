"""A chat group is told what is wrong in its robot's own words, once, and never who a customer is; its being out of reach fails nothing."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
import urllib.parse
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from orchestration.cli.exits import Refused
from orchestration.cli.told import Told
from orchestration.lake.alerts import LONGEST, Robot, alert, request_of, robot_of, shortened
from orchestration.lake.freshness import Freshness
from orchestration.lake.layout import Lake
from orchestration.lake.one_writer import LakeBusy
from orchestration.lake.troubles import GATE, RUN, begin_trouble, end_run, open_troubles, tell_stale
from orchestration.settings import Settings

NOW = 1_790_726_400.5
QUICK = (0.0, 0.0)


@dataclass
class Group:
    """A robot's server on this machine: what it was told; `answers` are given in turn, the last one for good."""

    address: str = ""
    told: list[tuple[str, dict]] = field(default_factory=list)
    answers: list[tuple[int, bytes]] = field(default_factory=lambda: [(200, b'{"errcode":0}')])

    def texts(self) -> list[str]:
        return [body["text"] for _, body in self.told]


@pytest.fixture
def group() -> Iterator[Group]:
    group = Group()

    class Server(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            group.told.append((self.path, json.loads(self.rfile.read(int(self.headers["Content-Length"])))))
            status, body = group.answers.pop(0) if len(group.answers) > 1 else group.answers[0]
            self.send_response(status)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Keep the test's output quiet."""

    with HTTPServer(("127.0.0.1", 0), Server) as server:
        group.address = f"http://127.0.0.1:{server.server_port}/robot?key=a-secret"
        serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        serving.start()
        yield group
        server.shutdown()
        serving.join()


@pytest.mark.parametrize(("kind", "body"), [
    ("wecom", {"msgtype": "text", "text": {"content": "闸门 refused"}}),
    ("dingtalk", {"msgtype": "text", "text": {"content": "闸门 refused"}}),
    ("feishu", {"msg_type": "text", "content": {"text": "闸门 refused"}}),
])  # fmt: skip
def test_each_robot_gets_its_own_shape(group: Group, kind: str, body: dict) -> None:
    assert alert(Robot(group.address, kind), "refused", "闸门 refused") is None
    assert group.told == [("/robot?key=a-secret", body)]


def test_anything_else_gets_plain_json(group: Group) -> None:
    assert alert(Robot(group.address), "stale", "text") is None
    (_, body), = group.told
    assert (body["source"], body["event"], body["text"]) == ("fishpond", "stale", "text")


@pytest.mark.parametrize(("host", "shape"), [
    ("qyapi.weixin.qq.com", "wecom"), ("oapi.dingtalk.com", "dingtalk"), ("open.feishu.cn", "feishu"), ("alerts.example.org", "json"),
])  # fmt: skip
def test_the_address_tells_which_robot_it_is(host: str, shape: str) -> None:
    assert Robot(f"https://{host}/x").shape == shape


def test_dingtalk_is_signed_in_the_address_and_feishu_in_the_body() -> None:
    address, _ = request_of(Robot("https://x.org/r?access_token=t", "dingtalk", "SEC1"), "failed", "text", NOW)
    query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(address).query))
    wanted = hmac.new(b"SEC1", b"1790726400500\nSEC1", hashlib.sha256).digest()
    assert (query["access_token"], query["timestamp"], base64.b64decode(query["sign"])) == ("t", "1790726400500", wanted)
    _, body = request_of(Robot("https://x.org/r", "feishu", "SEC1"), "failed", "text", NOW)
    assert base64.b64decode(body["sign"]) == hmac.new(b"1790726400\nSEC1", b"", hashlib.sha256).digest()
    assert body["timestamp"] == "1790726400"


@pytest.mark.parametrize(("answers", "tries", "is_told"), [
    ([(503, b""), (200, b"{}")], 2, True),
    ([(200, b'{"errcode":45009,"errmsg":"api freq out of limit"}'), (200, b'{"errcode":0}')], 2, True),
    ([(429, b"")], 3, False),
    ([(404, b"")], 1, False),
    ([(200, b'{"errcode":93000,"errmsg":"invalid webhook url"}')], 1, False),
    ([(200, b'{"code":19021,"msg":"sign match fail"}')], 1, False),
])  # fmt: skip
def test_what_may_pass_is_tried_again_and_a_refusal_is_not(group: Group, answers: list, tries: int, is_told: bool) -> None:
    group.answers = answers
    trouble = alert(Robot(group.address), "failed", "text", QUICK)
    assert len(group.told) == tries and (trouble is None) == is_told
    assert "a-secret" not in str(trouble)


def test_an_unreachable_robot_is_a_sentence_without_its_address() -> None:
    trouble = str(alert(Robot("http://127.0.0.1:9/nobody?key=a-secret"), "failed", "text", QUICK))
    assert "could not be told" in trouble and "a-secret" not in trouble
    assert "a-secret" not in repr(Robot("http://x/?key=a-secret", "json", "a-secret"))


def test_nothing_is_sent_without_a_webhook() -> None:
    assert robot_of(None, "auto", None) is None and alert(None, "failed", "text") is None


@pytest.mark.parametrize("personal", ["13912345678", "x.y@example.org", "110101199003074514", "a" * 64])
def test_no_message_names_a_person(personal: str) -> None:
    assert personal not in shortened(f"orders_{personal}.csv 的{personal}")


def test_long_and_multi_line_names_cannot_forge_a_message() -> None:
    assert len(shortened("长" * 5000)) == LONGEST
    assert "\x1b" not in shortened("file\x1b[2Jname")


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake(tmp_path).prepare()


def test_failure_is_told_each_time_and_recovery_once(lake: Lake, group: Group) -> None:
    robot = Robot(group.address)
    begin_trouble(lake, robot, RUN, "the disk is full", QUICK)
    begin_trouble(lake, robot, GATE, "orders vanished", QUICK)
    assert set(open_troubles(lake)) == {RUN, GATE}
    for _ in range(2):
        end_run(lake, robot, QUICK)
    assert [body["event"] for _, body in group.told] == ["failed", "refused", "recovered"]
    assert open_troubles(lake) == {}


def test_late_sources_are_told_when_they_become_late_and_when_they_deliver_again(lake: Lake, group: Group) -> None:
    robot = Robot(group.address)

    def source(name: str, late: bool) -> Freshness:
        return Freshness(name, date(2026, 9, 30), "daily", False, date(2026, 10, 2) if late else None)

    tell_stale(lake, robot, [source("a/orders", True), source("b/orders", False)], QUICK)
    tell_stale(lake, robot, [source("a/orders", True), source("b/orders", True)], QUICK)
    tell_stale(lake, robot, [source("a/orders", False), source("b/orders", True)], QUICK)
    tell_stale(lake, robot, [source("a/orders", False), source("b/orders", True)], QUICK)
    assert [body["event"] for _, body in group.told] == ["stale", "stale", "recovered"]
    assert ["a/orders" in text for text in group.texts()] == [True, False, True]


@pytest.mark.parametrize(("error", "event"), [(Refused("3 findings"), "refused"), (OSError("no"), "failed"), (LakeBusy("busy"), None)])
def test_a_command_that_breaks_tells_of_it(lake: Lake, group: Group, error: Exception, event: str | None) -> None:
    settings = Settings(lake.root, webhook=group.address)
    with pytest.raises(type(error)), Told(None, lake, settings):
        raise error
    assert [body["event"] for _, body in group.told] == ([event] if event else [])
    with Told(None, lake, settings):
        pass
    assert [body["event"] for _, body in group.told] == ([event, "recovered"] if event else [])
