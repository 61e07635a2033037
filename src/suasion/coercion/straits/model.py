"""What the closing of a strait does to every economy, by a declared rule of geography.

Each economy trades on one coast or on several in stated parts; a strait lies between coasts. Of the trade of a pair in
goods the part ``s = sea * sum of parts on either side`` passes it: ``sea`` is the part that goes by ship, less on one
land mass. Where there is a way round the trade of the pair becomes dearer by ``s * days * value of a day``; where
there is none, ``s * (1 - kept)`` of it is gone, ``kept`` by pipe or over land. Every number has a range; two further
solves take all of them at the end that hurts less, and at the end that hurts more.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import xarray as xr

from suasion.coercion.outcomes import Beside, band_of, economy_for, solved_alongside
from suasion.equilibrium import Economy, Parameters, Shock, respond
from suasion.equilibrium.batch.bands import OverDraws, drawn_rows, sets_of, with_bands
from suasion.equilibrium.batch.many import (
    THREADS,
    ManyOutcome,
    batchable,
    job_of,
    respond_draws,
    respond_many,
)
from suasion.equilibrium.batch.patch import ground_of
from suasion.equilibrium.economy import log_welfare
from suasion.equilibrium.solve import Solved
from suasion.errors import InputError
from suasion.files import shipped
from suasion.solvers.threads import one_thread
from suasion.types import DeficitRule, FloatArray, Progress

if TYPE_CHECKING:
    from suasion.world import World


CENTRE, MILD, HARD = 0, 1, 2
"""Places of a number and of its range in the file, the least first."""
GOODS = ("A", "B", "C")
"""Sections of goods."""
REST = "ROW"
"""The rest of the world, in worlds that have one."""
MATTERS, NO_WAY = 10.0, 2.0
"""Per cent of an economy's trade in goods from which on a strait matters to it, with a way round and without one.
Assumption: 5 to 20, and 1 to 5."""
MAINLY = 0.5
"""Part of an economy's trade from which on it trades on a coast for the most part."""
NOTHING: Beside = {
    "flags": "",
    **dict.fromkeys(("replacement_percent", "no_switching_percent", "capital_percent"), float("nan")),
}
"""Where nothing is solved beside a loss."""
CRUDE = ("B06",)
"""Crude oil and natural gas."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Closing(OverDraws):
    """A strait that closes.

    strait: name in the file.
    table: one row per economy: state, closing_percent and closing_musd, the change of real expenditure, each
      with the ends of the ranges (``_least`` is the larger loss), passes_percent (of its trade in goods with
      others), sold_musd and bought_musd (what it sells and buys through it), behind (whether it trades on the one
      side of the strait for the larger part), and what stands beside the loss at the centre.
    world_musd: change of all together: centre, least and most.
    missing: codes of economies whose trade may pass and that the world's table has not.
    passes_percent: of all trade in goods between economies.
    residual: largest gap of an equation.
    horizon: label.
    drawn: (draw, row) closing_percent and closing_musd for draws of the elasticities, all else at the centre; the
      table has their 90 % bands (``_low``, ``_high``) then. None without draws.
    """

    strait: str
    table: pd.DataFrame
    world_musd: tuple[float, float, float]
    missing: tuple[str, ...]
    passes_percent: float
    residual: float
    horizon: str
    drawn: xr.Dataset | None = None

    def world_band(self) -> tuple[float, float]:
        """Ends of the 90 % band of the change of all together, million USD; NaN without draws."""
        found = () if self.drawn is None else self.drawn["closing_musd"].sum("row", skipna=False).values
        return band_of(np.asarray(found, dtype=np.float64), self.world_musd[0])


@cache
def straits_file() -> Mapping[str, Any]:
    """Return the file of coasts and straits."""
    return shipped("suasion.coercion.straits", "straits.toml", tomllib.load)


def strait_of(name: str) -> Mapping[str, Any]:
    """Return a strait's entry.

    Raises InputError: There is no such strait.
    """
    known: Mapping[str, Any] = straits_file()["straits"]
    if name not in known:
        raise InputError(f"There is no strait {name!r} in the file; it has {', '.join(known)}.")
    entry: Mapping[str, Any] = known[name]
    return entry


def coasts(world: World, crude: bool = False) -> tuple[tuple[str, ...], FloatArray]:
    """Return names of coasts and (N, coast) the part of each economy's trade on each; rows sum to one.

    The rest of the world, which is everywhere, passes no strait.

    Raises InputError: An economy of the world has no coast in the file.
    """
    file = straits_file()
    names = tuple(file["coasts"])
    parts = {code: {coast: 1.0} for coast, codes in file["coasts"].items() for code in codes.split()}
    parts |= {REST: {}} | file["parts"] | (file["parts_of_crude"] if crude else {})
    if lacking := [code for code in world.countries if code not in parts]:
        raise InputError(
            f"No coast is known of {', '.join(lacking)}: straits need the economies of an embedded world."
        )
    table = [[parts[code].get(name, 0.0) for name in names] for code in world.countries]
    return names, np.array(table)


def sea_share(world: World, end: int = CENTRE) -> FloatArray:
    """Return (N, N) the part of the trade of two economies that goes by ship, zero with oneself.

    end: :data:`CENTRE`, or an end of the range.
    """
    file = straits_file()
    joined = np.zeros((len(world.countries),) * 2, dtype=bool)
    for codes in file["masses"].values():
        inside = np.isin(world.countries, codes.split())
        joined |= np.outer(inside, inside)
    share = np.where(joined, file["sea"]["joined"][end], file["sea"]["apart"][end])
    np.fill_diagonal(share, 0.0)
    return np.asarray(share)


def passing(world: World, strait: str, crude: bool = False, end: int = CENTRE) -> FloatArray:
    """Return (N, N) the part of the trade of two economies in goods that passes a strait; it is symmetric.

    strait: name in the file.
    crude: whether of crude oil and gas.
    end: of the range of what goes by ship.
    """
    entry = strait_of(strait)
    names, parts = coasts(world, crude)
    one = np.isin(names, entry["one"].split())
    other = ~one if entry["other"] == "*" else np.isin(names, entry["other"].split())
    here, there = parts[:, one].sum(1), parts[:, other].sum(1)
    return np.asarray((np.outer(here, there) + np.outer(there, here)) * sea_share(world, end))


def shock_of(world: World, strait: str, end: int = CENTRE) -> Shock:
    """Return the closing of a strait as a shock, with every number at the centre or at one end of its range.

    strait: name in the file.
    end: :data:`CENTRE`, :data:`MILD` (least by ship, shortest detour, most kept) or :data:`HARD`.
    """
    entry = strait_of(strait)
    shape = (len(world.countries), len(world.countries), len(world.sectors))
    share, crude = np.zeros(shape), np.isin(world.sectors, CRUDE)
    share[:, :, [sector.startswith(GOODS) for sector in world.sectors]] = passing(world, strait, False, end)[
        ..., None
    ]
    share[:, :, crude] = passing(world, strait, True, end)[..., None]
    if "days" in entry:
        return Shock(trade_cost=1.0 + share * entry["days"][end] * straits_file()["time"]["day"][end])
    kept_end = {CENTRE: CENTRE, MILD: HARD, HARD: MILD}[end]
    kept = np.full((len(world.countries), len(world.sectors)), entry["kept"][kept_end])  # seller, sector
    kept[:, crude] = entry.get("kept_of_crude", entry["kept"])[kept_end]
    kept[np.ix_(np.isin(world.countries, entry.get("no_bypass", "").split()), crude)] = 0.0
    return Shock(left=1.0 - share * (1.0 - kept))


def close_straits(
    world: World,
    straits: Sequence[str],
    horizon: str | float = "short",
    deficits: DeficitRule = "balance",
    *,
    draws: int = 0,
    seed: int = 1,
    ends: bool = True,
    progress: Progress | None = None,
) -> list[Closing]:
    """Close straits, each by itself: every one at the centre, and the ends of all their ranges in one batch.

    straits: names in the file.
    horizon: ``"months"``, ``"short"``, ``"long"`` or years.
    deficits: deficit rule, see :func:`suasion.equilibrium.simulate`.
    draws, seed: draws of the elasticities for 90 % bands beside the ranges, and their seed.
    ends: whether the ends of all ranges are solved, and what stands beside the loss; NaN and no flags without.
    progress: called with (done, total, what).
    Raises InputError: There is no such strait, or an economy has no coast in the file.
    """
    economy, sets = economy_for(world, horizon, deficits), sets_of(world, draws, horizon, seed)
    steps = _Steps(len(straits) * (1 + 2 * ends + draws), progress)
    shocks = [cache(partial(shock_of, world, one)) for one in straits]
    centres = _centres(economy, straits, shocks, steps)
    logs = [log_welfare(solved)[None] for solved in centres]
    residuals = [[solved.certificate.residual] for solved in centres if solved.certificate]
    beside: list[list[Beside]] = [[NOTHING] * len(world.countries) for _ in straits]
    if ends:
        hurt = _ends(economy, [partial(shock, end) for shock in shocks for end in (HARD, MILD)], steps)
        pairs = [slice(2 * place, 2 * place + 2) for place in range(len(straits))]
        logs = [np.vstack([one, hurt.log_welfare[two]]) for one, two in zip(logs, pairs, strict=True)]
        residuals = [[*one, *hurt.residual[two]] for one, two in zip(residuals, pairs, strict=True)]
        answers = list(zip(shocks, centres, strict=True))
        beside = solved_alongside(economy, answers, list(np.eye(len(world.countries), dtype=bool)))
    found = []
    for name, shock, solved, changes, gaps, extra in zip(
        straits, shocks, centres, logs, residuals, beside, strict=True
    ):
        frame, world_wide = _changes(economy, np.expm1(changes))
        drawn = _drawn(economy, frame, shock, solved, sets, steps)
        passes, total = _passes(world, name)
        table = with_bands(frame, drawn).join(passes).join(pd.DataFrame(extra))
        missing = tuple(code for code in strait_of(name)["missing"].split() if code not in world.countries)
        gap, label = float(max(gaps)), economy.parameters.horizon
        found.append(Closing(name, table, world_wide, missing, total, gap, label, drawn))
    return found


class _Steps:
    """Solves that are done, of all that are to be, told as they come."""

    def __init__(self, total: int, progress: Progress | None) -> None:
        self.done, self.total, self.progress = 0, total, progress

    def __call__(self, what: str, count: int = 1) -> None:
        self.done += count
        if self.progress:
            self.progress(self.done, self.total, what)


def _centres(
    economy: Economy, names: Sequence[str], shocks: Sequence[Callable[[], Shock]], steps: _Steps
) -> list[Solved]:
    """Solve every strait at the centre of its ranges, with a certificate."""
    found = []
    with one_thread(), ThreadPoolExecutor(THREADS) as pool:
        for name, (solved, _) in zip(
            names, pool.map(lambda shock: respond(economy, shock()), shocks), strict=True
        ):
            found.append(solved)
            steps(name)
    return found


def _ends(economy: Economy, shocks: Sequence[Callable[[], Shock]], steps: _Steps) -> ManyOutcome:
    """Solve the ends of all ranges; what has no equilibrium is an error, as at the centre."""
    ground = ground_of(economy.accounts, economy.parameters) if batchable(economy) else None
    found = respond_many(economy, [job_of(economy, shock(), ground) for shock in shocks])
    steps("ranges", len(shocks))
    for shock, reason in zip(shocks, found.reasons, strict=True):
        if reason:
            respond(economy, shock())
    return found


def _changes(economy: Economy, changes: FloatArray) -> tuple[pd.DataFrame, tuple[float, float, float]]:
    """Changes of each economy (1 or 3, N), at the centre and at the ends, as rows; and those of all together."""
    centre, ends = (
        changes[0],
        (changes.min(0), changes.max(0)) if len(changes) > 1 else 2 * (changes[0] * np.nan,),
    )
    frame = pd.DataFrame({"state": economy.accounts.countries})
    for name, change in zip(("", "_least", "_most"), (centre, *ends), strict=True):
        frame[f"closing_percent{name}"] = 100.0 * change
        frame[f"closing_musd{name}"] = change * economy.accounts.income
    total = (changes * economy.accounts.income).sum(1)
    most = (float(total.min()), float(total.max())) if len(changes) > 1 else (np.nan, np.nan)
    return frame, (float(total[0]), *most)


def _drawn(
    economy: Economy,
    frame: pd.DataFrame,
    shock: Callable[[], Shock],
    solved: Solved,
    sets: Sequence[Parameters],
    steps: _Steps,
) -> xr.Dataset | None:
    """The central closing at draws of the elasticities."""
    if not sets:
        return None
    changes = np.expm1(respond_draws(economy, shock(), solved, sets).log_welfare)
    steps("draws", len(sets))
    frames = [
        pd.DataFrame({"closing_percent": 100.0 * one, "closing_musd": one * economy.accounts.income})
        for one in changes
    ]
    return drawn_rows(frame, frames, ("closing_percent", "closing_musd"))


@lru_cache(maxsize=1024)
def straits_of(world: World, state: str) -> tuple[str, ...]:
    """Return the straits that matter to a state: much of its trade in goods passes, or it has no other way out.

    state: code; of who is not in the world only the coast is known.
    """
    file, found = straits_file(), []
    for name, entry in file["straits"].items():
        coasts_of = [coast for coast, codes in file["coasts"].items() if state in codes.split()]
        main = {coast for coast, part in file["parts"].get(state, {}).items() if part > MAINLY} | {*coasts_of}
        no_way = "kept" in entry
        behind = no_way and bool(main & {*entry["one"].split()})
        passes = passing_percent(world, name).get(state, 0.0)
        found += [name] if behind or passes >= (NO_WAY if no_way else MATTERS) else []
    return tuple(found)


@lru_cache(maxsize=64)
def passing_percent(world: World, strait: str) -> Mapping[str, float]:
    """Return the part of each economy's trade in goods that passes a strait, per cent."""
    return dict(zip(world.countries, _passes(world, strait)[0]["passes_percent"], strict=True))


def _passes(world: World, strait: str) -> tuple[pd.DataFrame, float]:
    """What each economy sells and buys through it, the part of its trade in goods with others, and that of all."""
    goods = np.array([sector.startswith(GOODS) for sector in world.sectors])
    flows = np.asarray(world.arrays["intermediate"] + world.arrays["final"])  # importer, exporter, sector
    crude = np.isin(world.sectors, CRUDE)
    sold, bought, every = (np.zeros(len(world.countries)) for _ in range(3))
    apart = ~np.eye(len(world.countries), dtype=bool)
    for part, is_crude in ((goods & ~crude, False), (crude, True)):
        trade = np.asarray(flows[:, :, part].sum(2)) * apart
        through = trade * passing(world, strait, is_crude)
        sold += through.sum(0)
        bought += through.sum(1)
        every += trade.sum(0) + trade.sum(1)
    names, parts = coasts(world)
    here = parts[:, np.isin(names, strait_of(strait)["one"].split())].sum(1) > MAINLY
    frame = pd.DataFrame(
        {
            "passes_percent": 100.0 * (sold + bought) / every,
            "sold_musd": sold,
            "bought_musd": bought,
            "behind": here,
        }
    )
    return frame, float(100.0 * (sold + bought).sum() / every.sum())
