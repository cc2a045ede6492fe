"""Reading a case: every damage is a finding with file, line and mend, all of them at once."""

import json
import os
import time

import jsonschema
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casebook import case as cases
from casebook.case.conditions import holds
from casebook.case.fields import ACCOUNT, CASE, schema
from casebook.case.reader import CASES
from casebook.engagement import Engagement
from casebook.errors import CaseError
from casebook.study import policy
from tests.casefactory import incident, response, small_case, write_case


def errors(folder):
    return [f for f in cases.examine(folder) if f.severity == "error"]


def put(data, path, value):
    """Set a value deep in a case; None removes it."""
    *way, last = path
    for step in way:
        data = data[step]
    if value is None:
        del data[last]
    else:
        data[last] = value


def test_a_sound_small_case_has_no_error_and_plays_to_its_end(tmp_path):
    folder = write_case(tmp_path / "small")
    assert errors(folder) == []
    play = Engagement.start(cases.read(folder))
    while play.ask is not None:
        play = play.take(policy("balanced")(play))
    assert play.outcome.ending.id in ("well", "so")


DAMAGES = {
    # name: (path, value or None to remove, words of the message, key whose line is named)
    "an unknown key": (["colour"], "red", ["no key 'colour'"], "colour:"),
    "a misspelt key": (["titel"], "x", ["Did you mean 'title'"], "titel:"),
    "a missing key": (["firm", "about"], None, ["'about' is missing"], "firm:"),
    "an unknown role": (["focal_role"], "boss", ["implementer", "'boss'"], "focal_role:"),
    "text where a number belongs": (["minutes"], "ten", ["whole number"], "minutes:"),
    "a number where text belongs": (["title"], 7, ["Text was expected", "the number 7"], "title:"),
    "yes and no as text": (["summary"], True, ["truth value", "quotes"], "summary:"),
    "an empty text": (["summary"], " ", ["empty"], "summary:"),
    "a version of two numbers": (["version"], "1.0", ["three numbers"], "version:"),
    "an id that is not the folder's": (["id"], "other", ["folder"], "id:"),
    "a signal of four": (["incidents", 0, "responses", 0, "signals", "ann", "integrity"], 4,
                         ["outside -3 to 3"], "integrity:"),
    "a signal that is a fraction": (
        ["incidents", 0, "responses", 0, "signals", "ann", "integrity"], 1.5,
        ["whole number from -3 to 3"], "integrity:"),
    "a signal that is true": (["incidents", 0, "responses", 0, "signals", "ann", "integrity"], True,
                              ["whole number from -3 to 3"], "integrity:"),
    "a signal of an unknown kind": (["incidents", 0, "responses", 0, "signals", "ann", "charm"], 1,
                                    ["'charm'", "benevolence"], "charm:"),
    "signals to nobody": (["incidents", 0, "responses", 0, "signals", "anne"], {"integrity": 1},
                          ["no contact 'anne'", "'ann'"], "anne:"),
    "a missing reaction": (["incidents", 0, "responses", 0, "reaction", "bob"], None,
                           ["bob gets signals", "no reaction"], "bob:"),
    "a missing band": (["incidents", 0, "responses", 0, "reaction", "ann", "cold"], None,
                       ["'cold' is missing"], "ann:"),
    "one line in a band": (["incidents", 0, "responses", 0, "reaction", "ann", "cold"], ["No."],
                           ["at least 2"], "cold:"),
    "an incident from nobody": (["incidents", 0, "from"], "zoe", ["'zoe'"], "from:"),
    "an unknown finding": (["incidents", 0, "responses", 0, "findings"], ["F99"], ["F99"], "- F99"),
    "one response": (["incidents", 0, "responses"], [response("yes", ann=1)], ["2 to 6"],
                     "responses:"),
    "an incident outside the play": (["incidents", 0, "week"], 99, ["never happen", "3 to 8"],
                                     "week: 99"),
    "an incident in weeks that run backwards": (["incidents", 0, "week"], [6, 4], ["never happen"],
                                                "week:"),
    "a condition with an unknown key": (["incidents", 0, "when"], {"mood": {"above": 1}},
                                        ["no key 'mood'"], "mood:"),
    "a condition on an unknown flag": (["incidents", 1, "when"], {"flag": "told"},
                                       ["no flag 'told'"], "flag:"),
    "a condition on an unknown response": (["incidents", 1, "when"], {"chosen": ["first/maybe"]},
                                           ["no response 'first/maybe'"], "chosen:"),
    "a condition on a stranger's trust": (["incidents", 1, "when"], {"trust": {"zoe": {"above": 0}}},
                                          ["no contact 'zoe'"], "trust:"),
    "a condition that contradicts itself": (
        ["incidents", 1, "when"], {"progress": {"above": 0.8, "below": 0.2}},
        ["never happen", "above 0.8 and below 0.2"], "progress:"),
    "a condition outside what can be": (["incidents", 1, "when"], {"morale": {"above": 1.5}},
                                        ["never happen", "between"], "morale:"),
    "a condition on what comes later": (["incidents", 0, "when"], {"seen": ["second"]},
                                        ["never happen", "later"], "seen:"),
    "a condition on a promise that nobody makes": (
        ["incidents", 1, "when"], {"kept": "ann"}, ["nobody promises"], "kept:"),
    "an outcome before the end": (["incidents", 1, "when"], {"renewed": True},
                                  ["only at the end"], "renewed:"),
    "a gap between phases": (["phases", 1, "weeks"], [7, 8], ["begin in week 6"], "weeks:"),
    "phases that end too early": (["phases", 1, "weeks"], [6, 7], ["end in week 7"], "phases:"),
    "a milestone outside its phase": (["phases", 1, "milestone", "week"], 4, ["outside its phase"],
                                      "week: 4"),
    "a plan that falls": (["project", "plan"], {2: 35, 5: 20, 7: 100}, ["falls"], "plan:"),
    "a plan that never ends": (["project", "plan"], {2: 35, 7: 90}, ["not 100"], "plan:"),
    "more done than there is": (["project", "hidden"], 80, ["100 or more"], "hidden:"),
    "a go-live after the end": (["project", "go_live"], 20, ["go_live"], "go_live:"),
    "a last ending with a condition": (["endings", 1, "when"], {"delivered": True},
                                       ["last ending has a condition"], "when:"),
    "an ending that hides the others": (["endings", 0, "when"], None, ["hides"], "- id: well"),
    "the same contact twice": (["contacts", 1, "id"], "ann", ["stands twice"], "id: ann"),
    "a path out of the folder": (["exhibits", 0, "file"], "../../secret.csv",
                                 ["leads out of the case folder"], "file:"),
    "an absolute path": (["exhibits", 0, "file"], "/etc/hostname", ["leads out"], "file:"),
    "an exhibit that is not there": (["exhibits", 0, "file"], "exhibits/none.csv",
                                     ["cannot be read"], "file:"),
    "a promise that is due too late": (
        ["incidents", 0, "responses", 0, "promises"],
        [{"to": "ann", "what": "it", "due": 20, "kept_when": {}}], ["due in week 20"], "due:"),
}


@pytest.mark.parametrize("name", DAMAGES)
def test_it_finds(tmp_path, name):
    path, value, words, key = DAMAGES[name]
    data = small_case()
    put(data, path, value)
    folder = write_case(tmp_path / "small", data)
    found = [f for f in errors(folder) if all(word in f"{f.wrong} {f.mend}" for word in words)]
    assert found, [str(f) for f in errors(folder)]
    assert found[0].mend and found[0].place.file.endswith("case.yaml")
    line = (folder / "case.yaml").read_text(encoding="utf-8").splitlines()[found[0].place.line - 1]
    assert key in line or key.strip(":") in line, (found[0], line)


def test_all_faults_are_told_in_one_go(tmp_path):
    data = small_case()
    for path, value in ((["focal_role"], "boss"), (["incidents", 0, "from"], "zoe"),
                        (["project", "plan"], {2: 35, 7: 90}), (["minutes"], "ten"),
                        (["incidents", 1, "responses", 0, "signals", "ann", "integrity"], 9)):
        put(data, path, value)
    told = " ".join(str(f) for f in errors(write_case(tmp_path / "small", data)))
    for word in ("boss", "zoe", "not 100", "ten", "outside -3"):
        assert word in told


def test_a_flag_that_is_set_only_later_makes_an_incident_unreachable(tmp_path):
    data = small_case()
    data["incidents"] = [incident("first", 3), incident("late", 8)]
    data["incidents"][1]["responses"][0]["sets"] = ["known"]
    data["incidents"][0]["when"] = {"flag": "known"}
    assert any("set only later" in f.wrong for f in errors(write_case(tmp_path / "small", data)))


def test_responses_on_condition_leave_two_on_offer(tmp_path):
    data = small_case()
    data["incidents"][0]["responses"][0]["when"] = {"week": {"above": 4}}
    assert any("always on offer" in f.wrong for f in errors(write_case(tmp_path / "small", data)))


BROKEN_FILES = {
    "an unclosed bracket": (b"format: [1\nid: x\n", "not YAML", 2),
    "a tab": (b"format: 1\n\tid: x\n", "not YAML", 2),
    "latin-1": ("format: 1\ntitle: Gr\u00fc\u00dfe\n".encode("latin-1"), "not UTF-8", 2),
    "nothing": (b"", "empty", 1),
    "a list": (b"- 1\n", "mapping was expected", 1),
    "a repeated key": (b"format: 1\nformat: 1\n", "stands twice", 2),
    "a bomb of aliases": (b"a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n", "Anchors and aliases", 1),
    "an object of Python": (b"a: !!python/object/apply:os.system [ls]\n", "tag", 1),
    "nesting without end": (b"a: " + b"[" * 5000 + b"\n", "nested", 1),
    "control characters": (b"a: \x00\n", "not YAML", None),
    "an impossible date": (b"version: 2026-99-99\n", "", None),
}


@pytest.mark.parametrize("name", BROKEN_FILES)
def test_a_file_with(tmp_path, name):
    raw, words, line = BROKEN_FILES[name]
    folder = write_case(tmp_path / "small", case__yaml=raw)
    found = [f for f in errors(folder) if words in f.wrong]
    assert found and found[0].mend
    assert line is None or found[0].place.line == line


def test_a_bomb_is_refused_at_once(tmp_path):
    rows = ["a0: &a0 [x,x,x,x,x,x,x,x,x,x]"]
    rows += [f"a{i}: &a{i} [{','.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 30)]
    folder = write_case(tmp_path / "small", case__yaml="\n".join(rows))
    started = time.process_time()
    assert errors(folder)
    assert time.process_time() - started < 5, "it must not grow"


def test_a_file_of_50_mb_is_refused_without_being_read(tmp_path):
    folder = write_case(tmp_path / "small")
    for name in ("case.yaml", "reading.md"):
        with open(folder / name, "ab") as file:
            file.truncate(50_000_000)
        found = errors(folder)
        assert any("50 MB" in f.wrong for f in found)
        write_case(folder)


def test_a_link_out_of_the_folder_is_refused(tmp_path):
    (tmp_path / "secret.csv").write_text("a,b\n1,2\n")
    folder = write_case(tmp_path / "small")
    (folder / "exhibits/table.csv").unlink()
    os.symlink(tmp_path / "secret.csv", folder / "exhibits/table.csv")
    assert any("leads out" in f.wrong for f in errors(folder))


def test_a_crooked_table_is_found_on_its_line(tmp_path):
    folder = write_case(tmp_path / "small")
    (folder / "exhibits/table.csv").write_text("a,b\n1,2\n3\n")
    found = errors(folder)
    assert [f.place.line for f in found] == [3] and found[0].place.file.endswith("table.csv")


def test_a_byte_order_mark_and_windows_line_ends_are_no_fault(tmp_path):
    folder = write_case(tmp_path / "small")
    plain = cases.read(folder).digest
    raw = (folder / "case.yaml").read_bytes().replace(b"\n", b"\r\n")
    (folder / "case.yaml").write_bytes(b"\xef\xbb\xbf" + raw)
    assert cases.read(folder).digest == plain


def test_the_digest_follows_what_students_see_and_not_the_teaching_note(tmp_path):
    folder = write_case(tmp_path / "small")
    before = cases.read(folder).digest
    (folder / "teaching-note.md").write_text("Teach otherwise.")
    assert cases.read(folder).digest == before
    (folder / "exhibits/table.csv").write_text("a,b\n1,3\n")
    assert cases.read(folder).digest != before


def test_reading_a_case_with_errors_raises_with_all_findings(tmp_path):
    data = small_case()
    data["minutes"] = "ten"
    folder = write_case(tmp_path / "small", data)
    with pytest.raises(CaseError, match="minutes|whole number") as caught:
        cases.read(folder)
    assert caught.value.findings == cases.examine(folder)


def test_a_case_that_is_nowhere_is_a_plain_error(tmp_path):
    with pytest.raises(CaseError, match="There is no case"):
        cases.read(tmp_path / "nothing")


def test_a_case_cannot_be_changed_once_it_is_read(tmp_path):
    case = cases.read(write_case(tmp_path / "small"))
    with pytest.raises(TypeError):
        case.incidents[0].responses[0].signals["ann"]["integrity"] = 3
    with pytest.raises(AttributeError):
        case.title = "Other"


WARNINGS = {
    "few contacts": lambda data: None,
    "longest response": lambda data: put(data, ["incidents", 0, "responses", 0, "say"], "x" * 99),
    "at least as good": lambda data: put(
        data, ["incidents", 0, "responses", 0, "signals"], {"ann": {"integrity": 3},
                                                            "bob": {"integrity": 2}}),
}


@pytest.mark.parametrize("words, change", [
    ("There are 2 contacts", lambda data: None),
    ("The longest response", WARNINGS["longest response"]),
    ("at least as good", WARNINGS["at least as good"]),
])
def test_it_warns_of(tmp_path, words, change):
    data = small_case()
    change(data)
    folder = write_case(tmp_path / "small", data)
    assert any(words in f.wrong and f.severity == "warning" for f in cases.examine(folder))
    assert errors(folder) == []


@settings(max_examples=60, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_whatever_the_damage_it_is_findings_and_never_a_crash(tmp_path, data):
    folder = write_case(tmp_path / "small")
    raw = bytearray((folder / "case.yaml").read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(raw) - 1))
        kind = data.draw(st.sampled_from(["cut", "flip", "drop", "insert"]))
        if kind == "cut":
            raw = raw[:start + 1]
        elif kind == "flip":
            raw[start] = data.draw(st.integers(0, 255))
        elif kind == "drop":
            del raw[start:start + data.draw(st.integers(1, 40))]
            raw = raw or bytearray(b"x")
        else:
            raw[start:start] = data.draw(st.sampled_from(
                [b": ", b"- ", b"{", b"]", b"\n", b"null", b"1e999", b"'", b"&a ", b"!!int "]))
    (folder / "case.yaml").write_bytes(bytes(raw))
    for finding in cases.examine(folder):
        assert finding.wrong and finding.place.file


def test_the_schema_that_ships_is_the_one_the_fields_describe():
    shipped = json.loads((CASES.parent / "case" / "schema.json").read_text(encoding="utf-8"))
    assert shipped == schema()
    jsonschema.Draft7Validator.check_schema(shipped)


def as_json(data):
    """A case as an editor's schema sees it: keys are text."""
    return json.loads(json.dumps(data))


def test_the_schema_accepts_every_case_of_the_casebook():
    for kind, file in ((CASE, "case.yaml"), (ACCOUNT, "account.yaml")):
        validator = jsonschema.Draft7Validator(schema(kind))
        for path in CASES.rglob(file):
            data = yaml.safe_load(path.read_text(encoding="utf-8"))
            assert [e.message for e in validator.iter_errors(as_json(data))] == [], path


SHAPES = (
    "an unknown key", "a missing key", "an unknown role", "text where a number belongs",
    "a number where text belongs", "a signal of four", "a signal that is a fraction",
    "a signal of an unknown kind", "a missing band", "one line in a band", "one response",
    "a condition with an unknown key", "an outcome before the end", "a version of two numbers")


@pytest.mark.parametrize("name", SHAPES)
def test_the_schema_refuses_what_the_reader_refuses(name):
    data = small_case()
    put(data, *DAMAGES[name][:2])
    assert list(jsonschema.Draft7Validator(schema()).iter_errors(as_json(data)))


FACTS = {
    "week": 20, "progress": 0.5, "undiscovered_rework": 0.08, "trust": {"ann": 0.6, "bob": 0.4},
    "flags": {"told"}, "chosen": {"first/yes"}, "seen": {"first"}, "kept": {"ann"},
    "broken": {"bob"}, "renewed": True, "live": False,
}
CONDITIONS = [
    ({}, True),
    ({"undiscovered_rework": {"above": 0.08}}, True),
    ({"undiscovered_rework": {"below": 0.08}}, False),
    ({"progress": {"above": 0.4, "below": 0.6}, "week": {"below": 20}}, False),
    ({"trust": {"ann": {"above": 0.5}, "bob": {"below": 0.5}}}, True),
    ({"trust": {"ann": {"above": 0.5}, "bob": {"above": 0.5}}}, False),
    ({"flag": "told"}, True), ({"flag": "other"}, False),
    ({"chosen": ["first/no", "first/yes"]}, True), ({"seen": ["second"]}, False),
    ({"kept": "ann", "broken": "bob"}, True), ({"kept": "bob"}, False),
    ({"not": {"flag": "told"}}, False),
    ({"any": [{"flag": "other"}, {"renewed": True}]}, True),
    ({"all": [{"flag": "told"}, {"renewed": False}]}, False),
    ({"live": False}, True),
]


@pytest.mark.parametrize("condition, expected", CONDITIONS, ids=str)
def test_a_condition_holds_or_does_not(condition, expected):
    assert holds(condition, FACTS) is expected
