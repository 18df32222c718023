"""The way of records between two keys of one person."""

from __future__ import annotations

from orchestration.lake.identity_paths import Step, leading_to, spanning_steps, way_to

USES = [("a", 1), ("a", 2), ("b", 2), ("b", 3), ("c", 3), ("c", 4), ("d", 1), ("d", 4), ("e", 9)]


def test_the_way_is_the_shortest_and_names_its_records() -> None:
    steps = spanning_steps(1, USES)
    assert way_to(steps, 4) == [Step(1, "d", 4)]
    assert way_to(steps, 3) == [Step(1, "a", 2), Step(2, "b", 3)]
    assert way_to(steps, 1) == []


def test_keys_of_nobody_else_are_reached_and_each_once() -> None:
    assert sorted(step.to_node for step in spanning_steps(1, USES)) == [2, 3, 4]


def test_numbers_that_lead_nowhere_are_left_out() -> None:
    assert leading_to(spanning_steps(1, USES), {3}) == [Step(1, "a", 2), Step(2, "b", 3)]
