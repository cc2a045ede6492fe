"""Notes, while modules are imported, what the import of each brings along.

A kernel that starts cold loads module X, and with it everything that X imports, whether or not
something else had loaded that before. So it is not enough to see what is new after an import: an
import statement that finds its module already there counts as well. CPython looks at ``__spec__``
of a module that it finds in ``sys.modules``; while the recording lasts, modules are of a class in
which ``__spec__`` is a property that notes who is looking.

It stands on nothing but builtins, so that what it notes begins early.
"""

from __future__ import annotations

import _frozen_importlib as machinery
import sys
import warnings

Module = type(sys)


class Note:
    """What one module does while it is imported."""

    __slots__ = ("environ", "filters", "imports")

    def __init__(self) -> None:
        self.imports: dict[str, None] = {}
        self.filters: list[tuple[bool, tuple]] = []
        self.environ: dict[str, str] = {}


class Recorder:
    """Notes imports from ``start`` to ``stop``.

    Attributes
    ----------
    before : set of str
        Modules that were there at the start, as in any Python.
    notes : dict
        Module name to Note, in the order in which they were begun.
    missed : set of str
        Names that were looked for in vain.
    filters : list
        ``warnings.filters`` at the start.
    """

    def __init__(self, own: str) -> None:
        # What is already there of our own package is for kernels as if it were not.
        self.before = {name for name in sys.modules if name.partition(".")[0] != own}
        self.notes = {name: Note() for name in sys.modules if name.partition(".")[0] == own}
        self.missed: set[str] = set()
        self.filters = list(warnings.filters)
        self._stack: list[str] = []
        self._seen_filters = list(warnings.filters)
        self._environ: dict | None = None
        self._seen_environ: dict = {}
        self._known = len(sys.modules)
        self._classes: dict[str, type] = {}
        self._stock = {}

    def start(self) -> None:
        """Begin to note."""
        for name in ("_find_and_load", "_load_unlocked", "_handle_fromlist"):
            self._stock[name] = getattr(machinery, name)
        machinery._find_and_load = self._find
        machinery._load_unlocked = self._load
        machinery._handle_fromlist = self._from
        self._class = self._watched()

    def stop(self) -> None:
        """Leave the import system, and every module, as they were."""
        for name, function in self._stock.items():
            setattr(machinery, name, function)
        for name, cls in self._classes.items():
            module = sys.modules.get(name)
            if type(module) is self._class:
                module.__class__ = cls
        self._account()
        # What was set for the length of a ``with catch_warnings()`` is gone by now.
        lasting = [item for item in warnings.filters if item not in self.filters]
        for note in self.notes.values():
            note.filters = [(first, item) for first, item in note.filters if item in lasting]

    def watch_environ(self, environ) -> None:
        """Note from now on what modules set in the environment while they are imported."""
        self._environ, self._seen_environ = environ, dict(environ)

    def _find(self, name, import_):
        self._touch(name)
        try:
            module = self._stock["_find_and_load"](name, import_)
        except ModuleNotFoundError as error:
            if error.name == name and "." not in name:
                self.missed.add(name)
            raise
        self._touch(name)
        return module

    def _load(self, spec):
        self._account()
        self.notes.setdefault(spec.name, Note())
        self._touch(spec.name)
        self._stack.append(spec.name)
        try:
            return self._stock["_load_unlocked"](spec)
        finally:
            self._account()
            self._stack.pop()
            self._watch(spec.name)

    def _from(self, module, fromlist, import_, *, recursive=False):
        found = self._stock["_handle_fromlist"](module, fromlist, import_, recursive=recursive)
        base = getattr(module, "__name__", "")
        for name in fromlist:
            if isinstance(name, str):
                full = f"{base}.{name}"
                if full in self.notes and module.__dict__.get(name) is sys.modules.get(full):
                    self._touch(full)
        return found

    def _touch(self, name: str) -> None:
        if self._stack and self._stack[-1] in self.notes:
            self.notes[self._stack[-1]].imports[name] = None

    def _watched(self) -> type:
        touch = self._touch

        class Watched(Module):
            @property
            def __spec__(self):
                touch(self.__dict__.get("__name__"))
                return self.__dict__.get("__spec__")

            @__spec__.setter
            def __spec__(self, spec):
                self.__dict__["__spec__"] = spec

        return Watched

    def _watch(self, name: str) -> None:
        module = sys.modules.get(name)
        if type(module) is Module:
            self._classes[name] = Module
            module.__class__ = self._class

    def _account(self) -> None:
        """Put down what has changed since the last time to the module that is being imported."""
        note = self.notes.get(self._stack[-1]) if self._stack else None
        if warnings.filters != self._seen_filters:
            if note is not None:
                note.filters += _added(self._seen_filters, warnings.filters)
            self._seen_filters = list(warnings.filters)
        if self._environ is not None and self._environ != self._seen_environ:
            now = dict(self._environ)
            if note is not None:
                note.environ |= dict(now.items() - self._seen_environ.items())
            self._seen_environ = now
        if len(sys.modules) != self._known:
            self._strays(note)

    def _strays(self, note: Note | None) -> None:
        """Modules that were put into ``sys.modules`` by hand, as Cython does."""
        for name in list(sys.modules):
            if name not in self.before and name not in self.notes:
                self.notes[name] = Note()
                if note is not None:
                    note.imports[name] = None
        self._known = len(sys.modules)


def _added(before: list, after: list) -> list[tuple[bool, tuple]]:
    """The filters that are new, the last to be applied last, each with whether it goes first."""
    old = set(map(id, before))
    stands = [i for i, item in enumerate(after) if id(item) in old]
    first = stands[0] if stands else len(after)
    new = [(True, item) for item in reversed(after[:first])]
    return new + [(False, item) for item in after[first:] if id(item) not in old]
