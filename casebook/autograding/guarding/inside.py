"""Runs inside a student's kernel: what Python and IPython are made of there, as numbers.

The grader sends this file's code with each question and keeps nothing in the kernel. What it says
can only be as honest as the Python that runs it, so it leans on what cannot be replaced without
writing to memory: operators, and methods of built-in types taken from literals. Whatever else it
uses (``id``, ``marshal``) is among the things whose addresses it reports.
"""

import sys

_TYPE = ().__class__.__class__
_OBJECT = ().__class__.__base__
_INT, _FLOAT = (0).__class__, (0.0).__class__
_BOOL = (0 == 0).__class__
_TEXT = "".__class__
_LIST, _DICT = [].__class__, {}.__class__
_TUPLE = ().__class__
_FUNCTION = (lambda: 0).__class__
_CODE = (lambda: 0).__code__.__class__
_BOUND = _TYPE("", (), {"m": lambda self: 0})().m.__class__
_MODULE = _TYPE(sys)
_NAMESPACE = _MODULE.__dict__["__dict__"].__get__
_CLASS_DICT = _TYPE.__dict__["__dict__"].__get__
_CLASS_MRO = _TYPE.__dict__["__mro__"].__get__
PRIME = (1 << 61) - 1
_LARGE = 1 << 1000
_CACHES = ("_PLAYED", "_REPLAYED")     # filled by modules themselves
#: Where installed modules lie, and where the student's files do; each question says.
FOLDERS, WORK = (), "/"
#: Modules that decide what a check says.
FAMILY = ("casebook.grading", "casebook.study.tables", "casebook.engagement.transcript",
          "casebook.engagement.replay", "casebook.errors")
#: Modules that these rest on. There are many, so that not every look is at them.
RELIED = ("casebook.case", "casebook.engagement", "casebook.explore.small", "casebook.language",
          "casebook.markup", "casebook.model", "casebook.roles", "casebook.study",
          "casebook.whereabouts", "casebook.yaml_text")

#: Changed by IPython itself around each cell, or only ever shown.
_FLEETING = ("input", "get_ipython", "display", "exit", "quit", "_", "help", "copyright",
             "credits", "license", "breakpoint", "__IPYTHON__", "__build_class__")
#: Of ``sys`` and others only what runs code; the rest changes all the time.
_ONLY = {"sys": ("settrace", "gettrace", "setprofile", "getprofile", "_getframe", "exc_info",
                 "modules", "intern")}


def _address(thing):
    """Where a thing lies, without a built-in function that could have been replaced."""
    return _INT(_OBJECT.__repr__(thing).rpartition(" at ")[2][:-1], 16)


def _at(frame, name):
    """The ``self`` of the nearest frame that runs a function of this name."""
    while frame is not None and frame.f_code.co_name != name:
        frame = frame.f_back
    return frame


class _Walk:
    """Addresses of what lies in containers, in an order that only removing can change.

    Each container comes to one number: the hash of a tuple of addresses, which hangs on nothing
    but these.
    """

    def __init__(self, builtins, sizes, everything):
        self.builtins, self.sizes, self.everything = builtins, sizes, everything
        self.hashes, self.found, self.added, self.modules, self.places = [], [], [], [], []
        self.identity = builtins["id"]

    def all_of(self, where, mapping, first=(), bases=()):
        """The items that were there when the record was taken; later ones come after them."""
        keys, values = [*mapping], [*mapping.values()]
        if self.sizes is not None:
            size = self.sizes[_LIST.__len__(self.found)]
            for key in keys[size:]:
                # A name of Python's own where a module looks first, or a method before another.
                before = bases if bases else (self.builtins,) if where != "builtins" else ()
                self.added += [(where, key) for names in before if key in names]
            keys, values = keys[:size], values[:size]
        self.found.append(_LIST.__len__(values))
        if where[:8] == "casebook":
            inner = _held(where, keys, values)
            keys = keys + [key for key, _ in inner]
            values = values + [value for _, value in inner]
        ids = [*map(self.identity, first), *map(self.identity, values)]
        pairs, parts = self._functions(keys, values, where[:8] == "casebook")
        ids += parts
        self.hashes.append(_TUPLE.__hash__(_TUPLE(ids)))
        if self.everything and not where.startswith(RELIED):      # a name is enough for those
            labels = [where for _ in first] + keys + pairs
            self.places += [(where, key, one) for key, one in zip(labels, ids, strict=True)]

    def _functions(self, keys, values, checks):
        """The parts that functions run: their code, defaults, and what they closed over."""
        identity = self.identity
        items = [*zip(keys, values, strict=True)]
        pairs = [(key, value) for key, value in items if _TYPE(value) is _FUNCTION]
        wrapped = [(key, value) for key, value in items if _TYPE(value) in _WRAPPERS]
        pairs += [(key, function) for key, value in wrapped
                  if _TYPE(function := getattr(value, _WRAPPERS[_TYPE(value)])) is _FUNCTION]
        # By what it does: where code of the checks has been, other code may be put.
        of_code = _CODE.__hash__ if checks else identity
        ids = [of_code(value.__code__) for _, value in pairs]
        ids += [identity(value.__defaults__) for _, value in pairs]
        ids += [identity(value.__kwdefaults__) for _, value in pairs]
        closed = [(key, cell) for key, value in pairs if value.__closure__
                  for cell in value.__closure__]
        for _, cell in closed:
            try:
                ids.append(identity(cell.cell_contents))
            except ValueError:
                ids.append(0)
        if not self.everything:
            return [], ids
        named = [key for key, _ in pairs]
        return named * 3 + [key for key, _ in closed], ids


def _held(name, keys, values):
    """What can be changed within a module's own things while they stay the same things."""
    found = []
    for key, value in zip(keys, values, strict=True):
        kind = _TYPE(value)
        if key[:2] == "__":
            continue
        if kind is _FUNCTION:
            found += [(key, one) for one in value.__dict__.values()]
        elif kind is _DICT and key not in _CACHES:
            found += [(key, one) for one in (*value.keys(), *value.values())]
        elif kind is _LIST:
            found += [(key, one) for one in value]
        elif _TYPE in _CLASS_MRO(kind) and value.__module__ == name:
            found.append((key, _CLASS_MRO(value)))
            found += [(key, one) for at, one in _CLASS_DICT(value).items()
                      if _TYPE(one) is _FUNCTION or _TYPE(one) in _WRAPPERS
                      or (at[:2] != "__" and _TYPE(one) in _SIMPLE)]
    return found


_SIMPLE = (_TEXT, _INT, _FLOAT, _BOOL, _TUPLE)
_WRAPPERS = {property: "fget", staticmethod: "__func__", classmethod: "__func__"}


def _classes(things):
    """Every class that these things are made of, each once."""
    seen = {}
    for thing in things:
        for kind in _CLASS_MRO(_TYPE(thing)):
            if kind is not _OBJECT:
                seen[kind.__module__ + "." + kind.__qualname__] = kind
    return seen


def _parts(shell, kernel):
    return (("shell", shell), ("kernel", kernel), ("compile", shell.compile),
            ("displayhook", shell.displayhook), ("display_pub", shell.display_pub),
            ("events", shell.events), ("input_transformer_manager",
                                       shell.input_transformer_manager),
            ("session", kernel.session))


def _overrides(label, thing):
    """Attributes of an instance that stand before a method of its class."""
    found = []
    own = _OBJECT.__getattribute__(thing, "__dict__")
    for kind in _CLASS_MRO(_TYPE(thing)):
        methods = _CLASS_DICT(kind)
        for key in own:
            if key in methods and _TYPE(methods[key]) in (_FUNCTION, staticmethod, classmethod):
                found.append((label + "." + key, own[key]))
    return found


def _hooks(shell, kernel, parts):
    """Everything that is called around a cell, with what it is called for."""
    transforms = shell.input_transformer_manager
    found = []
    for name in ("cleanup_transforms", "line_transforms", "token_transformers"):
        found += [("input", one) for one in getattr(transforms, name)]
    found += [("input", one) for one in shell.input_transformers_post]
    found += [("ast", one) for one in shell.ast_transformers]
    for event, called in shell.events.callbacks.items():
        found += [("event " + event, one) for one in called]
    found += [("exception", one) for one in shell.custom_exceptions]
    for label, thing in parts:
        found += _overrides(label, thing)
    found += [("finder", one) for one in sys.meta_path]
    found += [("finder", one) for one in sys.path_hooks]
    found += [("trace", one) for one in (sys.gettrace(), sys.getprofile()) if one is not None]
    if "gc" in sys.modules:
        found += [("garbage", one) for one in sys.modules["gc"].callbacks]
    found.append(("excepthook", sys.excepthook))
    if "signal" in sys.modules:
        signals = sys.modules["signal"]
        for name in ("SIGALRM", "SIGVTALRM", "SIGPROF"):
            if name in _NAMESPACE(signals):
                found.append((name, signals.getsignal(getattr(signals, name))))
    return found


def _library(value, name=None):
    """Whether a thing belongs to an installed module, and under this name if one is given."""
    if _TYPE(value) is _BOUND:
        value = value.__func__
    if _TYPE(value) is _FUNCTION:
        home = sys.modules.get(value.__globals__.get("__name__"))
        file = value.__code__.co_filename
    elif name is not None:
        home = sys.modules.get(getattr(value, "__module__", None) or "numpy")
        if _TYPE(value) is _MODULE:
            home = sys.modules.get(value.__name__)
            return home is value and _installed(home)
        file = None
    else:
        home = sys.modules.get(_TYPE(value).__module__)
        file = None
    if home is None or _TYPE(home) is not _MODULE or not _installed(home):
        return False
    if _TYPE(value) is _FUNCTION and _NAMESPACE(home) is not value.__globals__:
        return False
    if file is not None and not _outside(file):
        return False
    return name is None or _NAMESPACE(home).get(name) is value


def _installed(module):
    """Whether a module came with Python or was installed, and was not handed in."""
    file = _NAMESPACE(module).get("__file__")
    if file is None:
        return _NAMESPACE(module).get("__name__") in sys.builtin_module_names
    return _TYPE(file) is _TEXT and _outside(file)


def _outside(file):
    """Whether a file is one that Python was started with; see ``FOLDERS``."""
    return file.startswith(FOLDERS) and not file.startswith(WORK)


def gist(code):
    """What a function does, as one number: the same for the same text."""
    total = _INT.from_bytes(code.co_code, "big") % PRIME
    for name in code.co_names:
        total = (total * 31 + _INT.from_bytes(name.encode(), "big")) % PRIME
    for one in code.co_consts:
        kind = _TYPE(one)
        if kind is _TYPE(code):
            total = (total * 37 + gist(one)) % PRIME
        elif kind in (_TEXT, _INT, _FLOAT, _BOOL, _TUPLE):
            total = (total * 41 + _INT.from_bytes(kind.__repr__(one).encode(), "big")) % PRIME
    return total


def _named(names, space, identity):
    """What names of the test stand for in the student's own namespace."""
    found = []
    for name in names:
        if name in space:
            value = space[name]
            kind = "own"
            if not _callable(value):
                kind = "value"
            elif _library(value, name):
                kind = "library"
            code = gist(value.__code__) if _TYPE(value) is _FUNCTION else 0
            found.append((name, kind, identity(value), code))
    return found


def _callable(value):
    """Whether a thing can be called; ``callable`` itself could have been replaced."""
    return [1 for kind in _CLASS_MRO(_TYPE(value)) if "__call__" in _CLASS_DICT(kind)] != []


def _result(frame):
    """The value that the cell's last line gave, as far as it is shown as a number."""
    value = frame.f_locals["res"].result
    if value is None:
        return ("none", "")
    kinds = _CLASS_MRO(_TYPE(value))
    shows = [kind for kind in kinds if "__repr__" in _CLASS_DICT(kind)][0]
    if shows is not _INT and shows is not _FLOAT and _library(shows, shows.__name__):
        for kind in kinds:
            if kind.__module__ == "numpy" and kind.__name__ == "number":
                return ("shown", shows.__repr__(value))
        return ("other", "")
    for kind in kinds:
        if kind is _FLOAT:
            return ("number", _FLOAT.__repr__(value))
        if kind is _INT:
            return ("number", _whole(value))
    return ("other", "")


def _whole(value):
    """A whole number as text; one of thousands of digits, which Python does not write, as such."""
    if _INT.__gt__(_INT.__abs__(value), _LARGE):
        return "inf" if _INT.__gt__(value, 0) else "-inf"
    return _INT.__repr__(value)


def _road(frame):
    """The functions on the way from the kernel's loop to here."""
    road = []
    while frame is not None:
        road.append(_address(frame.f_code))
        if frame.f_code.co_name == "dispatch_shell":
            break
        frame = frame.f_back
    return road


def look(key, sizes, modules, watched, names, failing, everything, alone):
    """What there is, as a list in JSON.

    ``key`` is a fresh number that the answer depends on; ``sizes`` says how many things each
    container held at first, or is None. The contents of ``modules`` (``module`` or
    ``module:class``) count; those of ``watched`` will once they are there. ``names`` are those
    that the test uses, ``failing`` is code that must fail in the shell, or empty,
    ``everything`` asks for each address with its place, and ``alone`` for modules only.
    """
    try:
        raise KeyError
    except KeyError as error:
        here = error.__traceback__.tb_frame
    asked = here.f_back.f_back.f_back                 # this, the question's lambda, its line
    shell = _at(here, "user_expressions").f_locals["self"]
    running = _at(here, "do_execute")
    kernel = running.f_locals["self"]
    walk = _Walk(here.f_builtins, sizes, everything)
    parts = _parts(shell, kernel)
    if not alone:
        _visit(walk, here, shell, kernel, parts)
    _visit_modules(walk, modules)
    hooks = [(what, walk.identity(one), 0 + _library(one))
             for what, one in _hooks(shell, kernel, parts)]
    total = key
    for one in walk.hashes:
        total = (total * key + one) % PRIME
    answer = (total, walk.found, walk.added, hooks, _road(asked), _result(running),
              _named(names, shell.user_ns, walk.identity), shell.ast_node_interactivity,
              _arrived(modules, watched), walk.modules, _failed(shell, failing),
              (walk.hashes, walk.places) if everything else None)
    return sys.modules["json"].dumps(answer)


def _failed(shell, code):
    """What the shell's own error was when it ran code that must fail."""
    if not code:
        return ""
    error = shell.run_cell(code, store_history=False, silent=True).error_in_exec
    return _TEXT.__str__(error.args[0]) if error is not None else ""


def _visit(walk, here, shell, kernel, parts):
    """Walk through what Python and IPython are made of, always in the same order."""
    # ``id`` itself is looked at without ``id``.
    walk.hashes.append(_address(walk.identity))
    walk.all_of("builtins", {key: value for key, value in here.f_builtins.items()
                             if key not in _FLEETING})
    space = shell.user_ns
    fixed = {
        "namespace": space, "__builtins__": space.get("__builtins__"),
        "builtins": here.f_builtins, "handlers": kernel.shell_handlers, "modules": sys.modules,
        "iopub": kernel.iopub_socket, "user_module": shell.user_module}
    for label, thing in parts:
        fixed[label], fixed["class of " + label] = thing, _TYPE(thing)
    walk.all_of("parts", fixed)
    walk.all_of("handlers", kernel.shell_handlers)
    for name, kind in _classes([thing for _, thing in parts]).items():
        walk.all_of(name, _CLASS_DICT(kind), bases=[
            _CLASS_DICT(base) for base in _CLASS_MRO(kind) if base is not kind])


def _visit_modules(walk, modules):
    """Walk through modules; each is one container."""
    for name in modules:
        module, _, inner = name.partition(":")
        thing = sys.modules.get(module)
        if thing is None and walk.sizes is None:
            continue                              # not there at first, so not in the record
        walk.modules.append(name)
        if _TYPE(thing) is not _MODULE:
            walk.all_of(name, {}, (thing,))
        elif inner:
            walk.all_of(name, _CLASS_DICT(_NAMESPACE(thing)[inner]), (thing,), [
                _CLASS_DICT(base) for base in _CLASS_MRO(_NAMESPACE(thing)[inner])[1:]])
        else:
            space = _NAMESPACE(thing)
            if name in _ONLY:
                space = {key: space.get(key) for key in _ONLY[name]}
            walk.all_of(name, space, (thing,))


def _arrived(modules, watched):
    """Modules of the checks, and others that are watched, which came after the record."""
    # There are a thousand modules, and this is asked twice for each test.
    found = [name for name in sys.modules if name[:8] == "casebook"
             and name.startswith((*FAMILY, *RELIED)) and name not in modules]
    return found + [name for name in watched if name not in modules
                    and name.partition(":")[0] in sys.modules]
