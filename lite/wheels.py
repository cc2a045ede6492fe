"""Wheels for Python in a browser, and the lock file by which its runtime finds them.

Pyodide, the runtime, loads packages by a lock file: name, file, digest, what else is needed, and
which import asks for it. We take its own lock, keep what a lesson needs, and add the casebook and
what pyodide has not, so that ``import casebook`` in a lesson is enough.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from email.parser import Parser
from pathlib import Path, PurePosixPath

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

#: Where pyodide's makers serve the packages that they have compiled.
CDN = "https://cdn.jsdelivr.net/pyodide/v{version}/full/{file}"
#: Parts of ipywidgets that belong to the page, which has them already, not to the kernel.
FRONT_END = frozenset({"widgetsnbextension", "jupyterlab-widgets"})
#: Compiled packages that also work, slower, without their compiled part.
WORKS_PURE = frozenset({"pyyaml"})


class BuildError(Exception):
    """What the build lacks, and what to do."""


@dataclass
class Shelf:
    """The packages of a site: a lock, and a folder with the files it names.

    Parameters
    ----------
    lock : dict
        The lock of a pyodide distribution; changed here.
    version : str
        The version of that distribution.
    folder : Path
        Where files go.
    distribution : Path, optional
        An unpacked distribution of pyodide, or a folder with wheels from one.
    constraints : Path, optional
        Versions of what pyodide has not.
    whole : bool
        Whether every file has to be here, so that no other host is asked.
    """

    lock: dict
    version: str
    folder: Path
    distribution: Path | None = None
    constraints: Path | None = None
    whole: bool = False
    kept: dict = field(default_factory=dict)
    said: list[str] = field(default_factory=list)

    @property
    def python(self) -> str:
        """The Python of the distribution, such as ``3.14``."""
        return ".".join(self.lock["info"]["python"].split(".")[:2])

    def need(self, *wanted: str) -> None:
        """Keep packages, and all that they need."""
        for one in wanted:
            requirement = Requirement(one)
            name = canonicalize_name(requirement.name)
            if name not in self.kept:
                known = self._in_lock(name)
                if known is None:
                    self._add_from_registry(requirement)
                else:
                    self.kept[name] = known
                    self._place(name, known)
                    self.need(*known["depends"])
            self._check(requirement, self.kept[name]["version"])

    def add(self, wheel: Path) -> None:
        """Put a pure wheel of our own on the shelf, with all that it needs."""
        name, version, requires = metadata(wheel, self.python)
        depends = [one for one in requires if canonicalize_name(one.name) not in FRONT_END]
        target = self.folder / wheel.name
        if wheel != target:
            shutil.copyfile(wheel, target)
        self.kept[name] = {
            "name": name, "version": version, "file_name": wheel.name, "sha256": digest(target),
            "depends": [canonicalize_name(one.name) for one in depends],
            "imports": imports(target), "install_dir": "site", "package_type": "package",
            "unvendored_tests": False,
        }
        self.need(*map(str, depends))

    def finished(self) -> dict:
        """The lock of the site."""
        return {**self.lock, "packages": dict(sorted(self.kept.items()))}

    def elsewhere(self) -> list[str]:
        """Names of the packages that a browser takes from pyodide's own host."""
        return sorted(name for name, one in self.kept.items() if "://" in one["file_name"])

    def _in_lock(self, name: str) -> dict | None:
        packages = self.lock["packages"]
        found = packages.get(name) or packages.get(name.replace("-", "_"))
        return dict(found) if found else None

    def _check(self, requirement: Requirement, version: str) -> None:
        if not requirement.specifier.contains(version, prereleases=True):
            raise BuildError(f"pyodide {self.version} has {requirement.name} {version}, and "
                             f"{requirement} is needed. Build with another version of pyodide.")

    def _place(self, name: str, known: dict) -> None:
        """Lay the file of a package that the lock names into the folder, or say where it is."""
        file = known["file_name"]
        own = self.distribution / file if self.distribution else None
        if own is not None and own.is_file():
            if digest(own) != known["sha256"]:
                raise BuildError(f"{own} is not the file that pyodide {self.version} names: its "
                                 "digest is another. Unpack the distribution again.")
            shutil.copyfile(own, self.folder / file)
        elif file.endswith("-none-any.whl"):
            self._take(known, self._download(f"{known['name']}=={known['version']}"))
        elif not self.whole:
            known["file_name"] = CDN.format(version=self.version, file=file)
        elif name in WORKS_PURE:
            self.said.append(f"{name} without its compiled part")
            self._take(known, self._without_compiled(f"{known['name']}=={known['version']}"))
        else:
            raise BuildError(
                f"There is no {file}. Download pyodide's distribution {self.version} "
                "(pyodide-VERSION.tar.bz2, from its releases), unpack it, and name the folder: "
                "--distribution FOLDER.")

    def _take(self, known: dict, wheel: Path) -> None:
        # The registry's file is not byte for byte the one that pyodide's makers packed.
        known.update(file_name=wheel.name, sha256=digest(wheel))

    def _add_from_registry(self, requirement: Requirement) -> None:
        constraints = ["-c", str(self.constraints)] if self.constraints else []
        self.add(self._download(str(requirement), *constraints))

    def _download(self, requirement: str, *options: str) -> Path:
        return self._fetch("--only-binary=:all:", "--implementation", "py", "--abi",
                           "none", "--platform", "any", "--python-version", self.python, *options,
                           requirement)

    def _without_compiled(self, requirement: str) -> Path:
        """The wheel for this machine, packed again with what is Python in it."""
        native = self._fetch("--only-binary=:all:", requirement)
        pure = native.with_name("-".join([*native.name.split("-")[:2], "py3-none-any.whl"]))
        with zipfile.ZipFile(native) as old, \
                zipfile.ZipFile(pure, "w", zipfile.ZIP_DEFLATED) as new:
            for one in old.namelist():
                if one.endswith(".py") or ".dist-info/" in one:
                    new.writestr(one, old.read(one))
        native.unlink()
        return pure

    def _fetch(self, *arguments: str) -> Path:
        before = set(self.folder.iterdir())
        done = subprocess.run(
            [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--dest",
             str(self.folder), *arguments], capture_output=True, text=True)
        new = set(self.folder.iterdir()) - before
        if done.returncode or len(new) != 1:
            raise BuildError(f"pip found no wheel for every system of {arguments[-1]}:\n"
                             f"{done.stderr.strip()}")
        return new.pop()


def digest(path: Path) -> str:
    """The sha256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def metadata(wheel: Path, python: str) -> tuple[str, str, list[Requirement]]:
    """Name, version, and what a wheel needs where Python runs in a browser."""
    with zipfile.ZipFile(wheel) as file:
        name = next(one for one in file.namelist() if re.fullmatch(
            r"[^/]+\.dist-info/METADATA", one))
        told = Parser().parsestr(file.read(name).decode("utf-8"))
    place = {"sys_platform": "emscripten", "platform_system": "Emscripten", "os_name": "posix",
             "platform_machine": "wasm32", "python_version": python,
             "python_full_version": f"{python}.0", "extra": ""}
    needs = map(Requirement, told.get_all("Requires-Dist") or ())
    needs = [one for one in needs if one.marker is None or one.marker.evaluate(place)]
    for one in needs:
        one.marker, one.extras = None, set()
    return canonicalize_name(told["Name"]), told["Version"], needs


def imports(wheel: Path) -> list[str]:
    """The names under which a wheel's modules are imported."""
    with zipfile.ZipFile(wheel) as file:
        return sorted(set(_tops(file.namelist())))


def _tops(names: Iterable[str]) -> Iterator[str]:
    for name in names:
        path = PurePosixPath(name)
        if path.suffix == ".py" and path.parts[0].isidentifier():
            yield path.parts[0]
        elif path.suffix == ".py" and len(path.parts) == 1:
            yield path.stem
