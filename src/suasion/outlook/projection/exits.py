"""Exit costs in a projected year, with the other outlet open and closed, and the outlooks kept on disk."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from suasion.coercion.exit_cost import merge
from suasion.equilibrium import Parameters, Shock, respond
from suasion.equilibrium.accounts import Accounts
from suasion.equilibrium.economy import economy_on, log_welfare
from suasion.equilibrium.solve import Solved
from suasion.errors import InputError, OutputError, SuasionError
from suasion.files import is_file, is_folder, write_json
from suasion.outlook.growth.gdp import CAPITAL_SHARE, real_factor_income, steady
from suasion.outlook.projection.chain import ProjectedYear
from suasion.outlook.projection.reading import Pair, Reading
from suasion.outlook.projection.result import Guide
from suasion.outlook.projection.together import FAILURES, respond_alike, respond_or_error, together
from suasion.sources.cache import write_parquet
from suasion.types import DeficitRule, FloatArray

STEADY = "steady"
"""Horizon at which elasticities are long-run ones and capital has adjusted."""
LONG = "long"
Changes = dict[str, "FloatArray | SuasionError"]


@dataclass(frozen=True, slots=True)
class Cutting:
    """How exit costs are computed.

    horizon: ``short``, ``long``, ``steady`` or years since the cut.
    parameters: elasticities of the horizon; at ``long`` and ``steady`` those of the path.
    deficits: deficit rule.
    capital_share: of value added, for ``steady``.
    guide, course: where earlier draws' solutions lay, and the course whose they are; None without.
    drawn: whether it is a draw: its losses need fewer digits than those of the central course.
    """

    horizon: str
    parameters: Parameters
    deficits: DeficitRule = "balance"
    capital_share: float = CAPITAL_SHARE
    guide: Guide | None = None
    course: str = ""
    drawn: bool = False


def losses(state: ProjectedYear, pair: Pair, how: Cutting) -> list[Reading]:
    """Exit costs of both sides in a year, with the other outlet of a open and closed.

    state: the year.
    pair: the cuts.
    how: horizon, elasticities, options.
    Returns: Per cent of own real expenditure before the cut, and million USD at base-year prices.
    """
    return losses_together([state], pair, [how])[0]


def losses_together(
    states: Sequence[ProjectedYear], pair: Pair, hows: Sequence[Cutting]
) -> list[list[Reading]]:
    """Exit costs of both sides in the worlds of some draws; see :func:`losses`.

    states: one year of some draws of one course.
    pair: the cuts.
    hows: one for each, of one horizon.
    """
    if not states:
        return []
    horizon = hows[0].horizon
    answer = {LONG: _long_changes, STEADY: _steady_changes}.get(horizon, _year_changes)
    return [
        _readings(state, pair, horizon, changes)
        for state, changes in zip(states, answer(states, pair, hows), strict=True)
    ]


def _readings(state: ProjectedYear, pair: Pair, horizon: str, changes: Changes) -> list[Reading]:
    """Losses from log changes of real expenditure."""
    worth = state.economy.accounts.income * np.exp(state.log_welfare)
    nothing = np.full(state.real.size, np.nan)
    logs = {k: nothing if isinstance(v, SuasionError) else v for k, v in changes.items()}
    reasons = {k: str(v) for k, v in changes.items() if isinstance(v, SuasionError)}
    rows = _pair_losses(pair, horizon, "open", logs["partner"], worth, reasons.get("partner", ""))
    if "both" in logs:
        before = logs["audience"]
        reason = reasons.get("both") or reasons.get("audience") or ""
        rows += _pair_losses(pair, horizon, "closed", logs["both"] - before, worth * np.exp(before), reason)
    return rows


def _pair_losses(
    pair: Pair, horizon: str, outlet: str, change: FloatArray, worth: FloatArray, reason: str
) -> list[Reading]:
    rows: list[Reading] = []
    for own, n in ((pair.a, pair.at[0]), (pair.b, pair.at[1])):
        loss = -float(np.expm1(change[n]))
        rows.append(("loss_percent", own, horizon, outlet, 100.0 * loss, reason))
        rows.append(("loss_usd", own, horizon, outlet, loss * float(worth[n]), reason))
    return rows


def _long_changes(states: Sequence[ProjectedYear], pair: Pair, hows: Sequence[Cutting]) -> list[Changes]:
    """Log changes of real expenditure (N,) at the path's own elasticities, by draw and cut.

    A cut is solved from the base year, together with the path: the same equilibrium, without preparing a new base.
    """
    how = hows[0]
    shared = together(states[0].economy, [state.economy.parameters for state in states])
    parts = [(k, name) for name in pair.cuts for k in range(len(states))]
    moved = {
        name: np.zeros(1) if kept is None else kept
        for name in pair.cuts
        for kept in [how.guide.start(how.course, states[0].year, LONG, name) if how.guide else None]
    }
    starts = [states[k].solved.x + moved[name] for k, name in parts]
    shocks = [merge(states[k].shock, pair.cuts[name]) for k, name in parts]
    made: list[Changes] = [{} for _ in states]
    for (k, name), solved in zip(parts, shared.respond([k for k, _ in parts], shocks, starts), strict=True):
        if isinstance(solved, SuasionError):
            made[k][name] = solved
            continue
        if how.guide:
            how.guide.keep(solved.x - states[k].solved.x, how.course, states[k].year, LONG, name)
        made[k][name] = log_welfare(solved) - states[k].log_welfare
    return made


def _steady_changes(states: Sequence[ProjectedYear], pair: Pair, hows: Sequence[Cutting]) -> list[Changes]:
    """The same with capital that adjusts to the cut."""
    return [_steady(state, pair, how) for state, how in zip(states, hows, strict=True)]


def _steady(state: ProjectedYear, pair: Pair, how: Cutting) -> Changes:
    def solve(cut: Shock, extra: FloatArray, x: FloatArray | None) -> Solved:
        shock = merge(state.shock, cut)
        labour = np.ones(state.real.size) if shock.endowments is None else shock.endowments
        return respond(state.economy, replace(shock, endowments=labour * np.exp(extra)), x)[0]

    rest, changes = real_factor_income(state.solved), Changes()
    for name, cut in pair.cuts.items():
        try:
            found = steady(partial(solve, cut), how.capital_share, rest, state.solved.x)
            changes[name] = log_welfare(found.solved) - state.log_welfare
        except FAILURES as error:
            changes[name] = error
    return changes


def _year_changes(states: Sequence[ProjectedYear], pair: Pair, hows: Sequence[Cutting]) -> list[Changes]:
    """The same with other elasticities than the path's: the year's accounts are the base."""
    worlds = [(state.accounts, how.parameters) for state, how in zip(states, hows, strict=True)]
    made: list[Changes] = [{} for _ in states]
    off = [np.zeros(1)] * len(states)
    for name, cut in pair.cuts.items():
        # Where both outlets close, a draw is as far from its example as where each closed alone.
        starts = off if name == "both" else [np.zeros(1)] * len(states)
        example, found = _cut_alike(cut, worlds, starts, hows[0], (states[0].year, name))
        for k, solved in enumerate(found):
            if isinstance(solved, SuasionError):
                made[k][name] = solved
                continue
            made[k][name] = log_welfare(solved)
            off[k] = off[k] + solved.x - example.x if example else off[k]
    return made


def _cut_alike(
    cut: Shock,
    worlds: Sequence[tuple[Accounts, Parameters]],
    off: Sequence[FloatArray],
    how: Cutting,
    place: tuple[object, ...],
) -> tuple[Solved | None, list[Solved | SuasionError]]:
    """Cut the worlds of some draws like the example at a place; without one the first to be solved becomes it."""
    place = how.course, how.horizon, *place
    example = how.guide.example(*place) if how.guide and how.drawn else None
    found: list[Solved | SuasionError] = []
    while example is None and len(found) < len(worlds):
        found.append(respond_or_error(economy_on(*worlds[len(found)], how.deficits), cut, None))
        example = found[-1] if isinstance(found[-1], Solved) else None
        if example and how.guide:
            how.guide.keep_example(example, *place)
    rest = worlds[len(found) :]
    if example is not None and rest:
        starts = [example.x + far for far in off[len(found) :]]
        found += respond_alike(example, cut, rest, starts)
    return example, found


MANIFEST = "manifest.json"
FORMAT = 1


@dataclass(frozen=True, slots=True)
class ProjectionStore:
    """A folder of blocks; without a folder nothing is kept.

    folder: where, or None.
    """

    folder: Path | None

    def block(self, name: str, columns: tuple[str, ...], make: Callable[[], pd.DataFrame]) -> pd.DataFrame:
        """Return a block, from its file where it is whole.

        name: of the block.
        columns: that it must have.
        make: computes it.
        """
        if self.folder is None:
            return make()
        target = self.folder / f"{name}.parquet"
        if is_file(target):
            try:
                found = pd.read_parquet(target)
                if tuple(found.columns) == columns and len(found):
                    return found
            except (OSError, ValueError):
                pass  # damaged: made anew
        made = make()
        write_parquet(made, target)
        return made


def open_store(folder: Path | None, asked: Mapping[str, Any]) -> ProjectionStore:
    """Open a folder for an outlook, new or begun before.

    folder: where; None keeps nothing.
    asked: plain data that say all that the numbers depend on, number of draws left out.
    Raises InputError if the folder holds another outlook, or files but no manifest.
    Raises OutputError if it cannot be written.
    """
    if folder is None:
        return ProjectionStore(None)
    document = {"format": FORMAT, **asked}
    target = folder / MANIFEST
    try:
        if is_file(target):
            _check_same(json.loads(target.read_text("utf-8")), document, folder)
            return ProjectionStore(folder)
        if is_folder(folder) and any(folder.iterdir()):
            raise InputError(
                f"{folder} holds files, but no {MANIFEST}. Choose an empty folder, or a new name."
            )
        folder.mkdir(parents=True, exist_ok=True)
        write_json(target, document, durable=True)
    except json.JSONDecodeError as error:
        raise InputError(f"{target} is damaged. Choose another folder, or delete this one.") from error
    except OSError as error:
        raise OutputError(f"{folder} cannot be written: {error.strerror}. Choose another folder.") from error
    return ProjectionStore(folder)


def _check_same(held: Any, asked: Mapping[str, Any], folder: Path) -> None:
    plain = json.loads(json.dumps(asked, sort_keys=True))
    differ = [key for key in plain if not isinstance(held, dict) or held.get(key) != plain[key]]
    if differ:
        raise InputError(
            f"{folder} holds another outlook: {', '.join(differ[:4])} differ. Choose another folder, or "
            "ask the same again."
        )
