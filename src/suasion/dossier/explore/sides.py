"""Sides of a scenario, and what each gains or loses in every run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from suasion.answers import numbers as n
from suasion.answers.catalogue import say
from suasion.answers.language import capital
from suasion.dossier.explore.rows import Change, EconomyRow, SideRow
from suasion.dossier.words import printed_name
from suasion.equilibrium import Scenario
from suasion.equilibrium.accounts import FloatArray
from suasion.equilibrium.scenario.places import ALL, party
from suasion.questions.scenarios.warm_model import SolvedPoint, sides_of
from suasion.sources import country_name, is_group, resolve_country
from suasion.world import World

PENDING = say("side.pending")
WHOLE = say("side.as_a_whole")
_GROUPS_WITH_ARTICLE = ("G7", "OECD", "EAEU", "USMCA")
BAND, HALF = (0.05, 0.95), (0.25, 0.75)
SINGLE = 12
"""Draws that are shown one by one beside the bands."""
Mask = NDArray[np.bool_]
_OTHER = {"target": "coalition", "coalition": "target"}


@dataclass(frozen=True, slots=True)
class Solved:
    """A run with its points: the central one, and draws where there are any.

    Attributes
    ----------
    key, label : str
        Of the run.
    point : SolvedPoint
        Central elasticities.
    draws : float array (draw, country) or None
        Change of welfare, per cent; NaN rows had no equilibrium.
    """

    key: str
    label: str
    point: SolvedPoint
    draws: FloatArray | None = None


@dataclass(frozen=True, slots=True)
class Side:
    """Some economies under one name.

    Attributes
    ----------
    name, role : str
        As printed (inside a sentence), and its part.
    codes : tuple of str
        Its economies.
    """

    name: str
    role: str
    codes: tuple[str, ...]


def sentence_name(token: str) -> str:
    """Name of a country or group as it stands inside a sentence."""
    if token.casefold() == ALL:
        return say("side.all_others")
    if not is_group(token):
        code = resolve_country(token)
        return printed_name(code, country_name(code))
    name = printed_name(token.upper(), token.upper())
    return f"the {name}" if name in _GROUPS_WITH_ARTICLE else name


def list_sides(world: World, scenario: Scenario) -> tuple[Side, ...]:
    """Sides in the order of the page: targets, coalition, sides as a whole, everybody else.

    Parameters
    ----------
    world : World
        Whose economies they are.
    scenario : Scenario
        Who acts on whom.
    """
    year = world.year if scenario.year is None else scenario.year
    masks = sides_of(world, scenario)
    whole = {"target": masks.target, "coalition": masks.coalition}
    names = dict.fromkeys(
        token
        for key in ("targets", "senders")
        for item in scenario.instruments
        for token in getattr(item, key, ())
    )
    found: list[Side] = []
    for role in ("target", "coalition"):
        named = [
            Side(sentence_name(token), role, codes)
            for token in names
            if (codes := _codes(world, token, year, whole, role))
        ]
        found += named
        if len(named) > 1:
            words = say("panel.the_targets" if role == "target" else "panel.the_coalition")
            found.append(Side(f"{words}{WHOLE}", role, _marked(world, whole[role])))
    rest = _marked(world, ~(masks.coalition | masks.target))
    found += [Side(say("side.rest"), "other", rest)] if rest else []
    return (*found, Side(say("side.all", count=len(world.countries)), "other", world.countries))


def _codes(world: World, token: str, year: int, whole: Mapping[str, Mask], role: str) -> tuple[str, ...]:
    """Economies of a name that belongs to a role, none otherwise; "all" leaves out the other side."""
    own, other = whole[role], whole[_OTHER[role]]
    if token.casefold() == ALL:
        return _marked(world, own) if own.sum() >= other.sum() else ()
    mask = party([token], world, year).mask
    return _marked(world, mask) if not (mask & ~own).any() else ()


def _marked(world: World, mask: Mask) -> tuple[str, ...]:
    return tuple(code for code, inside in zip(world.countries, mask, strict=True) if inside)


def side_rows(world: World, sides: Sequence[Side], runs: Sequence[Solved]) -> tuple[SideRow, ...]:
    """Add up welfare over the economies of each side.

    Parameters
    ----------
    world : World
        Labels.
    sides : sequence of Side
        From :func:`list_sides`.
    runs : sequence of Solved
        Solved horizons.
    """
    return tuple(
        SideRow(capital(s.name), s.role, s.codes, tuple(change_of(world, s.codes, run) for run in runs))
        for s in sides
    )


def economy_rows(
    world: World, scenario: Scenario, runs: Sequence[Solved], shown: str
) -> tuple[EconomyRow, ...]:
    """Every economy, the largest loss in the shown run first.

    Parameters
    ----------
    world : World
        Labels.
    scenario : Scenario
        Who acts on whom.
    runs : sequence of Solved
        Solved horizons.
    shown : str
        Key of the run that orders them.
    """
    masks = sides_of(world, scenario)
    roles = {
        code: "coalition" if act else ("target" if hit else "other")
        for code, act, hit in zip(world.countries, masks.coalition, masks.target, strict=True)
    }
    rows = [
        EconomyRow(
            code, country_name(code), roles[code], tuple(change_of(world, (code,), run) for run in runs)
        )
        for code in world.countries
    ]
    place = next((k for k, run in enumerate(runs) if run.key == shown), 0)
    return tuple(sorted(rows, key=lambda row: (row.changes[place].percent or 0.0, row.code)))


def change_of(world: World, codes: Sequence[str], run: Solved) -> Change:
    """Change of welfare of some economies together in one run.

    Parameters
    ----------
    world : World
        Labels.
    codes : sequence of str
        Economies.
    run : Solved
        A solved horizon.
    """
    point = run.point
    if not point.usd:
        return Change(
            run.key, None, None, text="…" if point.reason == PENDING else say("side.no_equilibrium")
        )
    index = [world.countries.index(code) for code in codes]
    income = sum(point.income[k] for k in index)
    usd = sum(point.usd[k] for k in index)
    percent = 100.0 * usd / income
    values = drawn_percent(run, index)
    if values is None or values.size == 0:
        return Change(run.key, percent, usd, text=n.signed_percent(percent))
    low, high, *half = (float(value) for value in np.quantile(values, (*BAND, *HALF)))
    text = f"{n.signed_percent(percent)} ({n.band(low, high)})"
    single = tuple(float(value) for value in values[:SINGLE])
    return Change(run.key, percent, usd, low, high, text, (half[0], half[1]), single)


def drawn_percent(run: Solved, index: Sequence[int]) -> FloatArray | None:
    """Change of some economies together in each draw that has an equilibrium, per cent; None without draws."""
    if run.draws is None or not run.point.income:
        return None
    weight = np.asarray([run.point.income[k] for k in index])
    values = run.draws[:, list(index)] @ weight / weight.sum()
    return np.asarray(values[np.isfinite(values)])


def changes_by_key(row: SideRow | EconomyRow) -> Mapping[str, Change]:
    """Changes of a row by the key of the run."""
    return {change.run: change for change in row.changes}
