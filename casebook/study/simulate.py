"""Many plays of a case by one policy: a row for each, and a summary.

Plays are drawn in blocks of ``BLOCK``. A block's luck hangs on the seed, the case and the block's
number, not on the policy: policies are compared on the same luck. A block gives the same numbers
wherever it is played, and always as a whole, so neither the number of workers nor that of runs
changes a row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from casebook.case import Account, Case
from casebook.engagement.scorecard import AREAS
from casebook.errors import StudyError
from casebook.model import BLOCK

from .game import AnyCrowd, Game
from .policies import POLICIES, Policy, policy
from .summary import summary, text
from .workers import BlockJob, default_workers, finished

if TYPE_CHECKING:
    import pandas as pd

MOST_RUNS = 10_000_000
TRUTHS = ("renewed", "follow_on", "reference", "delivered")
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Job(BlockJob):
    """What a worker needs to play blocks: the case without its texts, a policy, a seed."""

    case: Case | Account
    manager: Policy
    seed: int

    def crowd(self, block: int, game: Game | None = None) -> AnyCrowd:
        """A whole block, played."""
        game = game or self.prepare()
        return game.play(game.luck(block), game.managers(self.manager, BLOCK, block))

    def prepare(self) -> Game:
        """What all blocks share."""
        return Game(self.case, ("study", self.seed))

    def play(self, block: int, prepared: Game | None = None) -> dict[str, np.ndarray]:
        """The results of a block as small arrays, ``(BLOCK,)`` each; ``answers`` is (BLOCK, i)."""
        crowd = self.crowd(block, prepared)
        out = crowd.outcome
        return {
            "ending": out.ending.astype(np.int16), "answers": crowd.answers,
            **{name: getattr(out, name) for name in TRUTHS}, **out.scores, "overall": out.overall,
        }


@dataclass(frozen=True)
class Study:
    """Many plays of a case by one policy.

    Attributes
    ----------
    table : DataFrame
        One row per play: ``run`` (from 0), ``ending`` (id), ``renewed``, ``follow_on``,
        ``reference``, ``delivered``; ``delivery``, ``relationship``, ``account``, ``team`` and
        ``overall`` in points from 0 to 100; ``incident:<id>``, the id of the response chosen,
        missing where the incident did not happen.
    partial : bool
        True if it was stopped before all ``asked`` runs were played.
    """

    case: str
    version: str
    policy: str
    seed: int
    asked: int
    table: pd.DataFrame
    partial: bool = False

    def summary(self) -> dict[str, Any]:
        """Means and shares with 95 % intervals, as plain data (``summary.py`` lists them)."""
        return {"case": self.case, "version": self.version, "policy": self.policy,
                "seed": self.seed, "asked": self.asked, "partial": self.partial,
                **summary(self.table)}

    def __str__(self) -> str:
        return text(self.summary())


def simulate(case: Case | Account | str, policy: Policy | str = "random", runs: int = 1000,
             seed: int = 1, progress: Progress | None = None, workers: int | None = None,
             cluster: str | None = None) -> Study:
    """Play a case many times.

    Parameters
    ----------
    case : Case or str
        A case, or its id.
    policy : str or Policy
        Who manages.
    runs : int
        Number of plays, from 1.
    seed : int
        Another seed has other luck; each policy meets the same luck with the same seed.
    progress : callable, optional
        Called with the numbers of runs played and asked for, after each block.
    workers : int, optional
        Processes; by default one, or two where the study is long enough to gain by it. A script
        that starts workers must be importable (``if __name__ == "__main__":``).
    cluster : str, optional
        Address of a Dask scheduler, e.g. ``"tcp://10.0.0.1:8786"``, whose workers have the same
        version of the casebook.

    Returns
    -------
    Study
        After a KeyboardInterrupt, with the blocks that were finished, marked ``partial``.

    Raises
    ------
    StudyError
        If the numbers cannot be used, or the workers or the cluster cannot be reached.
    """
    _check(runs, seed, workers)
    case = as_case(case)
    name, manager = _policy(policy)
    job = Job(without_texts(case), manager, seed)
    blocks = -(-runs // BLOCK)
    if type(manager).__module__ == "__main__":
        # Another process cannot import a class that was written in a notebook or a script.
        if cluster or (workers or 1) > 1:
            raise StudyError("This policy was written in the notebook or script that runs now, and "
                             "other processes cannot import it.",
                             "Put it into a module of its own, or give workers=1.")
        workers = 1
    workers = default_workers(blocks) if workers is None else workers
    results: dict[int, dict[str, np.ndarray]] = {}
    partial = False
    try:
        with closing(finished(job, blocks, workers, cluster)) as played:
            _collect(played, results, runs, progress)
    except KeyboardInterrupt:
        if not results:
            raise
        partial = len(results) < blocks
    return Study(case.id, case.version, name, seed, runs, _table(case, results, runs), partial)


def compare(case: Case | Account | str, names: tuple[str, ...] = tuple(POLICIES), runs: int = 1000,
            **options: Any) -> dict[str, Study]:
    """A study for each of these policies, on the same luck; ``options`` as :func:`simulate`.

    After a KeyboardInterrupt it holds the studies so far, of which the last may be partial.
    """
    case, studies = as_case(case), {}
    for name in names:
        try:
            studies[name] = simulate(case, name, runs, **options)
        except KeyboardInterrupt:
            if not studies:
                raise
            break
        if studies[name].partial:
            break
    return studies


def _collect(played: Iterator, results: dict, runs: int, progress: Progress | None) -> None:
    done = 0
    for block, result in played:
        results[block] = result
        done += min(BLOCK, runs - block * BLOCK)
        if progress:
            progress(done, runs)


def _table(case: Case | Account, results: Mapping[int, Mapping[str, np.ndarray]],
           runs: int) -> pd.DataFrame:
    """The rows of the blocks that were played, in the order of runs."""
    import pandas as pd

    order = sorted(results)
    run = np.concatenate([np.arange(b * BLOCK, (b + 1) * BLOCK) for b in order])
    keep = run < runs
    column = {name: np.concatenate([results[block][name] for block in order])[keep]
              for name in results[order[0]]}
    endings = [ending.id for ending in case.endings]
    table = {"run": run[keep], "ending": pd.Categorical.from_codes(column["ending"], endings),
             **{name: column[name] for name in (*TRUTHS, *AREAS, "overall")}}
    for i, incident in enumerate(case.incidents):
        table[f"incident:{incident.id}"] = pd.Categorical.from_codes(
            column["answers"][:, i], [response.id for response in incident.responses])
    return pd.DataFrame(table)


def _check(runs: int, seed: int, workers: int | None) -> None:
    for name, value, most in (("runs", runs, MOST_RUNS), ("seed", seed, None),
                              ("workers", 1 if workers is None else workers, 64)):
        whole = isinstance(value, int) and not isinstance(value, bool)
        if not whole or value < (0 if name == "seed" else 1) or (most and value > most):
            raise StudyError(f"{name} is {value!r}.", "Give a whole number from "
                             f"{0 if name == 'seed' else 1}{f' to {most}' if most else ''}.")


def without_texts(case: Case | Account) -> Case | Account:
    """The case without its reading and documents, which no study reads."""
    if isinstance(case, Account):
        parts = tuple(replace(part, case=without_texts(part.case)) for part in case.parts)
        return replace(case, reading="", documents=(), parts=parts)
    return replace(case, reading="", exhibits=())


def as_case(case: Case | Account | str) -> Case | Account:
    """The case itself, or the one with this id or in this folder (CaseError if there is none)."""
    if isinstance(case, Case | Account):
        return case
    from casebook.case import read

    return read(case)


def _policy(one: Policy | str) -> tuple[str, Policy]:
    if isinstance(one, str):
        return one, policy(one)
    return next((name for name, known in POLICIES.items() if known is one),
                type(one).__name__), one
