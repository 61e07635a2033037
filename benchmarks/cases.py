"""The jobs that `make bench` times, warm and from a cold start."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import suasion as su
from suasion import coercion
from suasion.equilibrium import simulate
from timing import Case, command

PROGRAM = "from suasion.cli import main; import sys; sys.argv[1:] = {words!r}; main()"


@cache
def world() -> Any:
    """Return the embedded world, loaded once."""
    return su.load_world()


def embargo(horizon: str, anew: bool) -> Callable[[], Callable[[], object]]:
    """Prepare one embargo on the embedded world, or ``anew`` on a copy for which nothing was prepared."""

    def prepare() -> Callable[[], object]:
        scenario = su.Scenario("cut", (su.Embargo(("RUS",), ("CHN",)),))
        return lambda: simulate(replace(world()) if anew else world(), scenario, horizon=horizon)

    return prepare


def single_solve(horizon: str) -> Callable[[], Callable[[], object]]:
    """Prepare one embargo on a prepared base: the solve alone."""

    def prepare() -> Callable[[], object]:
        from suasion.coercion.outcomes import base_accounts
        from suasion.equilibrium import compile_scenario, resolve, respond
        from suasion.equilibrium.economy import economy_on

        economy = economy_on(base_accounts(world(), "balance"), resolve(world(), horizon), "balance")
        shock = compile_scenario(world(), su.Scenario("cut", (su.Embargo(("RUS",), ("CHN",)),)))
        return lambda: respond(economy, shock)

    return prepare


def exit_cost(**options: Any) -> Callable[[], Callable[[], object]]:
    """Prepare exit costs of both sides."""
    return lambda: lambda: coercion.exit_cost(world(), "RUS", "CHN", **options)


def leverage(horizon: str) -> Callable[[], Callable[[], object]]:
    """Prepare the losses of all pairs; what is kept of results is not used."""

    def prepare() -> Callable[[], object]:
        return lambda: coercion.leverage_matrix(world(), horizon, cache=False)

    return prepare


def gradient(at: bool) -> Callable[[], Callable[[], object]]:
    """Prepare the derivative of Russia's welfare by every trade cost, at the base or at a solved embargo."""

    def prepare() -> Callable[[], object]:
        from suasion.coercion.sensitivity.gradient import prepare_sensitivity
        from suasion.coercion.sensitivity.outcomes import Welfare

        scenario = su.Scenario("cut", (su.Embargo(("RUS",), ("CHN",)),)) if at else None
        ready = prepare_sensitivity(world(), scenario)
        return lambda: ready.sensitivity(Welfare("RUS"))

    return prepare


def sobol(horizon: str) -> Callable[[], Callable[[], object]]:
    """Prepare the Sobol indices of a pair's exit costs."""

    def prepare() -> Callable[[], object]:
        from suasion.coercion.drivers.spread import drivers

        return lambda: drivers(world(), "RUS", "CHN", horizon)

    return prepare


def program(*words: str, fresh: bool = True) -> Callable[[], Callable[[], object]]:
    """Prepare a command of the program in a process of its own; ``fresh`` is with an empty cache every time."""
    folder = Path(tempfile.mkdtemp())
    told = [word.replace("FOLDER", str(folder)) for word in words]
    return command("-c", PROGRAM.format(words=told), fresh=fresh)


LEVERAGE = ("leverage", "--deficits", "world", "--out", "FOLDER/pairs.parquet")
DYAD = ("dyad", "RUS", "CHN", "--html", "FOLDER/dossier.html")
CASES = (
    Case("import suasion (process)", command("-c", "import suasion"), cold=True),
    Case("start of Python alone (process)", command("-c", "pass"), cold=True),
    Case("load_world (process)", command("-c", "import suasion; suasion.load_world()"), cold=True),
    Case("one embargo, 80 x 50, base prepared, long run", single_solve("long"), bar=0.1),
    Case("one embargo, 80 x 50, base prepared, short run", single_solve("short"), bar=0.3),
    Case("simulate one embargo on a world just made, long run", embargo("long", anew=True)),
    Case("simulate one embargo on a world just made, short run", embargo("short", anew=True)),
    Case("simulate one embargo on a world asked before, long run", embargo("long", anew=False)),
    Case("simulate one embargo on a world asked before, short run", embargo("short", anew=False)),
    Case("exit_cost of a pair, both horizons, no bands, warm", exit_cost(), repeats=3),
    Case(
        "1,000 draws of one scenario, long run",
        exit_cost(horizon="long", draws=1000),
        repeats=1,
        bar=15.0,
        cold=True,
    ),
    Case(
        "1,000 draws of one scenario, short run",
        exit_cost(horizon="short", draws=1000),
        repeats=1,
        bar=45.0,
        cold=True,
    ),
    Case("Sobol indices of a pair's exit costs, long run", sobol("long"), repeats=1, bar=45.0, cold=True),
    Case("Sobol indices of a pair's exit costs, short run", sobol("short"), repeats=1, bar=135.0, cold=True),
    Case("gradient by 320,000 trade costs, at the base", gradient(False), bar=0.2),
    Case("gradient by 320,000 trade costs, at a solved embargo", gradient(True), bar=0.3),
    Case("all 3,160 pairs, long run, warm", leverage("long"), repeats=1, bar=25.0),
    Case("all 3,160 pairs, short run, warm", leverage("short"), repeats=1, bar=75.0),
    Case(
        "suasion leverage --deficits world, nothing cached",
        program(*LEVERAGE),
        repeats=1,
        bar=40.0,
        cold=True,
    ),
    Case("suasion leverage --deficits world, again", program(*LEVERAGE, fresh=False), repeats=1),
    Case("suasion dyad RUS CHN --html, nothing cached", program(*DYAD), repeats=3, bar=10.0, cold=True),
    Case(
        "suasion dyad RUS CHN --bands --html, nothing cached",
        program(*DYAD, "--bands"),
        repeats=3,
        bar=20.0,
        cold=True,
    ),
)
