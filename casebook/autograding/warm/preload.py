"""Modules that are there already, and yet are imported as if they were not.

In a kernel that was forked from the warm parent, ``Stash.hide`` takes every module that the parent
imported out of ``sys.modules`` and off its package. When the kernel imports one, it and exactly
what its import would have loaded come back. A module that a student has a file of their own for
(``calendar.py`` beside the notebook) is imported from there, as in a cold kernel.
"""

from __future__ import annotations

import _frozen_importlib as machinery
import os
import sys
import warnings
from collections.abc import Callable

from .record import Module, Recorder

EXTENSIONS = (".so", ".pyd")
_spec_of = machinery._find_spec


class Stash:
    """The modules that the warm parent imported, kept for kernels.

    Parameters
    ----------
    recorder : Recorder
        What each module's import brings along.
    settle : dict
        Module name to a function without arguments, called when a kernel has imported the module:
        what the module does while it is imported and the parent could not do for it.
    """

    def __init__(self, recorder: Recorder, settle: dict[str, Callable[[], None]]) -> None:
        self._recorder, self._settle = recorder, settle
        self._order = {name: place for place, name in enumerate(recorder.notes)}
        self._homes = {name: _home(sys.modules.get(name)) for name in recorder.notes
                       if "." not in name}
        self._hidden: dict[str, object] = {}
        self._bound: set[str] = set()
        self._path: set[str] = set()

    def names(self) -> set[str]:
        """Top-level names that a file in the kernel's folder takes from these modules.

        The folder stands before the first ``site-packages``, after Python's own modules.
        """
        first = min((place for place, folder in enumerate(sys.path)
                     if folder.endswith(("site-packages", "dist-packages"))), default=0)
        later = set(sys.path[first:])
        return {top for top, home in self._homes.items() if home in later} | self._recorder.missed

    def closure(self, name: str) -> list[str]:
        """What an import of this module loads, in the order in which it is loaded."""
        return self._reached(name, self._order)

    def hide(self) -> None:
        """Make this process one in which none of the modules has been imported."""
        for name in self._order:
            module = sys.modules.pop(name, None)
            if module is None:
                continue
            self._hidden[name] = module
            parent, _, child = name.rpartition(".")
            above = self._hidden.get(parent) or sys.modules.get(parent)
            if isinstance(above, Module) and vars(above).get(child) is module:
                del vars(above)[child]
                self._bound.add(name)
        self._path = set(sys.path)
        warnings.filters[:] = self._recorder.filters
        sys.meta_path[:] = self._recorder.finders
        _refilter()
        machinery._find_spec = self._find

    def _find(self, name, path, target=None):
        """What the import system asks for a module that is not loaded."""
        if target is None and name in self._hidden and name not in self._recorder.strays:
            reached = self._reached(name, self._hidden)
            if not self._taken(name, reached):
                return machinery.ModuleSpec(name, _Ready(self, name, reached))
        return _spec_of(name, path, target)

    def _reached(self, name: str, among: dict) -> list[str]:
        found, left = set(), [name]
        while left:
            here = left.pop()
            if here in found or here not in among:
                continue
            found.add(here)
            left += self._recorder.notes[here]
            left.append(here.rpartition(".")[0])
        return sorted(found, key=self._order.__getitem__)

    def _taken(self, name: str, reached: list[str]) -> bool:
        """Whether a file on the way finds itself in the place of one of these modules."""
        origin = getattr(getattr(self._hidden[name], "__spec__", None), "origin", None) or ""
        if origin.endswith(EXTENSIONS):
            return False                # an extension cannot be loaded twice
        homes = {top: self._homes.get(top) for top in
                 {each.partition(".")[0] for each in reached}}
        for number, place in enumerate(sys.path):
            if place not in self._path:
                later = {top for top, home in homes.items() if home in sys.path[number:]}
                if later & importable(place):
                    return True
        return False

    def give(self, reached: list[str]) -> None:
        """Bring modules back."""
        back: dict[str, None] = {}
        for name in reached:
            module = self._hidden.pop(name, None)
            if module is None:
                continue
            back[name] = None
            sys.modules[name] = module
            parent, _, child = name.rpartition(".")
            above = sys.modules.get(parent)
            if name in self._bound and above is not None:
                setattr(above, child, module)
        for name, kind, what in self._recorder.done:
            if name in back:
                _DO[kind](*what)
        for name in back:
            if name in self._settle:
                self._settle[name]()

    def module(self, name: str) -> object:
        """A module that has not come back yet."""
        return self._hidden[name]


class _Ready:
    """A loader of modules that are there."""

    def __init__(self, stash: Stash, name: str, reached: list[str]) -> None:
        self._stash, self._reached = stash, reached
        self._module = stash.module(name)
        self._spec = getattr(self._module, "__spec__", None)

    def create_module(self, spec):
        return self._module

    def exec_module(self, module):
        if isinstance(module, Module):
            module.__spec__ = self._spec
        self._stash.give(self._reached)


def _home(module: object) -> str | None:
    """The entry of ``sys.path`` that a top-level module was found in."""
    spec = getattr(module, "__spec__", None)
    if spec is None or not spec.has_location:
        return None
    folder = os.path.dirname(spec.origin)
    return os.path.dirname(folder) if spec.submodule_search_locations is not None else folder


def importable(folder: str) -> set[str]:
    """Top-level names that Python would find as modules in this folder."""
    folder = folder or "."
    try:
        found = os.listdir(folder)
    except OSError:
        return set()
    files = {name.partition(".")[0] for name in found
             if name.endswith((".py", ".pyc", *EXTENSIONS))}
    return files | {name for name in found if os.path.isfile(f"{folder}/{name}/__init__.py")}


def _filter(first: bool, item: tuple) -> None:
    """Add a warning filter as ``warnings.filterwarnings`` does."""
    if item in warnings.filters:
        if not first:
            return
        warnings.filters.remove(item)
    warnings.filters.insert(0 if first else len(warnings.filters), item)
    _refilter()


def _finder(first: bool, finder: object) -> None:
    sys.meta_path.insert(0 if first else len(sys.meta_path), finder)


_DO = {"filters": _filter, "finders": _finder, "environ": os.environ.__setitem__}


def _refilter() -> None:
    """Tell the interpreter that the warning filters have changed."""
    mutated = getattr(warnings, "_filters_mutated", None) or warnings._filters_mutated_lock_held
    mutated()
