"""temporary"""
def holds(condition, facts):
    for key, want in condition.items():
        if key == "not":
            ok = not holds(want, facts)
        elif key == "any":
            ok = any(holds(c, facts) for c in want)
        elif key == "all":
            ok = all(holds(c, facts) for c in want)
        elif key == "flag":
            ok = want in facts["flags"]
        elif key in ("chosen", "seen"):
            ok = any(w in facts[key] for w in want)
        elif key in ("kept", "broken"):
            ok = want in facts[key]
        elif isinstance(want, bool):
            ok = facts[key] is want
        elif isinstance(facts[key], dict):
            ok = all(_in(facts[key][c], w) for c, w in want.items())
        else:
            ok = _in(facts[key], want)
        if not ok:
            return False
    return True
def _in(v, w):
    return v >= w.get("above", v) and (("below" not in w) or v < w["below"])
