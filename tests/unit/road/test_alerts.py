"""A chat group is told what failed, and its being out of reach fails nothing."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

from orchestration.lake.alerts import LONGEST, alert, message


def test_robot_gets_the_text_in_both_spellings() -> None:
    told: list[dict] = []

    class Robot(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            told.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Keep the test's output quiet."""

    with HTTPServer(("127.0.0.1", 0), Robot) as server:
        threading.Thread(target=server.handle_request, daemon=True).start()
        assert alert(f"http://127.0.0.1:{server.server_port}/robot", "闸门拒绝了 one candidate") is None
    assert told[0]["text"]["content"] == told[0]["content"]["text"] == "闸门拒绝了 one candidate"


def test_unreachable_robot_is_a_sentence_not_an_error() -> None:
    assert "could not be told" in str(alert("http://127.0.0.1:9/nobody", "text"))


def test_nothing_is_sent_without_a_webhook() -> None:
    assert alert(None, "text") is None


def test_long_text_is_cut() -> None:
    assert len(message("长" * 5000)["content"]["text"]) == LONGEST
