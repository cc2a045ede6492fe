"""What a lesson calls: one line for each exploration."""

from __future__ import annotations

from html import escape
from typing import Any

from casebook import model
from casebook.errors import CasebookError
from casebook.markup import rows_html
from casebook.study.facts import references

from . import outcomes as o
from .exercises import exercise
from .sentences import TOPICS


def by_hand(*ids: str) -> Any:
    """Boxes for exercises of ``exercises.yaml``: type, check, and be told why."""
    from .widgets import exercise_box, stack

    return stack(exercise_box(exercise(id)) for id in ids)


def in_the_model(topic: str) -> Any:
    """A sentence that says what the model takes, with its source."""
    from IPython.display import HTML

    if topic not in TOPICS:
        raise CasebookError(f"There is no topic {topic!r}.",
                            f"The topics are: {', '.join(TOPICS)}.")
    told = TOPICS[topic](model.parameters()).replace(" %", "\u00a0%")
    return HTML(f"<p>{escape(told)}</p>")


def good_and_bad_weeks() -> Any:
    """Good and bad weeks in three orders: the belief in a manager's ability."""
    from .widgets import Question, predict_then_try, slider

    return predict_then_try(
        [Question("Four good weeks and four bad weeks, each as clear as the others. Where does the "
                  "client's belief in the manager's ability end?",
                  (o.ABOVE, o.SAME, o.BELOW), o.end_of_weeks),
         Question("The same eight weeks in another order: when does the belief end highest?",
                  (*o.ORDER.values(), o.NO_ORDER), o.best_order)],
        {"good": slider("Good weeks", 4, 0, 10), "bad": slider("Bad weeks", 4, 0, 10)},
        o.picture_of_weeks)


def one_breach() -> Any:
    """A breach of trust, its size, and the answer to it: trust week by week."""
    from .widgets import Question, choice, predict_then_try, slider

    return predict_then_try(
        [Question("A manager has broken her word. She denies it, and "
                  f"{o.DENIED['out']} weeks later the truth comes out. Compared with saying "
                  "nothing, trust is",
                  (o.TURNS, o.ALWAYS_MORE, o.ALWAYS_LESS), o.end_of_denial)],
        {"kind": choice("What happened", [(name, kind) for kind, name in o.KINDS.items()],
                        o.DENIED["kind"]),
         "steps": slider("How bad it was, from 1 to 3", o.DENIED["steps"], 1, 3),
         "answer": choice("Your answer", ("apologise", "explain", "deny", "compensate", "nothing"),
                          "deny"),
         "offer": slider("If you compensate: percent of the loss", 100, 0, 200, 25),
         "out": slider("If you deny: weeks until the truth comes out (0 is never)",
                       o.DENIED["out"], 0, 10)},
        o.picture_of_breach, {"offer": ("answer", "compensate"), "out": ("answer", "deny")})


def attention_to_people() -> Any:
    """The friend's and the implementer's share of a week: both kinds of trust."""
    from .widgets import Question, predict_then_try, slider

    return predict_then_try(
        [Question(f"The friend's share of the week rises from {o.MODEST[0]} % to {o.MUCH[0]} %, "
                  f"and the implementer's falls from {o.MODEST[1]} % to {o.MUCH[1]} %. After some "
                  "weeks",
                  (o.BOTH_UP, o.WARMER, o.COOLER, o.BOTH_DOWN), o.end_of_people)],
        {"friend": slider("Friend, percent of the week", o.MUCH[0], 0, 60, 5),
         "implementer": slider("Implementer, percent of the week", o.MUCH[1], 0, 40, 5)},
        o.picture_of_people)


def what_money_buys() -> Any:
    """Compensation after a mistake and after a broken word."""
    from .widgets import Question, predict_then_try

    return predict_then_try(
        [Question("After a mistake in the work you offer twice the loss. Compared with the whole "
                  "loss, trust is", (o.MORE, o.EQUAL, o.LESS), o.end_of_overpaying),
         Question("After a broken word you offer the whole loss. Compared with saying nothing, "
                  "trust is", (o.MORE, o.EQUAL, o.LESS), o.end_of_paying),
         Question("An apology brings back more of the trust that was lost after", (
             *o.APOLOGY[::2], o.APOLOGY[1]),
             o.end_of_apology)],
        {}, o.picture_of_money)


def research(*ids: str) -> Any:
    """Findings with where they come from, and whether somebody here has read the source."""
    from IPython.display import HTML

    found = [(id, model.findings()[id]) for id in ids]
    rows = [[escape(text) for text in (
        f"{id}. {entry['statement']}", entry["field"], entry["citation"], how_seen(entry["seen"]))]
        for id, entry in found]
    told = rows_html(("Finding", "Studied with", "Source", "How we know it"), rows,
                     "Findings behind this lesson")
    used = sorted({name for _, entry in found for name in entry["references"]})
    listed = "".join(f"<li>{escape(reference(name))}</li>" for name in used)
    return HTML(f"{told}<ul>{listed}</ul>")


def how_seen(seen: str) -> str:
    """The label ``seen`` of a finding, in words."""
    if seen == "recall":
        return "quoted from memory; still to be checked"
    return "read in a source, mostly its abstract" + (
        f" ({seen.split(',', 1)[1].strip()})" if "," in seen else "")


def reference(name: str) -> str:
    """One entry of ``references.yaml`` as a line."""
    entry = references()[name]
    checked = "" if entry["checked"] == "read" else " (Quoted from memory.)"
    return f"{entry['authors']} ({entry['year']}). {entry['title']}. {entry['in']}.{checked}"
