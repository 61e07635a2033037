"""Solved horizons of a scenario: what each economy and each party loses, with bands where there are draws."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np

from suasion.coercion.outcomes import band_of
from suasion.equilibrium import Result, draws
from suasion.errors import ConvergenceError, ShockError
from suasion.questions.scenarios.solved_point import Margins, SolvedPoint
from suasion.questions.scenarios.warm_model import Posed, WarmModel, moved
from suasion.types import FloatArray

HALF = (0.25, 0.75)
LABELS = {1.0: "short", 10.0: "long"}


@dataclass(frozen=True)
class ScenarioRun:
    """One horizon of a scenario.

    label: ``months``, ``short``, ``long`` or years.
    countries: Of the world.
    point: At the central elasticities.
    margins: Empty where they were not asked for.
    changes: float array (draw, country), optional. Change of welfare in each draw, per cent; NaN rows had no
      equilibrium.
    pending: Whether it is still being solved.
    result: The model's own, where it was solved here and not recalled.
    """

    label: str
    countries: tuple[str, ...]
    point: SolvedPoint
    margins: Margins = field(default_factory=Margins)
    changes: FloatArray | None = None
    pending: bool = False
    result: Result | None = field(default=None, repr=False)

    @property
    def solved(self) -> bool:
        """Whether there is an equilibrium."""
        return bool(self.point.usd)

    @property
    def status(self) -> str:
        """Why there is no number, as a word."""
        return "pending" if self.pending else "solved" if self.solved else "no_equilibrium"

    @property
    def failed(self) -> int:
        """Draws without an equilibrium."""
        return 0 if self.changes is None else int(np.isnan(self.changes).any(1).sum())

    @cached_property
    def place(self) -> dict[str, int]:
        """Place of each economy."""
        return {code: k for k, code in enumerate(self.countries)}

    def ends(self, name: str, place: int, column: str) -> dict[str, float | None]:
        """Ends of the band of one level of one economy, as cells of a row; empty without draws.

        name: Of the model's variable, over draws and economies.
        place: Of the economy.
        column: Its number stands in.
        """
        if self.changes is None:
            return {}
        drawn = None if self.result is None else self.result.drawn
        found = (np.nan, np.nan)
        if drawn is not None:
            found = band_of(drawn[name].values[:, place], float(getattr(self.result, name).values[place]))
        cells = (None if np.isnan(end) else end for end in found)
        return dict(zip((f"{column}_low", f"{column}_high"), cells, strict=True))

    def loss(self, economies: Sequence[str]) -> dict[str, Any]:
        """Loss of some economies together as cells of a row; with its bands where there are draws.

        economies: Codes.
        """
        ends = ("loss_percent_low", "loss_percent_high", "half_from_percent", "half_to_percent")
        in_money = ("loss_musd_low", "loss_musd_high")
        banded = self.changes is not None
        if not self.solved:
            return {
                "loss_percent": None,
                "loss_musd": None,
                **dict.fromkeys((*ends, *in_money) if banded else ()),
            }
        index = [self.place[code] for code in economies]
        income = sum(self.point.income[k] for k in index)
        musd = sum(self.point.usd[k] for k in index)
        row: dict[str, Any] = {"loss_percent": 0.0 - 100.0 * musd / income, "loss_musd": 0.0 - musd}
        drawn = self.drawn(economies)
        if banded and drawn is not None and drawn.size:
            found = [*band_of(drawn, row["loss_percent"]), *np.quantile(drawn, HALF)]
            row |= dict(
                zip((*ends, *in_money), [*found, *(end * income / 100.0 for end in found[:2])], strict=True)
            )
        elif banded:
            row |= dict.fromkeys((*ends, *in_money))
        return row

    def drawn(self, economies: Sequence[str]) -> FloatArray | None:
        """Loss of some economies together in each draw that has an equilibrium, per cent; None without draws."""
        if self.changes is None or not self.solved:
            return None
        index = [self.place[code] for code in economies]
        weight = np.asarray([self.point.income[k] for k in index])
        values = -(self.changes[:, index] @ weight) / weight.sum()
        return np.asarray(values[np.isfinite(values)])


def label_of(horizon: str | float) -> str:
    """Label of a horizon: its word, or years."""
    return horizon if isinstance(horizon, str) else LABELS.get(float(horizon), f"{horizon:g}")


def over_draws(
    model: WarmModel, posed: Posed, count: int, seed: int, tell: Callable[[int], None]
) -> tuple[Result | None, FloatArray]:
    """Solve a question with draws of the elasticities.

    model: Solves the centre.
    posed: The question.
    count, seed: Of the draws.
    tell: Told how many are done.
    Returns: The centre with the levels of each draw, None where it has no equilibrium; and the change of welfare in
      each draw, per cent (draw, country), NaN where there is none.
    """
    from suasion.equilibrium.batch.bands import over_draws as levels_of

    try:
        centre = model.result(posed)
    except (ShockError, ConvergenceError):
        return None, np.full((count, len(model.world.countries)), np.nan)
    sets = [moved(one, posed) for one in draws(model.world, count, posed.horizon, seed=seed)]
    drawn = levels_of(model.economy(posed), centre.shock, centre.solved, sets, lambda done, _: tell(done))
    return replace(centre, drawn=drawn), np.asarray(drawn["welfare"].values)
