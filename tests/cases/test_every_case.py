"""What every case of the casebook keeps to: checks, reading level, words, numbers of things."""

import re
from itertools import pairwise
from pathlib import Path

import pyphen
import pytest
import yaml

from casebook import case as cases
from casebook.case import Account
from casebook.case.reader import CASES
from casebook.case.types import BANDS
from casebook.index import cases as index
from casebook.roles import ROLE_IDS

ALL = sorted(cases.bundled())
PLAIN = sorted(case.id for case in cases.bundled_engagements())
WORDS = yaml.safe_load((Path(__file__).parent / "words.yaml").read_text(encoding="utf-8"))
SYLLABLES = pyphen.Pyphen(lang="en_GB", left=1, right=1)
#: The seven cases of the design, with what each foregrounds; "" for all six roles.
DESIGN = {"green-dashboard": "implementer", "two-rooms": "coach", "three-sponsors": "politician",
          "after-hours": "friend", "second-question": "entrepreneur", "the-reference": "marketer",
          "account-plan": ""}
GRADE = 9.0                  # Flesch-Kincaid; a second-language student reads a page without effort
VOICE_WORDS = 40             # the longest answer of a contact


def parts_of(case):
    return [part.case for part in case.parts] if isinstance(case, Account) else [case]


@pytest.fixture(scope="module", params=ALL)
def case(request):
    return cases.read(request.param)


def prose(text: str) -> str:
    """Sentences of a Markdown page: without headings, tables, quotes of data and marks."""
    lines = [line for line in text.splitlines() if not line.lstrip().startswith(("#", "|", ">"))]
    return re.sub(r"[*_`]", "", "\n".join(lines))


def grade(text: str) -> float:
    """Flesch-Kincaid grade (Kincaid et al. 1975); syllables by hyphenation, so an estimate."""
    sentences = [s for s in re.split(r"[.!?:]+(?:[\s\"”]|$)|\n\n", prose(text)) if re.search(r"\w", s)]
    words = re.findall(r"[A-Za-zÀ-ÿ’']+", prose(text))
    syllables = sum(len(SYLLABLES.positions(word)) + 1 for word in words)
    return 0.39 * len(words) / len(sentences) + 11.8 * syllables / len(words) - 15.59


def spoken(case):
    """Every line that a contact or an incident's response says, with where it stands."""
    for part in parts_of(case):
        for contact in part.contacts:
            for band in BANDS:
                yield from ((f"{contact.id} {band}", line) for line in contact.says[band])
        for incident in part.incidents:
            for response in incident.responses:
                for contact, lines in response.reaction.items():
                    for band in BANDS:
                        yield from ((f"{incident.id}/{response.id} {contact} {band}", line)
                                    for line in lines[band])


def told(case):
    """Every text that a student reads in a play."""
    yield "reading", case.reading
    yield from ((exhibit.id, exhibit.text) for exhibit in case.exhibits)
    for part in parts_of(case):
        yield f"{part.id} reading", part.reading
        for incident in part.incidents:
            yield incident.id, incident.scene
            yield from ((f"{incident.id}/{r.id}", r.say) for r in incident.responses)
            yield from ((f"{incident.id}/{r.id} why", r.why) for r in incident.responses)
        yield from ((ending.id, ending.text) for ending in part.endings)
        yield from ((contact.id, f"{contact.about} {contact.unsaid}") for contact in part.contacts)
    yield from ((ending.id, ending.text) for ending in case.endings)
    yield from spoken(case)


def test_the_casebook_has_the_seven_cases_of_its_design():
    assert {id: cases.read(id).focal_role for id in ALL} == DESIGN


def test_a_case_has_no_finding(case):
    assert [str(finding) for finding in cases.examine(case.id)] == []


def test_a_case_has_a_teaching_note_with_every_part(case):
    note = (CASES / case.id / "teaching-note.md").read_text(encoding="utf-8").lower()
    for wanted in ("synopsis", "course", "learning objectives", "theory", "questions", "board plan",
                   "students", "endings", "debrief", "90 minutes", "online", "two teams",
                   "references"):
        assert wanted in note, wanted
    assert re.search(r"\b75\b", note)


def test_a_teaching_note_plans_exactly_its_minutes(case):
    """The timings of the board plan add up to 75 minutes."""
    note = (CASES / case.id / "teaching-note.md").read_text(encoding="utf-8")
    start = re.search(r"^#+ .*board plan.*$", note, re.I | re.M)
    plan = note[start.end():]
    plan = plan[:re.search(r"^#+ ", plan, re.M).start()]
    spans = [(int(a), int(b)) for a, b in re.findall(
        r"\|\s*(\d+)\s*(?:to|–|-)\s*(\d+)\s*(?:min\w*)?\s*\|", plan)]
    assert spans, "no timings as 0 to 10"
    assert spans[0][0] == 0
    assert spans[-1][1] == 75
    assert all(a[1] == b[0] for a, b in pairwise(spans))


def test_a_student_in_a_second_language_can_read_it(case):
    assert grade(case.reading) <= GRADE
    for part in parts_of(case):
        scenes = "\n\n".join(f"{i.scene}\n\n" + "\n\n".join(r.say for r in i.responses)
                             for i in part.incidents)
        assert grade(scenes) <= GRADE
        assert grade(" ".join(ending.text for ending in part.endings)) <= GRADE


def test_a_reading_has_the_length_of_a_case(case):
    words = len(case.reading.split())
    assert 1_900 <= words <= 3_600


@pytest.mark.parametrize("id", ALL)
def test_words_include_everybody(id):
    case = cases.read(id)
    pages = [*told(case), ("teaching note", (CASES / id / "teaching-note.md").read_text("utf-8"))]
    found = [(where, word, better) for where, text in pages for word, better in WORDS.items()
             if re.search(rf"\b{re.escape(word)}\b", text, re.I)]
    assert found == []


def test_people_are_women_and_men(case):
    """Of those on the client's side whom their description calls she or he."""
    who = [re.search(r"\b(she|he|her|his)\b", f"{c.about} {c.unsaid}", re.I) for c in case.contacts]
    women = sum(bool(found) and found[1].lower() in ("she", "her") for found in who)
    men = sum(bool(found) and found[1].lower() in ("he", "his") for found in who)
    assert min(women, men) >= 0.3 * (women + men)


def test_no_two_cases_share_a_name():
    """Two persons of one surname or first name would be taken for each other across cases."""
    seen = {}
    for id in ALL:
        case = cases.read(id)
        people = {p.name for p in (*case.contacts, *case.colleagues, case.you)}
        for name in people:
            assert seen.setdefault(name, id) == id, name


def test_every_band_has_lines_of_its_own(case):
    """Replays do not repeat: no line stands twice, and each is short enough to be said."""
    lines = [line for _, line in spoken(case)]
    twice = {line for line in lines if lines.count(line) > 1}
    assert twice == set()
    assert [line for line in lines if len(line.split()) > VOICE_WORDS] == []


def test_no_line_tells_the_score_in_disguise(case):
    """Nobody speaks of trust points, bands, roles of the paper or the scorecard."""
    names = "|".join(role for role in ROLE_IDS if role not in ("friend", "coach"))
    wrong = re.compile(rf"\b(points? of trust|trust (score|level|index)|scorecard|benevolence|"
                       rf"cognitive|affective|wary|{names})\b", re.I)
    assert [line for _, line in spoken(case) if wrong.search(line)] == []


def test_every_role_is_played_above_all_somewhere(case):
    heaviest = {role for part in parts_of(case) for i in part.incidents for r in i.responses
                for role, weight in r.roles.items() if weight == max(r.roles.values())}
    assert heaviest == set(ROLE_IDS)


def test_responses_are_alike_in_length(case):
    """Within an incident the longest is at most 1.4 times the shortest."""
    for incident in case.incidents:
        lengths = [len(response.say) for response in incident.responses]
        assert max(lengths) <= 1.4 * min(lengths), (incident.id, lengths)


def test_the_index_tells_what_somebody_who_chooses_a_case_asks(case):
    entry = next(entry for entry in index() if entry["id"] == case.id)
    assert all(entry[key] for key in ("title", "firm", "industry", "focal_role", "concepts",
                                      "minutes", "difficulty", "summary"))


def test_reading_level_is_measured_as_published():
    """"The cat sat on the mat." has 6 words of one syllable: 0.39 * 6 + 11.8 - 15.59."""
    assert grade("The cat sat on the mat.") == pytest.approx(0.39 * 6 + 11.8 - 15.59)
