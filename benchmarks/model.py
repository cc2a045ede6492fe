"""How fast clients react: our model against Mesa, SimPy, plain Python, and numpy's own floor.

All play the same engagements of one case, week by week to the decision: an attention plan for each,
and one of the case's responses, at random, every third week. Luck and moves are drawn beforehand.
All are timed in one run and in turns, so that whatever else the machine does falls on all alike.
"""

from __future__ import annotations

import functools
import json
import multiprocessing
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
from threading import Barrier

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))
from benchmarks.peers import floor, mesa_model, plain, simpy_model
from casebook import case as cases
from casebook import model
from casebook.engagement import Engagement, translate
from casebook.model import Ledger, Luck, Move, Setting, State, parameters
from casebook.model.trust import trust
from casebook.study import policy

CASE = "green-dashboard"
EVERY = 3              # weeks from one response to the next
REPEATS = 7
SMALL, LARGE = model.BLOCK, 8 * model.BLOCK      # engagements that are played as one batch
OURS = 8192            # engagements of ours in a repeat, for each process
PEER = 12              # engagements of each peer in a repeat
CHECKED = 24           # engagements whose trust must be the same in all
WORKERS = 2
MANY = 200_000         # engagements of the study whose memory is watched
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


def draw_block(block: int) -> Work:
    """The luck, plans and moves of one block."""
    setting, offered = responses()
    luck = model.draw_block(("benchmark",), block, setting.weeks, setting.contacts)
    rng = np.random.default_rng(block)
    shares = np.asfortranarray(rng.dirichlet([8, 3, 2, 3, 2.4, 1.6], model.BLOCK))
    moves = {week: model.pick(offered, rng.integers(0, len(offered.weight), model.BLOCK))
             for week in range(0, setting.weeks, EVERY)}
    return Work(setting, luck, shares, moves)


def draw(number: int, size: int) -> Work:
    """A batch of whole blocks, played as one: the ``number``-th of this size."""
    each = size // model.BLOCK
    blocks = [draw_block(number * each + k) for k in range(each)]
    if each == 1:
        return blocks[0]
    return Work(blocks[0].setting, join([block.luck for block in blocks]),
                np.asfortranarray(np.concatenate([block.shares for block in blocks])),
                {week: join([block.moves[week] for block in blocks])
                 for week in blocks[0].moves})


def join(parts: list) -> Luck | Move:
    """Several Lucks or Moves as one, engagements next to each other in memory."""
    return type(parts[0])(**{
        f.name: np.asfortranarray(np.concatenate([getattr(part, f.name) for part in parts]))
        for f in fields(parts[0])})


drawn = functools.lru_cache(maxsize=None)(draw)


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


def play_batches(size: int) -> float:
    """Play ``OURS`` engagements that this process has drawn already, batch by batch."""
    return sum(float(ours(drawn(number, size)).sum()) for number in range(OURS // size))


def prepare_worker(ready: Barrier) -> None:
    """Draw and play everything before the clock starts; the barrier makes each worker do it."""
    play_batches(LARGE)
    ready.wait()


def drawing_too(size: int) -> None:
    """Draw batches and play them, keeping none."""
    for number in range(OURS // size):
        ours(draw(number, size))


def passes(work: Work) -> Counter:
    """Passes over arrays that playing a block makes: number by size."""
    watched = Work(work.setting, floor.watched(work.luck), floor.counting(work.shares),
                   {week: floor.watched(move) for week, move in work.moves.items()})
    return floor.count(lambda: ours(watched, floor.watched))


def peer_inputs(n: int) -> list[tuple]:
    """The first ``n`` engagements as plain numbers: setting, luck, shares, moves, parameters."""
    work, p = drawn(0, SMALL), plain.numbers(parameters())
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
    here, worst = ours(drawn(0, SMALL))[:CHECKED], 0.0
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
    inputs = peer_inputs(PEER)
    floors = {size: floor.prepare(passes(drawn(0, size))) for size in (SMALL, LARGE)}
    with ProcessPoolExecutor(WORKERS) as pool:
        with multiprocessing.Manager() as manager:
            ready = manager.Barrier(WORKERS)
            list(pool.map(prepare_worker, [ready] * WORKERS))
        runs = {
            "one_process": (OURS, lambda: play_batches(LARGE)),
            "two_processes": (OURS * WORKERS, lambda: list(
                pool.map(play_batches, [LARGE] * WORKERS))),
            "one_process_with_drawing": (OURS, lambda: drawing_too(LARGE)),
            "one_process_single_blocks": (OURS, lambda: play_batches(SMALL)),
            "floor": (LARGE, lambda: floor.passes(floors[LARGE])),
            "floor_single_blocks": (SMALL, lambda: floor.passes(floors[SMALL])),
            **{name: (PEER, lambda play=play: [play(*one) for one in inputs])
               for name, play in PEERS.items()},
        }
        wall, busy = turns(runs, repeats)
    return {
        "engagements_per_second": spread(wall),
        "ratios": ratios(medians(wall)),
        # Free of what else the machine does, but blind to worker processes.
        "engagements_per_cpu_second": spread(busy), "cpu_ratios": ratios(medians(busy)),
        "batch": LARGE, "block": SMALL,
        "passes_per_batch": sum(times for times, _, _ in floors[LARGE]), "repeats": repeats}


Rates = dict[str, list[float]]


def turns(runs: dict[str, tuple[int, Callable]], repeats: int) -> tuple[Rates, Rates]:
    """Engagements per second of wall time and of this process's own time, in turns."""
    wall: Rates = {name: [] for name in runs}
    busy: Rates = {name: [] for name in runs if name != "two_processes"}
    for turn in range(repeats + 1):
        for name, (count, run) in runs.items():
            began = time.process_time()
            rate = count / seconds(run)
            if turn > 0:                          # the first turn warms everything up
                wall[name].append(rate)
                if name in busy:
                    busy[name].append(count / (time.process_time() - began))
    return wall, busy


def medians(rates: Rates) -> dict[str, float]:
    """The median of each."""
    return {name: statistics.median(values) for name, values in rates.items()}


def spread(rates: Rates) -> dict[str, dict[str, float]]:
    """Median, least and most of each."""
    return {name: {"median": round(statistics.median(v), 1), "least": round(min(v), 1),
                   "most": round(max(v), 1)} for name, v in rates.items()}


def ratios(rates: dict[str, float]) -> dict[str, float]:
    """Ours against each yardstick; against the floor, how many times longer ours takes."""
    one, both = rates["one_process"], {}
    if "two_processes" in rates:
        two = rates["two_processes"]
        both = {f"two_processes_to_{name}": round(two / rates[name], 1) for name in PEERS}
        both["two_processes_to_one"] = round(two / one, 2)
    return {**both, **{f"one_process_to_{name}": round(one / rates[name], 1) for name in PEERS},
            "times_the_floor": round(rates["floor"] / one, 2),
            "times_the_floor_single_blocks": round(
                rates["floor_single_blocks"] / rates["one_process_single_blocks"], 2)}


def single_play(plays: int = 6) -> dict:
    """What one student waits for, in ms: a week with its ledger, and a decision taken."""
    weeks, told, takes, p = [], [], [], parameters()
    for number in range(plays):
        play = Engagement.start(cases.read(CASE), f"p{number}")
        ledger, attention = Ledger(p), np.array([play.shares]) / 100
        state = ledger.open(play.state)
        for _ in range(play.setting.weeks):
            started = time.perf_counter()
            state = model.play_week(state, attention, play.luck, play.setting, p, ledger)
            weeks.append(time.perf_counter() - started)
        told.append(seconds(lambda ledger=ledger: ledger.entries))
        while play.ask is not None:
            decision = policy("balanced")(play)
            started = time.perf_counter()
            play = play.take(decision)
            takes.append(time.perf_counter() - started)
    return {"week_with_ledger": milliseconds(weeks), "ledger_of_24_weeks": milliseconds(told),
            "take": milliseconds(takes)}


def milliseconds(values: list[float]) -> dict[str, float]:
    """Median, 95th percentile and count."""
    return {"median_ms": round(1000 * statistics.median(values), 3),
            "p95_ms": round(1000 * statistics.quantiles(values, n=20)[-1], 3), "n": len(values)}


def memory(engagements: int = MANY) -> dict:
    """Peak memory of a study, batch by batch, in MB after a tenth of it and at its end.

    A study keeps outcomes, not states: here two numbers for each engagement.
    """
    setting, _ = responses()
    batches = -(-engagements // LARGE)
    kept = np.empty((batches * LARGE, 2), dtype=np.float32)
    peaks, started = {}, time.perf_counter()
    for number in range(batches):
        at_end = ours(draw(number, LARGE))
        rows = slice(number * LARGE, (number + 1) * LARGE)
        kept[rows, 0], kept[rows, 1] = at_end @ setting.influence, at_end.min(axis=1)
        if number + 1 in (max(batches // 10, 1), batches):
            peaks[(number + 1) * LARGE] = peak_mb()
    return {"engagements": batches * LARGE, "peak_mb_after": peaks,
            "seconds": round(time.perf_counter() - started, 1)}


def peak_mb() -> float:
    """The most memory this process ever held, in MB.

    Linux lets ``getrusage`` start from the parent's peak, so its own record is read there.
    """
    status = Path("/proc/self/status")
    if status.exists():
        peak = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return round(int(peak.split()[1]) / 1024, 1)
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)


def measure() -> dict:
    """Everything, for ``benchmarks/run.py``."""
    figures = {"same_trust_within": check(), "cores": os.cpu_count(),
               "load_before": [round(load, 1) for load in os.getloadavg()], **speeds(),
               "single_play": single_play()}
    # In a fresh process, so that nothing measured before counts as its memory.
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        figures["study_in_blocks"] = pool.submit(memory).result()
    return figures


if __name__ == "__main__":
    print(json.dumps(measure(), indent=2))
