"""Which imports of an economy come from few hands by the usual indicators, and which would be dearest to lose."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

from suasion.answers import (
    MAIN,
    USUAL,
    Answer,
    Country,
    Finding,
    Picture,
    Quantity,
    Source,
    Table,
    Value,
    Word,
)
from suasion.questions.question import File, Limits, Side, question
from suasion.questions.replaceability import LOSS, NAMES, Shown, data_notes, opened, told_good

if TYPE_CHECKING:
    from suasion.products import ProductStore, Screen

Window = Annotated[int, Limits(3, 8)]
"""Years behind a bootstrap."""
OWN = {
    "imports": "value_musd",
    "supplier": "seller",
    "supplier_share": "buyer_share",
    "probability": "flagged_probability",
    **{f"margin_{n}": f"margin_{word}" for n, word in ((1, "first"), (2, "second"), (3, "third"))},
}
"""Columns of the model, and their names in answers, beside those of replaceability."""
SHORT = (
    "hs good value_musd seller buyer_share years_flagged rule_dependent flagged_probability rise_percent loss_status "
    f"{LOSS}"
)


@question
def screen(
    economy: Side,
    *,
    variant: str = "commission",
    year: int | None = None,
    years: Window = 5,
    count: Shown = 20,
    store: File | None = None,
    production: File | None = None,
) -> Answer:
    """Which imports of an economy or bloc are dependent by the usual indicators, and which would be dearest to lose.

    Parameters
    ----------
    economy : Side
        A state, or a group such as EU: ISO code or English name.
    variant : str
        Whose indicators: commission or cepii.
    year : int, optional
        Last year of trade; the store's last without it.
    years : int
        Years behind the bootstrap, 3 to 8.
    count : int
        How many goods in the list; the table of all goods has all.
    store : Path, optional
        Folder of a product store, instead of your own or the embedded one.
    production : Path, optional
        CSV or Parquet file of production (year, country, product, quantity in tonnes), instead of the store's.

    Returns
    -------
    Answer
        Tables ``screen`` and ``screen-all``.

    Examples
    --------
    >>> su.screen("DEU")
    <Answer screen DEU: screen (...>
    """
    from suasion.products import screen as solve

    data = opened(store, production)
    found = solve(economy, data, variant=variant, year=year, years=years)
    asked: dict[str, Value] = {"economy": Country(found.economy), "year": found.years[-1]}
    if not len(found.table):
        return Answer("screen", {"economy": asked["economy"]}, absent=Finding("screen.none", asked))
    return Answer(
        "screen",
        {"economy": Country(found.economy)},
        tuple(_findings(found, asked)),
        _tables(found, count, asked, data),
        sources=(Source("replaceability.source", data.source, found.years[-1]),),
        result=found,
    )


def _tables(found: Screen, count: int, asked: dict[str, Value], data: ProductStore) -> tuple[Table, ...]:
    from suasion.products.indicators import SPAN, rule_of

    rows = _rows(found)
    names = " ".join(rule_of(found.variant).names)
    samples = {"flagged_probability": len(found.years) ** SPAN}  # all draws of three years of these
    return (
        Table.of(
            "screen",
            SHORT,
            rows[:count],
            axes="hs",
            draws=samples,
            picture=Picture("ranges", "withheld_musd", "good"),
            values=asked,
            notes=(*data_notes(data), *_notes(found)),
            brief=f"good value_musd seller years_flagged flagged_probability {LOSS}",
            whole="screen-all",
        ),
        Table.of(
            "screen-all",
            f"{SHORT} rise_percent_least rise_percent_most {names} margin margin_first margin_second margin_third "
            "loss_rank",
            rows,
            axes="hs",
            draws=samples,
            values=asked,
            detail=True,
        ),
    )


def _rows(found: Screen) -> list[dict[Any, Any]]:
    """Goods, the largest loss first."""
    dependent = {1.0: "yes", 0.0: "no"}
    return [
        {
            **{name: None if cell in (float("inf"),) else cell for name, cell in told_good(row).items()},
            "seller": row["seller"] or None,
            "rule_dependent": dependent.get(row["dependent"], "open"),
        }
        for row in found.table.rename(columns={**NAMES, **OWN}).to_dict("records")
    ]


def _findings(found: Screen, asked: dict[str, Value]) -> Iterator[Finding]:
    """How many goods are dependent, and how far that list agrees with the largest losses."""
    lap = found.overlap
    rule = {"variant": Word("indicators", found.variant)}
    flagged = Quantity(lap["flagged"], "count")
    yield Finding("screen.flagged", {**asked, **rule, "flagged": flagged}, weight=MAIN)
    if lap["flagged"]:
        yield Finding(
            "screen.overlap",
            {
                "common": Quantity(lap["common"], "count"),
                "flagged": flagged,
                "loss": Quantity(lap["loss_share"], "probability"),
                "imports": Quantity(lap["import_share"], "probability"),
            },
            weight=USUAL,
        )


def _notes(found: Screen) -> Iterator[Finding]:
    """What the rule is, and what of it could not be applied."""
    if found.second is not None:
        yield Finding(
            "screen.second_some" if found.second else "screen.second_none",
            {"known": Quantity(found.second, "count")},
        )
    if found.asked != found.years:
        yield Finding("screen.young", {"economy": Country(found.economy), "first": found.years[0]})
    yield Finding("screen.rule", {"years": Quantity(len(found.years), "count")})
    yield Finding("screen.loss")
