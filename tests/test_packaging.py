"""What is in the packages that students receive, and what is not."""

import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    out = tmp_path_factory.mktemp("dist")
    subprocess.run([sys.executable, "-m", "build", "--no-isolation", "--outdir", str(out),
                    str(ROOT)], check=True, capture_output=True)
    return out


@pytest.fixture(scope="module")
def wheel(built):
    with zipfile.ZipFile(next(built.glob("*.whl"))) as file:
        return {name: file.read(name) for name in file.namelist()}


def test_the_wheel_has_its_data(wheel):
    for name in ("casebook/model/parameters.yaml", "casebook/model/findings.yaml",
                 "casebook/case/schema.json", "casebook/engagement/causes.yaml",
                 "casebook/room/static/room.css", "casebook/room/private.yaml",
                 "casebook/cases/green-dashboard/case.yaml",
                 "casebook/explore/exercises.yaml", "casebook/explore/small.yaml",
                 "casebook/explore/static/voice.js", "casebook/explore/static/voice.css",
                 "casebook/explore/static/slider.js", "casebook/explore/static/data.js",
                 "casebook/picture.js", "casebook/picture.css",
                 "casebook/cases/green-dashboard/reading.md",
                 "casebook/cases/green-dashboard/exhibits/test-log.csv",
                 "casebook/study/balance.yaml", "casebook/case/account-schema.json",
                 "casebook/lessons/00-start-here.ipynb"):
        assert name in wheel, name


def test_the_wheel_has_every_file_of_every_case_but_the_notes(wheel):
    wanted = {str(path.relative_to(ROOT)) for path in (ROOT / "casebook/cases").rglob("*.*")
              if path.name != "teaching-note.md"}
    assert {name for name in wheel if name.startswith("casebook/cases/")} == wanted


def test_nothing_for_instructors_is_in_the_wheel_or_the_source_distribution(built, wheel):
    with tarfile.open(next(built.glob("*.tar.gz"))) as file:
        names = [*file.getnames(), *wheel]
    assert not [n for n in names if "teaching-note" in n or "/solutions/" in n]
    notes = list((ROOT / "casebook/cases").rglob("teaching-note.md"))
    assert len(notes) == 7
    for note in notes:
        # Beyond the heading, which may say no more than the case's title.
        passage = note.read_text(encoding="utf-8")[200:320].encode()
        assert not [name for name, content in wheel.items() if passage in content]


def test_the_wheel_is_called_what_we_say(built):
    assert next(built.glob("*.whl")).name.startswith("client_casebook-")


def test_no_file_names_an_address_of_a_registry_or_a_path_of_one_machine():
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True,
                            check=True).stdout.split()
    words = ("index" + "-url", "find" + "-links", "files.python" + "hosted", "/ro" + "ot/",
             "/wo" + "rk/")
    for name in listed:
        raw = (ROOT / name).read_bytes() if (ROOT / name).is_file() else b""
        assert not [word for word in words if word.encode() in raw], name
