"""The second process solves what the first one would, and its death costs time only."""

from __future__ import annotations

import os
import warnings

import numpy as np
import pytest

import suasion as su
from suasion.dossier.aside import Aside
from suasion.equilibrium import simulate
from suasion.errors import NotInWorldError, SuasionWarning
from suasion.questions.posed import tie_pair

TARIFF = su.Scenario("tariff", [su.Tariff("USA", "CHN", 0.1)])


def test_the_other_process_answers_warns_fails_and_dies_as_this_one_would():
    """One process for all of it: most of its time is its start."""
    world = su.load_world()
    aside = Aside(None)
    try:
        assert aside(tie_pair, "RUS", "China", ("EU",), world=world) == tie_pair(
            "RUS", "China", ("EU",), world
        )
        with warnings.catch_warnings(record=True) as there:
            warnings.simplefilter("always")
            found = aside(simulate, scenario=TARIFF, horizon=25, world=world)
        with warnings.catch_warnings(record=True) as here:
            warnings.simplefilter("always")
            ours = simulate(world, TARIFF, 25)
        told = [
            [one.message for one in some if isinstance(one.message, SuasionWarning)] for some in (there, here)
        ]
        assert told[0] == told[1]
        assert told[0]
        # Worlds are computed when they are opened: sums in another order differ in the last digits.
        np.testing.assert_allclose(found.welfare, ours.welfare, rtol=1e-9, atol=1e-13)
        with pytest.raises(NotInWorldError, match="MNG"):
            aside(simulate, scenario=su.Scenario("cut", [su.Embargo("MNG", "CHN")]), world=world)
        process = aside.worker
        # No interrupt at the keyboard meant for us, and a share of our processor time: Linux shares by `setsid`.
        pid = process.process.pid
        assert (os.getpgid(pid), os.getsid(pid)) == (pid, os.getsid(0))
        process.kill()
        assert aside(tie_pair, "RUS", "CHN", (), world=world).a == "RUS"
        assert aside.worker is None
    finally:
        if aside.worker is not None:
            aside.worker.end()


def test_without_a_process_everything_is_asked_here(monkeypatch):
    monkeypatch.setattr("sys.executable", "/nonexistent/python")
    world = su.load_world()
    assert Aside(None)(tie_pair, "RUS", "CHN", (), world=world).b == "CHN"
