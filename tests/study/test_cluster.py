"""Studies on a Dask cluster: a real scheduler and worker processes on the loopback address."""

import sys

import pytest
from distributed import LocalCluster

from casebook import model
from casebook.errors import StudyError
from casebook.model import BLOCK
from casebook.study import simulate
from casebook.study import workers as where

pytestmark = pytest.mark.timeout(90)
RUNS = 3 * BLOCK + 5


def make(workers):
    return LocalCluster(n_workers=workers, threads_per_worker=1, processes=True,
                        host="127.0.0.1", dashboard_address="127.0.0.1:0")


@pytest.fixture(scope="module")
def cluster():
    with make(2) as made:
        made.wait_for_workers(2)
        yield made


@pytest.mark.parametrize("policy", ["random", "trust-first"])
def test_a_cluster_gives_the_same_numbers_bit_for_bit(cluster, small, policy):
    seen = []
    there = simulate(small, policy, RUNS, cluster=cluster.scheduler_address,
                     progress=lambda *now: seen.append(now))
    here = simulate(small, policy, RUNS, workers=1)
    assert there.table.equals(here.table)
    assert len(seen) == 4 and seen[-1] == (RUNS, RUNS)


def test_both_workers_play(cluster, small):
    from distributed import Client

    with Client(cluster.scheduler_address, set_as_default=False) as client:
        simulate(small, "random", 12 * BLOCK, cluster=cluster.scheduler_address)
        done = client.run(lambda: where._THERE is not None)
    assert list(done.values()) == [True, True]


def test_a_bundled_case_travels_to_a_cluster(cluster, green):
    there = simulate(green, "random", 20, cluster=cluster.scheduler_address)
    assert there.table.equals(simulate(green, "random", 20).table)


def test_an_interrupt_keeps_the_blocks_of_a_cluster(cluster, small):
    def stop(done, runs):
        raise KeyboardInterrupt

    cut = simulate(small, "random", 40 * BLOCK, cluster=cluster.scheduler_address, progress=stop)
    assert cut.partial and len(cut.table) == BLOCK


def test_workers_with_another_model_are_refused(cluster, small, monkeypatch):
    monkeypatch.setattr(model, "MODEL_VERSION", "other")
    with pytest.raises(StudyError, match="same version of the casebook"):
        simulate(small, "random", 10, cluster=cluster.scheduler_address)


def test_workers_with_another_casebook_are_refused(cluster, small, monkeypatch):
    monkeypatch.setattr(where, "_installed", lambda: "0.0.0+other")
    with pytest.raises(StudyError, match=r"here is the casebook 0\.0\.0\+other .* same version of the casebook"):
        simulate(small, "random", 10, cluster=cluster.scheduler_address)


@pytest.mark.parametrize("error, said", [(ModuleNotFoundError("No module named 'casebook'"), "lacks the casebook"),
                                         (AttributeError("no attribute 'versions'"), "has another casebook")])
def test_a_worker_that_cannot_say_its_version_is_refused(error, said):
    class Client:
        def run(self, function):
            raise error

    with pytest.raises(StudyError, match=said):
        where._same_version(Client(), "tcp://x:1")


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:9", "127.0.0.1:9", "nonsense://x", "", "tcp://127.0.0.1:99999",
                                     "tcp://nobody.invalid:8786"])
def test_a_scheduler_that_does_not_answer_is_told(small, monkeypatch, address):
    monkeypatch.setattr(where, "PATIENCE", 1)
    with pytest.raises(StudyError, match="No Dask scheduler answers"):
        simulate(small, "random", 10, cluster=address)


def test_a_scheduler_without_workers_is_told(small, monkeypatch):
    monkeypatch.setattr(where, "PATIENCE", 1)
    with make(0) as empty, pytest.raises(StudyError, match="has no workers"):
        simulate(small, "random", 10, cluster=empty.scheduler_address)


def test_a_function_whose_cluster_has_no_workers_is_told(small, monkeypatch, tmp_path):
    monkeypatch.setattr(where, "PATIENCE", 1)
    monkeypatch.chdir(tmp_path)
    with make(0) as empty:
        (tmp_path / "without_workers.py").write_text(
            f"from distributed import Client\n\ndef client():\n    return Client({empty.scheduler_address!r}, set_as_default=False)\n", encoding="utf-8")
        with pytest.raises(StudyError, match="has no workers"):
            simulate(small, "random", 10, cluster="without_workers:client")


def test_a_missing_dask_is_told(small, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(StudyError, match=r"client-casebook\[cluster\]"):
        simulate(small, "random", 10, cluster="tcp://127.0.0.1:8786")


def test_a_cluster_that_is_lost_is_told(small):
    with make(1) as short:
        def pull_the_plug(done, runs):
            short.close()

        with pytest.raises(StudyError, match="was lost"):
            simulate(small, "random", 40 * BLOCK, cluster=short.scheduler_address,
                     progress=pull_the_plug)
