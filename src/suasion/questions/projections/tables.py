"""Courses of a pair under scenarios as tables and findings: shares, losses, chances, outlets, growth, the record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING, Any

from suasion.answers import Country, Finding, Picture, Quantity, Table, Value
from suasion.answers.language import LIKELIHOODS
from suasion.questions.losses import OUTLETS
from suasion.questions.projections.hindcast import form_key, record_table

if TYPE_CHECKING:
    from suasion.outlook.forms import History
    from suasion.outlook.projection.result import Outlook
    from suasion.world import World

SHARE, LOSS, MONEY, RATIO = "turnover_share", "loss_percent", "loss_usd", "ratio_percent"
PASSED = (0.25, 0.33, 0.5)
"""Levels of a share whose chance to be passed is told."""
LARGEST = 5
"""Economies whose growth is listed besides the pair's."""
LONG, STEADY = "long", "steady"
ENDS = {"_low": "p5", "_high": "p95"}
PLACE = ("course", "year", "country", "horizon", "outlet")
BRACKET_OF = ("flags", "replacement_percent", "no_switching_percent")
Row = Mapping[Any, Any]


def number(value: Any) -> float | None:
    """A number of a frame; None where it is missing."""
    return float(value) if value is not None and isfinite(value) else None


def tried_table(key: str, columns: str) -> Table:
    """How good such forecasts were at rolling origins, all pairs together."""
    from suasion.outlook.learner.kept import tried

    return Table.of(
        key,
        columns,
        tried("goods").rename(columns={"horizon": "ahead", "forecasts": "forecasts_count"}),
        axes="ahead part",
        detail=True,
    )


@dataclass(frozen=True, slots=True)
class CourseReport:
    """An outlook as tables and findings.

    world: Of the base year.
    past: Of the share: statistical forms stand beside.
    """

    made: Outlook
    world: World
    past: History | None = None

    def tables(self) -> Iterator[Table]:
        """Yield all tables, the main one first; some have no rows."""
        yield self.shares()
        yield self.losses()
        yield self._chances()
        yield self._outlets()
        yield self._levels()
        yield self._forms()
        yield self._growth()
        yield self._assumptions()
        yield record_table()

    @property
    def sides(self) -> tuple[tuple[str, str], tuple[str, str]]:
        """Each of the two, with the other."""
        return (self.made.a, self.made.b), (self.made.b, self.made.a)

    def shares(self) -> Table:
        """Each side's share in the other's trade, by course and year."""
        return Table.of(
            "outlook-shares",
            "course=scenario year country partner trade_share share_status",
            [
                {
                    **row,
                    "country": of,
                    "partner": partner,
                    "trade_share": row["central"],
                    **self._band("trade_share", row),
                    "share_status": _status(row),
                }
                for of, partner in self.sides
                for row in self.made.fan(SHARE, of).to_dict("records")
            ],
            axes="course year country",
            picture=Picture("lines", "year", "trade_share", series="course", panel="country"),
            values=self.about,
            notes=tuple(self._notes()),
            brief="year course country trade_share share_status",
        )

    def _band(self, name: str, row: Row) -> dict[str, float | None]:
        """Ends of a band, where there are draws; a share of the base year is no forecast."""
        known = not row.get("projected", True) and name == "trade_share"
        drawn = {f"{name}{end}": None if known else number(row[level]) for end, level in ENDS.items()}
        return drawn if self.made.draws else {}

    @property
    def about(self) -> dict[str, Value]:
        """Places of all its sentences: the two, first and last year, draws."""
        made = self.made
        return {
            "a": Country(made.a),
            "b": Country(made.b),
            "base": made.base_year,
            "to": made.years[-1],
            "draws": Quantity(made.draws, "count"),
        }

    def _notes(self) -> Iterator[Finding]:
        """Where projections start, and what their bands do not hold."""
        from suasion.measures.dependence import dependence

        made = self.made
        start = float(made.fan(SHARE, made.a)["central"].iloc[0])
        table = float(dependence(made.a, made.b, self.world).share(made.a))
        yield Finding(
            "outlook.start",
            {**self.about, "model": Quantity(start, "probability"), "table": Quantity(table, "probability")},
        )
        if made.draws:
            yield Finding("outlook.outside")

    def losses(self) -> Table:
        """What a full cut would cost both, by course, year, horizon and outlet."""
        made, rows = self.made, list[dict[str, Any]]()
        held = [horizon for horizon in made.horizons if horizon != STEADY]
        brackets = self._brackets()
        for of, partner in self.sides:
            for horizon in held:
                for outlet in OUTLETS if made.audience else OUTLETS[:1]:
                    for row in self._of_side(of, partner, horizon, outlet):
                        beside = brackets.get(tuple(row[name] for name in PLACE))
                        rows.append({**row, **(beside or dict.fromkeys(BRACKET_OF))})
        first = made.scenarios[0].name  # all start from one world
        return Table.of(
            "outlook-losses",
            "course year country partner horizon outlet loss_percent loss_musd ratio_percent capital_percent flags "
            "replacement_percent no_switching_percent share_status",
            [row for row in rows if row["year"] > made.base_year or row["course"] == first],
            axes="course year country horizon outlet",
            values=self.about,
            notes=(Finding("outlook.seen"), Finding("outlook.capital")),
            brief="year course country horizon outlet loss_percent capital_percent",
        )

    def _of_side(self, of: str, partner: str, horizon: str, outlet: str) -> Iterator[dict[str, Any]]:
        made = self.made
        loss, money, ratio = (
            made.fan(quantity, of, horizon, outlet).to_dict("records") for quantity in (LOSS, MONEY, RATIO)
        )
        capital = [None] * len(loss)
        if horizon == LONG and STEADY in made.horizons:
            capital = made.fan(LOSS, of, STEADY, outlet)["central"].tolist()
        for row, usd, over, adjusted in zip(loss, money, ratio, capital, strict=True):
            yield {
                "course": row["scenario"],
                "year": row["year"],
                "country": of,
                "partner": partner,
                "horizon": horizon,
                "outlet": outlet,
                "loss_percent": row["central"],
                **self._band("loss_percent", row),
                "loss_musd": usd["central"],
                **self._band("loss_musd", usd),
                "ratio_percent": over["central"],
                "capital_percent": adjusted,
                "share_status": _status(row),
            }

    def _brackets(self) -> Mapping[Any, Any]:
        """Flags and ends of brackets by scenario, year, country, horizon and outlet."""
        table = self.made.brackets.rename(columns={"of": "country", "scenario": "course"})
        return table.set_index(list(PLACE)).to_dict("index") if len(table) else {}

    def _chances(self) -> Table:
        """Chances of the first side's share, and of both sides' losses, to be past levels by the asked years."""
        from suasion.outlook.projection.result import TOLERANCES

        made, rows = self.made, list[dict[Any, Any]]()
        asked = [(made.a, made.b, SHARE, "", level) for level in PASSED]
        asked += [
            (of, partner, LOSS, horizon, level)
            for of, partner in self.sides
            for horizon in made.drawn
            for level in TOLERANCES
        ]
        for of, partner, quantity, horizon, level in asked if made.draws else ():
            for row in made.probability(quantity, of, level, horizon).to_dict("records"):
                if row["year"] in made.asked[1:]:
                    rows.append(
                        {
                            **row,
                            "passes": quantity,
                            "country": of,
                            "partner": partner,
                            "horizon": horizon or None,
                            "passed_percent": level * (100.0 if quantity == SHARE else 1.0),
                            "likelihood": next(
                                (key for end, key in LIKELIHOODS if row["probability"] <= end), None
                            ),
                        }
                    )
        return Table.of(
            "outlook-chances",
            "course=scenario passes country partner horizon passed_percent year probability likelihood",
            rows,
            axes="course passes country horizon passed_percent year",
            draws={"probability": made.draws},
            values=self.about,
            notes=(Finding("outlook.between"), Finding("outlook.within")),
            brief="course passes country horizon passed_percent year probability",
        )

    def _outlets(self) -> Table:
        rows = self.made.outlets
        return Table.of(
            "outlook-outlets",
            "course=scenario year country=of place=rank filler=country taken_musd=gain_usd part_percent",
            rows.assign(part_percent=100.0 * rows["part"]) if len(rows) else rows,
            axes="course year country place",
            values=self.about,
            notes=(Finding("outlook.outlets"),),
            detail=True,
        )

    def _levels(self) -> Table:
        return Table.of(
            "outlook-levels",
            "course=scenario year country horizon definition level_percent crossing multiple=m "
            "turnover_percent=turnover_share examined=m_examined",
            self.made.levels,
            axes="course year country definition level_percent",
            values=self.about,
            notes=(Finding("critical_levels.today"),),
            brief="course year country definition level_percent crossing multiple turnover_percent",
        )

    def _forms(self) -> Table:
        """Statistical forms beside the structural course of every scenario, in the asked years."""
        from suasion.outlook.projection.beside import beside

        rows = []
        for path in self.made.scenarios if self.past is not None else ():
            found = beside(self.made, self.past, path.name)  # type: ignore[arg-type]
            for row in found[found["year"].isin(self.made.asked)].to_dict("records"):
                rows.append(
                    {
                        "course": path.name,
                        "forecast_form": form_key(row["form"]),
                        "year": row["year"],
                        "trade_share": row["p50"],
                        **self._band("trade_share", row),
                        "pool_weight": row["weight"] if row["form"] != "pool" else None,
                    }
                )
        return Table.of(
            "outlook-forms",
            "course forecast_form year trade_share pool_weight",
            rows,
            axes="course forecast_form year",
            values=self.about,
            notes=tuple(self._of_pool()),
        )

    def _of_pool(self) -> Iterator[Finding]:
        """Where the weights come from, and where all forms start."""
        from suasion.outlook.hindcast.table import pool_record

        if self.past is not None:
            kept = pool_record()
            yield Finding(
                "outlook.history",
                {
                    "last": int(self.past.years[-1]),
                    "share": Quantity(float(self.past.shares[-1]), "probability"),
                },
            )
            counts = {"forecasts": kept.forecasts, "origins": kept.origins}
            numbers = {name: Quantity(count, "count") for name, count in counts.items()}
            yield Finding("outlook.pool", {"source": kept.source, "ahead": kept.horizon, **numbers})

    def _growth(self) -> Table:
        """Growth of the pair and of the largest other economies; of further scenarios what differs."""
        import pandas as pd

        made, world = self.made, self.world
        size = dict(zip(world.countries, world.array("value_added").sum(axis=1), strict=True))
        others = [code for code in size if code not in (made.a, made.b, "ROW")]
        named = [made.a, made.b, *sorted(others, key=lambda code: -size[code])[:LARGEST]]
        first, *further = [(path.name, made.growth[path.name].periods(named)) for path in made.scenarios]
        parts = [first[1].assign(course=first[0])]
        for name, table in further:
            apart = [code for code in named if not _same(first[1], table, code)]
            parts.append(table[table["country"].isin(apart)].assign(course=name))
        return Table.of(
            "outlook-growth",
            "country course first last growth_percent rate_status=status source_name=source",
            pd.concat(parts, ignore_index=True),
            axes="country course first",
            values=self.about,
            notes=(Finding("outlook.real"), Finding("outlook.given")),
            brief="country course first last growth_percent rate_status",
        )

    def _assumptions(self) -> Table:
        """What paths assume, and what was left out of groups."""
        made = self.made
        rows = [{"course": path.name, "assumption": note} for path in made.scenarios for note in path.notes]
        every = ", ".join(path.name for path in made.scenarios)
        rows += [{"course": every, "assumption": note} for note in made.notes]
        return Table.of("outlook-assumptions", "course assumption", rows, detail=True)


def _same(one: Any, other: Any, code: str) -> bool:
    first, second = (
        table[table["country"] == code].drop(columns="country").reset_index(drop=True)
        for table in (one, other)
    )
    return bool(first.equals(second))


def _status(row: Row) -> str:
    if not row["projected"]:
        return "observed"
    return "extrapolated" if row["extrapolated"] else "projected"
