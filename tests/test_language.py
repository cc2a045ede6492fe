"""The language of the interface: which one speaks, whether it is whole, what a player sees."""

import ast
import gettext
import re
import shutil
from html import unescape
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from casebook import language
from casebook.language import (
    N_,
    _,
    chosen,
    in_browser,
    languages,
    names,
    number,
    several,
    speaking,
    spoken,
)
from casebook.room.session import Session

from .room.plays import next_action

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "casebook"
OTHERS = [code for code in languages() if code != language.SOURCE]
BOTH = pytest.mark.parametrize("code", OTHERS)
DOMAIN = pytest.mark.parametrize("domain", ["casebook", "room"])
#: Keys under which a view holds codes for programs and names of files, no text to be read.
CODES = {"id", "band", "known", "state", "arrow", "tone", "kind", "stage", "key", "side", "seen",
         "expects", "came", "level", "word", "predict", "hints", "language", "case_language",
         "file", "code", "player", "cause", "doi", "languages"}


def _script():
    loader = SourceFileLoader("words", str(ROOT / "scripts" / "words"))
    made = module_from_spec(spec_from_loader("words", loader))
    loader.exec_module(made)
    return made


words = _script()


@pytest.fixture(autouse=True)
def nothing_said(monkeypatch):
    """No wish from outside, and no catalogue that another test has read."""
    for name in (language.SETTING, *language.SYSTEM):
        monkeypatch.delenv(name, raising=False)
    language._catalogue.cache_clear()
    yield
    language._catalogue.cache_clear()


# ---- the catalogues --------------------------------------------------------------------------

def test_there_is_german():
    assert words.known() == OTHERS and "de" in OTHERS


@BOTH
@DOMAIN
def test_every_catalogue_is_whole_and_current(code, domain):
    assert words.faults(code, domain) == []


@BOTH
@DOMAIN
def test_every_translation_has_the_gaps_of_its_original(code, domain):
    with words.po(code, domain).open("rb") as file:
        catalog = read_po(file, locale=code)
    for message in catalog:
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        said = message.string if isinstance(message.string, tuple) else (message.string,)
        if message.id:
            for gap in re.findall(r"\{[^}\s]*\}", ids[-1]):
                assert gap in said[-1], f"{ids[-1]!r} has {gap}, {said[-1]!r} has not"


def test_a_missing_text_and_a_missing_gap_are_told(tmp_path, monkeypatch):
    shutil.copytree(words.LOCALE, tmp_path / "locale")
    monkeypatch.setattr(words, "LOCALE", tmp_path / "locale")
    path = words.po("de", "casebook")
    text = path.read_text(encoding="utf-8")
    cut = text.replace('msgstr "Nach Woche {week}"', 'msgstr "Nach Woche"').replace(
        'msgstr "keine Vorhersage"', 'msgstr ""')
    assert cut != text
    path.write_text(cut, encoding="utf-8")
    told = "\n".join(words.faults("de", "casebook"))
    assert "other gaps than the original: 'After week {week}'" in told
    assert "not translated: 'no prediction'" in told
    assert "casebook.mo (de) is not current" in told


def test_for_one_the_number_may_be_left_out_but_for_many_it_may_not():
    ids = ("The first decision", "The first {n} decisions")
    assert words._same_gaps(ids, ("Die erste Entscheidung", "Die ersten {n} Entscheidungen"))
    assert words._same_gaps(ids, ("Die ersten {n}", "Die ersten {n}"))
    assert not words._same_gaps(ids, ("Die erste Entscheidung", "Die ersten Entscheidungen"))
    assert not words._same_gaps(("Week {week}",), ("Woche",))


def test_a_catalogue_stays_the_same_however_often_it_is_carried_on(tmp_path, monkeypatch):
    """Also where texts are new and their translations are only guessed from others."""
    shutil.copytree(words.LOCALE, tmp_path / "locale")
    monkeypatch.setattr(words, "LOCALE", tmp_path / "locale")
    path = words.po("de", "casebook")
    with path.open("rb") as file:
        catalog = read_po(file, locale="de")
    for text in ("Your promises", "There is one language only.", "predictions", "Who is here"):
        catalog.delete(text)
    with path.open("wb") as file:
        write_po(file, catalog)
    texts = []
    for _time in range(3):
        made = words.carried_on("de", "casebook")
        texts.append(words.as_bytes(made, compiled=False))
        path.write_bytes(texts[-1])
    assert b"#, fuzzy" in texts[0] and texts[0] == texts[1] == texts[2]


def test_no_clock_is_in_a_catalogue():
    """A date in its header would make it another file with every minute."""
    for compiled in (False, True):
        made = words.as_bytes(words.carried_on("de", "casebook"), compiled)
        assert b"Plural-Forms: nplurals=2" in made and b"Creation-Date" not in made
        assert b"Revision-Date" not in made and b"Generated-By" not in made


# ---- what is marked --------------------------------------------------------------------------

def _calls(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", None))
            if name in ("_", "N_", "several"):
                yield name, node


def _is_made(arg):
    """Whether a text is put together before it is looked up, so that no catalogue has it."""
    if isinstance(arg, ast.JoinedStr | ast.BinOp | ast.IfExp):
        return True
    return isinstance(arg, ast.Call) and getattr(arg.func, "attr", "") in ("format", "join")


def test_no_marked_text_lacks_extraction():
    found = words.found("casebook")
    for path in sorted(PACKAGE.rglob("*.py")):
        for name, node in _calls(path):
            where = f"{path.relative_to(ROOT)}:{node.lineno}"
            assert isinstance(node.func, ast.Name), f"{where}: call {name} by its own name"
            texts = node.args[:2] if name == "several" else node.args[:1]
            assert not any(map(_is_made, texts)), f"{where}: {name} takes a plain text"
            if path.name == "language.py" and not isinstance(texts[0], ast.Constant):
                continue
            for one in texts[:1]:
                if isinstance(one, ast.Constant) and one.value:
                    assert found.get(one.value), f"{where}: {one.value!r} is not extracted"


def test_extraction_sees_all_three_ways_to_mark():
    source = 'a = _("one")\nb = N_("two" " halves")\nc = several("{n} cow", "{n} cows", 3)\n_(d)'
    assert set(words.marked(source)) == {"one", "two halves", ("{n} cow", "{n} cows")}


def test_texts_of_the_data_are_found():
    from casebook.engagement.words import causes

    found = words.found("casebook")
    assert all(found.get(one["principle"]) for one in causes().values())


# ---- which language speaks -------------------------------------------------------------------

@pytest.mark.parametrize(("wish", "said"), [
    ("de", "de"), ("en", "en"), ("de_AT", "de"), ("de-CH", "de"), ("DE", "de"),
    ("de_DE.UTF-8", "de"), ("de_DE@euro", "de"), ("tlh", "en"), ("", "en"), (None, "en"),
    ("tlh:de:en", "de"), ("C", "en"), ("../de", "en"), ("deutsch", "en")])
def test_a_wish_is_heard_as_far_as_it_can_be(wish, said):
    assert chosen(wish) == said


@pytest.mark.parametrize(("system", "said"), [
    ({"LANG": "de_AT.UTF-8"}, "de"), ({"LANG": "C.UTF-8"}, "en"), ({"LANG": "POSIX"}, "en"),
    ({"LANG": "tlh_QS.UTF-8"}, "en"), ({"LANG": "en_GB.UTF-8"}, "en"), ({}, "en"),
    ({"LC_ALL": "de_DE.UTF-8", "LANG": "en_US.UTF-8"}, "de"),
    ({"LC_MESSAGES": "de_DE.UTF-8", "LANG": "en_US.UTF-8"}, "de"),
    ({"LC_ALL": "C.UTF-8", "LANG": "de_DE.UTF-8"}, "en"),
    ({"LANGUAGE": "tlh:de", "LANG": "en_US.UTF-8"}, "de"),
    ({"CASEBOOK_LANGUAGE": "de", "LANG": "en_US.UTF-8"}, "de"),
    ({"CASEBOOK_LANGUAGE": "en", "LANG": "de_DE.UTF-8"}, "en"),
    ({"CASEBOOK_LANGUAGE": "tlh", "LANG": "de_DE.UTF-8"}, "de")])
def test_the_system_is_heard_where_nobody_wishes(monkeypatch, system, said):
    for name, value in system.items():
        monkeypatch.setenv(name, value)
    assert chosen() == said
    assert chosen("en") == "en" and chosen("de") == "de"


def test_speaking_nests_and_ends_with_an_error():
    assert spoken() == "en" and _("yes") == "yes"
    with speaking("de"):
        assert _("yes") == "ja"
        with speaking("en"):
            assert _("yes") == "yes"
        assert spoken() == "de" and _("yes") == "ja"
        with pytest.raises(ValueError, match="on purpose"), speaking("en"):
            raise ValueError("on purpose")
        assert spoken() == "de"
    assert spoken() == "en"


def test_what_has_no_translation_stays_and_nothing_stays_nothing():
    with speaking("de"):
        assert _("A text that nobody has") == "A text that nobody has"
        assert _("") == "" and N_("yes") == "yes"
    with speaking("tlh"):
        assert _("yes") == "yes" and number(1234.5, 1) == "1,234.5"


@pytest.mark.parametrize(("args", "english", "german"), [
    ((1234567.891, 2), "1,234,567.89", "1.234.567,89"), ((0.98, 2), "0.98", "0,98"),
    ((-1234.5, 1), "−1,234.5", "−1.234,5"), ((1234,), "1,234", "1.234"),
    ((2.25, 1, True), "+2.2", "+2,2"), ((-2.25, 1, True), "−2.2", "−2,2"),
    ((0, 1, True), "0.0", "0,0"), ((-0.01, 1, True), "0.0", "0,0"), ((-0.4,), "0", "0")])
def test_numbers_are_written_as_the_language_does(args, english, german):
    assert number(*args) == english
    with speaking("de"):
        assert number(*args) == german


def test_one_and_many():
    texts = "{hits} of your {n} prediction came true.", "{hits} of your {n} predictions came true."
    assert several(*texts, 1) == texts[0] and several(*texts, 0) == texts[1]
    with speaking("de"):
        assert several(*texts, 1) == "Eingetroffen: {hits} von {n} Vorhersage."
        assert {several(*texts, n) for n in (0, 2, 36)} == {
            "Eingetroffen: {hits} von {n} Vorhersagen."}


def test_names_are_their_own_whoever_speaks():
    assert names() == {"en": "English", "de": "Deutsch"}
    with speaking("de"):
        assert names() == {"en": "English", "de": "Deutsch"} and spoken() == "de"


def test_the_browser_gets_its_texts():
    german = in_browser("de")
    assert german["kept"] == "eingehalten" and german["Your promises"] == "Ihre Zusagen"
    assert "" not in german and all(german.values())
    assert {one.id for one in words.found("room") if one.id} == set(german)
    assert in_browser("en") == {} and in_browser("tlh") == {}


# ---- a language that is new ------------------------------------------------------------------

@pytest.fixture
def klingon(tmp_path, monkeypatch):
    """A language that is there because its catalogues are, and for no other reason."""
    texts = {"casebook": {"English": "tlhIngan Hol", "Week {week}": "Hogh {week}",
                          "1,234.5": "1'234·5", "yes": "HIja'"},
             "room": {"Back": "chegh"}}
    for domain, said in texts.items():
        catalog = Catalog(locale=None, charset="utf-8")
        catalog.fuzzy = False
        for text, translation in said.items():
            catalog.add(text, translation)
        path = tmp_path / "tlh" / "LC_MESSAGES" / f"{domain}.mo"
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            write_mo(file, catalog)
    monkeypatch.setattr(language, "LOCALE", tmp_path)


def test_a_new_language_needs_no_code(klingon, monkeypatch, tmp_path):
    assert languages() == ("en", "tlh") and chosen("tlh_QS.UTF-8") == "tlh"
    assert names() == {"en": "English", "tlh": "tlhIngan Hol"}
    assert in_browser("tlh") == {"Back": "chegh"}
    monkeypatch.setenv("LANG", "tlh_QS.UTF-8")
    assert chosen() == "tlh" and chosen("de") == "tlh"
    with speaking("tlh"):
        assert number(-9876.5, 1) == "−9'876·5"
    view = Session.open("green-dashboard", "ann", folder=tmp_path / "plays").view()
    assert view["language"] == "tlh" and view["case"]["title"] == "The Green Dashboard"
    assert view["languages"] == names()
    assert view["ask"]["kind"] == "plan" and view["ask"]["roles"][0]["name"] == "Implementer"


# ---- what a player sees ----------------------------------------------------------------------

def _texts(value, key=""):
    """Every text of a view, and each piece of it between tags."""
    if isinstance(value, dict):
        for name, one in value.items():
            if name not in CODES or isinstance(one, dict | list):
                yield from _texts(one, name)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _texts(one, key)
    elif isinstance(value, str):
        yield value
        yield from (unescape(piece).strip() for piece in re.split(r"<[^>]+>", value))


def _seen_in_german(folder):
    """Every text of the views of a whole play, with hints, another way, look back and report."""
    session = Session.open("green-dashboard", folder=folder, language="de")
    view, seen = session.view(), set()
    while view["stage"] != "end":
        if view["ask"].get("hints"):
            for tier in (1, 2, 3):
                seen |= set(_texts(session.act(
                    {"do": "hint", "turn": view["turn"], "tier": tier})))
        view = session.act(next_action(view))
        seen |= set(_texts(view))
    for action in ({"do": "look-back"}, {"do": "report"}, {"do": "branch", "from": 3},
                   {"do": "compare", "branch": 0}, {"do": "report"}, {"do": "switch", "branch": 9}):
        seen |= set(_texts(session.act(action)))
    return seen


def test_a_whole_play_in_german_shows_no_english_text_of_the_interface(tmp_path):
    catalog = gettext.translation("casebook", language.LOCALE, ["de"])._catalog
    english = {text for text, said in catalog.items()
               if isinstance(text, str) and text and said != text}
    english.remove("English")                      # the name of a language is the same in all
    german = set(catalog.values())
    seen = _seen_in_german(tmp_path)
    assert len(seen) > 1000 and len(seen & german) > 150
    assert seen & (english - german) == set()
    # Texts with gaps are no whole values: what stands around the gaps is looked for instead.
    patterns = [re.sub(r"\\\{[a-z_]*\\\}", ".+", re.escape(text)) for text in english
                if "{" in text and re.search(r"\b[a-z]{3,}\b", re.sub(r"\{[a-z_]*\}", "", text))]
    told = [text for text in seen for one in patterns if re.fullmatch(one, text)]
    assert told == []
