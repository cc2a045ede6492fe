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


class Recorder:
    """Notes imports from ``start`` to ``stop``.

    Attributes
    ----------
    before : set of str
        Modules that were there at the start, as in any Python.
    notes : dict
        Module name to the names that its import statements name, in the order of their beginning.
    done : list of tuple
        What modules did to the process while they were imported, in order: the module's name,
        ``"filters"``, ``"finders"`` or ``"environ"``, and what it added there.
    missed : set of str
        Names that were looked for in vain.
    strays : set of str
        Modules that nobody imported: they were put into ``sys.modules`` by hand.
    filters, finders : list
        ``warnings.filters`` and ``sys.meta_path`` at the start.
    """

    def __init__(self, own: str) -> None:
        # What is already there of our own package is for kernels as if it were not.
        self.before = {name for name in sys.modules if name.partition(".")[0] != own}
        self.notes: dict[str, dict[str, None]] = {
            name: {} for name in sys.modules if name.partition(".")[0] == own}
        self.done: list[tuple[str, str, object]] = []
        self.missed: set[str] = set()
        self.strays: set[str] = set()
        self.filters, self.finders = list(warnings.filters), list(sys.meta_path)
        self._stack: list[str] = []
        self._seen = {"filters": list(warnings.filters), "finders": list(sys.meta_path)}
        self._environ: dict | None = None
        self._seen_environ: dict = {}
        self._known = len(sys.modules)
        self._stock: dict = {}

    def start(self) -> None:
        """Begin to note."""
        self._class = self._watched()
        for name in self.notes:
            self._watch(sys.modules.get(name))
        for name, function in (("_find_and_load", self._find), ("_load_unlocked", self._load),
                               ("module_from_spec", self._create),
                               ("_handle_fromlist", self._from)):
            self._stock[name] = getattr(machinery, name)
            setattr(machinery, name, function)

    def stop(self) -> None:
        """Leave the import system, and every module, as they were."""
        for name, function in self._stock.items():
            setattr(machinery, name, function)
        for module in list(sys.modules.values()):
            if type(module) in (self._class, self._lazy):
                module.__class__ = Module
        self._account()
        # What was set for the length of a ``with catch_warnings()`` is gone by now.
        lasting = [item for item in warnings.filters if item not in self.filters]
        self.done = [each for each in self.done if each[1] != "filters" or each[2][1] in lasting]

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
        self.notes.setdefault(spec.name, {})
        self._touch(spec.name)
        self._stack.append(spec.name)
        try:
            return self._stock["_load_unlocked"](spec)
        finally:
            self._account()
            self._stack.pop()
            module = sys.modules.get(spec.name)
            if type(module) is self._class and "__getattr__" in vars(module):
                module.__class__ = self._lazy

    def _create(self, spec):
        module = self._stock["module_from_spec"](spec)
        self._watch(module)
        return module

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
            self.notes[self._stack[-1]][name] = None

    def _watched(self) -> type[Module]:
        touch = self._touch

        class Watched(Module):
            @property
            def __spec__(self):
                touch(self.__dict__.get("__name__"))
                return self.__dict__.get("__spec__")

            @__spec__.setter
            def __spec__(self, spec):
                self.__dict__["__spec__"] = spec

        class WatchedLazy(Watched):
            # Had its submodule not been there, the package's __getattr__ would have imported it.
            def __getattribute__(self, name):
                value = Module.__getattribute__(self, name)
                if isinstance(value, Module):
                    full = f"{Module.__getattribute__(self, '__name__')}.{name}"
                    if sys.modules.get(full) is value:
                        touch(full)
                return value

        self._lazy = WatchedLazy
        return Watched

    def _watch(self, module: object) -> None:
        if type(module) is Module:
            module.__class__ = self._class

    def _account(self) -> None:
        """Put down what has changed since the last time to the module that is being imported."""
        here = self._stack[-1] if self._stack else None
        for kind, now in (("filters", warnings.filters), ("finders", sys.meta_path)):
            if now != self._seen[kind]:
                if here is not None:
                    self.done += [(here, kind, new) for new in _added(self._seen[kind], now)]
                self._seen[kind] = list(now)
        if self._environ is not None and self._environ != self._seen_environ:
            now = dict(self._environ)
            if here is not None:
                self.done += [(here, "environ", new) for new in now.items()
                              if new not in self._seen_environ.items()]
            self._seen_environ = now
        if len(sys.modules) != self._known:
            self._strays(here)

    def _strays(self, here: str | None) -> None:
        """Modules that somebody put into ``sys.modules``, as Cython does."""
        for name in list(sys.modules):
            if name not in self.before and name not in self.notes:
                self.notes[name] = {}
                self.strays.add(name)
                if here is not None:
                    self.notes[here][name] = None
        self._known = len(sys.modules)


def _added(before: list, after: list) -> list[tuple[bool, object]]:
    """What is new in a list, each with whether it goes first, in the order of their coming."""
    old = set(map(id, before))
    stands = [i for i, item in enumerate(after) if id(item) in old]
    first = stands[0] if stands else len(after)
    new = [(True, item) for item in reversed(after[:first])]
    return new + [(False, item) for item in after[first:] if id(item) not in old]
