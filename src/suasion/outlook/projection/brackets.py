"""What stands beside the exit costs of a course's first year: flags, and the ends of the bracket where there is one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from suasion.equilibrium import Parameters, respond
from suasion.equilibrium.batch.beside import bracket_ends, has_bracket
from suasion.equilibrium.economy import economy_on, log_welfare
from suasion.equilibrium.flags import WIDE, Flag, flags_on, width
from suasion.errors import SuasionError
from suasion.outlook.projection.chain import ProjectedYear
from suasion.outlook.projection.solve import Task


def brackets(task: Task, state: ProjectedYear) -> Iterator[dict[str, Any]]:
    """Flags on the losses of both sides in a year, with the other outlet open, at horizons at which there is a bracket.

    task: what is asked.
    state: the year, of a central course.
    Yields: ``of``, ``horizon``, ``outlet``, ``flags`` (empty without), ``replacement_percent`` and
      ``no_switching_percent`` (NaN without a flag).
    """
    for horizon, parameters in task.central.items():
        for row in _of_horizon(task, state, parameters):
            yield {"horizon": horizon, "outlet": "open", **row}


def _of_horizon(task: Task, state: ProjectedYear, parameters: Parameters) -> Iterator[dict[str, Any]]:
    economy, cut = economy_on(state.accounts, parameters, task.deficits), task.pair.cuts["partner"]
    if not has_bracket(economy):
        return
    try:
        solved, _ = respond(economy, cut)
    except SuasionError:  # the loss itself has no number either
        return
    sides = dict(zip((task.pair.a, task.pair.b), task.pair.at, strict=True))
    found = [flag for flag in flags_on(solved, cut) if flag.country in sides]
    ends = bracket_ends(economy, [lambda: cut])[0] if found else np.full((2, state.real.size), np.nan)
    for code, n in sides.items():
        kinds = {flag.flag.value for flag in found if flag.country == code}
        low, high = (-100.0 * np.expm1(ends[:, n])).tolist() if kinds else (np.nan, np.nan)
        central = -100.0 * float(np.expm1(log_welfare(solved)[n]))
        kinds |= {Flag.WIDTH.value} if kinds and width(low, central, high) > WIDE else set()
        yield {
            "of": code,
            "flags": " ".join(sorted(kinds)),
            "replacement_percent": low,
            "no_switching_percent": high,
        }
