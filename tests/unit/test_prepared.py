"""What is prepared once is there the second time, the same as made anew, and goes with its owner."""

from __future__ import annotations

import gc
import threading
from dataclasses import replace

import numpy as np
import pytest

from suasion.equilibrium import corrector, economy, resolve
from suasion.equilibrium.economy import base_of, economy_on, prepare
from suasion.world.prepared import Prepared
from suasion.world.testing import random_world


class Owner:
    """Something that can be referred to weakly."""


def test_made_once_for_an_owner_and_a_key():
    kept, owner, other, calls = Prepared(2), Owner(), Owner(), []

    def make():
        calls.append(1)
        return len(calls)

    assert [kept.get(owner, "a", make), kept.get(owner, "a", make), kept.get(owner, "b", make)] == [1, 1, 2]
    assert kept.get(other, "a", make) == 3, "another owner has its own"
    assert kept.get(owner, "c", make) == 4
    assert kept.get(owner, "a", make) == 5, "the one not asked for the longest went"
    assert kept.get(owner, "c", make) == 4


def test_that_there_is_nothing_is_found_out_once():
    kept, owner, calls = Prepared(2), Owner(), []
    assert [kept.get(owner, "a", lambda: calls.append(1)) for _ in range(2)] == [None, None]
    assert len(calls) == 1


def test_who_asks_meanwhile_waits_and_gets_the_same():
    kept, owner, begun, go = Prepared(2), Owner(), threading.Event(), threading.Event()
    found = []

    def slow():
        begun.set()
        assert go.wait(10)
        return object()

    threads = [threading.Thread(target=lambda: found.append(kept.get(owner, "a", slow))) for _ in range(3)]
    for thread in threads:
        thread.start()
    assert begun.wait(10)
    go.set()
    for thread in threads:
        thread.join(10)
    assert len(found) == 3
    assert found[0] is found[1] is found[2]


def test_an_error_is_not_kept():
    kept, owner = Prepared(2), Owner()
    with pytest.raises(ZeroDivisionError):
        kept.get(owner, "a", lambda: 1 / 0)
    assert kept.get(owner, "a", lambda: 7) == 7


def test_results_go_with_their_owner():
    kept, owner = Prepared(2), Owner()
    kept.get(owner, "a", object)
    assert len(kept) == 1
    del owner
    gc.collect()
    assert len(kept) == 0


def test_a_world_is_balanced_once_for_equal_elasticities_and_freed():
    world = random_world(4, 3, seed=2)
    long, short = resolve(world, "long"), resolve(world, "short")
    first = base_of(world, long)
    assert base_of(world, resolve(world, "long")) is first, "equal numbers, another object"
    assert base_of(world, short) is not first
    assert base_of(world, long, "world") is not first
    ready = prepare(world, long)
    assert economy_on(first, resolve(world, "long"), "balance").corrector is ready.corrector
    other = replace(long, sigma=long.sigma + 1.0)
    assert economy_on(first, other, "balance").corrector is not ready.corrector
    before = len(economy._BASES), len(corrector._CORRECTORS)
    del world, first, ready
    gc.collect()
    assert (len(economy._BASES), len(corrector._CORRECTORS)) < before


def test_what_is_kept_is_what_is_made_anew():
    world = random_world(4, 3, seed=2)
    long = resolve(world, "long")
    again = replace(world)
    assert base_of(again, long) is not base_of(world, long), "a copy is another world"
    for name in ("pi", "output", "expenditure"):
        np.testing.assert_array_equal(
            getattr(base_of(world, long), name), getattr(base_of(again, long), name)
        )
