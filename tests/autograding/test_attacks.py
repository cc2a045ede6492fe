"""Attacks of students, each run against stock nbgrader, where it is real, and against ``casebook course grade``."""

import dataclasses
import json
import shutil
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from casebook.autograding.sandbox import Limits
from tests.autograding import compare, tiny
from tests.autograding.attacks import ATTACKS, LOST
from tests.autograding.world import World, prepare

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the sandbox is Linux's")
PAGE = Path(__file__).parents[2] / "docs/autograding-attacks.md"
TOGETHER = [attack for attack in ATTACKS if not attack.alone]
ALONE = 20          # seconds that stock gets for an attack that would keep it for ever
ids = [attack.id for attack in ATTACKS]


@pytest.fixture(scope="module")
def base():
    # Not pytest's own folder, which others than the owner may not enter: that alone would stop attackers.
    folder = Path(tempfile.mkdtemp(prefix="casebook-attacks-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def prepared(base):
    return prepare(base)


@pytest.fixture(scope="module")
def stock(base, prepared):
    """Attack to the world in which stock nbgrader met it."""
    groups = [TOGETHER[::2], TOGETHER[1::2], *([attack] for attack in ATTACKS if attack.alone)]
    worlds = [World(base, f"stock-{number}", *prepared, group, stock=True) for number, group in enumerate(groups)]
    try:
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(lambda world: world.run(300 if len(world.attacks) > 1 else ALONE), worlds))
        for world in worlds:
            world.idle = min(one.peak for one in worlds)
        yield {attack.id: world for world in worlds for attack in world.attacks}
    finally:
        for world in worlds:
            world.close()


@pytest.fixture(scope="module")
def quiet(base, prepared):
    """A class without attackers, as the casebook grades it."""
    world = World(base, "quiet", *prepared, ATTACKS, quiet=True)
    try:
        yield world.run()
    finally:
        world.close()


@pytest.fixture(scope="module")
def ours(base, prepared, quiet):
    """The whole class of attackers, as the casebook grades it."""
    world = World(base, "ours", *prepared, ATTACKS)
    world.idle = quiet.peak
    try:
        yield world.run(240)
    finally:
        world.close()


@pytest.mark.parametrize("attack", ATTACKS, ids=ids)
def test_at_stock_it_is_real(stock, attack):
    if attack.id == "network" and not stock[attack.id].outside:
        pytest.skip("this machine has no address but loopback's, so that there is nothing outside to reach")
    assert attack.done(stock[attack.id], attack.id) is attack.real


@pytest.mark.parametrize("attack", ATTACKS, ids=ids)
def test_with_casebook_it_is_stopped(ours, attack):
    if attack.id == "network" and not ours.outside:
        pytest.skip("this machine has no address but loopback's, so that there is nothing outside to reach")
    assert attack.done(ours, attack.id) is False


def test_stock_met_what_it_did_not_stop_at(stock):
    # Otherwise an attack might count as done, or not, because the run never came to it.
    for world in {id(world): world for world in stock.values() if len(world.attacks) > 1}.values():
        assert not world.late and not world.stopped()
    for attack in TOGETHER:
        if attack.stock != LOST:
            assert stock[attack.id].graded(stock[attack.id].students[attack.id]), attack.id


def test_the_run_goes_on_and_every_attacker_is_graded(ours):
    told = json.loads(ours.out)
    assert ours.code == 1 and told["complete"] and not ours.late
    assert "Traceback" not in ours.err and "\x1b" not in ours.err + ours.out
    assert {one["student"] for one in told["submissions"]} == {*ours.students.values(), *ours.honest}
    assert {one["state"] for one in told["submissions"]} == {"graded", "problem", "lost"}
    for student in ours.students.values():
        assert ours.graded(student) and len(ours.scores(student)) == 5
        assert all(auto is not None for cell, (auto, _) in ours.scores(student).items() if cell != "memo"), student


def test_nobody_elses_grade_is_changed(ours, quiet):
    assert quiet.code == 0 and quiet.honest == ours.honest and len(quiet.honest) > 5
    for student in quiet.honest:
        assert quiet.scores(student) == ours.scores(student)
        assert compare.notebook(quiet.notebook(student)) == compare.notebook(ours.notebook(student))


def test_what_ended_is_told(ours):
    kinds = {one["student"]: {reason["kind"] for reason in one["reasons"]} for one in json.loads(ours.out)["submissions"]}
    expected = {"memory-bomb": {"memory"}, "deaf": {"time"}, "kill": {"ended"}, "displays": {"output"}, "widgets": {"output"},
                "many-cells": {"output"}, "pipe": {"special-file"}, "link": {"link"}, "hard-link": {"link"}, "shadow": {"shadowing"}}
    assert {id: kinds[ours.students[id]] for id in expected} == expected


def test_the_graders_own_things_are_as_they_were(ours, quiet):
    assert ours.victim.poll() is None and not ours._outside()
    for name in ("source", "release", "nbgrader_config.py"):
        assert tree(ours.course / name) == tree(quiet.course / name)
    for student in ours.honest:
        assert tree(ours.course / "submitted" / student) == tree(quiet.course / "submitted" / student)
    assert not any(ours.left.values())


def tree(top):
    return {str(path.relative_to(top)): path.read_bytes() for path in sorted(top.rglob("*")) if path.is_file()} or top.read_bytes()


# Limits of a course's own --------------------------------------------------------------------------

def test_a_course_sets_its_own_limits(base, prepared, tmp_path):
    from casebook.autograding.kernels import limits_of
    from casebook.autograding.run import Run
    from casebook.autograding.workers import BESIDE, longest

    shutil.copytree(prepared[0], tmp_path / "course")
    path = tmp_path / "course/nbgrader_config.py"
    run = Run(tmp_path / "course", tiny.NAME)
    assert limits_of(run.config) == Limits() and longest(run, Limits()) == BESIDE + 600
    path.write_text(path.read_text() + "c.Sandbox.memory_mb = 123\nc.Sandbox.wall_seconds = 45.5\n")
    found = limits_of(Run(tmp_path / "course", tiny.NAME).config)
    assert found == Limits(memory_mb=123, wall_seconds=45.5) and longest(run, found) == BESIDE + 45.5
    shutil.copy(run.dirs.root + f"/source/{tiny.NAME}/{tiny.NAME}.ipynb", run.dirs.root + f"/source/{tiny.NAME}/second.ipynb")
    assert longest(run, found) == BESIDE + 91


@pytest.mark.parametrize("line, said", [("c.Sandbox.memery_mb = 1", "no limit 'memery_mb'"), ("c.Sandbox.memory_mb = '1 GB'", "memory_mb is '1 GB'"),
                                        ("c.Sandbox.files = 0", "files is 0"), ("c.Sandbox.processes = True", "processes is True")])
def test_a_limit_that_is_none_is_told(prepared, tmp_path, capsys, line, said):
    from casebook.cli import main

    shutil.copytree(prepared[0], tmp_path / "course")
    path = tmp_path / "course/nbgrader_config.py"
    path.write_text(path.read_text() + line + "\n")
    tiny.hand_in(tmp_path / "course", "ann", tiny.answered(tmp_path / "course"))
    assert main(["course", "grade", tiny.NAME, "--course", str(tmp_path / "course")]) == 2
    told = capsys.readouterr().err
    assert said in told and "Traceback" not in told


# What is written about it --------------------------------------------------------------------------

def test_the_page_has_the_attacks_and_the_limits():
    page = PAGE.read_text(encoding="utf-8")
    assert table() in page, f"put this into {PAGE.name}:\n{table()}"
    for each in dataclasses.fields(Limits):
        assert f"`c.Sandbox.{each.name}`" in page, each.name


def table():
    """The attacks as Markdown."""
    rows = ["| attack | at stock | with casebook | what stops it |", "| --- | --- | --- | --- |"]
    rows += [f"| {one.title} | {one.stock} | {one.here} | {one.stops} |" for one in ATTACKS]
    return "\n".join(rows)
