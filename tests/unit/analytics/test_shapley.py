"""Shapley values against textbook games and the axioms."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestration.analytics.shapley import additive_shapley, coalition_shapley, rate_game


def test_textbook_three_player_game():
    """v(1) 6, v(2) 7, v(12) 14, v(3) 1, v(13) 10, v(23) 10, v(123) 19: the mean over the six orders of arrival, by hand."""
    value = np.array([0, 6, 7, 14, 1, 10, 10, 19], dtype=float)
    assert coalition_shapley(value) == pytest.approx([23 / 3, 49 / 6, 19 / 6])  # 7.6667, 8.1667, 3.1667


def test_additive_game_shares_each_set_equally():
    member = np.array([[1, 1, 0], [0, 1, 1], [1, 1, 1], [0, 0, 0]], dtype=bool)
    assert additive_shapley(member, np.array([10.0, 4.0, 9.0, 5.0])) == pytest.approx([8.0, 10.0, 5.0])


sets = st.lists(st.tuples(st.integers(1, 15), st.integers(0, 20), st.integers(0, 20)), min_size=1, max_size=12)


@given(sets)
def test_closed_form_equals_the_sum_over_coalitions(rows):
    member = np.array([[mask >> c & 1 for c in range(4)] for mask, _, _ in rows], dtype=bool)
    worth = np.array([won for _, won, _ in rows], dtype=float)
    value = np.array([sum(w for (mask, w, _) in rows if mask & ~coalition == 0) for coalition in range(16)], dtype=float)
    assert additive_shapley(member, worth) == pytest.approx(coalition_shapley(value), abs=1e-9)


@given(sets)
def test_rates_are_efficient(rows):
    member = np.array([[mask >> c & 1 for c in range(4)] for mask, _, _ in rows], dtype=bool)
    won, lost = (np.array([row[i] for row in rows], dtype=float) for i in (1, 2))
    value = rate_game(member, won, won + lost)
    total = (won + lost).sum()
    assert coalition_shapley(value).sum() == pytest.approx(won.sum() / total if total else 0.0)


def test_too_many_players_are_refused():
    with pytest.raises(ValueError, match="14"):
        coalition_shapley(np.zeros(1 << 15))
