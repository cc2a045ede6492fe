"""The command line, called as a user calls it."""

import io
import json
import subprocess
import sys

import pytest

from casebook.cli import main
from tests.casefactory import small_case, write_case


def run(capsys, *words):
    code = main([str(word) for word in words])
    told = capsys.readouterr()
    return code, told.out, told.err


@pytest.fixture
def transcript(tmp_path, capsys):
    code, _, _ = run(capsys, "play", "green-dashboard", "--policy", "balanced", "--player", "ann",
                     "--folder", tmp_path)
    assert code == 0
    return next(tmp_path.glob("*.casebook.jsonl"))


def test_the_bundled_cases_have_no_finding(capsys):
    code, out, _ = run(capsys, "check")
    assert code == 0 and "0 errors, 0 warnings" in out


def test_check_lists_findings_with_file_and_line_and_exits_1(tmp_path, capsys):
    data = small_case()
    data["minutes"] = "ten"
    folder = write_case(tmp_path / "small", data)
    code, out, _ = run(capsys, "check", folder)
    assert code == 1 and "case.yaml:" in out and "whole number" in out
    code, out, _ = run(capsys, "check", folder, "--json")
    found = json.loads(out)
    assert code == 1 and {"file", "line", "severity", "check", "wrong", "mend"} == set(found[0])


def test_check_takes_a_folder_of_cases(tmp_path, capsys):
    for name in ("one", "two"):
        write_case(tmp_path / name)
    code, out, _ = run(capsys, "check", tmp_path)
    assert code == 0 and "2 cases checked" in out


def test_check_of_nothing_is_a_finding(tmp_path, capsys):
    assert run(capsys, "check", tmp_path / "nowhere")[0] == 1


def test_cases_are_listed_in_words_and_as_json(capsys):
    assert "The Green Dashboard" in run(capsys, "cases")[1]
    entry = json.loads(run(capsys, "cases", "--json")[1])[0]
    assert entry["id"] == "green-dashboard" and entry["focal_role"] == "implementer"


@pytest.mark.parametrize("policy", ["random", "balanced", "implementer", "coach", "entrepreneur",
                                    "politician", "friend", "marketer", "trust-first", "sell-first"])
def test_every_named_policy_plays_and_leaves_a_whole_transcript(tmp_path, capsys, policy):
    code, out, _ = run(capsys, "play", "green-dashboard", "--policy", policy, "--folder", tmp_path,
                       "--json")
    record = json.loads(out)
    assert code == 0 and record["finished"] and 0 <= record["outcome"]["overall"] <= 100
    assert run(capsys, "replay", record["transcript"])[0] == 0


def test_play_prints_the_scorecard(transcript, tmp_path, capsys):
    _, out, _ = run(capsys, "play", "green-dashboard", "--policy", "random", "--player", "bob",
                    "--folder", tmp_path)
    for word in ("Delivery", "Relationship", "Account", "Overall", "Transcript:"):
        assert word in out


def test_the_moves_of_a_transcript_give_the_same_play_for_another_folder(
        transcript, tmp_path, capsys):
    (tmp_path / "again").mkdir()
    code, out, _ = run(capsys, "play", "green-dashboard", "--moves", transcript, "--player", "ann",
                       "--folder", tmp_path / "again", "--json")
    again = json.loads(out)
    assert code == 0
    assert again["states"] == json.loads(transcript.read_text().splitlines()[-1])["states"]


def test_moves_as_a_json_list_stop_where_they_end(tmp_path, capsys):
    moves = tmp_path / "moves.json"
    moves.write_text(json.dumps([{"plan": "taking-over", "shares": {"implementer": 100}}]))
    code, out, _ = run(capsys, "play", "green-dashboard", "--moves", moves, "--folder", tmp_path)
    assert code == 1 and "stops in week 15" in out


BAD_MOVES = {
    "not JSON": "hello",
    "neither an attention plan": '{"x": 1}',
    "add up to 50": '{"plan": "taking-over", "shares": {"implementer": 50}}',
    "is asked for": '{"incident": "first-report", "response": "send-as-drafted"}',
}


@pytest.mark.parametrize("words", BAD_MOVES)
def test_bad_moves_name_the_file_and_the_fault(tmp_path, capsys, words):
    moves = tmp_path / "moves.jsonl"
    moves.write_text(BAD_MOVES[words] + "\n")
    code, _, err = run(capsys, "play", "green-dashboard", "--moves", moves, "--folder", tmp_path)
    assert code == 2 and words in err and "moves.jsonl" in err and "Traceback" not in err


@pytest.mark.parametrize("words", [
    ["play", "no-such-case"], ["play", "green-dashboard", "--policy", "genius"],
    ["play", "green-dashboard", "--player", ""],
    ["play", "green-dashboard", "--policy", "random", "--attempt", "0"],
    ["play", "green-dashboard", "--policy", "random", "--folder", "no/such/folder"],
])
def test_a_users_mistake_is_one_plain_message(capsys, words):
    code, _, err = run(capsys, *words)
    assert code == 2 and err.startswith("casebook: ") and "Traceback" not in err


def test_replay_tells_damage_apart_and_exits_0_only_for_whole(transcript, capsys):
    assert run(capsys, "replay", transcript)[0] == 0
    code, out, _ = run(capsys, "replay", transcript, "--player", "somebody", "--json")
    assert code == 1 and json.loads(out)["verdict"] == "foreign"
    raw = transcript.read_bytes()
    transcript.write_bytes(raw[:-40])
    code, out, _ = run(capsys, "replay", transcript, "--json")
    told = json.loads(out)
    assert code == 1 and told["verdict"] == "truncated" and told["turns"] > 5 and told["mend"]


def test_a_play_at_the_terminal_by_numbers(tmp_path, capsys, monkeypatch):
    typed = iter(["nonsense", "1", "9", "1", "40 15 10 15 12 8", "q"])
    monkeypatch.setattr("builtins.input", lambda prompt: next(typed))
    code, out, _ = run(capsys, "play", "green-dashboard", "--folder", tmp_path)
    assert code == 1 and "Type a number" in out and "Why:" in out


def test_python_dash_m_and_the_version(tmp_path):
    done = subprocess.run([sys.executable, "-m", "casebook", "--version"], capture_output=True,
                          text=True, check=True)
    assert done.stdout.strip()[0].isdigit()


@pytest.fixture
def small(tmp_path):
    return write_case(tmp_path / "small")


def test_simulate_prints_a_summary(capsys, small):
    code, out, err = run(capsys, "simulate", small, "--policy", "trust-first", "--runs", 20)
    assert code == 0 and "20 plays of small 1.0.0 by the policy trust-first (seed 1)" in out
    assert err == ""                            # no progress line where there is no terminal


def test_simulate_prints_json(capsys, small):
    code, out, _ = run(capsys, "simulate", small, "--runs", 20, "--seed", 3, "--json")
    found = json.loads(out)
    assert code == 0 and (found["policy"], found["seed"], found["runs"]) == ("random", 3, 20)
    again = run(capsys, "simulate", small, "--runs", 20, "--seed", 3, "--json", "--workers", 1)
    assert again[1] == out
    assert run(capsys, "simulate", small, "--runs", 20, "--json")[1] != out


def test_simulate_compares_all_policies(capsys, small):
    from casebook.study import POLICIES

    code, out, _ = run(capsys, "simulate", small, "--runs", 5, "--policy", "all")
    assert code == 0 and all(f"\n{name} " in out for name in POLICIES)
    found = json.loads(run(capsys, "simulate", small, "--runs", 5, "--policy", "all", "--json")[1])
    assert list(found) == list(POLICIES)


@pytest.mark.parametrize("words, told", [
    (("--runs", 0), "runs is 0"), (("--policy", "nobody"), "no policy 'nobody'"),
    (("--cluster", "tcp://127.0.0.1:9"), "No Dask scheduler answers")])
def test_simulate_refuses_in_a_sentence(capsys, small, words, told):
    code, out, err = run(capsys, "simulate", small, *words)
    assert code == 2 and told in err and out == ""


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_simulate_shows_how_far_it_is_on_a_terminal(capsys, monkeypatch, small):
    screen = Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    assert main(["simulate", str(small), "--runs", "600"]) == 0
    assert "512 of 600 plays" in screen.getvalue() and screen.getvalue().endswith("\r\033[K")


def test_simulate_tells_what_was_finished_when_it_is_stopped(capsys, monkeypatch, small):
    from casebook.study.simulate import Job

    play = Job.play

    def stops(job, block, prepared):
        if block == 1:
            raise KeyboardInterrupt
        return play(job, block, prepared)

    monkeypatch.setattr(Job, "play", stops)
    code, out, err = run(capsys, "simulate", small, "--runs", 2000)
    assert code == 130 and "512 plays" in out and "stopped" in err
    code, out, err = run(capsys, "simulate", small, "--runs", 2000, "--policy", "all", "--json")
    assert code == 130 and list(json.loads(out)) == ["random"]


def test_the_report_of_a_play_says_what_moved_each_contact_and_why(tmp_path, capsys):
    _, out, _ = run(capsys, "play", "green-dashboard", "--policy", "balanced", "--folder", tmp_path)
    told = out.split("What moved them most", 1)[1]
    for name in ("Ruth Adeyemi", "Colm Brennan", "Meera Pillai", "Graham Tolley", "Helena Voss"):
        assert name in told
    assert told.count("(") >= 15 and all(len(line) <= 84 for line in told.splitlines()[:-1])


def test_at_a_hub_the_player_is_who_signed_in(capsys, tmp_path, monkeypatch):
    monkeypatch.setenv("JUPYTERHUB_USER", "alice")
    code, _, _ = run(capsys, "play", "green-dashboard", "--policy", "balanced",
                     "--folder", str(tmp_path))
    (transcript,) = tmp_path.glob("*.casebook.jsonl")
    assert code == 0 and json.loads(transcript.read_text().splitlines()[0])["player"] == "alice"
