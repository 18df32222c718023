"""JSON deliveries: pages, arrays and lines, with every digit kept and a broken line refused alone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from builders.reading import Reading, an_export

from orchestration.lake import json_lines
from orchestration.lake.parts import Part
from orchestration.lake.refusal import Refused
from orchestration.lake.source_cells import find_cells

BIG = 123456789012345678901234567890


@pytest.fixture
def reading(tmp_path: Path) -> Iterator[Reading]:
    with duckdb.connect() as con:
        yield Reading(con, tmp_path)


def a_json_export(*records: dict[str, str], container: str = "json", **words: Any):
    return an_export(["id"], container=[container], records=list(records) or [{}], **words)


def docs(reading: Reading, part: Part) -> list[tuple[int, Any]]:
    rows = reading.con.execute(f"select _line, cast(doc as varchar) from {part.relation}").fetchall()
    return [(line, json.loads(doc)) for line, doc in rows]


def field(reading: Reading, part: Part, path: str) -> list[str]:
    return [row[0] for row in reading.con.execute(f"select doc ->> '{path}' from {part.relation}").fetchall()]


def test_page_gives_records_and_what_is_around_them(reading: Reading) -> None:
    page = {"fetched_at": 1790000000, "payload": {"errcode": 0, "data": {"list": [{"id": 1}, {"id": 2}]}, "next_cursor": "x"}}
    result = reading.read(a_json_export({"path": "payload.data.list"}), b"\xef\xbb\xbf" + json.dumps(page).encode())
    assert docs(reading, result.parts[0]) == [(1, {"id": 1}), (2, {"id": 2})]
    assert result.payload == {"fetched_at": 1790000000, "payload": {"errcode": 0, "data": {}, "next_cursor": "x"}}
    assert (result.parts[0].kind, result.parts[0].records, result.encoding) == ("json", 2, "utf-8")


def test_bare_array_and_single_object(reading: Reading) -> None:
    array = reading.read(a_json_export(), b' [ {"id": 1},\n {"id": 2} ]')
    assert (docs(reading, array.parts[0]), array.payload) == ([(1, {"id": 1}), (2, {"id": 2})], None)
    assert docs(reading, reading.part(a_json_export(), b'{\n "id": 7\n}\n')) == [(1, {"id": 7})]


def test_explode_puts_the_element_in_the_lists_place(reading: Reading) -> None:
    followed = {"a": [{"u": 1}, {"u": 2}], "b": [], "d": {"u": 3}}
    page = {"list": [{"c": {"id": name}, "follow": follow} for name, follow in followed.items()]}
    part = reading.part(a_json_export({"path": "list", "explode": "follow"}), json.dumps(page).encode())
    assert docs(reading, part) == [
        (1, {"c": {"id": "a"}, "follow": {"u": 1}}), (2, {"c": {"id": "a"}, "follow": {"u": 2}}),
        (3, {"c": {"id": "b"}}), (4, {"c": {"id": "d"}, "follow": {"u": 3}}),
    ]


def test_alternative_paths_are_combined_and_lists_on_the_way_walked(reading: Reading) -> None:
    ways = [{"path": "full_order_info_list.full_order_info"}, {"path": "more"}, {"path": "."}]
    page = {"more": {"id": 3}, "full_order_info_list": [{"full_order_info": {"id": 1}}, {"full_order_info": {"id": 2}}]}
    assert [doc["id"] for _, doc in docs(reading, reading.part(a_json_export(*ways), json.dumps(page).encode()))] == [1, 2, 3]
    assert [doc["id"] for _, doc in docs(reading, reading.part(a_json_export(*ways), b'{"id": 9}'))] == [9]


def test_the_page_around_the_records_is_no_record(reading: Reading) -> None:
    ways = [{"path": "data.list"}, {"path": "data"}, {"path": "."}]
    wrapped = b'{"data": {"list": [{"id": 1}, {"id": 2}], "total": 2}}'
    assert [doc["id"] for _, doc in docs(reading, reading.part(a_json_export(*ways), wrapped))] == [1, 2]
    assert docs(reading, reading.part(a_json_export(*ways), b'{"data": {"list": [], "total": 0}}')) == []
    assert [doc["id"] for _, doc in docs(reading, reading.part(a_json_export(*ways), b'{"data": [{"id": 3}]}'))] == [3]
    assert [doc["id"] for _, doc in docs(reading, reading.part(a_json_export(*ways), b'{"data": {"id": 4}}'))] == [4]


@pytest.mark.parametrize("container", ["json", "jsonl"])
def test_every_digit_is_kept(reading: Reading, container: str) -> None:
    line = f'{{"id": {BIG}, "wid": 6917926700000000001, "price": 12.30, "rate": 0.12345678901234567890}}\n'
    part = reading.part(a_json_export(container=container), (line * 2).encode() if container == "jsonl" else line.encode())
    assert set(field(reading, part, "id")) == {str(BIG)}
    assert set(field(reading, part, "wid")) == {"6917926700000000001"}
    assert {float(text) for text in field(reading, part, "price")} == {12.3}


@pytest.mark.parametrize("container", ["json", "jsonl"])
def test_keys_lose_their_white_space(reading: Reading, container: str) -> None:
    line = '{" OpenID": "o1", "city\\t": "广州", "say": "a \\": \\" b", "city": "深圳"}\n'
    part = reading.part(a_json_export(container=container), ('{"OpenID": "o0"}\n' + line if container == "jsonl" else line).encode())
    assert docs(reading, part)[-1][1] == {"OpenID": "o1", "city": "深圳", "say": 'a ": " b'}
    assert [line for line, _ in docs(reading, part)] == ([1, 2] if container == "jsonl" else [1])


def test_lines_keep_their_numbers_and_broken_ones_are_refused_alone(reading: Reading) -> None:
    answers = ['{"errcode": 40001, "errmsg": "invalid"}', '{"id": 5, "errcode": 0}']
    lines = ['\ufeff{"id": 1}', "", '{"id": 2', '{"id": 3}\r', "[4]", *answers, ""]
    part = reading.part(a_json_export(container="jsonl"), "\n".join(lines).encode())
    assert docs(reading, part) == [(1, {"id": 1}), (4, {"id": 3}), (7, {"id": 5, "errcode": 0})]
    assert reading.rejects(part) == [
        (3, "invalid JSON"), (5, "a record that is no JSON object"), (6, "an error answer of the platform: errcode 40001"),
    ]
    assert (part.records, reading.shapes(part)[0]) == (6, '{"aa": 9')


def test_lines_are_exploded_in_order(reading: Reading) -> None:
    lines = [f'{{"id": 1, "x": {{"items": [{{"n": 1, "big": {BIG}}}, {{"n": 2}}]}}}}', '{"id": 2, "x": {"items": []}}', '{"id": 3}', ""]
    part = reading.part(a_json_export({"explode": "x.items"}, container="jsonl"), "\n".join(lines).encode())
    assert docs(reading, part) == [
        (1, {"id": 1, "x": {"items": {"n": 1, "big": BIG}}}), (1, {"id": 1, "x": {"items": {"n": 2}}}),
        (2, {"id": 2, "x": {}}), (3, {"id": 3}),
    ]


def test_lines_may_be_whole_pages(reading: Reading) -> None:
    lines = ['{"data": [{"id": 1}, {"id": 2}]}', '{"other": 1}', '{"data": [{"id": 3}]}', ""]
    part = reading.part(a_json_export({"path": "data"}, container="jsonl"), "\n".join(lines).encode())
    assert [(line, doc["id"]) for line, doc in docs(reading, part)] == [(1, 1), (1, 2), (3, 3)]
    assert reading.rejects(part) == [(2, "no records at data; the page has other")]


@pytest.mark.parametrize("least", [1, 40, 1 << 20])
def test_pages_and_padded_lines_are_read_some_bytes_at_a_time(reading: Reading, monkeypatch: pytest.MonkeyPatch, least: int) -> None:
    monkeypatch.setattr(json_lines, "BATCH_BYTES", least)
    batched, taken = json_lines._batched, []

    def noted(*asked: Any) -> Iterator[list[tuple[int, str]]]:
        for rows in batched(*asked):
            taken.append(rows)
            yield rows

    monkeypatch.setattr(json_lines, "_batched", noted)
    pages = [f'{{"data": [{", ".join(f"""{{"id": {10 * page + number}}}""" for number in range(page))}]}}' for page in range(1, 9)]
    part = reading.part(a_json_export({"path": "data"}, container="jsonl"), "\n".join([*pages, ""]).encode())
    assert [(line, doc["id"]) for line, doc in docs(reading, part)] == [(page, 10 * page + n) for page in range(1, 9) for n in range(page)]
    part = reading.part(a_json_export(container="jsonl"), "\n".join(f'{{" id ": {number}}}' for number in range(9)).encode())
    assert docs(reading, part) == [(number + 1, {"id": number}) for number in range(9)]
    # what Python holds at a time ends with the line that reaches the limit: memory follows bytes, however many records a line has
    assert all(sum(len(line) for _, line in rows[:-1]) <= least for rows in taken)


def test_records_of_a_page_on_one_line_know_their_page(reading: Reading) -> None:
    export = an_export(["$.msgid", "id", "other"], container=["jsonl"], records=[{"path": "data"}])
    lines = ['{"msgid": "m1", "errcode": 0, "data": [{"id": 1, "other": 5}]}', '{"msgid": "m2", "more": 1, "data": [{"id": 2}, {"id": 3}]}']
    part = reading.part(export, "\n".join(lines).encode())
    found = find_cells(reading.con, part, export, None)
    cells = ", ".join(found.cells[name] for name in ("a0", "a1", "a2"))
    assert reading.con.execute(f"select {cells} from {found.source}").fetchall() == [("m1", "1", "5"), ("m2", "2", None), ("m2", "3", None)]
    assert found.unknown == []


def test_undecodable_line_is_refused_alone(reading: Reading) -> None:
    part = reading.part(a_json_export(container="jsonl"), '{"id": "茶"}\n'.encode() + b'{"id": "\xff"}\n{"id": "b"}\n')
    assert reading.rejects(part) == [(2, "bytes at line 2 are not UTF-8")]
    assert [line for line, _ in docs(reading, part)] == [1, 3]


@pytest.mark.parametrize(("data", "reason"), [
    (b'{"errcode": 40001, "errmsg": "invalid credential"}', "errcode 40001, invalid credential"),
    (b'{"payload": {"errcode": "60020"}}', "errcode 60020, no message"),
    (b'{"list": [\n{"id": 1},\n{"id" 2}]}', "invalid JSON at line 3, column 7"),
    (b'{"list": [{"id": 1}', "invalid JSON at line 1"),
    (b'{"error_response": {"code": 1}}', "no records at list; the page has error_response"),
    (b'{"list": [{"id": "\xff"}]}', "bytes at line 1 are not UTF-8"),
    (b"[" * 100_000, "nested too deeply"),
])  # fmt: skip
def test_page_that_is_no_export_is_refused(reading: Reading, data: bytes, reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        reading.read(a_json_export({"path": "list"}, encodings=["utf-8"]), data)


def test_cut_off_lines_are_refused(reading: Reading) -> None:
    with pytest.raises(Refused, match="cut off: line 2"):
        reading.read(a_json_export(container="jsonl"), b'{"id": 1}\n{"id": 2, "na')


def test_records_that_are_no_objects_are_refused_alone(reading: Reading) -> None:
    part = reading.part(a_json_export({"path": "list"}), b'{"list": [{"id": 1}, "x", null]}')
    assert reading.rejects(part) == [(2, "a record that is no JSON object"), (3, "a record that is no JSON object")]
    assert part.records == 3
