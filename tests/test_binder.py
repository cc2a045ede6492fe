"""What Binder would pick up, and what its files do, without a container engine."""

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
LOCKS = {"binder": "binder/requirements.txt", "hub": "hub/requirements.lock"}


def pins(path):
    """Name, version and how many hashes, for each package of a lock."""
    found = {}
    text = (ROOT / path).read_text(encoding="utf-8").replace("\\\n", " ")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            name, version = re.match(r"([\w.-]+)==(\S+)", line).groups()
            found[canonicalize_name(name)] = (version, line.count("--hash=sha256:"))
    return found


@pytest.fixture(scope="module")
def export(tmp_path_factory):
    """The files of the repository as git has them, as Binder would clone them."""
    folder = tmp_path_factory.mktemp("binder") / "clone"
    folder.mkdir()
    archive = folder.with_suffix(".tar")
    subprocess.run(["git", "archive", "-o", str(archive), "HEAD"], cwd=ROOT, check=True)
    shutil.unpack_archive(archive, folder)
    return folder


def test_repo2docker_picks_up_our_files_and_our_python(export):
    done = subprocess.run(["jupyter-repo2docker", "--no-build", "--debug", "."], cwd=export,
                          capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr[-2000:]
    wanted = (ROOT / "binder/runtime.txt").read_text().strip().removeprefix("python-")
    assert f"Building conda environment for python={wanted}" in done.stdout + done.stderr
    lines = done.stdout.splitlines()
    step = {what: next(n for n, line in enumerate(lines) if re.search(what, line)) for what in (
        r'pip install --no-cache-dir -r "binder/requirements.txt"', r"^COPY .* src/ \$\{REPO_DIR\}/",
        r"^RUN ./binder/postBuild", r'R2D_ENTRYPOINT="\$\{REPO_DIR\}/binder/start"')}
    # Packages first, so that a changed lesson does not install them anew.
    assert list(step.values()) == sorted(step.values())
    # The root's pyproject.toml is ours to install: nothing may do so by other versions.
    assert not [line for line in lines if re.search(r"pip install --no-cache-dir \.$", line)]


@pytest.mark.parametrize(("extra", "path"), LOCKS.items())
def test_every_version_of_a_lock_is_the_one_we_test_and_has_its_hashes(extra, path):
    constraints = dict(line.split("==") for line in
                       (ROOT / "constraints.txt").read_text().splitlines() if "==" in line)
    tested = {canonicalize_name(name): version for name, version in constraints.items()}
    locked = pins(path)
    # Packages of other systems are not among those that we test.
    other = {name for name in locked if name not in tested}
    assert other <= {"appnope", "colorama", "pywinpty"}
    assert {name: pin[0] for name, pin in locked.items() if name in tested} == {
        name: tested[name] for name in locked if name in tested}
    assert all(hashes for _, hashes in locked.values())
    told = tomllib.loads((ROOT / "pyproject.toml").read_text())
    for one in [*told["project"]["dependencies"], *told["dependency-groups"]["build"],
                *told["project"]["optional-dependencies"][extra]]:
        need = Requirement(one)
        version = locked[canonicalize_name(need.name)][0]
        assert need.specifier.contains(version), f"{path} has {need.name} {version}"
    assert told["dependency-groups"]["build"] == told["build-system"]["requires"]


def test_what_binder_runs_installs_the_casebook_and_lays_the_lessons(export, tmp_path):
    """The lines as they are, in a clean environment; only conda's base is not there."""
    subprocess.run([sys.executable, "-m", "venv", str(tmp_path / "env")], check=True)
    path = f"{tmp_path / 'env/bin'}:/usr/bin:/bin"
    place = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}

    def run(*command):
        done = subprocess.run(command, cwd=export, env={**place, "PATH": path}, text=True,
                              capture_output=True, timeout=280)
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
        return done.stdout

    run("pip", "install", "-q", "--no-cache-dir", "-r", "binder/requirements.txt")
    run("binder/postBuild")
    assert run("pip", "check").startswith("No broken requirements")
    settings = json.loads(next((tmp_path / "env/share/jupyter/lab/settings").iterdir()).read_text())
    assert settings["@jupyterlab/apputils-extension:notification"]["fetchNews"] == "false"
    assert run("binder/start", "echo", "the server").endswith("the server\n")
    lesson = export / "casebook-work/00-start-here.ipynb"
    lesson.write_text(lesson.read_text().replace("casebook.cases()", "casebook.cases(); 1"))
    changed = lesson.read_text()
    run("binder/start", "true")
    assert lesson.read_text() == changed
    # The installed package, not the clone's folder.
    shutil.rmtree(export / "casebook")
    assert "green-dashboard" in run("casebook", "cases")


def test_links_to_binder_open_the_first_lesson():
    for path in ("README.md", "docs/ways-in.md"):
        text = (ROOT / path).read_text(encoding="utf-8")
        assert "urlpath=lab/tree/casebook-work/00-start-here.ipynb" in text, path
