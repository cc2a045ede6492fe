"""What holds for the model whatever happens."""

from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casebook.model import (
    Ledger,
    Luck,
    Move,
    begin,
    decide,
    draw,
    draw_many,
    measures,
    parameters,
    play_week,
    respond,
    settle_promise,
)
from casebook.model.evidence import add, add_mix
from casebook.model.luck import normals, uniforms
from casebook.model.state import State
from tests.modelkit import P, Situation, a_move, attention, no_luck, small_setting

BOUNDED = ("morale", "alignment", "readiness", "coverage", "citizenship", "expectation",
           "performance", "satisfaction", "memory", "fairness", "cooperation", "commitment", "conflict", "insight",
           "firm_trust")


def shares(draw_from):
    cuts = sorted(draw_from.integers(0, 101, 5).tolist())
    return np.diff([0, *cuts, 100]) / 100


def random_move(rng, setting, n) -> Move:
    c = setting.contacts
    move = a_move(setting, n, 1.0)
    return replace(
        move, weight=rng.integers(1, 4, n).astype(float),
        signals=rng.integers(-3, 4, (n, c, 3)).astype(float),
        fairness=rng.integers(-3, 4, (n, c, 3)).astype(float),
        citizenship=rng.integers(0, 3, (n, c)).astype(float),
        steps=rng.integers(-3, 4, (n, 6)).astype(float),
        project=np.column_stack([rng.uniform(-0.1, 0.1, n), rng.uniform(0, 90, n),
                                 rng.uniform(0, 0.05, n), rng.integers(-1, 4, n),
                                 rng.integers(0, 4, n), rng.integers(0, 2, n)]),
        reporting=rng.integers(-1, 2, n), pitch=rng.integers(0, 2, (n, c)).astype(float),
        side_for=rng.integers(0, 2, (n, c)).astype(float),
        side_against=rng.integers(0, 2, (n, c)).astype(float),
        repair=rng.integers(-1, 5, (n, c, 2)), amount=rng.uniform(0, 2, (n, c)),
        promised=rng.integers(0, 2, (n, c)).astype(float))


def a_play(seed: int, n: int = 3, setting=None, ledger=None):
    """A whole random play; yields the state after every step."""
    setting = setting or small_setting(3, volatility=1.0)
    rng = np.random.default_rng(seed)
    luck = draw_many(rng, n, setting.weeks, setting.contacts)
    state = begin(setting, luck, P)
    if ledger:
        ledger.open(state)
    yield setting, luck, state
    for _ in range(setting.weeks):
        if rng.random() < 0.5:
            state = respond(state, random_move(rng, setting, n),
                            luck.taking[:, state.week - setting.first_week], setting, P, ledger)
            yield setting, luck, state
        if rng.random() < 0.3:
            kept = rng.random(n) < 0.5
            state = settle_promise(state, int(rng.integers(setting.contacts)), kept, P)
            if ledger:
                ledger.note("a promise", state)
            yield setting, luck, state
        week = np.tile(shares(rng), (n, 1))
        state = play_week(state, week, luck, setting, P, ledger)
        yield setting, luck, state


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**9))
def test_every_belief_and_measure_stays_between_0_and_1(seed):
    for _, _, state in a_play(seed):
        for name, values in measures(state, P).items():
            assert np.isfinite(values).all() and (values >= 0).all() and (values <= 1).all(), name
        for name in BOUNDED:
            values = getattr(state, name)
            assert (values >= -1e-12).all() and (values <= 1 + 1e-12).all(), name


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**9))
def test_work_is_conserved(seed):
    for _, _, state in a_play(seed):
        assert (state.done >= 0).all() and (state.hidden >= -1e-12).all()
        assert (state.done + state.hidden <= state.scope + 1e-9).all()


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**9))
def test_named_causes_add_up_to_the_whole_change(seed):
    setting = small_setting(3, volatility=1.0)
    ledger = Ledger(P)
    states = [state for _, _, state in a_play(seed, 1, setting, ledger)]
    first, last = (measures(s, P) for s in (states[0], states[-1]))
    for name in first:
        booked = sum(entry[name] for entry in ledger.entries.values())
        np.testing.assert_allclose(booked, last[name] - first[name], atol=1e-12)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**9))
def test_a_batch_equals_its_parts(seed):
    setting, luck, whole = list(a_play(seed, 4))[-1]
    rng = np.random.default_rng(seed)
    draw_many(rng, 4, setting.weeks, setting.contacts)
    # The same play again, one engagement at a time: every array is cut, nothing drawn anew.
    states = [begin(setting, cut(luck, i), P) for i in range(4)]
    for _ in range(setting.weeks):
        if rng.random() < 0.5:
            move = random_move(rng, setting, 4)
            states = [respond(s, cut(move, i), luck.taking[i:i + 1, s.week - setting.first_week],
                              setting, P) for i, s in enumerate(states)]
        if rng.random() < 0.3:
            kept, who = rng.random(4) < 0.5, int(rng.integers(setting.contacts))
            states = [settle_promise(s, who, kept[i:i + 1], P) for i, s in enumerate(states)]
        week = shares(rng)[None]
        states = [play_week(s, week, cut(luck, i), setting, P) for i, s in enumerate(states)]
    for field in fields(State):
        if field.name != "week":
            parts = np.concatenate([getattr(s, field.name) for s in states])
            np.testing.assert_allclose(parts, getattr(whole, field.name), rtol=1e-12,
                                       err_msg=field.name)


def cut(arrays, i: int):
    """One engagement's part of a Luck or a Move."""
    return type(arrays)(**{f.name: getattr(arrays, f.name)[i:i + 1] for f in fields(arrays)})


def test_permuting_contacts_permutes_results():
    order = np.array([2, 0, 1])
    base = small_setting(3, propensity=np.array([-1.0, 0.0, 2.0]), orientation=np.array(
        [0.25, 0.5, 0.75]), influence=np.array([0.2, 0.3, 0.5]))
    turned = replace(base, propensity=base.propensity[order], influence=base.influence[order],
                     orientation=base.orientation[order])
    luck = draw(("a",), base.weeks, 3)
    swapped = replace(luck, traits=luck.traits[:, order], people=luck.people[:, order],
                      recall=luck.recall[:, order], taking=luck.taking[:, :, order],
                      perception=luck.perception[:, :, order],
                      renewal=luck.renewal[:, order], reading=luck.reading[:, order])
    one, other = begin(base, luck, P), begin(turned, swapped, P)
    for _ in range(base.weeks):
        one = play_week(one, attention(), luck, base, P)
        other = play_week(other, attention(), swapped, turned, P)
    for name, values in measures(one, P).items():
        np.testing.assert_allclose(values[:, order], measures(other, P)[name], rtol=1e-12)
    np.testing.assert_allclose(decide(one, luck, base, P).score,
                               decide(other, swapped, turned, P).score)


def test_inputs_are_never_changed():
    setting = small_setting(2)
    luck = draw(("b",), setting.weeks, 2)
    move = a_move(setting, signals={(0, 0): -3}, repair={(0, 0): "apologise"})
    for arrays in (luck, move):
        for field in fields(arrays):
            getattr(arrays, field.name).setflags(write=False)
    state = begin(setting, luck, P)
    for field in fields(state):
        if field.name != "week":
            getattr(state, field.name).setflags(write=False)
    play_week(respond(state, move, luck.taking[:, 0], setting, P), attention(), luck, setting, P)


def test_more_of_the_same_good_evidence_never_lowers_a_belief():
    story, last = Situation(), 0.0
    for _ in range(10):
        story.answer(signals={(0, 1): 1})
        assert story.of("benevolence") > last
        last = story.of("benevolence")


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**9))
def test_more_evidence_never_widens_a_belief(seed):
    """The part of a belief that still rests on the first impression, w / (r + s + w), only shrinks."""
    setting, _, state = list(a_play(seed))[-1]
    rng, w = np.random.default_rng(seed), P.evidence.prior_weight

    def width(state):
        return w / (state.pros + state.cons + w)

    units = rng.exponential(1.0, (2, 3, 3, setting.contacts))
    pros, cons = ({k: part[k] for k in range(3)} for part in units)
    for after in (add(state, P, pros, cons), add(state, P, pros), add(state, P, cons=cons)):
        assert (width(after) <= width(state)).all()
    assert (width(add(state, P, pros)) < width(state)).any()


def test_luck_of_one_use_does_not_move_the_luck_of_another():
    short, long = draw(("k",), 5, 2), draw(("k",), 9, 2)
    np.testing.assert_array_equal(short.traits, long.traits)
    np.testing.assert_array_equal(short.renewal, long.renewal)
    np.testing.assert_array_equal(short.delivery[0], long.delivery[0, :5])


def test_keys_cannot_imitate_one_another():
    assert uniforms(("a", "bc"), 1) != uniforms(("ab", "c"), 1)
    assert uniforms(("a", 1), 1) != uniforms(("a", 11), 1)


def test_normals_are_standard():
    drawn = normals(("many",), (20_000,))
    assert abs(drawn.mean()) < 0.03 and abs(drawn.std() - 1) < 0.03


def test_uniforms_are_what_philox_says():
    # Independent of our own code: the published generator with the same key.
    import hashlib

    digest = hashlib.sha256(b"1:x\x1f1:7").digest()
    key = [int.from_bytes(digest[:8], "little"), int.from_bytes(digest[8:16], "little")]
    raw = np.random.Generator(np.random.Philox(key=np.array(key, dtype=np.uint64))).random(3)
    np.testing.assert_allclose(uniforms(("x", 7), 3), raw, atol=2**-53)


@pytest.mark.parametrize("name", sorted(parameters().about))
def test_every_parameter_has_unit_meaning_and_source(name):
    about = parameters().about[name]
    assert about["unit"] and about["meaning"]
    assert about["source"] in ("published", "calibrated", "tuned", "chosen")
    assert about["source"] == "chosen" or about["cite"]


def test_a_changed_parameter_changes_only_the_copy():
    other = P.changed(trust__conflict=0.9)
    assert other.trust.conflict == 0.9 and P.trust.conflict != 0.9
    with pytest.raises(AttributeError, match="no parameter trust.nothing"):
        P.changed(trust__nothing=1)


def test_luck_has_the_shapes_it_says():
    luck = draw(("s",), 7, 3)
    shapes = {f.name: getattr(luck, f.name).shape for f in fields(Luck)}
    assert shapes == {"severe": (1,), "difficulty": (1,), "skill": (1,), "traits": (1, 3, 3),
                      "people": (1, 3, 11), "delivery": (1, 7, 2), "perception": (1, 7, 3),
                      "taking": (1, 7, 3), "renewal": (1, 3), "recall": (1, 3),
                      "reading": (1, 3, 3)}


def test_evidence_that_says_nothing_changes_nothing():
    """As with a price of 0 for a pitch that comes too early."""
    setting = small_setting()
    state = begin(setting, no_luck(setting), P)
    amount, nothing = np.ones((1, setting.contacts)), np.zeros(3)
    after = add_mix(state, P, (amount, nothing), (amount, nothing))
    assert after.pros is state.pros and after.cons is state.cons
