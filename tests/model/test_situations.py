"""What the client model must do, as situations with sentences for names.

Each compares two stories that differ in one thing; the sentence says which must end higher.
"""

import pytest

from tests.modelkit import Situation

ABILITY, BENEVOLENCE, INTEGRITY = 0, 1, 2
COMPETENCE, HONESTY = 0, 1


def behind(**more):
    """A project that is well behind its plan."""
    return Situation(done=0.35, hidden=0.15, **more)


def hurt(kind: int, steps: int = -3) -> Situation:
    """A contact after a violation of one kind."""
    dimension = {COMPETENCE: ABILITY, HONESTY: INTEGRITY}[kind]
    return Situation().answer(3, signals={(0, dimension): steps})


def repaired(kind: int, by: str, times: int = 1) -> Situation:
    story = hurt(kind)
    for _ in range(times):
        story.answer(repair={(0, kind): by})
    return story


# name: (measure, the story that ends higher, the story that ends lower)
ORDERED = {
    "a late milestone that was announced costs less trust than one that was found": (
        "trust", lambda: behind().answer(reporting=1, project={4: 2}).work(5),
        lambda: behind().work(5)),
    "a milestone that shows less than was reported costs integrity; a straight report does not": (
        "integrity", lambda: behind().answer(reporting=1).work(5), lambda: behind().work(5)),
    "telling the truth about progress costs some trust at first": (
        "trust", lambda: behind().work(1), lambda: behind().answer(reporting=1).work(1)),
    "good and bad signals of the same size leave less trust than none": (
        "trust", Situation, lambda: Situation().answer(signals={(0, INTEGRITY): 2}).answer(
            signals={(0, INTEGRITY): -2})),
    "a breach of integrity costs more than a lapse of ability of the same size": (
        "trust", lambda: Situation().answer(signals={(0, ABILITY): -2}),
        lambda: Situation().answer(signals={(0, INTEGRITY): -2})),
    "a kept promise raises the belief in integrity": (
        "integrity", lambda: Situation().settle_promise(kept=True), Situation),
    "a broken promise lowers it": (
        "integrity", Situation, lambda: Situation().settle_promise(kept=False)),
    "a pitch before trust costs benevolence": (
        "benevolence", Situation, lambda: Situation().answer(pitch={0: 1})),
    "a pitch to somebody who trusts you and is satisfied does not": (
        "benevolence", lambda: Situation(start=[2, 2]).with_state(
            satisfaction=0.7).answer(pitch={0: 1}),
        lambda: Situation(start=[2, 2]).with_state(satisfaction=0.3).answer(pitch={0: 1})),
    "an apology mends after a failure of competence": (
        "ability", lambda: repaired(COMPETENCE, "apologise"), lambda: hurt(COMPETENCE)),
    "an apology mends more of the trust lost to a failure of competence than to one of integrity": (
        "trust", lambda: repaired(COMPETENCE, "apologise"),
        lambda: repaired(HONESTY, "apologise")),
    "penance mends more than an explanation after a breach of integrity": (
        "integrity", lambda: repaired(HONESTY, "penance"), lambda: repaired(HONESTY, "explain")),
    "an explanation mends more than a denial after a failure of competence": (
        "ability", lambda: repaired(COMPETENCE, "explain"), lambda: repaired(COMPETENCE, "deny")),
    "a denial that proves false leaves less integrity than an explanation": (
        "integrity", lambda: hurt(COMPETENCE).answer(repair={(0, COMPETENCE): "explain"}).work(5),
        lambda: hurt(COMPETENCE).answer(repair={(0, COMPETENCE): "deny"}).work(5)),
    "a second failure of the same kind costs more than a failure of another kind": (
        "trust", lambda: hurt(COMPETENCE).answer(3, signals={(1, ABILITY): -1}),
        lambda: hurt(COMPETENCE).answer(3, signals={(0, ABILITY): -1})),
    "siding with one contact costs the other's belief in your integrity": (
        "integrity", Situation, lambda: Situation().answer(
            side_for={1: 1}, side_against={0: 1})),
    "sharing information raises affect-based trust": (
        "affective_trust", lambda: Situation().answer(citizenship={0: 1}), Situation),
    "time given to people raises affect-based trust": (
        "affective_trust", lambda: Situation().work(4, implementer=60, friend=40),
        lambda: Situation().work(4, implementer=100)),
    "time given to people does little while nothing is delivered": (
        "affective_trust", lambda: Situation().work(4, implementer=70, friend=30),
        lambda: behind().work(4, implementer=1, friend=30, marketer=0, coach=69)),
    "a friend of nobody's project earns less trust than one who also delivers": (
        "trust", lambda: Situation().work(8, implementer=50, friend=25, politician=25),
        lambda: Situation().work(8, friend=100)),
    "marketing before there is trust costs benevolence": (
        "benevolence", lambda: Situation().work(4, implementer=60, coach=40),
        lambda: Situation().work(4, implementer=60, marketer=40)),
    "fair treatment raises satisfaction": (
        "satisfaction", lambda: Situation().answer(fairness={(0, 2): 2}).work(3),
        lambda: Situation().work(3)),
    "an unfair deal lowers satisfaction more than an unfair procedure": (
        "satisfaction", lambda: Situation().answer(fairness={(0, 1): -2}).work(3),
        lambda: Situation().answer(fairness={(0, 0): -2}).work(3)),
    "a promise raises expectation, so that the same weeks satisfy less": (
        "satisfaction", lambda: Situation().work(3),
        lambda: Situation().answer(promised={0: 2}).work(3)),
    "political work settles conflict": (
        "trust", lambda: Situation().with_state(conflict=0.6).work(
            3, implementer=60, politician=25, coach=15),
        lambda: Situation().with_state(conflict=0.6).work(3, implementer=60, coach=40)),
    "agreement among the client's people softens a bad moment": (
        "trust", lambda: Situation().with_state(alignment=0.9).answer(signals={(0, ABILITY): -2}),
        lambda: Situation().with_state(alignment=0.1).answer(signals={(0, ABILITY): -2})),
    "trust starts higher with somebody who trusts easily": (
        "trust", lambda: Situation(propensity=[2, 0]), lambda: Situation(propensity=[-2, 0])),
}


@pytest.mark.parametrize("sentence", ORDERED)
def test_that(sentence):
    measure, higher, lower = ORDERED[sentence]
    assert higher().of(measure) > lower().of(measure) + 1e-6


def test_a_bad_moment_costs_less_after_long_good_experience():
    fresh, proven = Situation(), Situation()
    for _ in range(4):
        proven.answer(signals={(0, ABILITY): 2})
    before = {story: story.of("ability") for story in (fresh, proven)}
    falls = [before[story] - story.answer(signals={(0, ABILITY): -2}).of("ability")
             for story in (fresh, proven)]
    assert 0 < falls[1] < falls[0]


def test_a_broken_promise_costs_more_than_a_kept_one_earns():
    start = Situation().of("integrity")
    earned = Situation().settle_promise(kept=True).of("integrity") - start
    lost = start - Situation().settle_promise(kept=False).of("integrity")
    assert lost > earned > 0


def test_compensation_mends_nothing_of_a_breach_of_integrity():
    assert repaired(HONESTY, "compensate").of("integrity") == pytest.approx(
        hurt(HONESTY).of("integrity"))


def test_paying_again_and_again_never_mends_more_than_the_harm():
    untouched = Situation().of("ability")
    assert repaired(COMPETENCE, "compensate", times=40).of("ability") <= untouched + 1e-9


def test_after_a_good_recovery_satisfaction_may_rise_but_commitment_does_not():
    story = hurt(COMPETENCE)
    commitment, satisfaction = story.of("commitment"), story.of("satisfaction")
    story.answer(repair={(0, COMPETENCE): "apologise"})
    assert story.of("satisfaction") > satisfaction
    assert story.of("commitment") == commitment


def test_liking_alone_adds_nothing_to_the_belief_in_ability():
    close = Situation().work(3, implementer=60, friend=30, coach=10)
    distant = Situation().work(3, implementer=60, friend=0, coach=10, politician=30)
    assert close.of("ability") <= distant.of("ability")


def test_at_the_start_the_two_kinds_of_trust_are_one():
    story = Situation()
    assert story.of("cognitive_trust") == pytest.approx(story.of("affective_trust"))


def test_the_two_kinds_of_trust_separate_with_experience():
    story = Situation().answer(signals={(0, ABILITY): 3}).answer(signals={(0, ABILITY): 3})
    assert story.of("cognitive_trust") > story.of("affective_trust") + 0.02


def test_no_role_wins_alone_over_a_whole_play():
    def end(**shares):
        return Situation().answer(reporting=1).work(10, **shares).of("trust")

    mixed = end(implementer=45, coach=15, politician=15, friend=15, entrepreneur=5, marketer=5)
    for role in ("implementer", "coach", "entrepreneur", "politician", "friend", "marketer"):
        assert mixed > end(**{role: 100}), role
