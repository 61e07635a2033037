"""What courses of a pair under scenarios say, scenario by scenario, and how well they were made."""

from __future__ import annotations

from collections.abc import Iterator

from suasion.answers import DETAIL, MAIN, USUAL, Comparison, Country, Finding, Quantity, Value
from suasion.answers.numbers import FEWEST_DRAWS
from suasion.questions.bands import ranged, when_of
from suasion.questions.losses import OUTLETS
from suasion.questions.projections.hindcast import record_findings
from suasion.questions.projections.tables import LOSS, SHARE, CourseReport, number

TOLD = 0.33
"""Level of a share whose chance to be passed is told: a third of all trade."""
FEW_DRAWS = 200
"""Draws below which bands are rough. Assumption, range 100 to 400."""


def findings(report: CourseReport) -> Iterator[Finding]:
    """Yield what the outlook says, scenario by scenario, and how well it was made."""
    made = report.made
    shares, last = report.shares().frame, made.years[-1]
    mine = shares[shares["country"] == made.a].set_index(["course", "year"])
    for place, path in enumerate(made.scenarios):
        now, then = (
            ranged(mine.loc[path.name, year], "trade_share", "probability") for year in (made.base_year, last)
        )
        told: dict[str, Value] = {**report.about, "scenario": path.name, "now": now, "then": then}
        gap = _gap(now, then)
        yield Finding("outlook.share", told, Comparison(then, now, gap), weight=MAIN + 0.5 - place / 10)
        yield from _of_losses(report, path.name, place)
    yield from _of_chance(report)
    yield from record_findings()
    yield from _of_draws(report)


def _of_losses(report: CourseReport, scenario: str, place: int) -> Iterator[Finding]:
    """Both losses in the last year at each horizon, the bracket where one has a flag, sides without outlets."""
    made, last = report.made, report.made.years[-1]
    table = report.losses().frame
    rows = table[(table["course"] == scenario) & (table["year"] == last) & (table["outlet"] == OUTLETS[0])]
    who = {**report.about, "scenario": scenario}
    for step, (horizon, part) in enumerate(rows.groupby("horizon", sort=False)):
        by = part.set_index("country")
        losses = {
            f"loss_{side}": ranged(by.loc[code], "loss_percent", "percent")
            for side, code in (("a", made.a), ("b", made.b))
        }
        if all(one.known for one in losses.values()):
            when = {"when": when_of(str(horizon))}
            weight = USUAL + 0.8 - place / 10 - step / 100
            yield Finding("outlook.losses", {**who, **losses, **when}, weight=weight)
    for row in rows[rows["flags"].fillna("") != ""].to_dict("records"):
        ends = {
            end: Quantity(number(row[name]), "percent")
            for end, name in (("low", "replacement_percent"), ("high", "no_switching_percent"))
        }
        yield Finding(
            "outlook.bracket",
            {
                **who,
                "state": Country(row["country"]),
                "flags": row["flags"],
                "loss": ranged(row, "loss_percent", "percent"),
                **ends,
            },
            caution=True,
        )
    yield from _without_outlets(report, who)


def _without_outlets(report: CourseReport, who: dict[str, Value]) -> Iterator[Finding]:
    """Sides for whose sales no third country would make up."""
    made = report.made
    there = made.outlets.reindex(columns=["scenario", "year", "of"])
    last = there[(there["scenario"] == who["scenario"]) & (there["year"] == made.years[-1])]
    for code, other in report.sides:
        if not (last["of"] == code).any():
            yield Finding(
                "outlook.no_outlet", {**who, "state": Country(code), "partner": Country(other)}, weight=DETAIL
            )


def _of_chance(report: CourseReport) -> Iterator[Finding]:
    """How often the share has passed a third of all trade by the last year."""
    made = report.made
    found = made.probability(SHARE, made.a, TOLD) if made.draws >= FEWEST_DRAWS else None
    for place, row in enumerate(found.to_dict("records") if found is not None else ()):
        if row["year"] == made.years[-1]:
            yield Finding(
                "outlook.chance",
                {
                    **report.about,
                    "scenario": row["scenario"],
                    "level": Quantity(100.0 * TOLD, "percent"),
                    "chance": Quantity(number(row["probability"]), "probability", draws=made.draws),
                },
                weight=USUAL + 0.7 - place / 1000,
            )


def _of_draws(report: CourseReport) -> Iterator[Finding]:
    """Few draws, draws that failed, and draws that were emulated."""
    made = report.made
    draws = {"draws": Quantity(made.draws, "count"), "enough": Quantity(FEW_DRAWS, "count")}
    if 0 < made.draws < FEW_DRAWS:
        yield Finding("outlook.rough", draws, weight=DETAIL, caution=True)
    lost = int((made.rows["quantity"] == "course").sum())
    if lost:
        yield Finding("outlook.failed", {"lost": Quantity(lost, "count")}, caution=True)
    if made.solved < made.draws:
        errors = made.errors.set_index("quantity")["error"].groupby(level=0).max()
        yield Finding(
            "outlook.emulated",
            {
                **draws,
                "share": Quantity(100.0 * float(errors[SHARE]), "score"),
                "loss": Quantity(float(errors[LOSS]), "percent"),
                "solved": Quantity(made.solved, "count"),
                "held": Quantity(int(made.errors["held"].max()), "count"),
            },
            weight=DETAIL,
            caution=True,
        )


def _gap(now: Quantity, then: Quantity) -> Quantity | None:
    """The difference with its band: where the band of the later number holds the earlier one, nothing is clear."""
    if now.value is None or then.value is None or then.low is None or then.high is None:
        return None
    return Quantity(then.value - now.value, "score", then.low - now.value, then.high - now.value)
