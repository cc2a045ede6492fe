"""The files of the hub: they load as Jupyter loads them, and name only options that exist."""

import ast
import json
import os
import shutil
import socket
import subprocess
import sys
import tomllib
from importlib import import_module
from pathlib import Path

import nbgrader
import pytest
from nbgrader.apps import NbGraderApp
from nbgrader.exchange import ExchangeFactory
from traitlets import TraitError
from traitlets.config.loader import LazyConfigValue, PyFileConfigLoader

from casebook.grading.collect import OwnedCollect

HUB = Path(__file__).parents[1] / "hub"
SITE = tomllib.loads((HUB / "site.toml").read_text(encoding="utf-8"))
KINDS = ("student", "instructor", "grader")


def load(path):
    return PyFileConfigLoader(path.name, str(path.parent)).load_config()


def options():
    """Every configurable option of nbgrader, by the name of its class."""
    classes = [*NbGraderApp().all_configurable_classes(), nbgrader.exchange.default.Exchange]
    known = {}
    for one in classes:
        for parent in one.mro():
            if hasattr(parent, "class_traits"):
                known.setdefault(parent.__name__, {}).update(parent.class_traits(config=True))
    return known


@pytest.mark.parametrize("path", sorted(HUB.rglob("*.py")), ids=lambda path: str(path.relative_to(HUB)))
def test_every_python_file_compiles(path):
    ast.parse(path.read_text(encoding="utf-8"), str(path))


@pytest.mark.parametrize("path", [HUB / "nbgrader_config.py", HUB / "grader" / "nbgrader_config.py"],
                         ids=["everybody", "grader"])
def test_nbgraders_files_set_options_that_nbgrader_has(path):
    config, known = load(path), options()
    assert config
    for section, values in config.items():
        assert section in known, f"{path}: nbgrader has nothing called {section}"
        for name, value in values.items():
            assert name in known[section], f"{path}: {section} has no option {name}"
            assert not isinstance(value, LazyConfigValue)


def test_what_nbgrader_is_told_is_what_the_site_says():
    config = load(HUB / "nbgrader_config.py")
    config.merge(load(HUB / "grader" / "nbgrader_config.py"))
    assert config.CourseDirectory.course_id == SITE["course"]
    assert config.CourseDirectory.root == SITE["course_folder"]
    assert config.Exchange.root == SITE["exchange"]


def test_the_collecting_that_the_hub_names_is_one_that_nbgrader_takes():
    assert ExchangeFactory(config=load(HUB / "nbgrader_config.py")).collect is OwnedCollect
    with pytest.raises(TraitError):
        ExchangeFactory(collect="pathlib.Path")


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_switched_off_exists_and_is_off_on_both_sides(kind):
    """A menu entry without its server side fails, and the reverse is no use to anybody."""
    page = json.loads((HUB / kind / "labconfig" / "page_config.json").read_text())
    server = json.loads(
        (HUB / kind / "jupyter_server_config.d" / "casebook-hub-kind.json").read_text())
    shipped = shipped_plugins()
    assert page["disabledExtensions"] and all(page["disabledExtensions"].values())
    for name in page["disabledExtensions"]:
        assert f'"{name}"' in shipped, f"nbgrader has no extension {name}"
    turned = server["ServerApp"]["jpserver_extensions"]
    assert not any(turned.values())
    for name in turned:
        assert import_module(name).load_jupyter_server_extension
    # Create Assignment has no server side.
    sides = {name.rsplit(".", 1)[1].replace("_", "-") for name in turned}
    off = {name.removeprefix("@jupyter/nbgrader:") for name in page["disabledExtensions"]}
    assert sides == off - {"create-assignment"}


def shipped_plugins():
    """The text of nbgrader's extensions of JupyterLab, as installed."""
    folder = Path(nbgrader.__file__).parent / "labextension" / "static"
    return "".join(path.read_text(encoding="utf-8") for path in folder.glob("*.js"))


def test_only_the_course_server_has_a_formgrader_and_only_it_has_no_list_to_fetch_from():
    def off(kind):
        page = json.loads((HUB / kind / "labconfig" / "page_config.json").read_text())
        return {name.split(":")[1] for name in page["disabledExtensions"]}

    assert {kind for kind in KINDS if "formgrader" not in off(kind)} == {"grader"}
    assert {kind for kind in KINDS if "course-list" not in off(kind)} == {"instructor"}
    assert {kind for kind in KINDS if "assignment-list" in off(kind)} == {"grader"}


def test_the_hubs_settings_follow_the_site(tmp_path):
    """JupyterHub is not needed to read its file; every name and folder in it is the site's."""
    copy = shutil.copytree(HUB, tmp_path / "hub")
    text = (copy / "site.toml").read_text(encoding="utf-8")
    text = text.replace('"casebook"', '"accounts-101"').replace('"ines"', '"ines", "noor"')
    (copy / "site.toml").write_text(text, encoding="utf-8")
    config = load(copy / "jupyterhub_config.py")
    assert config.Authenticator.allowed_users == {"ines", "noor", "alice", "bob"}
    (service,) = config.JupyterHub.services
    assert service["name"] == "accounts-101" and service["user"] == SITE["grader"]
    (role,) = config.JupyterHub.load_roles
    assert config.JupyterHub.load_groups[role["groups"][0]]["users"] == ["ines", "noor"]
    assert "access:services!service=accounts-101" in role["scopes"]
    assert str(copy / "grader") in service["environment"]["JUPYTER_CONFIG_PATH"]
    assert "subdomain_host" not in config.JupyterHub


def test_the_formgrader_may_be_framed_only_where_every_server_has_a_host_of_its_own(tmp_path):
    copy = shutil.copytree(HUB, tmp_path / "hub")
    assert "frame-ancestors" not in commands(load(copy / "jupyterhub_config.py"))
    text = (copy / "site.toml").read_text(encoding="utf-8")
    (copy / "site.toml").write_text(
        text.replace('subdomain_host = ""', 'subdomain_host = "https://hub.school.example"'))
    config = load(copy / "jupyterhub_config.py")
    assert config.JupyterHub.subdomain_host == "https://hub.school.example"
    assert "frame-ancestors 'self'" in commands(config)


def commands(config):
    """All that the config starts by itself."""
    return " ".join([*config.Spawner.cmd, *config.JupyterHub.services[0]["command"]])


def test_the_loopback_hub_is_the_same_hub_on_this_machine_alone(monkeypatch):
    monkeypatch.setenv("CASEBOOK_HUB_PASSWORD", "a password")
    monkeypatch.delenv("CASEBOOK_HUB_TOKEN", raising=False)
    own, other = load(HUB / "loopback_config.py"), load(HUB / "jupyterhub_config.py")
    changed = {"JupyterHub.authenticator_class", "JupyterHub.bind_url"}
    assert changed == {f"{section}.{name}" for section, values in own.items()
                       for name, value in values.items()
                       if section != "DummyAuthenticator" and not _same(value, other[section][name])}
    assert own.JupyterHub.bind_url.startswith("http://127.0.0.1:")


def _same(one, other):
    # The hook is a function of the file, read twice.
    return getattr(one, "__name__", one) == getattr(other, "__name__", other)


def instructions():
    """The instructions of the students' image, each with its words."""
    text = (HUB / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [(line.split(maxsplit=1)[0], line.split(maxsplit=1)[1]) for line in lines]


def test_the_image_is_of_a_named_python_and_ends_as_somebody_who_is_not_root():
    known = {"FROM", "ENV", "COPY", "RUN", "USER", "WORKDIR", "EXPOSE", "HEALTHCHECK", "CMD"}
    assert {word for word, _ in instructions()} <= known
    base = next(rest for word, rest in instructions() if word == "FROM")
    runtime = (HUB.parent / "binder/runtime.txt").read_text().strip().removeprefix("python-")
    assert base.startswith(f"python:{runtime}-slim-")
    assert [rest for word, rest in instructions() if word == "USER"][-1] == "jovyan"


def test_the_image_copies_what_exists_and_what_the_ignore_file_lets_through():
    kept = (HUB.parent / ".dockerignore").read_text(encoding="utf-8").splitlines()
    for word, rest in instructions():
        if word == "COPY":
            for source in rest.split()[:-1]:
                assert (HUB.parent / source).exists(), source
                assert f"!{source}" in kept, source
    assert "**/teaching-note.md" in kept and "!solutions" not in kept
    # The last pattern that fits decides, so notes are shut out after folders are let in.
    assert kept.index("**/teaching-note.md") > kept.index("!casebook")


def test_the_image_installs_by_hash_and_nothing_else():
    installs = [rest for word, rest in instructions() if word == "RUN" and "pip install" in rest]
    assert len(installs) == 2
    assert "-r /opt/casebook/hub/requirements.lock" in installs[0]
    assert "--no-deps --no-build-isolation /opt/casebook" in installs[1]
    locked = (HUB / "requirements.lock").read_text(encoding="utf-8")
    assert "\njupyterhub==" in locked and "\nhatchling==" in locked


def test_the_programs_in_the_image_are_python_that_runs(tmp_path):
    """Health and start are run as they stand, the server's command replaced by one that tells."""
    programs = {word: json.loads(rest[rest.index("["):]) for word, rest in instructions()
                if word in ("CMD", "HEALTHCHECK")}
    place = {**os.environ, "HOME": str(tmp_path), "JUPYTERHUB_SERVICE_PORT": ""}
    told = tmp_path / "jupyterhub-singleuser"
    told.write_text('#!/bin/sh\necho "started $*"\n', encoding="utf-8")
    told.chmod(0o755)
    place["PATH"] = f"{tmp_path}:{place['PATH']}"
    assert ("COPY", "hub/container_start.py " + programs["CMD"][1]) in instructions()
    start = [sys.executable, str(HUB / "container_start.py")]
    done = subprocess.run(start, env=place, check=True, capture_output=True, text=True)
    assert "started --ip=0.0.0.0" in done.stdout
    assert (tmp_path / "casebook-work/00-start-here.ipynb").is_file()
    shutil.rmtree(tmp_path / "casebook-work")
    (tmp_path / "casebook-work").touch()
    done = subprocess.run(start, env=place, check=True, capture_output=True, text=True)
    assert "started" in done.stdout and "cannot be copied" in done.stderr
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        place["JUPYTERHUB_SERVICE_PORT"] = str(server.getsockname()[1])
        check = [sys.executable, *programs["HEALTHCHECK"][1:]]
        assert subprocess.run(check, env=place).returncode == 0
    assert subprocess.run(check, env=place, capture_output=True).returncode != 0
