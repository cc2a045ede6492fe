"""Every bundled case in every language that it has: the same figures, all of it, in good type."""

import re
from collections import Counter

import pytest
import yaml

from casebook import case as cases
from casebook.case import Account
from casebook.case.bar import LENGTHS
from casebook.case.translation import file_in, texts_of
from casebook.engagement.begin import begin_play
from casebook.engagement.replay import replay
from casebook.engagement.transcript import append, lines_of
from casebook.study import policy

TRANSLATED = [(id, language) for id in sorted(cases.bundled())
              for language in cases.translations(id)]
FIGURE = re.compile(r"\d(?:[\d.,\u202f]*\d)?")
# What is never in a language's texts: quotes and numbers as another language has them.
FOREIGN = {
    "de": {
        "a straight quote": r"[\"']",
        "an English quote": r"[”‘]|“(?=\w)|(?<=\w[,.!?])”",
        "a comma between thousands": r"\d,\d{3}(?!\d)",
        "a point before decimals": r"(?<![\d.-])0\.\d",
        "a unit that may be parted from its number": r"(\d|Millionen|Tausend)\s*?(?<!\u00a0)[%£€]",
        "the pound before its number": r"£\u00a0?\d",
        "a hyphen for a dash": r"[^\S\n]-\s",
    },
}
A_NAME = 3      # words in a title that may be the same in both languages, such as "M5 Go-live"


@pytest.fixture(scope="module", params=TRANSLATED, ids=lambda one: "-".join(one))
def pair(request):
    """A case as it was written and as it is translated, and the language."""
    id, language = request.param
    return cases.read(id), cases.read(id, language), language


def documents(case):
    """The folders of a case, or of an account and its engagements, with the file in each."""
    folder = cases.find(case.id)
    if isinstance(case, Account):
        yield folder, "account.yaml"
        yield from ((folder / "engagements" / part.id, "case.yaml") for part in case.parts)
    else:
        yield folder, "case.yaml"


def texts(pair):
    """Where, the text and its translation: of the YAML files and of Markdown pages."""
    original, _, language = pair
    for folder, name in documents(original):
        one, other = (yaml.safe_load((folder / file).read_text(encoding="utf-8"))
                      for file in (name, file_in(name, language)))
        theirs = dict(texts_of(other))
        yield from ((" / ".join(map(str, at)), text, theirs[at]) for at, text in texts_of(one))
        for page in [one.get("reading", "reading.md"),
                     *(entry["file"] for entry in one.get("exhibits", ()))]:
            if page.endswith(".md"):
                yield page, *((folder / file).read_text(encoding="utf-8")
                              for file in (page, file_in(page, language)))


def figures(text):
    """Every number in a text, without its separators."""
    return Counter(re.sub(r"\D", "", found) for found in FIGURE.findall(text))


def test_there_is_a_translation():
    assert ("green-dashboard", "de") in TRANSLATED


def test_nothing_is_missing_and_nothing_is_left_over(pair):
    assert [str(one) for one in cases.examine(pair[0].id)] == []


def test_every_number_is_that_of_the_original(pair):
    wrong = [f"{where}: {figures(one) - figures(other)} {figures(other) - figures(one)}"
             for where, one, other in texts(pair) if figures(one) != figures(other)]
    assert wrong == []


def test_no_text_was_left_as_it_is_but_names(pair):
    """Only names of people and firms, and short titles, are alike in two languages."""
    left = [f"{where}: {one}" for where, one, other in texts(pair) if one == other
            and not where.endswith("/ name")
            and not (where.endswith("/ title") and len(one.split()) <= A_NAME)]
    assert left == []


def test_names_stay(pair):
    changed = [where for where, one, other in texts(pair)
               if where.endswith("/ name") and one != other]
    assert changed == []


def test_quotes_numbers_and_units_are_as_the_language_has_them(pair):
    rules = FOREIGN[pair[2]]      # a new language says here what is foreign to it
    wrong = [f"{where}: {name}: {text[max(hit.start() - 30, 0):hit.end() + 10]!r}"
             for where, _, text in texts(pair) for name, rule in rules.items()
             for hit in re.finditer(rule, text)]
    assert wrong == []


BAD = {
    "de": {"a straight quote": 'Er sagt "ja".', "an English quote": "Er sagt “ja”.",
           "a comma between thousands": "310,000 Mitglieder", "a point before decimals": "bei 0.98",
           "a unit that may be parted from its number": "2,9 Millionen £",
           "the pound before its number": "£20", "a hyphen for a dash": "hier - und dort"},
}
GOOD = {"de": "Er sagt „ja“ – in Klausel 9.2 und 0,98 bei 34\u00a0% von 1.350.000\u00a0£ im Go-live."}


@pytest.mark.parametrize("language", FOREIGN)
def test_what_is_foreign_to_a_language_would_be_found(language):
    rules = FOREIGN[language]
    assert rules.keys() == BAD[language].keys()
    for name, text in BAD[language].items():
        assert re.search(rules[name], text), name
        assert not re.search(rules[name], GOOD[language]), name


def test_every_quote_that_is_opened_is_closed(pair):
    marks = {"de": "„“"}[pair[2]]
    for where, _, text in texts(pair):
        held = [char for char in text if char in marks]
        assert held == list(marks) * (len(held) // 2), f"{where}: {''.join(held)}"


def test_paragraphs_tables_and_headings_are_those_of_the_original(pair):
    def shape(text):
        blocks = [block for block in re.split(r"\n\s*\n", text.strip()) if block.strip()]
        return [re.match(r"#*|\||---", block)[0] + str(block.count("\n") * block.startswith("|"))
                for block in blocks]

    different = [where for where, one, other in texts(pair) if shape(one) != shape(other)]
    assert different == []


def test_the_length_of_a_response_gives_nothing_away(pair):
    """As in the original: the longest is at most so many times as long as the shortest."""
    for incident in pair[1].incidents:
        lengths = [len(response.say) for response in incident.responses]
        assert max(lengths) <= LENGTHS * min(lengths), f"{incident.id}: {lengths}"


def test_a_translation_is_about_as_long_as_the_original(pair):
    far = [f"{where}: {len(one)}, {len(other)}" for where, one, other in texts(pair)
           if len(one) > 100 and not 0.7 < len(other) / len(one) < 1.6]
    assert far == []


def test_promises_and_tables_are_the_same(pair):
    original, translated, _ = pair
    for one, other in zip(original.incidents, translated.incidents, strict=True):
        for a, b in zip(one.responses, other.responses, strict=True):
            assert [(p.to, p.due, p.kept_when) for p in a.promises] == [
                (p.to, p.due, p.kept_when) for p in b.promises]
            # It stands behind a colon in a sentence: "… was kept: a recount of all closed work."
            assert not any(p.what.rstrip().endswith((".", "!", "?")) for p in b.promises)
    assert [(x.id, x.kind, x.text.count("\n")) for x in original.exhibits if x.kind == "table"] == [
        (x.id, x.kind, x.text.count("\n")) for x in translated.exhibits if x.kind == "table"]


def test_a_play_in_a_language_replays_whole_in_the_original(pair, tmp_path):
    original, translated, _ = pair
    play, choose = begin_play(translated, "ann"), policy("balanced")
    while play.ask is not None:
        play = play.take(choose(play))
    append(tmp_path / "play.casebook.jsonl", lines_of(play))
    told = replay(tmp_path / "play.casebook.jsonl", lambda id: original)
    assert told.verdict == "whole" and told.play.outcome.overall == play.outcome.overall
