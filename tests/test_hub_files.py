"""The files of the hub: they load as Jupyter loads them, and name only options that exist."""

import ast
import json
import shutil
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
