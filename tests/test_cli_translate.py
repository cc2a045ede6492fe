"""``casebook translate``, called as a translator calls it."""

import os
import subprocess
import sys

import pytest
import yaml

from casebook import case as cases
from casebook.case.translation import skeleton, texts_of
from casebook.cli import main
from tests.casefactory import small_account, small_case, write_account, write_case


def run(capsys, *words):
    code = main([str(word) for word in words])
    told = capsys.readouterr()
    return code, told.out, told.err


@pytest.fixture
def small(tmp_path):
    return write_case(tmp_path / "small")


def files(folder):
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_it_writes_every_text_as_it_is_and_copies_nothing_else(small, capsys):
    before = files(small)
    code, out, err = run(capsys, "translate", small, "fr")
    assert code == 0 and err == "" and files(small) == before | {"case.fr.yaml"}
    written = yaml.safe_load((small / "case.fr.yaml").read_text(encoding="utf-8"))
    assert written == skeleton(small_case(), "fr")
    assert f"{len(list(texts_of(small_case())))} texts to translate" in out


def test_it_says_what_is_to_be_done_next(small, capsys):
    (small / "reading.fr.md").write_text("Lisez ceci.", encoding="utf-8")
    _, out, _ = run(capsys, "translate", small, "fr")
    assert f"-> {small / 'exhibits/table.fr.csv'}" in out and f"casebook check {small}" in out
    assert "reading.fr.md" not in out and "Copy" not in out       # what is there is not asked for


def test_then_check_lists_what_is_missing_and_the_case_is_read_in_that_language(small, capsys):
    run(capsys, "translate", small, "fr")
    path = small / "case.fr.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("title: Small", "title: Petit"),
                    encoding="utf-8")
    found = [one for one in cases.examine(small) if one.check == "translation"]
    assert {one.wrong for one in found} == {
        "reading.md is not translated.", "exhibits/table.csv is not translated."}
    assert cases.read(small, "fr").title == "Petit"


def test_the_file_is_in_blocks_that_are_easily_edited(tmp_path, capsys):
    assert run(capsys, "translate", "green-dashboard", "pt-BR", "--folder", tmp_path)[0] == 0
    assert files(tmp_path) == {"case.pt-BR.yaml"}
    text = (tmp_path / "case.pt-BR.yaml").read_text(encoding="utf-8")
    assert "\nsummary: >-\n" in text and "  scene: |\n" in text and "language: pt-BR" in text
    original = {line.strip() for line in (cases.find("green-dashboard") / "case.yaml").read_text(
        encoding="utf-8").splitlines()}
    # Lines of a scene stay as they are in the original, however long these are.
    assert [line for line in text.splitlines() if len(line) > 100
            and line.strip() not in original] == []


def test_elsewhere_it_says_where_the_files_belong(small, tmp_path, capsys):
    out_of_it = tmp_path / "work"
    out_of_it.mkdir()
    code, out, _ = run(capsys, "translate", small, "fr", "--folder", out_of_it)
    assert code == 0 and files(out_of_it) == {"case.fr.yaml"} and not (
        small / "case.fr.yaml").exists()
    assert f"Copy what you have written into {small}" in out
    assert f"-> {out_of_it / 'reading.fr.md'}" in out


def test_nothing_is_overwritten(small, capsys):
    run(capsys, "translate", small, "fr")
    path = small / "case.fr.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "# mine\n", encoding="utf-8")
    code, out, err = run(capsys, "translate", small, "fr")
    assert code == 2 and out == "" and f"{path} is there already" in err
    assert path.read_text(encoding="utf-8").endswith("# mine\n")


def test_an_account_is_written_with_its_engagements_and_only_what_is_missing(tmp_path, capsys):
    folder = write_account(tmp_path / "deal")
    work = tmp_path / "work"
    work.mkdir()
    code, out, _ = run(capsys, "translate", folder, "fr", "--folder", work)
    names = {"account.fr.yaml", "engagements/north/case.fr.yaml", "engagements/south/case.fr.yaml"}
    assert code == 0 and files(work) == names
    assert yaml.safe_load((work / "account.fr.yaml").read_text(encoding="utf-8")) == skeleton(
        small_account(), "fr")
    assert str(work / "engagements/south/reading.fr.md") in out
    (work / "engagements/north/case.fr.yaml").write_text("mine", encoding="utf-8")
    (work / "engagements/south/case.fr.yaml").unlink()
    code, out, _ = run(capsys, "translate", folder, "fr", "--folder", work)
    assert code == 0 and out.count("there already") == 2 and files(work) == names
    assert (work / "engagements/north/case.fr.yaml").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize(("words", "said"), [
    (["no-such-case", "fr"], "There is no case 'no-such-case'"),
    (["green-dashboard", "French"], "'French' is no code of a language"),
    (["green-dashboard", "../fr"], "is no code of a language"),
    (["green-dashboard", "en"], "Cases are written in 'en'"),
    (["green-dashboard", "de"], "case.de.yaml is there already"),
    (["green-dashboard", "fr", "--folder", "no/such/folder"], "There is no folder"),
])
def test_a_users_mistake_is_one_plain_message(capsys, words, said):
    code, out, err = run(capsys, "translate", *words)
    assert code == 2 and out == "" and err.startswith("casebook: ") and said in err
    assert "Traceback" not in err


def test_a_case_with_errors_is_not_translated(tmp_path, capsys):
    folder = write_case(tmp_path / "small", small_case() | {"minutes": "ten"})
    code, _, err = run(capsys, "translate", folder, "fr")
    assert code == 2 and "case.yaml:" in err and "whole number" in err
    assert not (folder / "case.fr.yaml").exists()


def test_a_folder_that_cannot_be_written_to_is_named(small, tmp_path, capsys):
    (tmp_path / "work").mkdir()
    # A link to nowhere is not there, and yet nothing can be made in its place.
    os.symlink(tmp_path / "nowhere" / "file", tmp_path / "work" / "case.fr.yaml")
    code, _, err = run(capsys, "translate", small, "fr", "--folder", tmp_path / "work")
    assert code == 2 and "cannot be written" in err and "case.fr.yaml" in err
    assert "Traceback" not in err


def test_as_a_program(small):
    done = subprocess.run([sys.executable, "-m", "casebook", "translate", str(small), "fr"],
                          capture_output=True, text=True)
    assert done.returncode == 0 and "Next:" in done.stdout and done.stderr == ""
