"""Who has leverage over whom: what everybody loses without everybody else, and who stands out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from suasion.answers import (
    MAIN,
    USUAL,
    Answer,
    Comparison,
    Country,
    Finding,
    Picture,
    Quantity,
    Table,
    Value,
    Word,
)
from suasion.answers.front import LEAST_MUSD, LEAST_PERCENT
from suasion.errors import InputError
from suasion.questions.bands import bracket_of, few, ranged
from suasion.questions.posed import code_or_group, posed
from suasion.questions.question import Bands, Count, OwnElasticities, ScenarioText, Texts, question
from suasion.questions.states import own_ties
from suasion.questions.ties.lists import marked, range_note, without_empty_ranges, world_sources
from suasion.types import DeficitRule, Progress, counting

if TYPE_CHECKING:
    import pandas as pd

    from suasion.world import World

LINE, LATER_LINE = 5, 1
"""Losses, per cent of spending power, that are counted: in the first year, and after ten years."""
LARGE_MUSD, EXPOSED, LISTED = 10_000.0, 10, 20
"""Trade of two sides a year, million USD, from which on their tie is large; sides in the list of the most exposed; ties
in each list, and sides in the matrix; all of them stand in the table of pairs."""
BRACKET = "flags replacement_percent no_switching_percent"
LOSSES = f"short_percent long_percent short_musd long_musd trade_musd {BRACKET}"
BOTH = "long_percent partner_long_percent trade_musd"


@question
def leverage(
    *,
    holder: str = "",
    group: Texts = (),
    pairs: Texts = (),
    coalitions: Texts = (),
    instrument: str = "embargo",
    rate: float = 0.1,
    deficits: DeficitRule = "balance",
    draws: Bands = 0,
    seed: Count = 1,
    given: ScenarioText = "",
    elasticities: OwnElasticities = "",
    factors: str = "",
    world: World | None = None,
    progress: Progress | None = None,
) -> Answer:
    """Who has leverage over whom: what every state would lose without every other, and which ties stand out.

    Parameters
    ----------
    holder : str
        A state or group, without which others would lose; the one with the most leverage if none is named.
    group : tuple of str
        States and groups of the matrix, and whose exposure to the holder is told; the twenty largest, and all, without.
    pairs : tuple of str
        Only these, each as who acts, a colon, and on whom: RUS:CHN, USA+EU:CHN.
    coalitions : tuple of str
        Further sides, each as a name, an equals sign, and members: WEST=USA+EU+JPN.
    instrument : str
        What the acting side does: embargo (both ways), export_ban, import_ban or tariff.
    rate : float
        Added by a tariff; 0.1 is ten percentage points.

    Returns
    -------
    Answer
        Tables ``most-exposed`` and ``exposed`` to the holder, ``holders``, ``ties`` (large ones), ``one-sided``,
        ``mutual``, ``matrix`` and ``pairs``; ranges where they ship. Empty where the holder is not in the table.

    Examples
    --------
    >>> su.leverage(holder="CHN", world=su.load_world("g20"))
    <Answer leverage CHN 2019: most-exposed (...>
    """
    from suasion.coercion.leverage.losses import tie_losses, with_brackets
    from suasion.coercion.leverage.shipped import looked_up

    economy = posed(world, given, elasticities, factors, deficits, cuts=instrument != "tariff")
    if not (pairs or looked_up(economy, dict.fromkeys(coalitions, ""), instrument, deficits, draws)):
        pairs = own_ties(holder, economy)
    act = _act(pairs, coalitions, instrument, rate) | {"deficits": deficits, "draws": draws, "seed": seed}
    frame = with_brackets(economy, tie_losses(economy, **act, progress=counting(progress, "pairs")))
    asked_of = _holder(holder, economy, frame)
    asked: dict[str, Value] = {"holder": Country(asked_of), "year": economy.year}
    if asked_of not in set(frame["partner"]):
        inside = inside_of(asked_of, economy)
        if not inside:
            return Answer("leverage", asked, absent=Finding("leverage.absent", asked))
        around = [(asked_of, code) for code in economy.states if code not in inside]
        added = tie_losses(economy, **{**act, "pairs": around}, progress=counting(progress, "pairs"))
        frame = _joined(frame, with_brackets(economy, added[added["partner"] == asked_of]))
    found = LeverageTies(frame, asked_of, instrument, asked, draws, _named_in(group, economy))
    tables = [table for table in found.tables(_chosen(group, economy, frame)) if table.rows]
    if pairs:  # what was asked comes first, is drawn, and nobody has to ask for it
        drawn = Picture("ranges", "long_percent", "country", panel="partner")
        tables = [replace(tables[-1], detail=False, picture=drawn), *tables[:-1]]
    told = (*found.findings(), *few(draws))
    return Answer("leverage", asked, told, tuple(tables), sources=world_sources(economy, frame), result=frame)


def _act(pairs: Sequence[str], coalitions: Sequence[str], instrument: str, rate: float) -> dict[str, Any]:
    """Arguments of the model from those of the question."""
    return {
        "pairs": [_pair(one) for one in pairs] or "all",
        "coalitions": dict(_named(one) for one in coalitions) or None,
        "instrument": instrument.replace("-", "_"),
        "rate": rate,
    }


def _side(text: str) -> str | list[str]:
    names = [name.strip() for name in text.split("+") if name.strip()]
    return names[0] if len(names) == 1 else names


def _pair(text: str) -> tuple[Any, Any]:
    sides = [_side(part) for part in text.split(":")]
    if len(sides) != 2 or not all(sides):
        raise InputError(f"{text!r} is not a pair; write who acts, a colon and on whom: USA+EU:CHN.")
    return sides[0], sides[1]


def _named(text: str) -> tuple[str, Any]:
    name, _, inside = (part.strip() for part in text.partition("="))
    if not name or not inside:
        raise InputError(f"{text!r} is not a coalition; write NAME=USA+EU+JPN.")
    return name, _side(inside)


def _holder(text: str, world: World, frame: pd.DataFrame) -> str:
    """Code of the holder; of the one with the most leverage where none is named."""
    name = text.strip()
    if not name:
        return str(counted(frame)["holder"].iloc[0])
    return name if name in set(frame["partner"]) else code_or_group(name)


def inside_of(name: str, world: World) -> tuple[str, ...]:
    """Return the members of a group, or the country itself, as far as they are in the world.

    name: Code of a state, or name of a group.
    """
    from suasion.sources.groups import expand, is_group

    codes = expand([name], world.year) if is_group(name) else (name,)
    return tuple(code for code in codes if code in world.countries)


def _joined(frame: pd.DataFrame, added: pd.DataFrame) -> pd.DataFrame:
    import pandas as pd

    from suasion.world.every_state import estimated_states

    both = pd.concat([frame, added], ignore_index=True)
    if "estimate" in both:
        classes = both["country"].map(estimated_states())  # a group's tie has the class of who loses
        both["estimate"] = both["estimate"].fillna(classes).fillna("none")
    return both.sort_values("long_percent", ascending=False, kind="stable", ignore_index=True)


def _named_in(group: Sequence[str], world: World) -> tuple[str, ...]:
    """States that are named, or members of groups that are."""
    from suasion.sources.groups import expand

    return expand(list(group), world.year) if group else ()


def _chosen(group: Sequence[str], world: World, frame: pd.DataFrame) -> list[str]:
    """Sides of the matrix, the largest first."""
    worth = (frame["short_musd"] / frame["short_percent"]).groupby(frame["country"]).median()
    named = set(_named_in(group, world) or worth.index)
    order = worth[worth.index.isin(named)].sort_values(ascending=False, kind="stable")
    return [str(name) for name in order.index[:LISTED]]


def counted(frame: pd.DataFrame) -> pd.DataFrame:
    """Return how many sides would lose more than the two lines without each holder, the most first.

    frame: Of :func:`suasion.coercion.leverage.losses.tie_losses`.
    Returns: ``holder``, ``over_short``, ``over_long`` (counts).
    """
    over = frame.assign(
        over_short=frame["short_percent"] > LINE, over_long=frame["long_percent"] > LATER_LINE
    )
    sums = over.groupby("partner", sort=False)[["over_short", "over_long"]].sum()
    order = sums.sort_values(["over_short", "over_long"], ascending=False, kind="stable")
    return order.reset_index().rename(columns={"partner": "holder"})


def worth_a_line(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the losses that are large enough for a list: in money, and in per cent."""
    large = (frame["short_musd"] >= LEAST_MUSD) & (frame["short_percent"] >= LEAST_PERCENT)
    return frame[large]


@dataclass(frozen=True, slots=True)
class LeverageTies:
    """All ties, as tables and findings seen from one holder.

    frame: Of :func:`suasion.coercion.leverage.losses.tie_losses`.
    among: Whose exposure to the holder is told; everybody's without.
    """

    frame: pd.DataFrame
    holder: str
    instrument: str
    asked: Mapping[str, Value]
    draws: int = 0
    among: tuple[str, ...] = ()

    @property
    def exposed(self) -> pd.DataFrame:
        """Losses without the holder, of those that are asked about."""
        rows = self.frame[self.frame["partner"] == self.holder].rename(columns={"partner": "holder"})
        named = rows["country"].isin(self.among)
        return rows[named] if named.any() else rows  # a group has no exposure to itself

    @property
    def of_the_table(self) -> bool:
        """Whether the holder's ties with estimated economies are left out, where others have them."""
        estimate = self.frame.get("estimate")
        return estimate is not None and set(estimate[self.frame["partner"] == self.holder]) == {"none"}

    @property
    def opposite(self) -> pd.DataFrame:
        """Large ties, each once from either side, with the loss of the other side beside."""
        back = self.frame.rename(columns={"country": "partner", "partner": "country"})
        theirs = back.rename(
            columns={name: f"partner_{name}" for name in map(str, back) if name.startswith(("short", "long"))}
        )
        known = [name for name in map(str, theirs) if name.startswith(("country", "partner"))]
        both = self.frame.merge(theirs[known], "inner", ["country", "partner"])
        return both[both["trade_musd"] >= LARGE_MUSD]

    def tables(self, chosen: Sequence[str]) -> Iterator[Table]:
        """Lists, the matrix of the chosen sides, and all pairs."""
        most = worth_a_line(self.exposed)
        large = worth_a_line(self.frame[self.frame["trade_musd"] >= LARGE_MUSD])
        yield self._table(
            "most-exposed",
            f"country holder {LOSSES}",
            most.head(EXPOSED),
            picture=Picture("ranges", "long_percent", "country"),
            notes=tuple(self._notes()),
            brief="country short_percent long_percent short_musd",
            whole="exposed",
        )
        yield self._table(
            "exposed",
            f"country holder {LOSSES}",
            self.exposed,
            picture=Picture("areas", "long_percent", "country", label="holder"),
            detail=True,
        )
        yield self._table("holders", "holder over_short over_long", counted(self.frame))
        yield self._table(
            "ties",
            f"country partner {LOSSES}",
            large.head(LISTED),
            brief="country partner short_percent long_percent trade_musd",
            whole="pairs",
        )
        yield from self._two_sided()
        inside = self.frame[self.frame["country"].isin(chosen) & self.frame["partner"].isin(chosen)]
        order = {code: place for place, code in enumerate(chosen)}
        yield self._table(
            "matrix",
            f"country partner short_percent long_percent {BRACKET}",
            inside.sort_values(["country", "partner"], key=lambda codes: codes.map(order)),
            detail=True,
        )
        yield self._table("pairs", f"country partner {LOSSES}", self.frame, detail=True)

    def _two_sided(self) -> Iterator[Table]:
        """Ties of which one side needs the other far more, and those that both need."""
        both = self.opposite
        one = worth_a_line(both[both["long_percent"] >= LATER_LINE])
        times = one["long_percent"] / one["partner_long_percent"].clip(lower=1e-9)
        named = worth_a_line(both[both["country"] < both["partner"]])
        named = named[named["partner_short_musd"] >= LEAST_MUSD]
        least = named[["long_percent", "partner_long_percent"]].min(axis=1)
        shown = "country partner long_percent partner_long_percent"
        columns = f"country partner {BOTH}"
        for key, rows in (
            ("one-sided", one.loc[times.sort_values(ascending=False, kind="stable").index]),
            ("mutual", named.loc[least.sort_values(ascending=False, kind="stable").index]),
        ):
            yield self._table(key, columns, rows.head(LISTED), brief=shown)

    def _table(self, key: str, columns: str, rows: pd.DataFrame, **more: Any) -> Table:
        axes = " ".join(name for name in columns.split()[:2] if name in ("country", "partner"))
        more["brief"] = marked(more.get("brief", ""), rows)
        shown = marked(columns, rows)
        return Table.of(
            key, shown, without_empty_ranges(rows), axes=axes or "holder", values=self.asked, **more
        )

    def _notes(self) -> Iterator[Finding]:
        yield Finding(
            "leverage.limits",
            {
                "money": Quantity(LEAST_MUSD, "musd"),
                "least": Quantity(LEAST_PERCENT, "percent"),
            },
        )
        yield from range_note(self.frame, self.draws)

    def findings(self) -> Iterator[Finding]:
        """Counts, the most exposed, what is beyond the model, and the ties that stand out."""
        table = counted(self.frame)
        row: dict[Any, Any] = table[table["holder"] == self.holder].to_dict("records")[0]
        yield self._count("count", int(row["over_short"]), LINE, MAIN + 0.9)
        yield self._count("later", int(row["over_long"]), LATER_LINE, MAIN + 0.8)
        most: list[dict[Any, Any]] = worth_a_line(self.exposed).head(1).to_dict("records")
        for one in most:
            yield Finding(
                "leverage.most",
                {
                    **self.asked,
                    "country": Country(one["country"]),
                    "short": ranged(one, "short_percent", "percent"),
                    "long": ranged(one, "long_percent", "percent"),
                },
                weight=MAIN + 0.7,
            )
            yield from bracket_of("short", one["country"], one)
        yield from self._others()
        yield from self._cautions()

    def _count(self, key: str, count: int, line: int, weight: float) -> Finding:
        number = Quantity(count, "count")
        values: dict[str, Value] = {**self.asked, "count": count, "line": line}
        act = "" if self.instrument == "embargo" else "_act"
        values |= {"act": Word("act", self.instrument.replace("-", "_"))} if act else {}
        one = Comparison(number, Quantity(1, "count"))
        return Finding(f"leverage.{key}{act}", values, one, weight=weight)

    def _others(self) -> Iterator[Finding]:
        """Who else holds leverage, and the ties that stand out."""
        leading: list[dict[Any, Any]] = counted(self.frame).head(2).to_dict("records")
        if len(leading) == 2 and leading[1]["over_short"] and not self.of_the_table:
            one, two = (Quantity(int(row["over_short"]), "count") for row in leading)
            yield Finding(
                "leverage.rank",
                {
                    "first": Country(leading[0]["holder"]),
                    "second": Country(leading[1]["holder"]),
                    "one": one,
                    "two": two,
                    "line": LINE,
                },
                Comparison(one, two),
                weight=USUAL + 0.5,
            )
        for table in self._two_sided():
            rows: list[dict[Any, Any]] = table.frame.head(1).to_dict("records")
            for row in rows:
                yield Finding(
                    f"leverage.{table.key.replace('-', '_')}",
                    {
                        "country": Country(row["country"]),
                        "partner": Country(row["partner"]),
                        "loss": Quantity(row["long_percent"], "percent"),
                        "other": Quantity(row["partner_long_percent"], "percent"),
                    },
                    weight=USUAL,
                )

    def _cautions(self) -> Iterator[Finding]:
        from suasion.equilibrium.flags import LOSS

        if self.of_the_table:
            yield Finding("leverage.of_the_table", {**self.asked, "count": len(self.exposed)}, caution=True)
        beyond = self.exposed[self.exposed["short_percent"] > 100.0 * LOSS]
        if len(beyond):
            yield Finding(
                "leverage.beyond",
                {"names": tuple(Country(code) for code in beyond["country"]), "level": round(100.0 * LOSS)},
                caution=True,
            )
