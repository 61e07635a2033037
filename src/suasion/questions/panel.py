"""A panel: states by year, or pairs of states by year, with what is known of each, and what that rests on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from suasion.answers import Answer, Country, Finding, Quantity, Source, Table, Value
from suasion.errors import InputError, SameCountryError
from suasion.nearest import did_you_mean
from suasion.questions.bands import few
from suasion.questions.posed import code_or_group
from suasion.questions.question import Bands, Count, Integers, Texts, question
from suasion.types import Progress

if TYPE_CHECKING:
    import pandas as pd

    from suasion.world import World

OWN_TARIFF = "tariff_percent tariff_record tariff_vintage"
WHAT: Mapping[str, str] = {
    "shares": "trade_share export_share import_share value_musd share_record",
    "losses": "short_percent long_percent short_musd long_musd loss_record loss_table",
    "tariffs": f"{OWN_TARIFF} {OWN_TARIFF.replace('tariff', 'faced_tariff')}",
    "votes": "ideal_distance second_distance vote_source",
    "pacts": "defence_pact pact_source",
    "arms": "arms_tiv arms_share arms_record arms_source",
    "disputes": "deadly_dispute dispute_hostility dispute_record dispute_source",
    "events": "events_count exercises_count measures_count events_source",
}
"""What a panel may hold, and its columns."""
MARKS = {
    "losses": "long_percent",
    "arms": "arms_record",
    "disputes": "dispute_record",
}
"""The column of each that says whether a row has it, where it is not the first."""
SOURCES = {
    "shares": Source("trade_history.source", "BACI"),
    "tariffs": Source("tariffs.source.applied"),
    **{name: Source(f"panel.{name}") for name in ("votes", "pacts", "arms", "disputes")},
    "events": Source("events.source"),
}
BAND = {"": "distance", "_low": "low", "_high": "high"}
PAIR = ("country", "partner", "year")
BRIEF = (
    "country partner year trade_share short_percent long_percent tariff_percent ideal_distance defence_pact"
)
"""Columns that are printed."""
FIRST = 2000
Pairs = Sequence[tuple[str, str]]
MOST_PAIRS = 2_500
"""Pairs of a panel."""


@question
def panel(
    units: Texts,
    *,
    on: Texts = (),
    years: Integers = (),
    what: Texts = (),
    worlds: str = "",
    draws: Bands = 0,
    seed: Count = 1,
    progress: Progress | None = None,
) -> Answer:
    """A panel of states by year towards another, or of pairs: trade, losses, tariffs, votes, pacts.

    Parameters
    ----------
    units : tuple of str
        States; of a group its members of the last year.
    on : tuple of str
        States or groups, each a whole, towards which all is measured; the units without, in both directions.
    years : tuple of int
        Calendar years, as 2011-2024 or one by one; all from 2000 on without.
    what : tuple of str
        shares (of goods trade), losses (if all trade of the two ends, in the world of the year: of states those that
        ship, to a thousandth of a per cent, else solved), tariffs (means on goods, levied on the partner and faced
        there), votes (distances in two dimensions), pacts (defence), arms (that the partner delivered), disputes (with
        deaths), events (on record, by the year in which they begin); all without.
    worlds : str
        Data set of the worlds in which losses are solved; the embedded ones without.

    Returns
    -------
    Answer
        Table ``panel``, one row a state, partner and year. What a year has no data of is missing, not zero.

    Examples
    --------
    >>> su.panel("ASEAN", on="CHN", years=range(2011, 2025), what="shares")
    <Answer panel CHN 10 2011 2024: panel (...>
    """
    from suasion.sources.goods_totals import LINE

    chosen = _what(what)
    pairs = _pairs(units, on)
    wanted = tuple(dict.fromkeys(years)) or _years()
    frame = _grid(pairs, wanted)
    for one in _parts(chosen, pairs, wanted, worlds, draws, seed, progress):
        frame = frame.merge(one, "left", [*PAIR])
    asked: dict[str, Value] = {
        "on": Country(code_or_group(on[0])) if len(on) == 1 else ", ".join(map(code_or_group, on)),
        "count": Quantity(len(pairs), "count"),
        "first": min(wanted),
        "last": max(wanted),
    }
    names = " ".join((*PAIR, *(WHAT[name] for name in chosen)))
    notes = (*(Finding(f"panel.{name}", {"until": max(LINE)}) for name in chosen), *few(draws))
    table = Table.of("panel", names, frame, axes=" ".join(PAIR), values=asked, notes=notes, brief=BRIEF)
    sources = [SOURCES[name] for name in chosen if name in SOURCES]
    sources += [Source("world.source", one, year) for one, year in _tables(frame)]
    return Answer(
        "panel", asked, tuple(_findings(frame, chosen)), (table,), sources=tuple(sources), result=frame
    )


def _what(named: Sequence[str]) -> tuple[str, ...]:
    """Names of what the panel holds.

    Raises InputError: There is none of a name.
    """
    for name in named:
        if name not in WHAT:
            raise InputError(f"A panel has no {name!r}.{did_you_mean(name, WHAT)} It has {', '.join(WHAT)}.")
    return tuple(one for one in WHAT if one in named) or tuple(WHAT)


def _pairs(units: Sequence[str], on: Sequence[str]) -> list[tuple[str, str]]:
    """Each unit and its partners.

    Raises InputError: There are none, or too many.
    Raises SameCountryError: The partner is one of the units, or holds all of them.
    """
    from suasion.sources.goods_totals import LATER
    from suasion.sources.groups import expand

    codes = tuple(dict.fromkeys(expand([code_or_group(one) for one in units], LATER[-1]))) if units else ()
    inside = {one: set(expand([one], LATER[-1])) for one in map(code_or_group, on)} or {
        one: {one} for one in codes
    }
    if on and (*inside,) == codes and len(codes) == 1:
        raise SameCountryError(f"{codes[0]} is named twice. Give different states.")
    pairs = [(one, other) for one in codes for other, held in inside.items() if one not in held]
    if not pairs:
        raise InputError(
            'A panel needs a state and a partner. Write su.panel("ASEAN", on="CHN"), or two states.'
        )
    if len(pairs) > MOST_PAIRS:
        raise InputError(
            f"These are {len(pairs)} pairs; a panel has at most {MOST_PAIRS}. Name fewer units, or a partner."
        )
    return pairs


def _years() -> tuple[int, ...]:
    """From the first year with trade on record to that of the latest world."""
    from suasion.sources.published_flows import RECONCILED_YEARS

    return tuple(range(FIRST, RECONCILED_YEARS[-1] + 1))


def _grid(pairs: Pairs, years: Sequence[int]) -> pd.DataFrame:
    import pandas as pd

    rows = [(*pair, year) for pair in pairs for year in sorted(years)]
    return pd.DataFrame(rows, columns=list(PAIR))


def _parts(
    chosen: Sequence[str],
    pairs: Pairs,
    years: Sequence[int],
    worlds: str,
    draws: int,
    seed: int,
    progress: Progress | None,
) -> Iterator[pd.DataFrame]:
    """Rows of pairs and years with the columns of each part; losses and tariffs of a year are asked of one world."""
    import pandas as pd

    found: dict[str, list[pd.DataFrame]] = {name: [] for name in chosen}
    for year in _told(years, progress) if {*chosen} & {"losses", "tariffs"} else ():
        if "losses" in chosen and (world := _world(worlds, year)):
            found["losses"].append(_losses(world, pairs, draws, seed))
        if "tariffs" in chosen and (world := _world("", year, "zero")):
            found["tariffs"].append(_tariffs(world, pairs))
    for name in chosen:
        if name not in ("losses", "tariffs"):
            found[name].append(pd.DataFrame(_rows(name)(pairs, years)))
        parts = [one for one in found[name] if len(one)]
        frame = pd.concat(parts) if parts else pd.DataFrame()
        for one in (*PAIR, *WHAT[name].split()):
            if one not in frame:
                frame[one] = None
        yield frame if len(frame) else frame.astype({"country": str, "partner": str, "year": int})


def _rows(name: str) -> Callable[[Pairs, Sequence[int]], Iterable[dict[Any, Any]]]:
    """What yields the rows of a part that rests on no world; all but trade is of states alone."""
    from suasion.sources.groups import is_group
    from suasion.statecraft import pair_years

    of_states = {
        "votes": _votes,
        "pacts": pair_years.pacts_by_year,
        "arms": pair_years.arms_by_year,
        "disputes": pair_years.disputes_by_year,
        "events": pair_years.events_by_year,
    }
    if name == "shares":
        return _shares
    return lambda pairs, years: of_states[name](
        [pair for pair in pairs if not any(map(is_group, pair))], years
    )


def _shares(pairs: Pairs, years: Sequence[int]) -> list[dict[Any, Any]]:
    """Shares of the partner in the goods trade of each unit, with the ends where the year has holes."""
    from suasion.measures.history import trade_history

    found: list[dict[Any, Any]] = []
    for unit, partner in pairs:
        rows = trade_history(unit, partner)
        rows = rows[(rows["country"] == unit) & (rows["form"] != "dot") & rows["year"].isin(years)]
        for year, flows in rows.groupby("year"):
            by = flows.set_index("flow")
            turnover = by.loc["turnover"]
            found.append(
                {
                    **dict(zip(PAIR, (unit, partner, year), strict=True)),
                    "trade_share": turnover["share"],
                    "export_share": by["share"].get("exports"),
                    "import_share": by["share"].get("imports"),
                    "value_musd": turnover["value"],
                    "share_record": "estimate" if turnover["reporter"] == "estimate" else turnover["form"],
                }
            )
    return found


def _votes(pairs: Pairs, years: Sequence[int]) -> Iterator[dict[Any, Any]]:
    """Distances of two states in both dimensions of votes, with their 90 % bands."""
    from suasion.sources.unga_resolutions import CITATION as RESOLUTIONS
    from suasion.sources.unga_votes import CITATION as ROLL_CALLS
    from suasion.statecraft.align.parts import FIRST_UN_SESSION, LAST_OF_OLDER, distance_path
    from suasion.statecraft.shipped_points import second_dimension

    for pair in pairs:
        second = distance_path(*pair, second_dimension()).set_index("year")
        for row in distance_path(*pair).to_dict("records"):
            older = row["year"] - FIRST_UN_SESSION < LAST_OF_OLDER
            other = second.loc[row["year"]] if row["year"] in second.index else {}
            if row["year"] in years:
                yield {
                    **dict(zip(PAIR, (*pair, row["year"]), strict=True)),
                    **{f"ideal_distance{end}": row[name] for end, name in BAND.items()},
                    **{f"second_distance{end}": other.get(name) for end, name in BAND.items()},
                    "vote_source": ROLL_CALLS if older else RESOLUTIONS,
                }


def _tariffs(world: World, pairs: Pairs) -> pd.DataFrame:
    """Means on goods that each unit levies on its partner and faces there, in one world."""
    import pandas as pd

    from suasion.measures.labels import mean_tariffs
    from suasion.questions.posed import members_within

    held = {
        (a, b): (here, there)
        for a, b in pairs
        if (here := members_within(a, world)) and (there := members_within(b, world))
    }
    both = mean_tariffs(world, [*held.values(), *((there, here) for here, there in held.values())])
    own, faced = both.iloc[: len(held)], both.iloc[len(held) :].reset_index(drop=True)
    keys = pd.DataFrame([(*pair, world.year) for pair in held], columns=list(PAIR))
    return pd.concat([keys, own, faced.rename(columns=lambda one: f"faced_{one}")], axis=1)


def _told(years: Sequence[int], progress: Progress | None) -> Iterator[int]:
    """The years in order, each told when its turn comes."""
    for place, year in enumerate(sorted(years)):
        if progress is not None:
            progress(place, len(years), str(year))
        yield year


def _world(name: str, year: int, tariffs: str | None = None) -> World | None:
    """The world of a year, if it has one."""
    from suasion.sources.published_flows import RECONCILED_YEARS
    from suasion.world import load_world

    known = name or year in RECONCILED_YEARS
    return load_world(name or None, year=year, tariffs=tariffs) if known else None


def _losses(world: World, pairs: Pairs, draws: int, seed: int) -> pd.DataFrame:
    """Losses of each unit if all its trade with the partner ends, in one world; ranges where they ship or are drawn."""
    from suasion.coercion.leverage.intervals import listed_states, loss_intervals
    from suasion.coercion.leverage.losses import tie_losses
    from suasion.coercion.leverage.shipped import shipped_losses
    from suasion.questions.posed import members_within
    from suasion.world.every_state import DATASET as EVERY_STATE

    held = [pair for pair in pairs if all(members_within(side, world) for side in pair)]
    listed = [pair for pair in pairs if set(pair) <= set(listed_states(world))]
    if set(held) <= set(listed) and not draws and len(loss_intervals(world)):
        found, held = shipped_losses(world), listed
    else:
        found = tie_losses(
            world, pairs=[(partner, unit) for unit, partner in held] or "all", draws=draws, seed=seed
        )
    frame = found.set_index(["country", "partner"])
    frame = (
        frame[frame.index.isin(held)]
        .reset_index()
        .assign(year=world.year, loss_table=world.provenance.dataset)
    )
    if "estimate" in frame:
        frame.loc[frame["estimate"] != "none", "loss_table"] = EVERY_STATE
    records = ["point" if low != low else "ranged" for low in frame["long_percent_low"]]
    return frame.assign(loss_record=records)


def _tables(frame: pd.DataFrame) -> list[tuple[str, int]]:
    """Tables of the world behind the losses, with their years."""
    if "loss_table" not in frame:
        return []
    known = frame.dropna(subset="loss_table")[["loss_table", "year"]].drop_duplicates()
    return [(str(one["loss_table"]), int(one["year"])) for one in known.to_dict("records")]


def _findings(frame: pd.DataFrame, chosen: Sequence[str]) -> Iterator[Finding]:
    """How many rows have each part."""
    rows = Quantity(len(frame), "count")
    for name in chosen:
        known = Quantity(int(frame[MARKS.get(name, WHAT[name].split()[0])].notna().sum()), "count")
        yield Finding(f"panel.rows_{name}", {"known": known, "rows": rows})
