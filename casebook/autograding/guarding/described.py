"""What a module is made of, as one number, the same in every process that runs the same files.

The grader describes its own copy of a module; the same code, sent to a student's kernel, describes
what stands under that name there. Functions count by what they do and where they look names up,
constants by their value. Of names that begin with ``_`` only the casebook's count beside functions:
other modules keep things there that come and go.
"""

import sys

_TYPE = ().__class__.__class__
_OBJECT = ().__class__.__base__
_TEXT, _INT, _TUPLE = "".__class__, (0).__class__, ().__class__
_DICT, _LIST = {}.__class__, [].__class__
_FUNCTION = (lambda: 0).__class__
_CODE = (lambda: 0).__code__.__class__
_MODULE = _TYPE(sys)
_NAMESPACE = _MODULE.__dict__["__dict__"].__get__
_CLASS_DICT = _TYPE.__dict__["__dict__"].__get__
_SIMPLE = (_TEXT, _INT, (0.0).__class__, (0 == 0).__class__, b"".__class__, None.__class__)
_SETS = ({1}.__class__, frozenset().__class__)
_PROXY = _TYPE(_TYPE.__dict__)
_CLASS_MRO = _TYPE.__dict__["__mro__"].__get__
_PARTS = {property: ("fget", "fset"), staticmethod: ("__func__",), classmethod: ("__func__",)}
_PRIME = (1 << 61) - 1
_DEEP = 4
_DEEPEST = 9
#: The casebook's modules; more is known of them than of others.
_OURS = "casebook"
#: Filled by modules themselves, with what they have worked out already.
_CACHES = ("_PLAYED", "_REPLAYED", "_JOB", "_PREPARED", "_THERE")
#: Where installed modules lie, and where the student's files do, in a student's kernel.
FOLDERS, WORK = (), "\0"


def _number(text):
    return _INT.from_bytes(text.encode("utf-8", "surrogatepass"), "big") % _PRIME


def _code(code):
    total = _INT.from_bytes(code.co_code, "big") % _PRIME
    for name in code.co_names:
        total = (total * 31 + _number(name)) % _PRIME
    for one in code.co_consts:
        total = (total * 37 + (_code(one) if _TYPE(one) is _CODE else _value(one, _DEEP))) % _PRIME
    return total


def _function(function, deep):
    total = _code(function.__code__)
    for one in function.__defaults__ or ():
        total = (total * 41 + _value(one, deep + 1)) % _PRIME
    for name, one in (function.__kwdefaults__ or {}).items():
        total = (total * 43 + _number(name) + _value(one, deep + 1)) % _PRIME
    for cell in function.__closure__ or ():
        try:
            total = (total * 47 + _value(cell.cell_contents, deep + 1)) % _PRIME
        except ValueError:
            total = total * 47 % _PRIME
    return (total + _surroundings(function, deep)) % _PRIME


def _surroundings(function, deep):
    """The namespace in which a function looks names up, and what it carries along."""
    space = function.__globals__
    name = space.get("__name__")
    home = sys.modules.get(name)
    total = _number(f"{name}")
    if _TYPE(home) is not _MODULE or _NAMESPACE(home) is not space:
        # Perhaps the same code beside other things of the same names.
        total += 73
        for key in function.__code__.co_names:
            if key in space:
                total += _number(key) * _value(space[key], deep + 1)
    elif name.startswith(_OURS):
        for key, one in function.__dict__.items():
            total += _number(key) * _value(one, deep + 1)
    return total


def _value(value, deep):
    """One thing: by what it does or is worth, where that can be told, and by its kind elsewhere."""
    kind = _TYPE(value)
    if kind in _SIMPLE:
        return _number(kind.__name__ + kind.__repr__(value))
    if kind is _FUNCTION:
        return _function(value, deep) if deep < _DEEP else _code(value.__code__)
    if deep > _DEEPEST:
        return _number(kind.__name__)
    if kind in (_TUPLE, _LIST):
        total = _number(kind.__name__)
        for one in value:
            total = (total * 53 + _value(one, deep + 1)) % _PRIME
        return total
    if kind in _SETS:
        total = _number(kind.__name__)
        for one in value:
            total = (total + _value(one, deep + 1) * 89) % _PRIME
        return total
    if kind is _DICT or kind is _PROXY:
        total = _number(kind.__name__)
        for key, one in value.items():
            total = (total + _value(key, deep + 1) * 59 + _value(one, deep + 1)) % _PRIME
        return total
    if kind in _PARTS:
        total = _number(kind.__name__)
        for part in _PARTS[kind]:
            total = (total * 61 + _value(getattr(value, part), deep)) % _PRIME
        return total
    if kind is _MODULE:
        return _number(_registered(value))
    if "__wrapped__" in (getattr(value, "__dict__", None) or ()) and deep < _DEEP:
        return (_number(kind.__name__) * _truly(value)
                + _value(value.__wrapped__, deep + 1)) % _PRIME
    if kind.__name__ == "builtin_function_or_method":
        return _number(kind.__name__ + value.__name__)
    if _TYPE in _CLASS_MRO(kind):
        return _number(_claimed(value))
    return (_number(_claimed(kind)) + _instance(kind, value, deep)) % _PRIME


def _registered(module):
    known = sys.modules.get(module.__name__) is module
    return f"module {module.__name__}" if known else "no module"


def _truly(value):
    """1 where what stands behind a cache is what it says of itself, and 2 elsewhere."""
    if _TYPE(value).__name__ != "_lru_cache_wrapper":
        return 1
    known = "gc" in sys.modules
    import gc

    if not known:
        del sys.modules["gc"]               # the notebook finds it as it left it
    referents = gc.get_referents
    # A built-in function says truly which it is.
    if _TYPE(referents) is not _TYPE(sys.intern) or referents.__qualname__ != "get_referents":
        return 2
    return 1 if [one for one in referents(value) if one is value.__wrapped__] else 2


def _claimed(kind):
    """The name of a class, and whether it is the one that its module has by this name."""
    home = sys.modules.get(kind.__module__)
    found = _TYPE(home) is _MODULE and _NAMESPACE(home).get(kind.__qualname__) is kind
    return f"{kind.__module__}.{kind.__qualname__}" + (" itself" if found else "")


def _instance(kind, value, deep):
    """What can be told of an object: a pattern, a path, an array, or one of the casebook's."""
    named = kind.__module__ + "." + kind.__name__
    if named == "re.Pattern":
        return _value(value.pattern, deep + 1) + value.flags
    if kind.__module__[:7] == "pathlib":
        return _path(_TEXT(value)) if value.is_absolute() else _number(_TEXT(value))
    if named == "numpy.ndarray" and not value.dtype.hasobject:
        return _number(f"{value.dtype}{value.shape}") + _INT.from_bytes(value.tobytes(), "big")
    total = 0
    if kind.__module__.startswith(_OURS):
        for key, one in (getattr(value, "__dict__", None) or {}).items():
            if key[:1] != "_":
                total += _number(key) * _value(one, deep + 1)
    return total


def _path(text):
    """A path by its last name, and whether it leads to where modules are installed."""
    known = not FOLDERS or (text.startswith(FOLDERS) and not text.startswith(WORK))
    return _number(text.replace("\\", "/").rpartition("/")[2]) * (1 + known)


def _class(kind):
    """A class by its methods and constants, and by the names of those that it rests on."""
    total = _number(kind.__qualname__)
    for base in _CLASS_MRO(kind)[1:]:
        total = (total * 83 + _number(_claimed(base))) % _PRIME
    for key, value in _CLASS_DICT(kind).items():
        if key in ("__doc__", "__dict__", "__weakref__", "__module__", "__annotations__"):
            continue
        if key[:1] != "_" or _TYPE(value) is _FUNCTION or _TYPE(value) in _PARTS:
            total = (total + _number(key) * 67 * _value(value, 1)) % _PRIME
    return total


def _methods(kind):
    """A large class by what its own methods do."""
    total = 0
    for key, value in _CLASS_DICT(kind).items():
        if _TYPE(value) in _PARTS:
            value = getattr(value, _PARTS[_TYPE(value)][0])
        if _TYPE(value) is _FUNCTION:
            total += _number(key) * _code(value.__code__)
    return total % _PRIME


def _module(name):
    """A module by what it defines; a class that came from elsewhere by its name."""
    module = sys.modules[name]
    if _TYPE(module) is not _MODULE:
        return 0
    total = _number(name)
    space = _NAMESPACE(module)
    used = _used(name, space) if name.startswith(_OURS) else {}
    for key, value in space.items():
        kind = _TYPE(value)
        if not _counts(name, key, value):
            continue
        if kind is _MODULE:
            found = _alias(value, used)
        elif key == "__file__":                       # data is read from beside it
            found = _path(value)
        elif _TYPE in _CLASS_MRO(kind) and value.__module__ == name:
            found = _class(value)
        else:
            found = _value(value, 0)
        total = (total + _number(key) * 71 * found) % _PRIME
    return total


def _counts(name, key, value):
    """Whether something in a module is what it was made of, and not what it keeps."""
    kind = _TYPE(value)
    ours = name.startswith(_OURS)
    if _TYPE(kind) is not _TYPE:
        return False
    if kind is _MODULE:
        # Parts of a package are there once they have been imported, and are looked at themselves.
        known = sys.modules.get(value.__name__) is value
        return not known or (ours and value.__name__ != name + "." + key)
    if key[:2] == "__" or (key[:1] == "_" and not ours):
        return kind is _FUNCTION or (key == "__file__" and ours)
    return key not in _CACHES


def _used(name, space):
    """Names that the functions of a module use."""
    found = {}
    for value in [*space.values()]:
        inner = [value]
        if _TYPE in _CLASS_MRO(_TYPE(value)) and value.__module__ == name:
            inner = [*_CLASS_DICT(value).values()]
        for one in inner:
            if _TYPE(one) in _PARTS:
                one = getattr(one, _PARTS[_TYPE(one)][0])
            if _TYPE(one) is _FUNCTION:
                _names(one.__code__, found)
    return found


def _names(code, found):
    for name in code.co_names:
        found[name] = True
    for one in code.co_consts:
        if _TYPE(one) is _CODE:
            _names(one, found)


def _alias(module, used):
    """A module under a name in another one: which it is, and what is used of it."""
    total = _number(_registered(module))
    if module.__name__.startswith(_OURS):
        return total                                  # looked at itself
    space = _NAMESPACE(module)
    for key in used:
        if key in space:
            one = space[key]
            if _TYPE(one) is _FUNCTION:
                total += _number(key) * 79 * _code(one.__code__)
            elif _TYPE(one).__name__ == "builtin_function_or_method":
                total += _number(key + one.__name__)
            elif _TYPE in _CLASS_MRO(_TYPE(one)):
                total += _number(key + _claimed(one))
    return total % _PRIME


def one(name):
    """The number of ``module``, or of ``module:class`` by its own methods."""
    module, _, inner = name.partition(":")
    if inner:
        return _methods(_NAMESPACE(sys.modules[module])[inner])
    return _module(name)


def describe(names):
    """Each name with its number, in JSON."""
    return sys.modules["json"].dumps([(name, one(name)) for name in names])
