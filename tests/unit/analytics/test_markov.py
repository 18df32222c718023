"""Removal effects against hand-computed chains, an independent linear solve, and the odd shapes a journey can have."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestration.analytics import markov
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


@pytest.mark.parametrize("order", [1, 2, 3])
def test_self_loops_do_not_change_a_single_channel(order):
    assert removal_effects(journeys(1, ([0, 0, 0], 5, 3)), order).removal == pytest.approx([1.0])


def test_a_self_loop_counts_like_one_stay():
    """A channel several times running converts as often as once: A>A>B and A>B are one chain, of order 1."""
    looped, straight = (removal_effects(journeys(2, (way, 3, 1), ([1], 1, 4))).removal for way in ([0, 0, 0, 1], [0, 1]))
    assert looped == pytest.approx(straight)


@pytest.mark.parametrize("order", [1, 2, 3])
def test_a_dead_end_is_worth_nothing(order):
    """C only leads to null: A 2 of 4, A>C 0 of 2, C 0 of 2. Without A nothing converts; without C nothing is lost."""
    assert removal_effects(journeys(3, ([0], 2, 2), ([0, 2], 0, 2), ([2], 0, 2)), order).removal == pytest.approx([1.0, 0.0, 0.0])


@pytest.mark.parametrize("order", [1, 2, 3])
def test_ways_of_one_channel_each_are_worth_their_conversions(order):
    """A converts 6 and B 2 of all 8: whoever is removed takes exactly its own along, however many nulls there are."""
    assert removal_effects(journeys(2, ([0], 6, 90), ([1], 2, 5)), order).removal == pytest.approx([0.75, 0.25])


def test_a_channel_seen_once_is_worth_what_it_was_seen_to_do():
    """1,000 conversions over A alone, one over B>A: the chain sends 1 of 1,001 starts through B, and all of them convert."""
    assert removal_effects(journeys(2, ([0], 1000, 0), ([1, 0], 1, 0))).removal == pytest.approx([1.0, 1 / 1001])


def test_too_many_states_are_nothing_with_a_reason(monkeypatch):
    monkeypatch.setattr(markov, "MAX_STATES", 4)
    many = removal_effects(journeys(3, ([0, 1, 2], 1, 0), ([1, 0], 2, 1)), order=2)
    assert np.isnan(many.removal).all() and np.isnan(many.index).all() and many.why_null == "6 states of order 2, more than 4"


def test_no_null_paths_no_conversions_and_unseen_channels_are_defined():
    assert removal_effects(journeys(2, ([0], 4, 0))).removal == pytest.approx([1.0, 0.0])
    none = removal_effects(journeys(2, ([0, 1], 0, 9)))
    assert none.why_null == "no conversions" and not none.removal.any() and not none.index.any()
    # a journey without a touch converts whoever is removed
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


@pytest.mark.parametrize(("order", "replicates"), [(1, 200), (2, 25), (3, 25)])
def test_bootstrap_is_fixed_by_its_seed_and_brackets_the_index(order, replicates):
    data = journeys(3, ([0, 1], 40, 60), ([1, 2], 30, 70), ([2], 10, 50), ([0, 2], 25, 10), ([0, 1, 2, 1], 5, 5))
    first, second = (removal_effects(data, order, replicates, seed=7) for _ in range(2))
    assert np.array_equal(first.low, second.low) and np.array_equal(first.high, second.high)
    assert (first.low <= first.index).all() and (first.index <= first.high).all()


def test_an_interval_holds_the_truth_about_as_often_as_it_says():
    """40 samples of 400 journeys from a known chain: at 95 %, fewer than 34 hits would be one in a thousand."""
    ways = [([0], 0.10, 0.30), ([0, 1], 0.08, 0.12), ([1, 2], 0.05, 0.15), ([2], 0.02, 0.18)]
    chance = np.array([each[1] for each in ways] + [each[2] for each in ways])
    truth = removal_effects(journeys(3, *ways)).index
    random, hits = np.random.Generator(np.random.PCG64(11)), 0
    for _ in range(40):
        drawn = random.multinomial(400, chance / chance.sum())
        rows = [(way, won, lost) for (way, _, _), won, lost in zip(ways, drawn[:4], drawn[4:], strict=True)]
        found = removal_effects(journeys(3, *rows), order=1, replicates=100)
        hits += found.low[0] <= truth[0] <= found.high[0]
    assert hits >= 34
