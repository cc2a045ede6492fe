"""Reading an account: what must hold between its engagements."""

import json

import jsonschema
import pytest

from casebook import case as cases
from casebook.case import Account
from casebook.case.fields import ACCOUNT, schema
from casebook.case.reader import CASES
from casebook.errors import CaseError
from tests.casefactory import account_parts, renamed, small_account, write_account


def errors(folder):
    return [finding for finding in cases.examine(folder) if finding.severity == "error"]


def test_a_sound_account_is_read_with_all_that_is_in_it(deal):
    assert isinstance(deal, Account)
    assert [part.id for part in deal.parts] == ["north", "south"]
    assert [contact.id for contact in deal.contacts] == [
        "north-ann", "north-bob", "south-ann", "south-bob"]
    assert deal.contact("south-bob").name == "Bob"
    assert {exhibit.id for exhibit in deal.exhibits} == {
        "shared", "north-reading", "north-table", "south-reading", "south-table"}
    assert deal.incident("south-late").title == "Late"
    with pytest.raises(KeyError):
        deal.contact("nobody")


def change(data, parts, what):
    """Damage one thing."""
    kind, value = what
    if kind == "talk":
        data["talks"] = [value]
    elif kind == "phase":
        data["phases"][0]["weeks"] = value
    elif kind == "ending":
        data["endings"][0]["when"] = value
    elif kind == "same person":
        parts["south"] = renamed(parts["south"], {"south-bob": value})
    elif kind == "kept":
        parts["south"]["incidents"][2]["responses"][1]["promises"][0]["kept_when"] = value
    elif kind == "when":
        parts["north"]["incidents"][2]["when"] = value
    elif kind == "colleague":
        data["colleagues"] = [{"id": value, "name": "A", "title": "B"}]
    elif kind == "same ending":
        data["endings"][1]["id"] = value
    elif kind == "same title":
        parts["north"]["title"] = parts["south"]["title"] = value
    elif kind == "exhibit":
        data["exhibits"][0]["id"] = value
    elif kind == "engagements":
        data["engagements"] = value
    else:
        parts["north"][kind] = value


@pytest.mark.parametrize(("what", "where", "words"), [
    (("talk", {"from": "nobody", "to": ["south-ann"], "share": 10}), "account.yaml", "no contact 'nobody'"),
    (("talk", {"from": "south-ann", "to": ["south-bob"], "share": 10}), "account.yaml", "same engagement"),
    (("talk", {"from": "south-ann", "to": ["north-bob"], "share": 0}), "account.yaml", "share|1"),
    (("phase", [3, 4]), "account.yaml", "phases of 'north'"),
    (("ending", {"engagement": {"west": {"delivered": True}}}), "account.yaml", "no engagement 'west'"),
    (("ending", {"trust": {"zoe": {"above": 0.5}}}), "account.yaml", "no contact 'zoe'"),
    (("same person", "north-bob"), "account.yaml", "'north-bob'"),
    (("kept", {"flag": "agreed"}), "south/case.yaml", "another engagement"),
    (("when", {"chosen": ["south-late/never"]}), "north/case.yaml", "no response 'south-late/never'"),
    (("when", {"engagement": {"west": {"live": True}}}), "north/case.yaml", "no engagement 'west'"),
    (("ending", {"slip": {"below": 2}}), "account.yaml", "'slip' is a measure of one project"),
    (("ending", {"not": {"any": [{"live": True}]}}), "account.yaml", "'live' is a measure of one project"),
    (("same ending", "both"), "account.yaml", "'both' stands twice"),
    (("same title", "One"), "account.yaml", "called 'One'"),
    (("exhibit", "north-reading"), "account.yaml", "'north-reading'"),
    (("colleague", "south-ann"), "account.yaml", "person 'south-ann'"),
    (("engagements", [{"id": "north", "need": 60, "weight": 1}]), "account.yaml", "engagements|2"),
    (("engagements", [{"id": "../north", "need": 60, "weight": 1},
                      {"id": "south", "need": 60, "weight": 1}]), "account.yaml", "id"),
    (("title", 3), "north/case.yaml", "title|text"),
])
def test_it_finds(tmp_path, what, where, words):
    data, parts = small_account(), account_parts()
    change(data, parts, what)
    folder = write_account(tmp_path / "deal", data, parts)
    found = errors(folder)
    assert any(finding.place.file.endswith(where) and finding.place.line
               and any(word in finding.wrong + finding.mend for word in words.split("|"))
               for finding in found), [str(finding) for finding in found]
    with pytest.raises(CaseError):
        cases.read(folder)


def test_it_warns_where_there_is_enough_of_the_manager(tmp_path):
    data = small_account()
    data["engagements"][0]["need"] = 50
    folder = write_account(tmp_path / "deal", data)
    assert any("100 % of the week" in finding.wrong for finding in cases.examine(folder))


def test_a_missing_engagement_is_told(tmp_path):
    folder = write_account(tmp_path / "deal")
    (folder / "engagements" / "south" / "case.yaml").unlink()
    assert any("south" in finding.place.file for finding in errors(folder))


def test_a_change_in_an_engagement_changes_the_digest(tmp_path):
    one = cases.read(write_account(tmp_path / "a" / "deal")).digest
    parts = account_parts()
    parts["south"]["contacts"][0]["about"] = "Somebody else."
    assert cases.read(write_account(tmp_path / "b" / "deal", None, parts)).digest != one


def test_the_account_schema_that_ships_is_the_one_the_fields_describe():
    shipped = json.loads((CASES.parent / "case" / "account-schema.json").read_text("utf-8"))
    assert shipped == schema(ACCOUNT)
    jsonschema.Draft7Validator.check_schema(shipped)
    jsonschema.validate(small_account(), shipped)


def test_an_engagement_in_a_case_of_its_own_is_unknown(tmp_path):
    """Only an account has other engagements."""
    parts = account_parts()
    parts["north"]["incidents"][2]["when"] = {"engagement": {"south": {"live": True}}}
    folder = write_account(tmp_path / "deal", None, parts) / "engagements" / "north"
    assert any("no engagement 'south'" in finding.wrong for finding in errors(folder))


def test_one_of_several_sisters_is_enough_for_a_choice_to_be_reached(tmp_path):
    """Seen names any of these: what happens early elsewhere makes it possible."""
    parts = account_parts()
    incidents = parts["south"]["incidents"]
    incidents[0] |= {"week": [5, 6], "when": {"seen": ["north-first", "south-second"]}}
    incidents[1]["week"] = 8
    assert errors(write_account(tmp_path / "deal", None, parts)) == []


def test_an_id_that_is_no_name_of_a_folder_is_a_finding(tmp_path):
    for id in ("a\0b", "../north", "North", ""):
        data = small_account()
        data["engagements"][0]["id"] = id
        assert errors(write_account(tmp_path / f"deal{len(id)}", data))


def test_a_fault_in_one_engagement_is_not_hidden_by_its_consequences(tmp_path):
    """Nothing is said of names that only the unreadable one could have given."""
    parts = account_parts()
    parts["north"]["title"] = 5
    found = errors(write_account(tmp_path / "deal", None, parts))
    assert len(found) == 1
    assert found[0].place.file.endswith("north/case.yaml")
