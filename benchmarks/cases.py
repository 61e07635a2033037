"""The jobs that `make bench` times."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

import suasion as su
from timing import Case, command

DYAD = "from suasion.cli import main; import sys; sys.argv[1:] = {words!r}; main()"


def embargo() -> Callable[[], object]:
    """Prepare one embargo on the embedded world; the first run, which factorises the base, is the warm-up."""
    world = su.load_world()
    scenario = su.Scenario("cut", (su.Embargo(("RUS",), ("CHN",)),))
    return lambda: su.simulate(world, scenario, horizon="long")


def exit_cost() -> Callable[[], object]:
    """Prepare exit costs of both sides at both horizons, without bands."""
    world = su.load_world()
    return lambda: su.exit_cost(world, "RUS", "CHN")


def dyad(*options: str) -> Callable[[], Callable[[], object]]:
    """Prepare the command that writes a dossier as HTML, from a cold start."""
    target = str(Path(tempfile.mkdtemp()) / "dossier.html")
    return command("-c", DYAD.format(words=["dyad", "RUS", "CHN", "--html", target, *options]))


CASES = (
    Case("import suasion (process)", command("-c", "import suasion"), cold=True),
    Case("start of Python alone (process)", command("-c", "pass"), cold=True),
    Case("load_world (process)", command("-c", "import suasion; suasion.load_world()"), cold=True),
    Case("one embargo, 80 x 50, warm", embargo, bar=0.3),
    Case("exit_cost of a pair, both horizons, no bands, warm", exit_cost, repeats=3),
    Case("suasion dyad RUS CHN --html, cold start", dyad(), repeats=3, bar=10.0, cold=True),
    Case("suasion dyad RUS CHN --bands --html, cold start", dyad("--bands"), repeats=1, bar=60.0, cold=True),
)
