"""How fast clients react: our model against Mesa, SimPy, plain Python, and numpy's own floor.

All play the same engagements of one case, week by week to the decision: an attention plan for each,
and one of the case's responses, at random, every third week. Luck and moves are drawn beforehand.
All are timed in one run and in turns, so that whatever else the machine does falls on all alike.
"""

from __future__ import annotations

import functools
import os
import resource
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))
from benchmarks.peers import floor, mesa_model, plain, simpy_model
from casebook import case as cases
from casebook import model
from casebook.engagement import Engagement, PlanAsk, translate
from casebook.model import Ledger, Luck, Move, Setting, State, parameters
from casebook.model.trust import trust
from casebook.study import policy

CASE = "green-dashboard"
EVERY = 3              # weeks from one response to the next
REPEATS = 7
BLOCKS = 8             # blocks of ours in a repeat
PEER = 12              # engagements of each peer in a repeat
CHECKED = 24           # engagements whose trust must be the same in all
WORKERS = 2
MANY = 1_000_000
TOLERANCE = 1e-9


@dataclass(frozen=True)
class Work:
    """A block of engagements to play: ``moves`` by week, counted from 0."""

    setting: Setting
    luck: Luck
    shares: np.ndarray
    moves: dict[int, Move]


@functools.cache
def responses() -> tuple[Setting, Move]:
    """The setting of the case, and all its responses as rows of one move."""
    case = cases.read(CASE)
    rows = [translate.moves(case, incident) for incident in case.incidents]
    return translate.setting(case), Move(**{
        f.name: np.concatenate([getattr(row, f.name) for row in rows]) for f in fields(Move)})


def draw(block: int) -> Work:
    """The luck, plans and moves of one block."""
    setting, offered = responses()
    luck = model.draw_block(("benchmark",), block, setting.weeks, setting.contacts)
    rng = np.random.default_rng(block)
    shares = np.asfortranarray(rng.dirichlet([8, 3, 2, 3, 2.4, 1.6], model.BLOCK))
    moves = {week: model.pick(offered, rng.integers(0, len(offered.weight), model.BLOCK))
             for week in range(0, setting.weeks, EVERY)}
    return Work(setting, luck, shares, moves)


drawn = functools.lru_cache(maxsize=BLOCKS)(draw)


def ours(work: Work, watch: Callable[[State], State] = lambda state: state) -> np.ndarray:
    """Play a block; the trust at its end, ``(n, c)``. ``watch`` sees the state before each week."""
    p, luck = parameters(), work.luck
    state = model.begin(work.setting, luck, p)
    for week in range(work.setting.weeks):
        state = watch(state)
        if week in work.moves:
            state = model.respond(state, work.moves[week], luck.taking[:, week], work.setting, p)
        state = model.play_week(state, work.shares, luck, work.setting, p)
    model.decide(state, luck, work.setting, p)
    return trust(state, p)


def ours_by_number(block: int) -> float:
    """Play a block that this process has drawn already."""
    return float(ours(drawn(block)).sum())


def prepare_worker(ready: object) -> None:
    """Draw every block before the clock starts; the barrier makes each worker do it once."""
    for block in range(BLOCKS):
        ours_by_number(block)
    ready.wait()


def drawing_too(blocks: range) -> None:
    """Draw blocks and play them, keeping none."""
    for block in blocks:
        ours(draw(block))


def passes(work: Work) -> Counter:
    """Passes over arrays that playing a block makes: number by size."""
    watched = Work(work.setting, floor.watched(work.luck), floor.counting(work.shares),
                   {week: floor.watched(move) for week, move in work.moves.items()})
    return floor.count(lambda: ours(watched, floor.watched))


def peer_inputs(n: int) -> list[tuple]:
    """The first ``n`` engagements as plain numbers: setting, luck, shares, moves, parameters."""
    work, p = drawn(0), plain.numbers(parameters())
    setting = plain.plain_setting(work.setting)
    return [(setting, plain.row(work.luck, i), work.shares[i].tolist(),
             {week: plain.row(move, i) for week, move in work.moves.items()}, p)
            for i in range(n)]


def plain_play(setting, luck, shares, moves, p):
    """A whole engagement in plain Python."""
    play = plain.begin(setting, luck, p)
    for week in range(setting.last_week - setting.first_week + 1):
        if week in moves:
            plain.respond(play, moves[week], luck.taking[week], setting, p)
        plain.play_week(play, shares, luck, setting, p)
    return play, plain.decide(play, luck, setting, p)


PEERS = {"mesa": mesa_model.play, "simpy": simpy_model.play, "plain": plain_play}


def check() -> float:
    """The largest difference in trust between ours and any peer; refuses more than a hair."""
    here, worst = ours(drawn(0))[:CHECKED], 0.0
    for name, play in PEERS.items():
        p = plain.numbers(parameters())
        there = [[plain.trust(c, p) for c in play(*one)[0].contacts]
                 for one in peer_inputs(CHECKED)]
        difference = float(np.abs(here - np.array(there)).max())
        if not difference <= TOLERANCE:
            raise SystemExit(f"{name} gives other clients: trust differs by {difference}")
        worst = max(worst, difference)
    return worst


def seconds(run: Callable[[], object]) -> float:
    """Wall time of one call."""
    started = time.perf_counter()
    run()
    return time.perf_counter() - started


def speeds(repeats: int = REPEATS) -> dict:
    """Engagements per second of each, medians over repeats in which all take turns."""
    n, blocks, inputs = model.BLOCK, range(BLOCKS), peer_inputs(PEER)
    made = passes(drawn(0))
    prepared = floor.prepare(made)
    with ProcessPoolExecutor(WORKERS) as pool:
        import multiprocessing
        with multiprocessing.Manager() as manager:
            ready = manager.Barrier(WORKERS)
            list(pool.map(prepare_worker, [ready] * WORKERS))
        runs = {
            "one_process": (n * BLOCKS, lambda: [ours_by_number(b) for b in blocks]),
            "two_processes": (2 * n * BLOCKS, lambda: list(
                pool.map(ours_by_number, [*blocks, *blocks]))),
            "one_process_with_drawing": (n * 2, lambda: drawing_too(range(2))),
            "floor": (n, lambda: floor.passes(prepared)),
            **{name: (PEER, lambda play=play: [play(*one) for one in inputs])
               for name, play in PEERS.items()},
        }
        taken = {name: [] for name in runs}
        for _ in range(repeats):
            for name, (count, run) in runs.items():
                taken[name].append(count / seconds(run))
    rates = {name: statistics.median(values) for name, values in taken.items()}
    return {
        "engagements_per_second": {name: round(rate, 1) for name, rate in rates.items()},
        "spread": {name: [round(min(v), 1), round(max(v), 1)] for name, v in taken.items()},
        "ratios": ratios(rates), "block": n, "passes_per_block": sum(made.values()),
        "repeats": repeats}


def ratios(rates: dict[str, float]) -> dict[str, float]:
    """Ours against each yardstick."""
    one, two = rates["one_process"], rates["two_processes"]
    return {"two_processes_to_mesa": round(two / rates["mesa"], 1),
            **{f"one_process_to_{name}": round(one / rates[name], 1) for name in PEERS},
            "two_processes_to_one": round(two / one, 2),
            "floor_to_one_process": round(rates["floor"] / one, 2)}


def single_play(plays: int = 6) -> dict:
    """What one student waits for, in ms: a week with its ledger, and a decision taken."""
    weeks, takes, p = [], [], parameters()
    for number in range(plays):
        play = Engagement.start(cases.read(CASE), f"p{number}")
        ledger, attention = Ledger(p), np.array([play.shares]) / 100
        state = ledger.open(play.state)
        for _ in range(play.setting.weeks):
            started = time.perf_counter()
            state = model.play_week(state, attention, play.luck, play.setting, p, ledger)
            weeks.append(time.perf_counter() - started)
        while play.ask is not None:
            decision = policy("balanced")(play)
            started = time.perf_counter()
            answered = isinstance(play.ask, PlanAsk)
            play = play.take(decision)
            takes.append((time.perf_counter() - started, answered))
    return {"week_with_ledger_ms": milliseconds(weeks),
            "take_ms": milliseconds([t for t, _ in takes]), "weeks": len(weeks),
            "takes": len(takes)}


def milliseconds(values: list[float]) -> dict[str, float]:
    """Median and 95th percentile."""
    return {"median": round(1000 * statistics.median(values), 3),
            "p95": round(1000 * statistics.quantiles(values, n=20)[-1], 3)}


def memory(blocks: int = 0) -> dict:
    """Peak memory of a study in blocks, one block at a time, in MB.

    A study of a million engagements keeps its outcomes, not its states: two numbers for each.
    """
    setting, _ = responses()
    n = model.BLOCK
    blocks = blocks or -(-MANY // n)
    kept = np.empty((blocks * n, 2), dtype=np.float32)
    peaks = {}
    marks = {max(blocks // 10, 1), blocks}
    started = time.perf_counter()
    for block in range(blocks):
        work = draw(block)
        at_end = ours(work)
        kept[block * n:(block + 1) * n, 0] = at_end @ setting.influence
        kept[block * n:(block + 1) * n, 1] = at_end.min(axis=1)
        if block + 1 in marks:
            peaks[(block + 1) * n] = round(
                resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)
    return {"engagements": blocks * n, "peak_mb_after": peaks,
            "seconds": round(time.perf_counter() - started, 1)}


def measure() -> dict:
    """Everything, for ``benchmarks/run.py``."""
    figures = {"same_trust_within": check(), "cores": os.cpu_count(), **speeds(),
               "single_play": single_play()}
    # In a process of its own, so that nothing measured before counts as its memory.
    with ProcessPoolExecutor(1) as pool:
        figures["study_in_blocks"] = pool.submit(memory).result()
    return figures


if __name__ == "__main__":
    import json

    print(json.dumps(measure(), indent=2))
