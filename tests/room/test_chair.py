"""A finished play from each contact's side: nothing is seen that was not shown, nothing said that did not happen."""

import json
import re
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path

import numpy as np
import pytest

from casebook.case.types import BANDS, CONCERNS, PARTS
from casebook.engagement import begin_play
from casebook.engagement.explain import all_causes, strongest
from casebook.engagement.words import band, causes
from casebook.model import decide
from casebook.room import chair, private
from casebook.room.parts import located
from casebook.study import policy

BUNDLED = ("green-dashboard", "two-rooms", "three-sponsors", "after-hours", "second-question",
           "the-reference", "account-plan")
MANAGERS = ("random", "trust-first", "sell-first")


@pytest.fixture(scope="module")
def played(case_of):
    made = {}

    def find(name, manager="random", player="mia"):
        if (name, manager, player) not in made:
            play = begin_play(case_of(name), player)
            while play.outcome is None:
                play = play.take(policy(manager)(play))
            made[name, manager, player] = play
        return made[name, manager, player]

    return find


def contacts(play):
    return list(enumerate(play.case.contacts))


@pytest.mark.parametrize("name", BUNDLED)
def test_every_contact_has_a_chair_of_plain_data(played, name):
    play = played(name)
    found = chair.chairs(play)
    assert [one["id"] for one in found] == [one.id for one in play.case.contacts]
    assert json.loads(json.dumps(found)) == found
    for (i, contact), one in zip(contacts(play), found, strict=True):
        assert set(one) == {"id", "name", "title", "portrait", "wanted", "turns", "believed",
                            "unsaid_html", "private_html"}
        assert contact.unsaid.split()[0] in one["unsaid_html"]
        assert one["turns"] and all(
            set(turn) == {"week", "title", "saw", "believed", "change"} for turn in one["turns"])
        before, after = play.turns[0].before, play.turns[-1].after
        assert [(held["start"], held["end"]) for held in one["believed"]] == [
            (round(100 * float(before[key][i])), round(100 * float(after[key][i])))
            for key in ("ability", "benevolence", "integrity", "trust", "satisfaction")]


@pytest.mark.parametrize("manager", MANAGERS)
@pytest.mark.parametrize("name", BUNDLED)
def test_only_what_reached_a_contact_is_shown_as_seen(played, name, manager):
    play = played(name, manager)
    for turn in play.turns:
        lines = {one.contact: one.line for one in turn.reactions}
        for i, contact in contacts(play):
            saw = " ".join(chair.seen(play, turn, i))
            assert (contact.id in lines) == ("Learned what you did" in saw)
            for other, line in lines.items():
                if other == contact.id:
                    assert f"“{line}”" in saw
                elif line not in lines.get(contact.id, ""):
                    assert line not in saw
            for promise in play.promises:
                if promise.what in saw and promise.to != contact.id:
                    assert any(own.what == promise.what and own.to == contact.id
                               for own in play.promises)


@pytest.mark.parametrize("manager", MANAGERS)
@pytest.mark.parametrize("name", BUNDLED)
def test_promises_are_seen_by_whom_they_were_made_to_when_they_were_made_and_fell_due(
        played, name, manager):
    play = played(name, manager)
    for i, contact in contacts(play):
        for turn in play.turns:
            saw = chair.seen(play, turn, i)
            told = [news for news in turn.news if news.kind == "promise" and contact.name in news.text]
            assert sum("promise was" in one for one in saw) == len(told)
            for news in told:
                verdict = "was not kept" if "not kept" in news.text else "was kept"
                what = news.text.split(": ", 2)[-1].rstrip(".")
                assert any(verdict in one and what in one for one in saw)
            made = [p for p in play.promises if p.to == contact.id and p.made.split("/")[0]
                    == getattr(turn.decision, "incident", None)]
            assert sum(one.startswith("You promised") for one in saw) == len(made)


def test_the_plays_of_these_tests_keep_promises_and_break_them(played):
    kept = {promise.kept for name in BUNDLED for manager in MANAGERS
            for promise in played(name, manager).promises}
    assert {True, False} <= kept


def test_people_of_an_account_see_the_milestones_of_their_own_engagement_only(played):
    play, seen = played("account-plan"), 0
    for i, _ in contacts(play):
        own = located(play, i)[0].case.title
        others = [part.case.title for part in play.case.parts if part.case.title != own]
        for turn in play.turns:
            told = [one for one in chair.seen(play, turn, i) if one.startswith("Week ")]
            assert not any(f": {other}: " in one for one in told for other in others)
            seen += any(f": {own}: " in one for one in told)
    assert seen > len(play.case.contacts)
    last = [chair.seen(play, play.turns[-1], i)[-1] for i, _ in contacts(play)]
    assert all(re.search("renew|Further work|speak for you", one) for one in last)


def points(turn, key, i):
    return tuple(round(100 * float(held[key][i])) for held in (turn.before, turn.after))


MEASURES = {"trust": "trust in you", "ability": "your ability",
            "benevolence": "your goodwill",
            "integrity": "your integrity",
            "satisfaction": "satisfaction with the project"}


@pytest.mark.parametrize("name", BUNDLED)
def test_a_turn_is_left_out_only_where_nothing_was_seen_and_nothing_changed(played, name):
    play = played(name)
    for i, _ in contacts(play):
        told = iter(chair.chair(play, i)["turns"])
        for turn in play.turns:
            steps = {key: points(turn, key, i) for key in MEASURES}
            changed = any(start != end for start, end in steps.values())
            if chair.seen(play, turn, i) or changed:
                one = next(told)
                assert (one["week"], one["title"]) == (turn.week, turn.title)
                assert one["change"] == steps["trust"][1] - steps["trust"][0]
                assert (one["believed"] == "Nothing changed for this person.") == (not changed)
        assert next(told, None) is None


@pytest.mark.parametrize("manager", MANAGERS)
@pytest.mark.parametrize("name", BUNDLED)
def test_a_turn_tells_what_changed_from_and_to_and_nothing_else(played, name, manager):
    play = played(name, manager)
    for i, _ in contacts(play):
        for turn in play.turns:
            text = " ".join(chair.moved(turn, i))
            for key, name_of in MEASURES.items():
                start, end = points(turn, key, i)
                verb = "rose" if end > start else "fell"
                told = re.findall(rf"{name_of} (rose|fell) from (\d+) to (\d+)", text, re.I)
                assert told == ([(verb, str(start), str(end))] if start != end else [])
            assert not re.search(r"[;,] [A-Z]", text.partition("What moved")[0])
            assert text.count("eyes") == any(len(set(points(turn, key, i))) == 2 for key in (
                "ability", "benevolence", "integrity"))


@pytest.mark.parametrize("manager", MANAGERS)
@pytest.mark.parametrize("name", BUNDLED)
def test_trust_and_satisfaction_have_each_their_own_reason_the_way_they_went(
        played, name, manager):
    play, reasons = played(name, manager), 0
    for i, _ in contacts(play):
        for turn in play.turns:
            entries, told = all_causes(turn, i), chair.moved(turn, i)
            for key in ("trust", "satisfaction"):
                said = [one.removeprefix(f"What moved {key} most: ") for one in told
                        if one.startswith(f"What moved {key} most: ")]
                start, end = points(turn, key, i)
                assert not said or start != end
                if said:
                    sign = 1 if end > start else -1
                    most = max(entries, key=lambda one: sign * entries[one][key])
                    step = entries[most]["conflict" if most == "conflict" else key]
                    text = causes()[most]["up" if step > 0 else "down"]
                    assert said == [text] or not text
                    reasons += 1
    assert reasons > 10


def test_tension_is_told_by_its_own_measure():
    entries = {"conflict": {"trust": -0.03, "conflict": 0.2}, "episode": {"trust": 0.01, "conflict": 0.0}}
    assert strongest(entries, "trust", False) == causes()["conflict"]["up"]
    assert strongest(entries, "trust", True) == causes()["episode"]["up"]
    assert strongest({"episode": {"trust": 0.001}}, "trust", True) == ""


def test_news_that_begins_with_its_week_has_it_once(played):
    found = [one for name in BUNDLED for manager in MANAGERS for i, _ in contacts(played(name, manager))
             for turn in played(name, manager).turns for one in chair.seen(played(name, manager), turn, i)]
    assert any("was the agreed week" in one for one in found)
    for one in found:
        weeks = re.findall(r"Week \d+", one) if "was the agreed week" in one else []
        assert len(weeks) <= 1, one


@pytest.mark.parametrize("name", BUNDLED)
def test_what_they_wanted_is_what_counts_for_them_in_this_play(played, name):
    play = played(name)
    for i, contact in contacts(play):
        part, j = located(play, i)
        cares = dict(zip(CONCERNS, part.state.cares[0, j], strict=True))
        wanted = chair.wanted(play, i)
        shares = [int(re.search(r"\((\d+) %\)$", one)[1]) for one in wanted]
        assert shares == sorted(shares, reverse=True) and sum(shares) <= 102
        first = CONCERNS[int(np.argmax(list(cares.values())))]
        assert chair.WANTED[CONCERNS.index(first)] in wanted[0] and contact.part in wanted[0]


# What is said in private

@pytest.mark.parametrize("manager", MANAGERS)
@pytest.mark.parametrize("name", BUNDLED)
def test_every_sentence_said_in_private_is_what_happened(played, name, manager):
    play, words = played(name, manager), private.words()
    for i, contact in contacts(play):
        said = private.speech(play, i)
        trust = [float(turn["trust"][i]) for turn in (play.turns[0].before, play.turns[-1].after)]
        openings = words["openings"][contact.part][band(trust[1])].values()
        assert said[0] in [text.format(name=play.case.you.name) for text in openings]
        moved = 100 * (trust[1] - trust[0])
        side = "rose" if moved >= 5 else "fell" if moved <= -5 else "same"
        assert said[1] == words["since"][contact.part][side]
        sums = {}
        for turn in play.turns:
            for cause, entry in all_causes(turn, i).items():
                for measure, change in entry.items():
                    sums[cause, measure] = sums.get((cause, measure), 0) + change
        for cause in words["causes"]:
            sides = private.said_of(cause, contact.part)
            for way, text in sides.items():
                if text and text in said and sides["up"] != sides["down"]:
                    size = max((sums[cause, m] for m in (
                        "cognitive_trust", "affective_trust", "satisfaction")), key=abs)
                    assert (size > 0) == (way == "up")
        part, j = located(play, i)
        vote = decide(part.state, part.luck, part.setting, part.parameters).votes[0, j]
        would = vote >= part.parameters.account.rival
        assert words["renewal"][contact.part]["yes_said" if would else "no_said"] in said
        assert (words["overruled"]["went"] in said) == (would != play.outcome.renewed)


@pytest.mark.parametrize("name", BUNDLED[:-1])
def test_votes_that_are_told_come_to_the_decision(played, name):
    play = played(name)
    votes = decide(play.state, play.luck, play.setting, play.parameters).votes[0]
    told = [private.would_renew(play, i) for i, _ in contacts(play)]
    assert told == [vote >= play.parameters.account.rival for vote in votes]
    if len(set(told)) == 1:
        assert play.outcome.renewed == told[0]


def test_it_reads_as_speech_that_differs_by_who_speaks_and_how_they_stand(played):
    said = [private.speech(played(name, manager), i) for name in BUNDLED for manager in MANAGERS
            for i, _ in contacts(played(name, manager))]
    assert len({one[0] for one in said}) >= 25            # openings, the manager's name in them
    assert len({tuple(one) for one in said}) > 0.8 * len(said)
    for name in BUNDLED:
        play = played(name)
        own = [tuple(private.speech(play, i)) for i, _ in contacts(play)]
        assert len(set(own)) == len(own)
        assert all(5 <= len(one) <= 12 for one in own)


def test_there_are_words_for_every_part_band_and_cause():
    words = private.words()
    for part in PARTS:
        assert set(words["openings"][part]) == set(BANDS)
        assert set(words["since"][part]) == {"rose", "same", "fell"}
        assert set(words["satisfaction"][part]) == {"high", "middle", "low"}
        assert set(words["renewal"][part]) == {"yes_said", "no_said"}
        assert set(chair.PARTS) == set(PARTS)
    assert set(words["causes"]) == set(causes())
    for cause, sides in causes().items():
        for way in ("up", "down"):
            assert all(not sides[way] or private.said_of(cause, part)[way] for part in PARTS), (
                cause, way)
    for cause in ("citizenship", "milestone", "experience", "signal_ability"):
        assert len({private.said_of(cause, part)["up"] for part in PARTS}) == len(PARTS)


def test_less_on_the_dates_and_better_in_the_weeks_do_not_stand_together_bare(played):
    """What the weeks were like is set apart from milestones or progress that went the other way."""
    words, apart = private.words(), 0
    for name in BUNDLED:
        for manager in MANAGERS:
            for i, contact in contacts(played(name, manager)):
                said = private.speech(played(name, manager), i)
                way = {cause: {side for side, text in private.said_of(cause, contact.part).items()
                               if text in said} for cause in ("milestone", "progress", "experience")}
                dates = way["milestone"] | way["progress"]
                assert not way["experience"] or way["experience"] <= dates or not dates
                apart += any(text in said for text in words["apart"][contact.part].values())
    assert apart


def test_every_sentence_is_found_for_translation():
    path = Path(__file__).parents[2] / "scripts" / "words"
    loader = SourceFileLoader("words_script", str(path))
    script = module_from_spec(spec_from_loader("words_script", loader))
    loader.exec_module(script)
    found = script.found("casebook")

    def leaves(data):
        for value in data.values():
            yield from leaves(value) if isinstance(value, dict) else [value]

    sentences = [one for one in leaves(private.words()) if isinstance(one, str) and one]
    assert len(sentences) > 100 and all(one in found for one in sentences)
    for text in (*chair.WANTED, *chair.PARTS.values(), *chair.BELIEVED.values()):
        assert text in found
