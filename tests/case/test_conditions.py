"""A condition asked of many plays at once says of each what it would say of that play alone."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from casebook.case.conditions import holds

NAMES = ("a", "b")
LIMITS = st.sampled_from([{"above": 0.5}, {"below": 0.5}, {"above": 0.25, "below": 0.75}])
SINGLE = st.one_of(
    st.fixed_dictionaries({"progress": LIMITS}), st.fixed_dictionaries({"week": LIMITS}),
    st.fixed_dictionaries({"trust": st.dictionaries(st.sampled_from(NAMES), LIMITS, min_size=1)}),
    st.sampled_from([{"flag": "a"}, {"flag": "b"}, {"flag": "never"}, {"kept": "a"},
                     {"broken": "b"}, {"live": True}, {"live": False}, {"renewed": True}, {}]),
    st.fixed_dictionaries({"chosen": st.lists(st.sampled_from(["a", "b", "never"]), min_size=1)}),
)
CONDITIONS = st.recursive(SINGLE, lambda inner: st.one_of(
    st.fixed_dictionaries({"not": inner}),
    st.fixed_dictionaries({"any": st.lists(inner, min_size=1, max_size=3)}),
    st.fixed_dictionaries({"all": st.lists(inner, min_size=1, max_size=3), "live": st.booleans()}),
), max_leaves=6)
N = 16


def arrays():
    rng = np.random.default_rng(3)
    names = {word: {name: rng.random(N) < 0.5 for name in NAMES}
             for word in ("flags", "chosen", "kept", "broken")}
    return {"progress": rng.random(N), "week": 1, "trust": {name: rng.random(N) for name in NAMES},
            "live": rng.random(N) < 0.5, "renewed": rng.random(N) < 0.5, **names}


def alone(facts, row):
    """The facts of one play as plain values, with names in sets."""
    plain = {key: float(facts[key][row]) for key in ("progress",)} | {"week": facts["week"]}
    plain |= {key: bool(facts[key][row]) for key in ("live", "renewed")}
    plain |= {"trust": {name: float(values[row]) for name, values in facts["trust"].items()}}
    return plain | {word: {name for name in NAMES if facts[word][name][row]}
                    for word in ("flags", "chosen", "kept", "broken")}


@given(CONDITIONS)
def test_a_condition_of_many_plays_is_that_of_each(condition):
    facts = arrays()
    together = np.broadcast_to(holds(condition, facts), (N,))
    assert together.dtype == bool
    each = [holds(condition, alone(facts, row)) for row in range(N)]
    assert all(isinstance(one, bool) for one in each)
    assert together.tolist() == each


@pytest.mark.parametrize("condition, expected", [
    ({"progress": {"above": 0.5}}, [False, True, True]),
    ({"not": {"progress": {"above": 0.5}}}, [True, False, False]),
    ({"any": [{"flag": "a"}, {"progress": {"below": 0.6}}]}, [True, True, False]),
    ({"progress": {"above": 0.5}, "flag": "a"}, [False, True, False]),
    ({"flag": "never"}, False), ({}, True),
])
def test_truths_come_as_arrays_where_facts_do(condition, expected):
    facts = {"progress": np.array([0.4, 0.5, 0.9]), "flags": {"a": np.array([True, True, False])}}
    assert np.array_equal(holds(condition, facts), expected)
