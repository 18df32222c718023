"""Removal effects against hand-computed chains, an independent linear solve, and the odd shapes a journey can have."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestration.analytics.markov import Journeys, removal_effects


def journeys(channels, *rows):
    """rows: (path, conversions, nulls)"""
    steps = np.array([step for path, _, _ in rows for step in path], dtype=int)
    starts = np.cumsum([0] + [len(path) for path, _, _ in rows])
    won, lost = (np.array([row[i] for row in rows], dtype=float) for i in (1, 2))
    return Journeys(channels, steps, starts, won, lost)


def test_three_channels_on_paper():
    """Paths A>B>C conv, A null, B>C null, one each, worked from the transition table:
    start→A 2/3, start→B 1/3; A→B 1/2, A→null 1/2; B→C 1; C→conv 1/2, C→null 1/2. P(conv) = (2/3·1/2 + 1/3)·1/2 = 1/3.
    Without A: 1/3·1/2 = 1/6 → 1/2. Without B or C: 0 → 1."""
    effects = removal_effects(journeys(3, ([0, 1, 2], 1, 0), ([0], 0, 1), ([1, 2], 0, 1)))
    assert effects.removal == pytest.approx([0.5, 1.0, 1.0], abs=1e-12)
    assert effects.index == pytest.approx([0.2, 0.4, 0.4], abs=1e-12)


def test_self_loops_do_not_change_a_single_channel():
    assert removal_effects(journeys(1, ([0, 0, 0], 5, 3))).removal == pytest.approx([1.0])


def test_no_null_paths_no_conversions_and_unseen_channels_are_defined():
    assert removal_effects(journeys(2, ([0], 4, 0))).removal == pytest.approx([1.0, 0.0])
    none = removal_effects(journeys(2, ([0, 1], 0, 9)))
    assert none.why_null == "no conversions" and not none.removal.any() and not none.index.any()
    assert removal_effects(journeys(1, ([], 2, 1), ([0], 1, 1))).removal == pytest.approx([1 / 3])


paths = st.lists(
    st.tuples(st.lists(st.integers(0, 3), min_size=1, max_size=5), st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=12
).filter(lambda rows: sum(won for _, won, _ in rows) > 0)


def solved_by_hand(rows, channels, order):
    """Independent: build the chain state by state with dictionaries, solve the linear system once per removed channel."""
    counts, won, out = {}, {}, {}
    for path, conversions, nulls in rows:
        state = ()
        for channel in path:
            after = (*state, channel)[-order:]
            counts[state, after] = counts.get((state, after), 0) + conversions + nulls
            out[state] = out.get(state, 0) + conversions + nulls
            state = after
        out[state] = out.get(state, 0) + conversions + nulls
        won[state] = won.get(state, 0) + conversions
    states = sorted({state for pair in counts for state in pair} | {()})
    number = {state: i for i, state in enumerate(states)}

    def converted(removed):
        matrix, gain = np.eye(len(states)), np.zeros(len(states))
        for state in states:
            if (removed is not None and state and state[-1] == removed) or not out.get(state):
                continue
            gain[number[state]] = won.get(state, 0) / out[state]
            for (origin, after), count in counts.items():
                if origin == state:
                    matrix[number[state], number[after]] -= count / out[state]
        return np.linalg.solve(matrix, gain)[number[()]]

    base = converted(None)
    return [1 - converted(channel) / base for channel in range(channels)]


@given(rows=paths, order=st.sampled_from([1, 2, 3]))
def test_every_order_agrees_with_an_independent_linear_solve(rows, order):
    effects = removal_effects(journeys(4, *rows), order=order)
    assert effects.removal == pytest.approx(solved_by_hand(rows, 4, order), abs=1e-9)
    assert (effects.removal >= 0).all() and (effects.index >= 0).all()
    assert effects.index.sum() == pytest.approx(1.0)


def test_bootstrap_is_fixed_by_its_seed_and_brackets_the_index():
    data = journeys(3, ([0, 1], 40, 60), ([1, 2], 30, 70), ([2], 10, 50), ([0, 2], 25, 10))
    first, second = (removal_effects(data, replicates=200, seed=7) for _ in range(2))
    assert np.array_equal(first.low, second.low) and np.array_equal(first.high, second.high)
    assert (first.low <= first.index).all() and (first.index <= first.high).all()
