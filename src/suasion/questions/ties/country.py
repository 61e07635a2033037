"""One country or bloc: on whom it depends, who depends on it, what it could not replace, its partners over time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from suasion.answers import (
    DETAIL,
    MAIN,
    USUAL,
    Answer,
    Comparison,
    Country,
    Finding,
    Industry,
    Picture,
    Quantity,
    Source,
    Table,
    Value,
    Word,
)
from suasion.answers.front import LEAST_MUSD, LEAST_PERCENT
from suasion.errors import SuasionError
from suasion.questions.bands import bracket_of, few, ranged
from suasion.questions.posed import code_or_group, posed
from suasion.questions.question import Bands, Count, OwnElasticities, ScenarioText, Side, question
from suasion.questions.replaceability import CAP
from suasion.questions.ties.leverage import (
    LATER_LINE,
    LINE,
    LOSSES,
    inside_of,
)
from suasion.questions.ties.lists import marked, range_note, without_empty_ranges, world_sources
from suasion.questions.ties.since import losses_since, since_table
from suasion.types import DeficitRule, Progress, counting

if TYPE_CHECKING:
    import pandas as pd

    from suasion.world import World

LARGE_SHARE = 0.1
"""Share of one outside supplier in all supply of a good, home included, from which on it is listed."""
GOODS = 8
"""Goods of each list."""
PARTNERS = 4
"""Partners whose share over time is drawn, the three largest and the one whose share moved most, and whose losses over
time are, those that it needs most now."""


@question
def country(
    a: Side,
    *,
    deficits: DeficitRule = "balance",
    draws: Bands = 0,
    seed: Count = 1,
    given: ScenarioText = "",
    elasticities: OwnElasticities = "",
    factors: str = "",
    world: World | None = None,
    progress: Progress | None = None,
) -> Answer:
    """On whom a country or bloc depends, who depends on it, what it could not replace, and how its partners changed.

    Parameters
    ----------
    a : Side
        A state, or a group such as EU, ASEAN, G7 or BRICS: code or English name.

    Returns
    -------
    Answer
        Tables ``depends-on``, ``depended-on-by``, ``raw-materials``, ``suppliers``, ``partner-shares`` and
        ``losses-by-year``; ranges where they ship. Empty where it is not in the table and has no trade on record.

    Examples
    --------
    >>> su.country("KAZ")
    <Answer country KAZ 2023: depends-on (...>
    """
    economy = posed(world, given, elasticities, factors, deficits, cuts=True)
    name = code_or_group(a)
    asked: dict[str, Value] = {"a": Country(name), "year": economy.year}
    seen = Seen(
        name,
        economy,
        asked,
        _losses(name, economy, deficits, (draws, seed), progress),
        _screened(name),
        draws,
    )
    tables = tuple(table for table in seen.tables() if table.rows)
    if not tables:
        return Answer("country", asked, absent=Finding("country.absent", asked))
    return Answer(
        "country",
        asked,
        (*seen.findings(tables), *few(draws)),
        tables,
        sources=(
            *world_sources(economy, seen.losses),
            Source("materials.source"),
        ),
        result=seen.losses,
    )


def _losses(
    name: str, world: World, deficits: DeficitRule, drawn: tuple[int, int], progress: Progress | None
) -> pd.DataFrame:
    """Losses of all ties of a side; no rows where it is not in the world."""
    from suasion.coercion.leverage.losses import tie_losses, with_brackets
    from suasion.coercion.leverage.shipped import looked_up

    inside, (draws, seed) = inside_of(name, world), drawn
    if inside == (name,) and looked_up(world, None, "embargo", deficits, draws):
        frame = tie_losses(world, deficits=deficits)
        return with_brackets(world, frame[(frame["country"] == name) | (frame["partner"] == name)])
    others = [(name, code) for code in world.states if code not in inside] if inside else []
    if not others:
        return with_brackets(world, tie_losses(world, deficits=deficits).head(0))
    return tie_losses(
        world, pairs=others, deficits=deficits, draws=draws, seed=seed, progress=counting(progress, "pairs")
    )


@dataclass(frozen=True, slots=True)
class Seen:
    """One country or bloc with all that is known of its ties.

    losses: Of :func:`suasion.coercion.leverage.losses.tie_losses`, its own ties alone.
    screened: Rows of the screen of raw materials, the largest loss first.
    """

    name: str
    world: World
    asked: dict[str, Value]
    losses: pd.DataFrame
    screened: Sequence[dict[Any, Any]] = ()
    draws: int = 0

    @property
    def own(self) -> pd.DataFrame:
        """What it would lose, by partner, most in the first year first."""
        return _ordered(self.losses[self.losses["country"] == self.name])

    @property
    def theirs(self) -> pd.DataFrame:
        """What others would lose without it, who loses most in the first year first."""
        return _ordered(self.losses[self.losses["partner"] == self.name])

    def tables(self) -> Iterator[Table]:
        """All tables; those without rows are left out by who asked."""
        for key, rows, of in (
            ("depends-on", self.own, "partner"),
            ("depended-on-by", self.theirs, "country"),
        ):
            yield Table.of(
                key,
                marked(f"country partner {LOSSES}", rows),
                without_empty_ranges(rows),
                axes="country partner",
                picture=Picture("ranges", "short_percent", of),
                values=self.asked,
                notes=range_note(self.losses, self.draws),
                brief=marked(f"{of} short_percent long_percent short_musd", rows),
            )
        yield self._materials()
        yield self._suppliers()
        yield self._shares()
        ties = [(self.name, str(code)) for code in self.own["partner"].head(PARTNERS)]
        yield since_table(losses_since(ties, self.world), self.asked, "partner")

    def _materials(self) -> Table:
        """Raw materials whose largest supplier costs most to replace."""
        return Table.of(
            "raw-materials",
            "good=name supplier supplier_share bought_musd=imports rise_percent=rise extra_musd=loss dependent",
            [
                {
                    **row,
                    "supplier": row["supplier"] or None,
                    "dependent": "yes" if row["dependent"] == 1.0 else "no",
                    **(dict.fromkeys(("loss", "loss_low", "loss_high")) if row["rise"] >= CAP else {}),
                }
                for row in self.screened
            ],
            values=self.asked,
            notes=(Finding("country.cut_off"),),
            brief="good supplier supplier_share bought_musd rise_percent extra_musd",
        )

    def _suppliers(self) -> Table:
        """Goods of industries of which one outside supplier makes a large part of all supply."""
        from suasion.coercion.power_years import largest_suppliers

        columns = "industry supplier supply_share import_share bought_musd=bought_usd"
        if not inside_of(self.name, self.world):
            return Table.of("suppliers", columns, [], values=self.asked)
        found = largest_suppliers(self.world, list(inside_of(self.name, self.world)))
        large = found[found["supply_share"] >= LARGE_SHARE].head(GOODS)
        return Table.of(
            "suppliers",
            columns,
            large,
            axes="industry",
            values=self.asked,
            notes=(Finding("country.supply"),),
        )

    def _shares(self) -> Table:
        """Shares of four partners in its trade in goods."""
        from suasion.measures.history import partner_history

        found = partner_history(inside_of(self.name, self.world) or (self.name,), PARTNERS)
        return Table.of(
            "partner-shares",
            "year partner goods_share value_musd series_form",
            found,
            axes="year partner",
            picture=Picture("lines", "year", "goods_share", panel="partner"),
            values=self.asked,
            notes=(Finding("country.goods"),),
        )

    def findings(self, tables: Sequence[Table]) -> Iterator[Finding]:
        """What stands out, the heading first."""
        if len(self.own) > 1:
            yield from self._depends()
            yield from self._counts()
        if (count := len(inside_of(self.name, self.world))) > 1:
            members = {**self.asked, "count": Quantity(count, "count")}
            yield Finding("country.members", members, weight=DETAIL)
        for table in tables:
            if table.key == "raw-materials":
                yield from self._material(table)
            elif table.key == "suppliers":
                yield self._industry(table)
            elif table.key == "partner-shares":
                yield from self._moved(table)

    def _depends(self) -> Iterator[Finding]:
        """The two partners it needs most in the first year."""
        large = self.own[self.own["short_percent"] >= LEAST_PERCENT]
        rows: list[dict[Any, Any]] = large.head(2).to_dict("records")
        if len(rows) < 2:
            limits: dict[str, Value] = {"least": Quantity(LEAST_PERCENT, "percent")}
            yield Finding("country.hardly", {**self.asked, **limits}, weight=MAIN + 0.9)
            return
        one, two = (ranged(row, "short_percent", "percent") for row in rows)
        who = {name: Country(row["partner"]) for name, row in zip(("first", "second"), rows, strict=True)}
        later = {
            f"{name}_long": ranged(row, "long_percent", "percent")
            for name, row in zip(("first", "second"), rows, strict=True)
        }
        yield Finding(
            "country.depends",
            {**self.asked, **who, **later, "one": one, "two": two},
            Comparison(one, two),
            weight=MAIN + 0.9,
        )
        for row in rows:
            yield from bracket_of("short", self.name, row)

    def _counts(self) -> Iterator[Finding]:
        for key, name, line, weight in (
            ("leverage.count", "short_percent", LINE, 0.8),
            ("leverage.later", "long_percent", LATER_LINE, 0.7),
        ):
            count = int((self.theirs[name] > line).sum())  # bare: none and one are words
            number = Quantity(count, "count")
            yield Finding(
                key,
                {"holder": Country(self.name), "count": count, "line": line},
                Comparison(number, Quantity(1, "count")),
                weight=MAIN + weight,
            )

    def _material(self, table: Table) -> Iterator[Finding]:
        count, seen = sum(cell == "yes" for cell in table.cells("dependent")), len(table.rows)
        one = Comparison(Quantity(count, "count"), Quantity(1, "count"))
        yield Finding(
            "country.materials", {**self.asked, "count": count, "seen": seen}, one, weight=USUAL + 0.5
        )
        row = table.frame.to_dict("records")[0]
        piped = [one for one in self.screened if (one["product"], one["supplier"]) in _pipes(self.name)]
        if piped:
            yield self._piped(piped)
            return
        if not row["supplier"]:
            return
        values = {**self.asked, **_sold(row["good"], row["supplier"])}
        if row["rise_percent"] >= CAP:
            yield Finding("country.material_beyond", values, weight=USUAL + 0.6)
        elif row["extra_musd"] >= min(LEAST_MUSD, 0.01 * LEAST_PERCENT * self._income()):
            values["extra"] = ranged(row, "extra_musd", "musd")
            yield Finding("country.material", values, weight=USUAL + 0.6)

    def _piped(self, rows: Sequence[dict[Any, Any]]) -> Finding:
        """Who sells it what by pipe, and what it would pay more without: told after the partners that it needs most."""
        extra = {f"extra_{k}": ranged(row, "loss", "musd") for k, row in enumerate(rows[:2])}
        goods = {f"good_{k}": Word("piped", row["product"]) for k, row in enumerate(rows[:2])}
        key = "country.piped" if len(rows) == 1 else "country.piped_both"
        values = {**self.asked, "supplier": Country(rows[0]["supplier"]), **goods, **extra}
        return Finding(key, values, weight=MAIN + 0.85)

    def _income(self) -> float:
        """Its spending, million USD a year, as its losses have it; without limit where it has none."""
        known = self.own[self.own["short_percent"] > 0.0].head(1)
        return float((100.0 * known["short_musd"] / known["short_percent"]).sum()) or float("inf")

    def _industry(self, table: Table) -> Finding:
        row = table.frame.to_dict("records")[0]
        return Finding(
            "country.industry",
            {
                **self.asked,
                "industry": Industry(str(row["industry"])),
                "supplier": Country(str(row["supplier"])),
                "share": Quantity(float(row["supply_share"]), "probability"),
                "money": Quantity(float(row["bought_musd"]), "musd"),
            },
            weight=USUAL + 0.4,
        )

    def _moved(self, table: Table) -> Iterator[Finding]:
        """The partner whose share moved most between the first and the last year."""
        frame = table.frame
        ends = frame.groupby("partner", sort=False)["goods_share"].agg(["first", "last"])
        code = str((ends["last"] - ends["first"]).abs().idxmax())
        first, last = (Quantity(float(ends[end][code]), "probability") for end in ("first", "last"))
        years = frame[frame["partner"] == code]["year"]
        yield Finding(
            "country.moved",
            {
                **self.asked,
                "partner": Country(code),
                "before": first,
                "now": last,
                "first": int(years.min()),
                "last": int(years.max()),
            },
            Comparison(last, first),
            weight=USUAL + 0.3,
        )


def _ordered(losses: pd.DataFrame) -> pd.DataFrame:
    return losses.sort_values("short_percent", ascending=False, kind="stable")


def _pipes(name: str) -> set[tuple[str, str]]:
    """Goods that a state has by pipe from one seller, with that seller."""
    from suasion.products.piped import piped_file

    return {(one["product"], one["seller"]) for one in piped_file()["piped"] if one["buyer"] == name}


def _sold(good: str, supplier: str) -> dict[str, Value]:
    return {"good": str(good)[:1].lower() + str(good)[1:], "supplier": Country(supplier)}


def _screened(name: str) -> list[dict[Any, Any]]:
    """Rows of the screen of raw materials, the largest loss first; none for who is not in the trade data."""
    from suasion.products import embedded_store, screen

    try:
        found: list[dict[Any, Any]] = screen(name, store=embedded_store()).table.to_dict("records")
    except SuasionError:
        return []
    return found
