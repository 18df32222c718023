"""Two unique keys never end in one person, whatever chain of evidence runs between them."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from orchestration.analytics.conflicts import replay


def test_the_strongest_link_wins_and_the_refused_one_names_both_keys():
    """u1 - phone - u2 with u1, u2 unionids of one account: the first (stronger) link stands, the second is refused."""
    result = replay(3, np.array([0, 2]), np.array([1, 1]), np.array([0, -1, 0]))
    assert result.component.tolist() == [0, 0, 2]
    assert result.refused.tolist() == [False, True]
    assert result.conflict[1].tolist() == [0, 2]


def test_three_conflicting_ids_stay_three_people():
    result = replay(4, np.array([0, 1, 2]), np.array([3, 3, 3]), np.array([5, 5, 5, -1]))
    assert result.component.tolist() == [0, 1, 2, 0]
    assert result.refused.sum() == 2


def test_conflict_found_only_after_a_merge_is_still_refused():
    """a1 - x, b1 - y, x - y: the families agree nowhere until x - y would bring a1 and a2 together."""
    family = np.array([0, 0, -1, -1])
    result = replay(4, np.array([0, 1, 2]), np.array([2, 3, 3]), family)
    assert result.refused.tolist() == [False, False, True]


links = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=25)


@given(links, st.lists(st.integers(-1, 1), min_size=10, max_size=10))
def test_no_component_ever_holds_two_keys_of_a_family(pairs, families):
    left, right = (np.array([pair[i] for pair in pairs], dtype=int) for i in (0, 1))
    result = replay(10, left, right, np.array(families))
    for family in (0, 1):
        members = result.component[np.array(families) == family]
        assert len(members) == len(set(members.tolist()))
    joined = result.component[left] == result.component[right]
    assert (joined | result.refused).all()
