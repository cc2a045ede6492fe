"""Transcripts: written line by line, replayed, and every kind of damage told apart."""

import json

import pytest

from casebook import case as cases
from casebook.engagement import Engagement, Expected, Plan, file_name, replay
from casebook.engagement.transcript import append, dump, lines_of, load, seal
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


def test_changing_any_one_character_of_a_decision_line_is_found(transcript):
    rows = transcript.read_text(encoding="utf-8").splitlines()
    number = 3
    for place in range(len(rows[number])):
        old = rows[number][place]
        new = "x" if old != "x" else "y"
        changed = [*rows]
        changed[number] = rows[number][:place] + new + rows[number][place + 1:]
        transcript.write_text("\n".join(changed) + "\n", encoding="utf-8")
        result = verdict(transcript)
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
