"""``casebook app`` without a browser; the page itself is in tests/browser/test_app.py."""

import importlib.util
import json

import pytest

from casebook import app as module
from casebook.app import command
from casebook.cli import main


def test_without_voila_it_says_how_to_get_it(monkeypatch, capsys):
    real = importlib.util.find_spec
    monkeypatch.setattr(module, "find_spec", lambda name: None if name == "voila" else real(name))
    assert main(["app"]) == 2
    assert "client-casebook[app]" in capsys.readouterr().err


@pytest.mark.parametrize("words, told", [
    (["app", "no-such-case"], "no case 'no-such-case'"), (["app", "--port", "99999"], "no port"),
    (["app", "--language", "xx"], "no language 'xx'")])
def test_a_mistake_is_told_before_anything_is_served(capsys, monkeypatch, tmp_path, words, told):
    monkeypatch.chdir(tmp_path)
    assert main(words) == 2
    assert told in capsys.readouterr().err


def test_a_folder_that_cannot_be_made_is_a_plain_error(capsys, tmp_path):
    (tmp_path / "file").write_text("in the way")
    assert main(["app", "--folder", str(tmp_path / "file")]) == 2
    assert "cannot be made" in capsys.readouterr().err


def test_it_is_served_on_loopback_with_a_token_and_without_other_extensions(tmp_path):
    words = command(tmp_path / "casebook.ipynb", 8866, "secret", "pt_BR")
    assert "--Voila.ip=127.0.0.1" in words and "--Voila.token=secret" in words
    assert "--VoilaExporter.language_code=pt" in words
    allowed = [word.split("=")[1] for word in words if "allowlist" in word]
    assert "anywidget" in allowed and not any("nbgrader" in name for name in allowed)


def test_the_page_speaks_through_its_notebook(tmp_path):
    path = module._notebook(tmp_path, "A <case>", "en")
    book = json.loads(path.read_text(encoding="utf-8"))
    assert book["metadata"]["title"] == "A <case> · Casebook"
    assert set(book["metadata"]["casebook"]) == {"title", "dark", "opens", "script"}


def test_the_list_of_cases_opens_a_room_in_its_place(tmp_path, monkeypatch):
    from casebook.room.page import SETTING, Cases, page
    from casebook.room.widget import Room

    monkeypatch.setenv(SETTING, json.dumps({"folder": str(tmp_path), "player": "ann"}))
    shown = page()
    assert isinstance(shown, Cases)
    shown.buttons["two-rooms"].click()
    back, room = shown.children
    assert isinstance(room, Room) and room.view["turn"] == 0
    back.click()
    assert shown.buttons["two-rooms"] in shown.children
    monkeypatch.setenv(SETTING, json.dumps({"case": "two-rooms", "folder": str(tmp_path)}))
    assert isinstance(page(), Room)
