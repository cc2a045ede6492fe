"""The lock of the browser-only site: what it keeps, what it adds, and what it refuses."""

import json
import zipfile

import pytest

from lite.build import lay_content
from lite.wheels import BuildError, Shelf, digest, imports, metadata


def wheel(folder, name, version, requires=(), modules=("__init__.py",)):
    folder.mkdir(exist_ok=True)
    path = folder / f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as file:
        for module in modules:
            file.writestr(f"{name}/{module}", "")
        lines = [f"Name: {name}", f"Version: {version}",
                 *(f"Requires-Dist: {one}" for one in requires)]
        file.writestr(f"{name}-{version}.dist-info/METADATA", "\n".join(lines) + "\n")
    return path


def entry(name, version, file, sha256="", depends=()):
    return {"name": name, "version": version, "file_name": file, "sha256": sha256,
            "depends": list(depends), "imports": [name]}


def shelf(tmp_path, *entries, **options):
    folder = tmp_path / "shelf"
    folder.mkdir()
    lock = {"info": {"python": "3.14.2"}, "packages": {one["name"]: one for one in entries}}
    return Shelf(lock, "314.0.6", folder, **options)


def test_what_is_needed_comes_from_the_distribution_with_all_that_it_needs(tmp_path):
    given = [wheel(tmp_path / "given", name, "1.0") for name in ("table", "numbers", "other")]
    table, numbers, other = (entry(path.name.split("-")[0], "1.0", path.name, digest(path))
                             for path in given)
    table["depends"] = ["numbers"]
    made = shelf(tmp_path, table, numbers, other, distribution=tmp_path / "given", whole=True)
    made.need("table>=1.0")
    assert list(made.finished()["packages"]) == ["numbers", "table"]
    assert {path.name for path in made.folder.iterdir()} == {given[0].name, given[1].name}
    assert made.elsewhere() == []


def test_a_file_that_is_not_the_one_that_the_lock_names_is_refused(tmp_path):
    path = wheel(tmp_path / "given", "table", "1.0")
    made = shelf(tmp_path, entry("table", "1.0", path.name, "0" * 64),
                 distribution=tmp_path / "given")
    with pytest.raises(BuildError, match="digest is another"):
        made.need("table")


def test_a_compiled_package_is_left_to_pyodides_host_or_the_build_fails(tmp_path):
    file = "numbers-1.0-cp314-cp314-pyemscripten_2026_0_wasm32.whl"
    made = shelf(tmp_path, entry("numbers", "1.0", file, "1" * 64))
    made.need("numbers")
    kept = made.finished()["packages"]["numbers"]
    assert kept["file_name"] == f"https://cdn.jsdelivr.net/pyodide/v314.0.6/full/{file}"
    assert kept["sha256"] == "1" * 64
    assert made.elsewhere() == ["numbers"]
    (tmp_path / "second").mkdir()
    with pytest.raises(BuildError, match="--distribution FOLDER"):
        shelf(tmp_path / "second", entry("numbers", "1.0", file), whole=True).need("numbers")


def test_a_version_that_does_not_fit_is_said_at_once(tmp_path):
    path = wheel(tmp_path / "given", "table", "1.0")
    made = shelf(tmp_path, entry("table", "1.0", path.name, digest(path)),
                 distribution=tmp_path / "given")
    with pytest.raises(BuildError, match="table 1.0, and table>=2 is needed"):
        made.need("table>=2")


def test_our_own_wheel_brings_what_it_needs_in_a_browser_and_no_more(tmp_path):
    table = wheel(tmp_path / "given", "table", "1.0")
    own = wheel(tmp_path / "own", "client_casebook", "0.1", [
        "table>=1.0", "jupyterlab>=4 ; sys_platform != 'emscripten'", "widgetsnbextension~=4.0",
        "nbgrader ; extra == 'grade'"])
    made = shelf(tmp_path, entry("table", "1.0", table.name, digest(table)),
                 distribution=tmp_path / "given")
    made.add(own)
    packages = made.finished()["packages"]
    assert list(packages) == ["client-casebook", "table"]
    kept = packages["client-casebook"]
    assert kept["imports"] == ["client_casebook"]
    assert kept["depends"] == ["table"]
    assert kept["sha256"] == digest(made.folder / own.name)


def test_the_casebook_itself_does_not_ask_for_jupyterlab_in_a_browser(tmp_path):
    import tomllib
    from pathlib import Path

    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())["project"]
    own = wheel(tmp_path, "client_casebook", "0.1", project["dependencies"])
    needs = {one.name for one in metadata(own, "3.14")[2]}
    assert {"numpy", "pandas", "anywidget"} <= needs
    assert "jupyterlab" not in needs


def test_modules_at_the_top_of_a_wheel_are_what_is_imported(tmp_path):
    assert imports(wheel(tmp_path, "table", "1.0", modules=("a.py", "sub/b.py"))) == ["table"]


def test_lessons_keep_their_cells_and_name_the_browsers_kernel(tmp_path):
    source = tmp_path / "notebooks"
    source.mkdir()
    cells = [{"cell_type": "markdown", "metadata": {}, "source": "É"}]
    (source / "00.ipynb").write_text(json.dumps(
        {"cells": cells, "metadata": {"kernelspec": {"name": "python3"}}}), encoding="utf-8")
    lay_content([source / "00.ipynb"], tmp_path / "content")
    laid = json.loads((tmp_path / "content/00.ipynb").read_text(encoding="utf-8"))
    assert laid["cells"] == cells
    assert laid["metadata"]["kernelspec"]["name"] == "python"
