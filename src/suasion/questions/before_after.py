"""Trade of a state by partner and industry before and after a measure, and what the model had said of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from suasion.answers import MAIN, USUAL, Answer, Country, Finding, Picture, Quantity, Source, Table, Value
from suasion.errors import InputError
from suasion.nearest import did_you_mean
from suasion.questions.question import question
from suasion.questions.trial import bans_table, industries_table, of_energy, percent

if TYPE_CHECKING:
    import pandas as pd

WORTH = 500.0
"""Million USD, before or after, from which on a partner is listed."""
SIDES = {"sold": ("exporter", "importer"), "bought": ("importer", "exporter")}
"""Whether the partner sells or buys: its side of a flow, and the other's."""
SOURCE = Source("trade_history.source", "BACI")


@dataclass(frozen=True, slots=True)
class Watch:
    """A measure around which trade is looked at.

    of: whose trade.
    others: group or state: who took part on the other side.
    since: year of the measure.
    before, after: years compared: the last one without it that is on record, and the first full one with it.
    told: partners' side that the headline is of.
    episode: of the trial; empty where none is of it.
    span: of the trial's stops of suppliers; empty where none is of it.
    """

    of: str
    others: str
    since: int
    before: int
    after: int
    told: str
    episode: str = ""
    span: str = ""
    bans: str = ""


WATCHED = {
    "russia_2022": Watch(
        "RUS", "WEST", 2022, 2020, 2023, "bought", span="Russia and Belarus, 2020 to 2022", bans="energy_bans"
    ),
    "us_china_2018": Watch("USA", "CHN", 2018, 2017, 2019, "sold", episode="us_china_collected"),
}
"""Of the trade of the years 2021 and 2022 no record of all pairs is on file."""


@question
def before_after(*, name: str = "russia_2022") -> Answer:
    """How trade changed around a measure, by partner and industry, and what the model had said of it.

    What changed around a measure is not what it did: prices moved, and states chose.

    Parameters
    ----------
    name : str
        russia_2022 (sanctions on Russia) or us_china_2018 (tariffs between the United States and China).

    Returns
    -------
    Answer
        Tables ``measure-bought`` and ``measure-sold`` (what each partner bought from the state, and sold to it), and
        ``trial-industries`` where the trial has the measure.

    Raises
    ------
    InputError
        If there is no such measure.

    Examples
    --------
    >>> su.before_after(name="us_china_2018")
    <Answer before_after us_china_2018 ...: measure-sold (...>
    """
    from suasion.outlook.scoreboard.score import trial_table

    if name not in WATCHED:
        hint = did_you_mean(name, WATCHED)
        raise InputError(f"There is no measure {name!r} here; there are {', '.join(WATCHED)}.{hint}")
    one = WATCHED[name]
    partners, unknown = _partners(one)
    about: dict[str, Value] = {
        "state": Country(one.of),
        "before": one.before,
        "after": one.after,
        "since": one.since,
    }
    episodes = trial_table("episodes")
    said = episodes[(episodes["episode"] == one.episode) & (episodes["year"] == one.after)]
    tables = [_table(flow, partners, about) for flow in sorted(SIDES, key=lambda flow: flow != one.told)]
    if len(said):
        rows = trial_table("industries")
        tables.append(industries_table(rows[rows["year"] == one.after], {one.episode}))
    bans = trial_table("bans")
    bans = bans[bans["episode"] == one.bans]
    if len(bans):
        tables.append(bans_table(bans))
    findings = (
        *_moved(partners, one, about),
        *_told(said, about),
        *((of_energy(bans),) if len(bans) else ()),
        *_filled(one),
        *_unknown(unknown, about),
    )
    return Answer("before_after", {"name": name} | about, findings, tuple(tables), sources=(SOURCE,))


def _partners(one: Watch) -> tuple[pd.DataFrame, list[str]]:
    """Trade with each partner in both years, and large partners of which one of the years has no number."""
    import pandas as pd

    from suasion.sources.goods_totals import goods_totals
    from suasion.sources.groups import expand

    took = set(expand([one.others], one.after))
    flows, parts, unknown = goods_totals(), [], list[str]()
    for flow, (side, back) in SIDES.items():
        own = flows[(flows[back] == one.of) & flows["year"].isin((one.before, one.after))]
        wide = own.pivot_table(index=side, columns="year", values="value", observed=True)
        large = wide[wide.max(axis=1) >= WORTH]
        known = large.dropna()
        unknown += [str(code) for code in large.index.difference(known.index)]
        then, now = known[one.before], known[one.after]
        parts.append(
            pd.DataFrame(
                {
                    "partner_flow": flow,
                    "partner": known.index.astype(str),
                    "took_part": ["yes" if code in took else "no" for code in known.index],
                    "before_musd": then.to_numpy(),
                    "after_musd": now.to_numpy(),
                    "change_musd": (now - then).to_numpy(),
                    "turnover_change_percent": (100.0 * (now / then - 1.0)).to_numpy(),
                }
            ).sort_values("change_musd")
        )
    return pd.concat(parts, ignore_index=True), list(dict.fromkeys(unknown))


def _table(flow: str, rows: pd.DataFrame, about: dict[str, Value]) -> Table:
    """Partners in one direction, the largest change first."""
    part = rows[rows["partner_flow"] == flow].sort_values("change_musd", key=abs, ascending=False)
    return Table.of(
        f"measure-{flow}",
        "partner took_part before_musd after_musd change_musd turnover_change_percent",
        part,
        axes="partner",
        values=about,
        picture=Picture("ranges", "change_musd", "partner"),
        notes=(Finding("before_after.note", about),),
        brief="partner took_part before_musd after_musd turnover_change_percent",
    )


def _moved(rows: pd.DataFrame, one: Watch, about: dict[str, Value]) -> Iterator[Finding]:
    """What both camps traded together, then the largest fall of who took part and the largest rise of all others."""
    for place, flow in enumerate(sorted(SIDES, key=lambda flow: flow != one.told)):
        part = rows[rows["partner_flow"] == flow]
        inside, outside = part[part["took_part"] == "yes"], part[part["took_part"] == "no"]
        fell: dict[Any, Any] = inside.nsmallest(1, "change_musd").to_dict("records")[0]
        rose: dict[Any, Any] = outside.nlargest(1, "change_musd").to_dict("records")[0]
        values = {**about, "fell": Country(fell["partner"]), "rose": Country(rose["partner"])}
        for key, row in (("fell", fell), ("rose", rose)):
            for when in ("before", "after"):
                values[f"{key}_{when}"] = Quantity(float(row[f"{when}_musd"]), "musd")
            values[f"{key}_by"] = Quantity(abs(float(row["turnover_change_percent"])), "percent")
        yield Finding(f"before_after.{flow}", values, weight=MAIN - place / 10)
        whole = {
            f"{who}_{when}": Quantity(float(sub[f"{when}_musd"].sum()), "musd")
            for who, sub in (("inside", inside), ("outside", outside))
            for when in ("before", "after")
        }
        yield Finding(f"before_after.{flow}_whole", {**about, **whole}, weight=MAIN + 0.5 - place / 10)


def _told(said: pd.DataFrame, about: dict[str, Value]) -> Iterator[Finding]:
    """What was foreseen with the economy of the year before, and what happened."""
    for row in said.to_dict("records"):
        size, low, high = (percent(float(row[name])) for name in ("foreseen", "low_full", "high_full"))
        values: dict[str, Value] = {**about, "foreseen": Quantity(size, "change", low, high)}
        values |= {"happened": Quantity(percent(float(row["actual"])), "change")}
        values |= {"signs": Quantity(float(row["signs"]), "probability")}
        yield Finding("before_after.told", values, weight=USUAL + 0.7)
    if said.empty:
        yield Finding("before_after.untold", about, weight=USUAL + 0.7)


def _filled(one: Watch) -> Iterator[Finding]:
    """How far rules on who fills a gap were off, in stops of suppliers under the measure."""
    from suasion.outlook.scoreboard.score import trial_table

    stops = trial_table("stops")
    for row in stops[stops["span"] == one.span].to_dict("records"):
        values: dict[str, Value] = {
            name: Quantity(float(row[name]), "score") for name in ("present", "world")
        }
        yield Finding(
            "before_after.filled",
            values | {"count": Quantity(int(row["stops"]), "count")},
            weight=USUAL + 0.6,
        )


def _unknown(codes: list[str], about: dict[str, Value]) -> Iterator[Finding]:
    if codes:
        yield Finding("before_after.unknown", {**about, "states": tuple(map(Country, codes))}, weight=USUAL)
