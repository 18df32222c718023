"""How the keys of one person hang together: the shortest way of records from key to key.

Here: a graph of one person's keys and records, walked breadth first, strongest records first. Not here: reading it, printing it.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Step:
    """One link of the way: `record` carries both keys, by their node numbers."""

    from_node: int
    record: str
    to_node: int


def spanning_steps(root: int, uses: Iterable[tuple[str, int]]) -> list[Step]:
    """One step to every key that can be reached from `root`, nearest first.

    `uses`: (record, node) pairs, the strongest evidence first; of several ways of one length the first named is taken.
    """
    on_record: Mapping[str, list[int]] = defaultdict(list)
    of_node: Mapping[int, list[str]] = defaultdict(list)
    for record, node in uses:
        on_record[record].append(node)
        of_node[node].append(record)
    seen, walked, waiting, steps = {root}, set(), deque([root]), []
    while waiting:
        node = waiting.popleft()
        for record in of_node[node]:
            if record in walked:
                continue
            walked.add(record)
            for other in on_record[record]:
                if other not in seen:
                    seen.add(other)
                    steps.append(Step(node, record, other))
                    waiting.append(other)
    return steps


def leading_to(steps: Sequence[Step], wanted: Collection[int]) -> list[Step]:
    """The steps of a spanning tree that are needed to reach the `wanted` nodes, in the order they were walked."""
    needed, kept = set(wanted), []
    for step in reversed(steps):
        if step.to_node in needed:
            needed.add(step.from_node)
            kept.append(step)
    return kept[::-1]


def way_to(steps: Sequence[Step], node: int) -> list[Step]:
    """The steps of a spanning tree that lead from its root to `node`, in order; none for the root itself."""
    came = {step.to_node: step for step in steps}
    way: list[Step] = []
    while node in came:
        way.append(came[node])
        node = came[node].from_node
    return way[::-1]
