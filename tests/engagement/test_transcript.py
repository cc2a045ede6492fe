"""Transcripts: written line by line, replayed, and every kind of damage told apart."""

import json

import pytest

from casebook import case as cases
from casebook.engagement import Engagement, Expected, Plan, file_name, replay
from casebook.engagement.transcript import (
    Branch,
    append,
    decision_line,
    dump,
    header,
    lines_of,
    load,
    note_line,
    outcome_line,
    seal,
)
from casebook.errors import TranscriptError
from casebook.study import policy


@pytest.fixture
def transcript(tmp_path, played):
    path = tmp_path / "play.casebook.jsonl"
    times = {turn.number: f"2026-03-01T10:{turn.number:02d}:00+00:00" for turn in played.turns}
    append(path, lines_of(played, times))
    return path


def verdict(path, **expected):
    return replay(path, cases.read, Expected(**expected))


def rewrite(path, change):
    """Change the list of lines, as text without newlines."""
    rows = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join(change(rows)) + "\n", encoding="utf-8")
    return verdict(path)


def resealed(rows):
    """What a forger with this program would write: every digest made anew."""
    made, prev = [], ""
    for row in rows:
        line = json.loads(row)
        line["prev"] = prev
        line["digest"] = prev = seal(line)
        made.append(dump(line)[:-1])
    return made


def test_a_whole_transcript_is_whole_and_gives_the_outcome_again(transcript, played):
    result = verdict(transcript)
    assert result.verdict == "whole"
    assert result.play.outcome == played.outcome
    assert result.play.turns[-1].decision == played.turns[-1].decision


def test_changing_any_one_character_of_a_decision_line_is_found(transcript, green):
    rows = transcript.read_text(encoding="utf-8").splitlines()
    number = 3
    for place in range(len(rows[number])):
        old = rows[number][place]
        new = "x" if old != "x" else "y"
        changed = [*rows]
        changed[number] = rows[number][:place] + new + rows[number][place + 1:]
        transcript.write_text("\n".join(changed) + "\n", encoding="utf-8")
        result = replay(transcript, lambda _id: green)
        assert result.verdict == "edited", (place, result)
        assert result.line == number + 1 and len(result.play.turns) == number - 1


def test_changing_only_a_space_is_found_too(transcript):
    assert rewrite(transcript, lambda rows: [
        *rows[:4], rows[4].replace(": ", ":  ", 1), *rows[5:]]).verdict == "edited"


def test_a_changed_header_is_found(transcript):
    assert rewrite(transcript, lambda rows: [
        rows[0].replace('"attempt": 1', '"attempt": 2'), *rows[1:]]).verdict == "edited"


def test_a_line_taken_out_is_found(transcript):
    result = rewrite(transcript, lambda rows: rows[:4] + rows[5:])
    assert (result.verdict, result.line, len(result.play.turns)) == ("edited", 5, 3)


def test_two_lines_swapped_are_found(transcript):
    result = rewrite(transcript, lambda rows: [*rows[:3], rows[4], rows[3], *rows[5:]])
    assert result.verdict == "edited"


def test_a_line_after_the_end_is_found(transcript):
    assert rewrite(transcript, lambda rows: [*rows, rows[-1]]).verdict == "edited"


def test_a_half_written_last_line_is_truncated_and_keeps_the_turns_before(transcript):
    raw = transcript.read_bytes()
    transcript.write_bytes(raw[:raw.rindex(b'"outcome"') + 30])
    result = verdict(transcript)
    assert result.verdict == "truncated"
    assert len(result.play.turns) == len(load(transcript).lines) > 6


def test_a_play_that_stops_before_its_end_is_truncated(transcript):
    result = rewrite(transcript, lambda rows: rows[:6])
    assert result.verdict == "truncated" and len(result.play.turns) == 5


def test_decisions_under_somebody_elses_header_are_foreign(tmp_path, transcript, green):
    other = lines_of(Engagement.start(green, "somebody-else").take(
        Plan(green.phases[0].id, (40, 15, 10, 15, 12, 8))))[0]
    result = rewrite(transcript, lambda rows: [dump(other)[:-1], *rows[1:]])
    assert result.verdict == "foreign"


@pytest.mark.parametrize("expected", [{"player": "me"}, {"case": "two-rooms"}, {"attempt": 2}])
def test_a_transcript_of_another_play_than_expected_is_foreign(transcript, expected):
    assert verdict(transcript, **expected).verdict == "foreign"


def test_a_transcript_of_an_unknown_case_is_foreign(transcript):
    assert rewrite(transcript, lambda rows: resealed(
        [rows[0].replace("green-dashboard", "no-such-case"), *rows[1:]])).verdict == "foreign"


OTHER_VERSIONS = {
    "case_version": "9.9.9", "case_digest": "0" * 64, "model": "99.0", "casebook": 2,
}


@pytest.mark.parametrize("key", OTHER_VERSIONS)
def test_another_version_is_told_apart(transcript, key):
    def change(rows):
        head = json.loads(rows[0])
        head[key] = OTHER_VERSIONS[key]
        return resealed([json.dumps(head), *rows[1:]])

    assert rewrite(transcript, change).verdict == "other-version"


def test_a_forged_outcome_with_every_digest_made_anew_is_found_by_replay(transcript):
    def change(rows):
        end = json.loads(rows[-1])
        end["outcome"]["overall"] = 99.0
        return resealed([*rows[:-1], json.dumps(end)])

    assert rewrite(transcript, change).verdict == "edited"


def test_a_forged_decision_that_was_not_on_offer_is_found_by_replay(transcript):
    def change(rows):
        line = json.loads(rows[2])
        line["decision"] = {"incident": "made-up", "response": "best"}
        return resealed([*rows[:2], json.dumps(line), *rows[3:]])

    result = rewrite(transcript, change)
    assert result.verdict == "edited" and result.line == 3


def test_lines_that_end_as_on_windows_are_still_whole(transcript):
    transcript.write_bytes(transcript.read_bytes().replace(b"\n", b"\r\n"))
    assert verdict(transcript).verdict == "whole"


UNREADABLE = {
    "an empty file": b"",
    "a picture": b"\x89PNG\r\n\x1a\n\x00\x00",
    "latin-1 text": "Grüße\n".encode("latin-1"),
    "other JSON": b'{"cells": []}\n',
    "a list": b"[1, 2]\n",
    "deep nesting": b"[" * 100_000,
    "a header with wrong types": b'{"casebook": 1, "case": 3, "player": null}\n',
}


@pytest.mark.parametrize("what", UNREADABLE)
def test_unreadable_is(tmp_path, what):
    path = tmp_path / "x.jsonl"
    path.write_bytes(UNREADABLE[what])
    result = verdict(path)
    assert result.verdict == "unreadable" and result.mend


def test_a_missing_file_a_folder_and_a_huge_file_are_unreadable(tmp_path):
    assert verdict(tmp_path / "none.jsonl").verdict == "unreadable"
    assert verdict(tmp_path).verdict == "unreadable"
    huge = tmp_path / "huge.jsonl"
    with open(huge, "wb") as file:
        file.truncate(50_000_000)
    assert verdict(huge).verdict == "unreadable"


def test_every_verdict_but_whole_says_what_to_do(transcript):
    result = rewrite(transcript, lambda rows: rows[:6])
    assert result.text and result.mend and result.record()["finished"] is False


def test_different_players_have_different_files():
    names = {file_name("c", player, 1) for player in ("ana", "a na", "Ána", "ана", "an")}
    assert len(names) == 5
    assert file_name("c", "Ana", 1) == file_name("c", "ana", 1)
    assert all(name.isascii() and "/" not in name for name in names)


def test_a_player_called_like_a_path_stays_in_the_folder():
    assert "/" not in file_name("c", "../../etc/passwd", 1)


def test_a_file_that_cannot_be_written_is_a_plain_error_and_keeps_what_was_there(tmp_path, played):
    path = tmp_path / "no" / "folder" / "x.jsonl"
    with pytest.raises(TranscriptError, match="could not be saved"):
        append(path, lines_of(played))


def test_replay_holds_for_every_policy(tmp_path, green):
    for name in ("random", "sell-first"):
        play = Engagement.start(green, name)
        while play.ask is not None:
            play = play.take(policy(name)(play))
        path = tmp_path / f"{name}.jsonl"
        append(path, lines_of(play))
        assert verdict(path).verdict == "whole"


# Predictions, notes and branches.


def lines_with_notes(played, *, branch=None):
    """A transcript with predictions, a hint before each response and another way after turn 2."""
    lines = [header(played, branch)]
    contact = played.case.contacts[0].id
    for turn in played.turns:
        told = {}
        if turn.offered:
            lines.append(note_line({"kind": "hint", "turn": turn.number, "tier": 1},
                                   lines[-1]["digest"], None))
            told = {"predictions": [{"contact": contact, "expects": "same", "sure": 60}],
                    "because": "Я так думаю 🙂"}
        lines.append(decision_line(turn.decision, turn.number, lines[-1]["digest"], None, told))
        if turn.number == 2:
            lines.append(note_line({"kind": "branch", "number": 1, "of": 0, "from": 2},
                                   lines[-1]["digest"], None))
    if played.outcome:
        lines.append(outcome_line(played, lines[-1]["digest"]))
    return lines


@pytest.fixture
def noted(tmp_path, played):
    path = tmp_path / "noted.casebook.jsonl"
    append(path, lines_with_notes(played))
    return path


def test_predictions_hints_and_other_ways_come_back(noted, played):
    result = verdict(noted)
    answered = [turn.number for turn in played.turns if turn.offered]
    assert result.verdict == "whole" and result.hints == dict.fromkeys(answered, 1)
    assert list(result.said) == answered and result.tried_before_the_end == 1
    assert result.said[answered[0]].because == "Я так думаю 🙂"
    assert result.said[answered[0]].predictions[0].sure == 60
    assert [note.turns for note in result.notes if note.kind == "branch"] == [2]


def test_an_older_transcript_without_them_is_whole(transcript):
    result = verdict(transcript)
    assert (result.verdict, result.hints, dict(result.said), result.notes) == ("whole", {}, {}, ())
    assert result.tried_before_the_end == 0 and verdict(transcript, branch=0).verdict == "whole"


def test_a_note_after_the_end_is_whole_and_was_not_before_it(noted):
    last = load(noted).last
    append(noted, [note_line({"kind": "branch", "number": 2, "of": 0, "from": 1}, last, None)])
    result = verdict(noted)
    assert result.verdict == "whole" and result.tried_before_the_end == 1
    assert [note.after_the_end for note in result.notes if note.kind == "branch"] == [False, True]


def test_a_decision_or_a_second_outcome_after_the_end_is_edited(noted, played):
    whole, last = noted.read_bytes(), load(noted).last
    for line in (decision_line(played.turns[0].decision, len(played.turns) + 1, last, None),
                 outcome_line(played, last)):
        noted.write_bytes(whole)
        append(noted, [line])
        result = verdict(noted)
        assert result.verdict == "edited" and "after the end" in result.text


@pytest.mark.parametrize("change", [
    ('"tier": 1', '"tier": 3'), ('"kind": "hint"', '"kind": "hunt"'), ('"sure": 60', '"sure": 61'),
    ('"expects": "same"', '"expects": "more"'), ("🙂", "🙃"), ('"from": 2', '"from": 1')])
def test_an_edited_note_or_prediction_is_found(noted, change):
    rows = noted.read_text(encoding="utf-8").splitlines()
    number = next(i for i, row in enumerate(rows) if change[0] in row)
    result = rewrite(noted, lambda rows: [*rows[:number], rows[number].replace(*change),
                                          *rows[number + 1:]])
    assert (result.verdict, result.line) == ("edited", number + 1)


def test_a_note_taken_out_is_found(noted):
    rows = noted.read_text(encoding="utf-8").splitlines()
    number = next(i for i, row in enumerate(rows) if '"note"' in row)
    result = rewrite(noted, lambda rows: rows[:number] + rows[number + 1:])
    assert (result.verdict, result.line) == ("edited", number + 1)


def test_a_line_that_is_decision_and_note_at_once_is_found(noted):
    rows = noted.read_text(encoding="utf-8").splitlines()
    line = json.loads(rows[-1]) | {"note": {"kind": "hint"}}
    assert rewrite(noted, lambda rows: resealed([*rows[:-1], json.dumps(line)])).verdict == "edited"


def test_a_branch_is_foreign_where_the_play_is_expected_and_the_other_way_about(
        tmp_path, noted, played):
    other = tmp_path / "branch.jsonl"
    append(other, lines_with_notes(played, branch=Branch(2, 0, 4)))
    assert verdict(other).verdict == "whole" and verdict(other, branch=2).verdict == "whole"
    for number, told in ((0, "another way"), (1, "number 1")):
        result = verdict(other, branch=number)
        assert result.verdict == "foreign" and told in result.text
    assert verdict(noted, branch=0).verdict == "whole"
    assert verdict(noted, branch=1).verdict == "foreign"
    for nonsense in ({}, {"number": 0, "parent": 0, "from": 1}, "branch", None, [1]):
        def change(rows, nonsense=nonsense):
            return resealed([json.dumps(json.loads(rows[0]) | {"branch": nonsense}), *rows[1:]])

        assert rewrite(other, change).verdict == "whole"
        assert verdict(other, branch=0).verdict == "foreign", nonsense
        assert verdict(other, branch=2).verdict == "foreign", nonsense


@pytest.mark.parametrize("tier", ["x", None, [], {}, True, -5, 0, 10 ** 9, 2.5])
def test_a_hint_noted_by_hand_breaks_nothing_and_counts_nothing(noted, tier):
    def change(rows):
        lines = [json.loads(row) for row in rows]
        for line in lines:
            if line.get("note", {}).get("kind") == "hint":
                line["note"]["tier"] = tier
        return resealed(list(map(json.dumps, lines)))

    result = rewrite(noted, change)
    assert result.verdict == "whole" and result.hints == {}


def test_predictions_that_nobody_could_have_made_are_passed_over(noted, played):
    def change(rows):
        lines = [json.loads(row) for row in rows]
        for line in lines:
            if "decision" in line:
                line["predictions"] = [{"contact": "nobody", "expects": "more", "sure": 60}]
                if "plan" in line["decision"]:
                    line["predictions"][0]["contact"] = played.case.contacts[0].id
        return resealed(list(map(json.dumps, lines)))

    result = rewrite(noted, change)
    assert result.verdict == "whole" and dict(result.said) == {}


def test_notes_and_predictions_stop_where_the_turns_do(noted):
    rows = noted.read_text(encoding="utf-8").splitlines()
    number = [i for i, row in enumerate(rows) if '"decision"' in row][5]
    result = rewrite(noted, lambda rows: [*rows[:number], "{", *rows[number + 1:]])
    assert result.verdict == "edited" and len(result.play.turns) == 5
    assert max(result.said) <= 5 and all(note.turns <= 5 for note in result.notes)


def test_a_line_that_does_not_follow_the_last_one_is_not_written(transcript):
    whole, last = transcript.read_bytes(), load(transcript).last
    with pytest.raises(TranscriptError, match="another tab"):
        append(transcript, [note_line({"kind": "hint"}, "0" * 64, None)])
    assert transcript.read_bytes() == whole
    # Where only its newline was cut off, it is put back first.
    transcript.write_bytes(whole[:-1])
    append(transcript, [note_line({"kind": "hint"}, last, None)])
    assert transcript.read_bytes().startswith(whole) and verdict(transcript).verdict == "whole"


def test_a_line_cut_within_a_sign_keeps_the_turns_before(noted):
    raw = noted.read_bytes()
    at = raw.rindex("🙂".encode())
    turns = raw[:at].count(b'"decision"') - 1
    for cut in range(1, 4):
        noted.write_bytes(raw[:at + cut])
        result = verdict(noted)
        assert (result.verdict, len(result.play.turns)) == ("truncated", turns)
