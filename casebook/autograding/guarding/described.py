"""What a module is made of, as one number, the same in every process that runs the same files.

The grader describes its own copy of a module; the same code, sent to a student's kernel, describes
what stands under that name there. Functions count by what they do, constants by their value.
Names that begin with ``_`` and are no function or class are left out: modules keep things there.
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
_PARTS = {property: ("fget", "fset"), staticmethod: ("__func__",), classmethod: ("__func__",)}
_PRIME = (1 << 61) - 1
_DEEP = 4


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
    return total


def _value(value, deep):
    """One thing: by what it does or is worth, where that can be told, and by its kind elsewhere."""
    kind = _TYPE(value)
    if kind in _SIMPLE:
        return _number(kind.__name__ + kind.__repr__(value))
    if kind is _FUNCTION:
        return _function(value, deep) if deep < _DEEP else _code(value.__code__)
    if kind in (_TUPLE, _LIST):
        total = _number(kind.__name__)
        for one in value:
            total = (total * 53 + _value(one, deep + 1)) % _PRIME
        return total
    if kind is _DICT:
        total = _number("dict")
        for key, one in value.items():
            total = (total + _value(key, deep + 1) * 59 + _value(one, deep + 1)) % _PRIME
        return total
    if kind in _PARTS:
        total = _number(kind.__name__)
        for part in _PARTS[kind]:
            total = (total * 61 + _value(getattr(value, part), deep)) % _PRIME
        return total
    if kind is _MODULE:
        return _number("module" if sys.modules.get(value.__name__) is value else "no module")
    if "__wrapped__" in (getattr(value, "__dict__", None) or ()) and deep < _DEEP:
        return (_number(kind.__name__) + _value(value.__wrapped__, deep + 1)) % _PRIME
    if kind.__name__ == "builtin_function_or_method":
        return _number(kind.__name__ + value.__name__)
    if _TYPE(kind) is _TYPE and kind is not _TYPE:
        return _number(kind.__module__ + "." + kind.__qualname__)
    return _number(f"{kind.__name__} {getattr(value, '__module__', '')}."
                   f"{getattr(value, '__qualname__', '')}")


def _class(kind):
    """A class by its methods and constants."""
    total = _number(kind.__qualname__)
    for key, value in _CLASS_DICT(kind).items():
        if key in ("__doc__", "__dict__", "__weakref__", "__module__", "__annotations__"):
            continue
        if key[:1] != "_" or _TYPE(value) is _FUNCTION or _TYPE(value) in _PARTS:
            total = (total + _number(key) * 67 * _value(value, 1)) % _PRIME
    return total


def _methods(kind):
    """A large class by the instructions of its own methods only."""
    total = 0
    for key, value in _CLASS_DICT(kind).items():
        if _TYPE(value) in _PARTS:
            value = getattr(value, _PARTS[_TYPE(value)][0])
        if _TYPE(value) is _FUNCTION:
            total += _number(key) * (_INT.from_bytes(value.__code__.co_code, "big") % _PRIME)
    return total % _PRIME


def _module(name):
    """A module by what it defines; a class that came from elsewhere by its name."""
    module = sys.modules[name]
    if _TYPE(module) is not _MODULE:
        return 0
    total = _number(name)
    for key, value in _NAMESPACE(module).items():
        kind = _TYPE(value)
        if _TYPE(kind) is not _TYPE or (key[:1] == "_" and kind is not _FUNCTION) or (
                kind is _MODULE and sys.modules.get(value.__name__) is value):
            continue
        if kind is _TYPE and value.__module__ == name:
            found = _class(value)
        else:
            found = _value(value, 0)
        total = (total + _number(key) * 71 * found) % _PRIME
    return total


def one(name):
    """The number of ``module``, or of ``module:class`` by its own methods."""
    module, _, inner = name.partition(":")
    if inner:
        return _methods(_NAMESPACE(sys.modules[module])[inner])
    return _module(name)


def describe(names):
    """Each name with its number, in JSON."""
    return sys.modules["json"].dumps([(name, one(name)) for name in names])
