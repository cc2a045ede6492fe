"""A case in another language: texts alone may differ, and what does not fit is found."""

import copy
import dataclasses
from collections.abc import Mapping

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from casebook import case as cases
from casebook.case.document import parse
from casebook.case.findings import Collector
from casebook.case.translation import (
    TEXTS,
    file_in,
    read_translation,
    same_table,
    skeleton,
    texts_of,
    translated,
)
from casebook.case.written import as_yaml
from casebook.engagement import Engagement
from casebook.engagement.begin import begin_play
from casebook.engagement.replay import replay
from casebook.engagement.transcript import append, lines_of
from casebook.study import policy
from tests.casefactory import (
    account_parts,
    crowded_case,
    small_account,
    small_case,
    write_account,
    write_case,
)


def in_german(data):
    """The translation of a case: every text with a mark before it."""
    whole = skeleton(data, "de")
    return {key: value if key in ("format", "language", "of") else marked(value)
            for key, value in whole.items()}


def marked(value):
    if isinstance(value, dict):
        return {key: one if key == "id" else marked(one) for key, one in value.items()}
    if isinstance(value, list):
        return [marked(one) for one in value]
    return f"DE {value}"


def write_german(folder, data, into=None, name="case.yaml", **pages):
    """Write a translation beside a case, with its pages."""
    text = as_yaml(in_german(data) if into is None else into, name)
    (folder / file_in(name, "de")).write_text(text, encoding="utf-8")
    for page, said in {"reading.md": "Lies das. ", "exhibits/table.csv": "x,y\n1,2\n",
                       **pages}.items():
        (folder / file_in(page, "de")).write_text(said, encoding="utf-8")
    return folder


@pytest.fixture
def folder(tmp_path):
    return write_german(write_case(tmp_path / "crowded", crowded_case()), crowded_case())


def findings(folder):
    return [one for one in cases.examine(folder) if one.check == "translation"]


def rewrite(folder, change, name="case.de.yaml"):
    """Change the data of a translation."""
    path = folder / name
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    change(data)
    path.write_text(yaml.safe_dump(data, sort_keys=False, allow_unicode=True), encoding="utf-8")


def the_one(folder):
    found = findings(folder)
    assert len(found) == 1, [str(one) for one in found]
    return found[0]


def test_a_whole_translation_has_no_finding_and_every_text_is_read_in_it(folder):
    assert findings(folder) == [] and cases.translations(folder) == ("de",)
    case = cases.read(folder, "de")
    assert case.language == "de" and case.title == "DE Small"
    assert case.contact("ann").says["cold"] == ("DE No.", "DE Noted.")
    assert case.incident("late").responses[0].promises[1].what == "DE It holds"
    assert case.phases[1].milestone.title == "DE Go-live"
    assert case.reading == "Lies das. " and case.exhibits[0].text == "x,y\n1,2\n"


def plain(value):
    """Everything that is in a case, with the mark of the translation taken off."""
    if dataclasses.is_dataclass(value):
        return {field.name: plain(getattr(value, field.name))
                for field in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, tuple | list):
        return [plain(one) for one in value]
    return value.removeprefix("DE ") if isinstance(value, str) else value


def test_nothing_but_texts_differs_and_the_digest_is_that_of_the_original(folder):
    original, german = plain(cases.read(folder)), plain(cases.read(folder, "de"))
    assert original.pop("language") == "en" and german.pop("language") == "de"
    for case in (original, german):
        assert case.pop("reading") and case["exhibits"][0].pop("text")
    assert german == original and len(original["digest"]) == 64


def test_a_language_that_a_case_does_not_have_leaves_it_as_it_was_written(folder):
    case = cases.read(folder, "fr")
    assert case.language == "en" and case.title == "Small"


@pytest.mark.parametrize("spelling", ["pt-BR", "pt_BR"])
def test_a_language_of_a_region_is_found_in_both_spellings(folder, spelling):
    (folder / "case.pt-BR.yaml").write_text(
        "format: 1\nlanguage: pt-BR\nof: 1.0.0\ntitle: Pequeno\n", encoding="utf-8")
    case = cases.read(folder, spelling)
    assert case.title == "Pequeno" and case.language == "pt-BR"
    assert cases.translations(folder) == ("de", "pt-BR")


def change_of(key, value):
    return lambda data: data.update({key: value})


def deep(*way_and_value):
    *way, last, value = way_and_value

    def change(data):
        for step in way:
            data = data[step]
        if value is None:
            del data[last]
        else:
            data[last] = value
    return change


ERRORS = {
    # name: (change, words of the finding, word of the line that is named)
    "an unknown key": (change_of("colour", "rot"), "colour is no text of case.yaml", "colour:"),
    "a number that is not a text": (change_of("minutes", 5), "minutes is no text", "minutes:"),
    "a number instead of text": (change_of("title", 7), "title is not text", "title:"),
    "an empty text": (change_of("title", " "), "title is not text", "title:"),
    "a list instead of text": (change_of("title", ["Klein"]), "title / 0 is no text", "- Klein"),
    "a signal": (deep("incidents", 0, "responses", 0, "signals", {"ann": {"integrity": 3}}),
                 "incidents / late / responses / yes / signals / ann / integrity is no text",
                 "integrity:"),
    "an unknown id": (deep("contacts", 0, "id", "zoe"), "contacts / zoe / name is no text",
                      "name: DE Ann"),
    "a promise too many": (deep("incidents", 0, "responses", 0, "promises",
                                [{"what": "a"}, {"what": "b"}, {"what": "zu viel"}]),
                           "promises / 2 / what is no text", "zu viel"),
    "another language in its head": (change_of("language", "fr"), "its name says 'de'",
                                     "language:"),
}


@pytest.mark.parametrize("name", ERRORS)
def test_what_does_not_fit_is_an_error_with_its_line(folder, name):
    change, words, line = ERRORS[name]
    rewrite(folder, change)
    bad = [one for one in findings(folder) if one.severity == "error"]
    assert any(words in one.wrong for one in bad), [str(one) for one in bad]
    place = next(one.place for one in bad if words in one.wrong)
    written = (folder / "case.de.yaml").read_text(encoding="utf-8").splitlines()
    assert place.file.endswith("case.de.yaml") and line in written[place.line - 1]


def test_a_missing_text_is_a_warning_and_the_original_is_shown(folder):
    rewrite(folder, deep("contacts", 1, "about", None))
    one = the_one(folder)
    assert one.severity == "warning" and one.wrong == "contacts / bob / about is not translated."
    case = cases.read(folder, "de")
    assert case.contact("bob").about == "Somebody." and case.contact("ann").about == "DE Somebody."


def test_the_order_of_entries_with_ids_does_not_matter(folder):
    rewrite(folder, lambda data: data["incidents"].reverse())
    assert findings(folder) == []
    assert [one.title for one in cases.read(folder, "de").incidents][:2] == ["DE Late", "DE First"]


def test_another_version_is_a_warning(folder):
    rewrite(folder, change_of("of", "0.9.0"))
    one = the_one(folder)
    assert one.severity == "warning" and "version 0.9.0" in one.wrong and "1.0.0" in one.wrong
    assert cases.read(folder, "de").title == "DE Small"


@pytest.mark.parametrize("text", ["title: Klein\n", "- Klein\n", "format: 2\ntitle: Klein\n"])
def test_a_file_without_its_first_line_is_an_error(folder, text):
    (folder / "case.de.yaml").write_text(text, encoding="utf-8")
    one = the_one(folder)
    assert one.severity == "error" and "format: 1" in one.wrong + one.mend


def test_a_missing_page_is_a_warning_and_the_original_is_shown(folder):
    (folder / "reading.de.md").unlink()
    one = the_one(folder)
    assert one.severity == "warning" and "reading.md is not translated" in one.wrong
    assert cases.read(folder, "de").reading.startswith("Read this.")


TABLE = "name,sum\nAll,12\nSome,-3.5\n"


@pytest.mark.parametrize(("other", "same"), [
    ("Name,Summe\nAlle,12\nEinige,-3.5\n", True),
    ("Name,Summe\nAlle,12\n", False),                       # a row less
    ("Name,Summe,mehr\nAlle,12,1\nEinige,-3.5,2\n", False),   # a column more
    ("Name,Summe\nAlle,12\nEinige,3.5\n", False),
    ("Name,Summe\nAlle,12\nEinige,\"-3,5\"\n", False),
    ("Name,Summe\nAlle,zwölf\nEinige,-3.5\n", False)])
def test_a_table_keeps_its_rows_columns_and_numbers(folder, other, same):
    assert same_table(TABLE, other) is same
    (folder / "exhibits/table.csv").write_text(TABLE, encoding="utf-8")
    (folder / "exhibits/table.de.csv").write_text(other, encoding="utf-8")
    found = findings(folder)
    assert [one.severity for one in found] == ([] if same else ["error"])


def write_german_account(folder):
    write_account(folder)
    write_german(folder, small_account(), name="account.yaml")
    for id, part in account_parts().items():
        write_german(folder / "engagements" / id, part)
    return folder


def test_an_account_is_translated_with_its_engagements(tmp_path):
    folder = write_german_account(tmp_path / "deal")
    assert findings(folder) == [] and cases.translations(folder) == ("de",)
    english, german = cases.read(folder), cases.read(folder, "de")
    assert english.digest == german.digest
    assert german.title == "DE Small" and german.language == "de"
    assert german.phases[0].brief == "DE Begin all."
    assert [part.case.title for part in german.parts] == ["DE North", "DE South"]
    assert german.incident("south-late").responses[1].promises[0].what == "DE It comes"


def test_an_account_in_half_a_language_is_a_warning(tmp_path):
    folder = write_german_account(tmp_path / "deal")
    (folder / "engagements/south/case.de.yaml").unlink()
    one = the_one(folder)
    assert one.severity == "warning" and "'south' is not translated" in one.wrong
    assert one.place.file.endswith("case.de.yaml")
    assert [part.case.title for part in cases.read(folder, "de").parts] == ["DE North", "South"]
    (folder / "account.de.yaml").unlink()
    assert [one.wrong for one in findings(folder)] == [
        "The account is not translated.", "The engagement 'south' is not translated."]


def played(case, name="balanced"):
    play = begin_play(case, "ann")
    choose = policy(name)
    while play.ask is not None:
        play = play.take(choose(play))
    return play


@pytest.mark.parametrize("languages", [("en", "de"), ("de", "en")])
def test_a_play_in_one_language_replays_whole_in_the_other(folder, tmp_path, languages):
    here, there = (cases.read(folder, language) for language in languages)
    play, path = played(here), tmp_path / "play.casebook.jsonl"
    append(path, lines_of(play))
    told = replay(path, lambda id: there)
    assert told.verdict == "whole", told.text
    assert told.play.outcome.ending.title != play.outcome.ending.title
    assert told.play.outcome.overall == play.outcome.overall


def test_a_play_can_change_its_language_at_every_turn(folder):
    english, german = cases.read(folder), cases.read(folder, "de")
    play, turn = Engagement.start(english, "ann"), 0
    choose = policy("balanced")
    while play.ask is not None:
        taken = [one.decision for one in play.turns]
        play = Engagement.start(german if turn % 2 else english, "ann")
        for decision in taken:
            play = play.take(decision)
        play, turn = play.take(choose(play)), turn + 1
    assert turn > 4 and play.outcome.overall == played(english).outcome.overall


def test_an_account_replays_whole_in_the_other_language(tmp_path):
    folder = write_german_account(tmp_path / "deal")
    path = tmp_path / "play.casebook.jsonl"
    append(path, lines_of(played(cases.read(folder, "de"), "random")))
    assert replay(path, lambda id: cases.read(folder)).verdict == "whole"


@pytest.mark.parametrize("id", sorted(cases.bundled()))
def test_the_skeleton_of_a_bundled_case_is_a_whole_translation(id, tmp_path):
    folder = cases.find(id)
    name = "account.yaml" if (folder / "account.yaml").exists() else "case.yaml"
    found = Collector()
    original = parse((folder / name).read_text(encoding="utf-8"), name, found)
    (tmp_path / file_in(name, "fr")).write_text(
        as_yaml(skeleton(original.data, "fr"), name), encoding="utf-8")
    into = read_translation(tmp_path, original, name, "fr", found)
    assert list(found) == [] and into == dict(texts_of(original.data))
    assert translated(original.data, into) == original.data


# Letters of many scripts, spaces, line ends, and what has a meaning in YAML.
SAID = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Cn", "Co"))
               | st.sampled_from("\n\t #:-'\"%&*!|>?{}[],@`\\ "), min_size=1, max_size=150
               ).filter(str.strip)


@settings(max_examples=80, deadline=None)
@given(title=SAID, scene=SAID, lines=st.lists(SAID, min_size=2, max_size=4), concepts=st.lists(
    SAID, max_size=3))
def test_any_text_comes_back_from_the_file_as_it_went_in(tmp_path_factory, title, scene, lines,
                                                         concepts):
    data = small_case() | {"title": title, "concepts": concepts}
    data["incidents"][1]["scene"] = scene
    data["incidents"][1]["responses"][0]["reaction"]["ann"]["wary"] = lines
    folder = tmp_path_factory.mktemp("any")
    (folder / "case.fr.yaml").write_text(as_yaml(skeleton(data, "fr"), "case.yaml"),
                                         encoding="utf-8")
    found = Collector()
    original = parse(yaml.safe_dump(data), "case.yaml", found)
    into = read_translation(folder, original, "case.yaml", "fr", found)
    assert [str(one) for one in found] == [] and into == dict(texts_of(data))


TREE = st.recursive(
    st.integers() | st.text("ab ", max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["title", "says", "when", "effects", "week", "what"]), inner, max_size=3),
    max_leaves=25)


@settings(max_examples=120, deadline=None)
@given(tree=st.dictionaries(st.sampled_from(["title", "says", "contacts", "week"]), TREE))
def test_a_translation_touches_texts_and_nothing_else(tree):
    before = copy.deepcopy(tree)
    texts = dict(texts_of(tree))
    after = translated(tree, {at: text.upper() for at, text in texts.items()})
    assert tree == before
    assert dict(texts_of(after)) == {at: text.upper() for at, text in texts.items()}
    assert translated(after, texts) == before


def test_every_text_that_a_player_reads_is_among_the_texts():
    found = {at[-1] if isinstance(at[-1], str) else at[-2] for at, _ in texts_of(crowded_case())}
    assert found <= TEXTS | {"warm", "wary", "cold"}
    assert {"title", "name", "about", "unsaid", "scene", "say", "why", "what", "text", "brief",
            "summary", "industry", "concepts"} <= found
