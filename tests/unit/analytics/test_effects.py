"""All indices of one stratum: they are shares, they fit their parts, and strange journeys have defined answers."""

import numpy as np
import pytest

from orchestration.analytics.effects import METHODS, by_value, channel_indices, touched
from orchestration.analytics.markov import Journeys, removal_effects


def journeys(ways, channels):
    """`ways`: (steps, conversions, nulls)."""
    steps = np.array([step for way, _, _ in ways for step in way], dtype=np.int64)
    starts = np.append(0, np.cumsum([len(way) for way, _, _ in ways])).astype(np.int64)
    return Journeys(channels, steps, starts, np.array([w for _, w, _ in ways], float), np.array([n for _, _, n in ways], float))


MIXED = journeys([([0], 10, 30), ([0, 1], 20, 10), ([1, 2, 0], 5, 5), ([2], 1, 40)], 3)


def test_every_method_answers_with_shares_of_one():
    found = list(channel_indices(MIXED, replicates=(20, 0, 10)))
    assert tuple(each.method for each in found) == METHODS
    for each in found:
        assert each.index.sum() == pytest.approx(1.0) and (each.index >= 0).all()
    assert np.isnan(found[1].low).all() and np.isnan(found[3].low).all()  # not asked for, and not to be had
    assert all((each.low <= each.index).all() and (each.index <= each.high).all() for each in (found[0], found[2]))
    assert found[0].effect == pytest.approx(removal_effects(MIXED).removal)


def test_shapley_shares_each_way_among_its_channels():
    shared = next(each for each in channel_indices(MIXED) if each.method == "shapley")
    assert shared.effect == pytest.approx([10 + 20 / 2 + 5 / 3, 20 / 2 + 5 / 3, 5 / 3 + 1])


def test_a_channel_that_lowers_the_rate_has_no_negative_index():
    harmful = next(
        each for each in channel_indices(journeys([([0], 50, 50), ([0, 1], 1, 99), ([1], 0, 100)], 2)) if each.method == "shapley_rate"
    )
    assert harmful.effect[1] < 0 and harmful.index.tolist() == [1.0, 0.0]


def test_no_conversions_is_said_by_every_method():
    found = list(channel_indices(journeys([([0], 0, 5), ([1], 0, 3)], 2)))
    assert [each.why_null for each in found] == ["no conversions"] * len(METHODS)
    assert all(each.index.tolist() == [0, 0] for each in found)


def test_more_channels_than_coalitions_can_bear_is_said():
    many = journeys([([channel], 1, 1) for channel in range(15)], 15)
    rate = list(channel_indices(many))[-1]
    assert np.isnan(rate.index).all() and "15 channels" in rate.why_null


def test_where_everything_converted_no_rate_compares_channels():
    found = {each.method: each for each in channel_indices(journeys([([0], 5, 0), ([1], 2, 0), ([0, 1], 1, 0)], 2))}
    assert np.isnan(found["shapley_rate"].index).all() and "no conversion rate" in found["shapley_rate"].why_null
    assert found["shapley"].effect == pytest.approx([5.5, 2.5])
    assert found["markov_1"].effect == pytest.approx(removal_effects(journeys([([0], 5, 0), ([1], 2, 0), ([0, 1], 1, 0)], 2)).removal)


def test_touched_counts_a_way_once_however_often_it_comes_back():
    assert touched(journeys([([0, 1, 0], 4, 0), ([1], 3, 9)], 2)).tolist() == [4, 7]


def test_value_keeps_the_proportion_of_converting_and_other_ways():
    value = by_value(np.array([1.0, 1.0, 2.0]), np.array([100.0, -20.0, 300.0]))
    assert value.tolist() == [1.0, 0.0, 3.0]
    assert by_value(np.array([1.0]), np.array([0.0])).tolist() == [0.0]
