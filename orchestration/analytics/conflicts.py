"""Replay of identity evidence, strongest first, where two keys may never belong to one person.

Only components that hold a conflicting pair come here; all others are settled in SQL.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Replay:
    """`component` int[nodes]: the smallest node number of each node's group; `refused` bool[links]; `conflict` int[links, 2]:
    the two unique keys a refused link would have joined, -1 elsewhere."""

    component: np.ndarray
    refused: np.ndarray
    conflict: np.ndarray


def replay(nodes: int, left: np.ndarray, right: np.ndarray, family: np.ndarray) -> Replay:
    """Link in the given order (strongest first), refusing what would join two different keys of one family.

    `left`, `right` int[links]: node numbers; `family` int[nodes]: the family in which a node is a unique key (say: unionids of
    one open-platform account), -1 for none. The result depends on the order of links alone, so callers sort them totally.
    """
    parent = list(range(nodes))
    held: list[dict[int, int]] = [{int(f): node} if f >= 0 else {} for node, f in enumerate(family)]
    refused = np.zeros(len(left), dtype=bool)
    conflict = np.full((len(left), 2), -1, dtype=np.int64)

    def root_of(node: int) -> int:
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for link, (one, other) in enumerate(zip(left.tolist(), right.tolist(), strict=True)):
        low, high = sorted((root_of(one), root_of(other)))
        if low == high:
            continue
        clash = min((f for f in held[low].keys() & held[high].keys()), default=None)
        if clash is not None:
            refused[link] = True
            conflict[link] = sorted((held[low][clash], held[high][clash]))
            continue
        parent[high] = low
        held[low] |= held[high]
        held[high] = {}
    return Replay(np.array([root_of(node) for node in range(nodes)], dtype=np.int64), refused, conflict)
