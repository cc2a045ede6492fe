"""What each mechanism of the client model is for: the facts that fail without it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from casebook import model
from casebook.errors import CasebookError
from casebook.yaml_text import from_yaml

from .facts import FAILS, HOLDS, by_fact, check_facts

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("mechanism", "what", "breaks", "mends", "verdict", "justified")
NEEDED, JUSTIFIED, IDLE = "needed", "justified", "idle"
_FILE = Path(__file__).with_name("mechanisms.yaml")


@lru_cache(maxsize=1)
def mechanisms() -> Mapping[str, Mapping[str, Any]]:
    """Mechanisms by id: what each does, its neutral values, and why it stays unless needed."""
    data = from_yaml(_FILE.read_text(encoding="utf-8"))
    return MappingProxyType({id: MappingProxyType(entry) for id, entry in data.items()})


def without(mechanism: str, parameters: model.Parameters | None = None,
            among: Mapping[str, Mapping[str, Any]] | None = None) -> model.Parameters:
    """The parameters with one mechanism switched off.

    Raises
    ------
    CasebookError
        If there is no such mechanism, or the model has no parameter that it names.
    """
    parameters = parameters or model.parameters()
    among = mechanisms() if among is None else among
    if mechanism not in among:
        raise CasebookError(f"There is no mechanism {mechanism!r}.",
                            f"The mechanisms are: {', '.join(among)}.")
    neutral = among[mechanism]["neutral"]
    sources = [value["same_as"] for value in neutral.values() if isinstance(value, dict)]
    for name in (*neutral, *sources):
        if name not in parameters.about:
            raise CasebookError(f"The mechanism {mechanism!r} names {name}, which is not a "
                                "parameter of the model.", f"Mend it in {_FILE.name}.")
    return parameters.changed(**{
        name.replace(".", "__"):
        parameters.about[value["same_as"]]["value"] if isinstance(value, dict) else value
        for name, value in neutral.items()})


def ablate(n: int, seed: int, population: Callable[..., pd.DataFrame] | None = None,
           only: Iterable[str] | None = None,
           among: Mapping[str, Mapping[str, Any]] | None = None,
           progress: Callable[[int, int], None] | None = None) -> pd.DataFrame:
    """Switch each mechanism off in turn and see which facts fail that held before.

    Parameters
    ----------
    n, seed : int
        The population: how many engagements, and its seed, the same with and without.
    population : callable, optional
        Called as ``population(n, seed, parameters=...)``; by default
        ``casebook.study.population``.
    only : iterable of str, optional
        These mechanisms alone.
    among : mapping, optional
        Mechanisms by id, as in ``mechanisms.yaml``, which are the default.
    progress : callable, optional
        Told ``(done, all)`` after each mechanism.

    Returns
    -------
    DataFrame
        One row for each mechanism, or after a KeyboardInterrupt for those that were finished:
        ``breaks`` and ``mends`` are tuples of the facts that hold
        only with it and only without it (a fact that can no longer be measured is in neither);
        ``verdict`` is ``needed`` where it breaks a fact, else ``justified`` where a reason to
        keep it is written down, else ``idle``.
    """
    import pandas as pd

    if population is None:
        from casebook.study import population
    among = mechanisms() if among is None else among
    # Every name is looked up before the first population, which takes a while, is played.
    changed = {id: without(id, among=among) for id in (among if only is None else only)}
    before = _verdicts(population(n, seed, parameters=model.parameters()))
    rows = []
    for id, parameters in changed.items():
        try:
            after = _verdicts(population(n, seed, parameters=parameters))
        except KeyboardInterrupt:
            if not rows:
                raise
            break
        breaks = tuple(f for f in before if (before[f], after[f]) == (HOLDS, FAILS))
        mends = tuple(f for f in before if (before[f], after[f]) == (FAILS, HOLDS))
        reason = among[id].get("justified", "")
        verdict = NEEDED if breaks else JUSTIFIED if reason else IDLE
        rows.append((id, among[id]["what"], breaks, mends, verdict, reason))
        if progress:
            progress(len(rows), len(changed))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _verdicts(table: pd.DataFrame) -> dict[str, str]:
    """The verdict on each fact of a population."""
    facts = by_fact(check_facts(table))
    return dict(zip(facts["fact"], facts["verdict"], strict=True))
