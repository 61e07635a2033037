"""``suasion screen`` and ``suasion replace``: dependence by product, and who could replace whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from suasion.cli.console import Format, print_rows, tell
from suasion.cli.files import check_picture
from suasion.dossier.charts.figure import Figure, draw_svg
from suasion.dossier.charts.products import replace_figure, screen_figure
from suasion.files import write_text
from suasion.products import (
    Replaceability,
    Screen,
    Store,
    open_store,
    read_production,
    replaceability_both,
    screen,
)

SCREEN = {
    "product": "HS",
    "name": "name",
    "imports": "imports",
    "years_flagged": "of 3",
    "probability": "prob.",
    "supplier": "from",
    "rise": "rise %",
    "loss": "loss",
}
BOUGHT = {
    "product": "HS",
    "name": "name",
    "value": "value",
    "buyer_share": "share",
    "cover": "cover",
    "rise": "rise %",
    "rise_limited": "limited",
    "loss": "loss",
}
SOLD = {
    "product": "HS",
    "name": "name",
    "value": "value",
    "seller_share": "share",
    "fall": "fall %",
    "diverted": "diverted",
    "seller_loss": "loss",
}
NAME = 20
"""Letters of a product's name that fit beside its numbers."""
TENFOLD = 900.0
SHARES = ("buyer_share", "seller_share", "diverted", "probability")


def run_screen(
    economy: str, variant: str, year: int | None, years: int, *, count: int,
    data: tuple[Path | None, Path | None], chart: Path | None, form: Format,
) -> None:  # fmt: skip
    """Screen, print, and draw; ``data`` are the folder of a store and a file of production, where they are named.

    Raises
    ------
    InputError
        If the economy, variant or year is not known.
    OutputError
        If the picture cannot be written; found before the work starts.
    """
    if chart is not None:
        check_picture(chart, (".svg",))
    made = screen(economy, opened(*data), variant=variant, year=year, years=years)
    title = f"{made.economy}, {made.years[-1]}: imports and loss in million USD, largest loss first"
    show(made.table, SCREEN, count, form, title)
    for line in screen_words(made):
        tell(line)
    draw(screen_figure(made), chart)


def run_replace(
    buyer: str, seller: str, year: int | None, rerouted: float, *, count: int,
    data: tuple[Path | None, Path | None], chart: Path | None, form: Format,
) -> None:  # fmt: skip
    """Rank both directions of a pair, print, and draw; ``data`` as for :func:`run_screen`.

    Raises
    ------
    InputError, SameCountryError
        If a name or the year is not known, or the two overlap.
    OutputError
        If the picture cannot be written; found before the work starts.
    """
    if chart is not None:
        check_picture(chart, (".svg",))
    made, other = replaceability_both(buyer, seller, opened(*data), year=year, rerouted=rerouted)
    if form is Format.table:
        print_pair(made, count)
        print_pair(other, count)
    else:
        both = [one.table.assign(buyer=one.buyer, seller=one.seller, year=one.year) for one in (made, other)]
        table = pd.concat(both, ignore_index=True)
        print_rows(list(table.columns), [plain(row) for row in table.itertuples(index=False)], form)
    for note in made.notes:
        tell(note)
    draw(replace_figure(made), chart)


def print_pair(made: Replaceability, count: int) -> None:
    """Print what the buyer would miss, then what the seller would."""
    words = f"{made.buyer} from {made.seller}, {made.year}, million USD"
    show(
        made.table, BOUGHT, count, Format.table, f"{words}: what {made.buyer} could not easily get elsewhere"
    )
    show(
        made.for_seller(),
        SOLD,
        count,
        Format.table,
        f"{words}: what {made.seller} could not easily sell elsewhere",
    )


def screen_words(made: Screen) -> list[str]:
    """Say how the two lists agree, and the notes."""
    lap = made.overlap
    lines = [f"{lap.flagged} products are dependent by the rule ({made.variant})."]
    if lap.flagged:
        lines.append(
            f"{lap.common} of them are among the {lap.flagged} with the largest loss; they hold {lap.loss_share:.0%} "
            f"of all losses and {lap.import_share:.0%} of imports."
        )
    return [*lines, *made.notes]


def opened(store: Path | None, production: Path | None = None) -> Store:
    """Open the store named, the user's own, or the embedded one, and say on stderr what is used."""
    data = open_store(store)
    if production is not None:
        data = replace(data, production=read_production(production))
    made = f"; production: {data.production.source}" if data.production is not None else ""
    tell(f"data: {data.source}, {data.years[0]} to {data.years[-1]}{made}")
    return data


def show(table: pd.DataFrame, columns: dict[str, str], count: int, form: Format, title: str) -> None:
    """Print a table: a choice of columns for people, all of it for machines."""
    if form is Format.table:
        loss = next(name for name in reversed(columns) if name.endswith("loss"))
        part = table[[*columns, f"{loss}_low", f"{loss}_high"]].head(count)
        rows = [tidy(list(part.columns), row) for row in part.itertuples(index=False)]
        print_rows(
            [*columns.values(), "range"], [(*r[:-2], f"{r[-2]} to {r[-1]}") for r in rows], form, title
        )
        return
    print_rows(list(table.columns), [plain(row) for row in table.itertuples(index=False)], form)


def tidy(columns: Sequence[str], row: Sequence[Any]) -> tuple[Any, ...]:
    """Row for people: names cut, shares with two places, money and per cent with three digits."""
    return tuple(written(name, cell) for name, cell in zip(columns, plain(row), strict=True))


def written(name: str, cell: Any) -> Any:
    """Write a cell by what it is."""
    if name == "name" and isinstance(cell, str) and len(cell) > NAME:
        return f"{cell[:NAME]}…"
    if not isinstance(cell, float):
        return cell
    if name in SHARES:
        return f"{cell:.2f}"
    if name.startswith("rise") and cell >= TENFOLD:
        return "900+"
    return f"{cell:,.0f}" if abs(cell) >= 100 else f"{cell:.3g}"


def plain(row: Sequence[Any]) -> tuple[Any, ...]:
    """Row for machines: what is missing or infinite is None."""
    return tuple(None if isinstance(cell, float) and not abs(cell) < float("inf") else cell for cell in row)


def draw(figure: Figure | None, chart: Path | None) -> None:
    """Write the picture where one is asked for and there is something to draw."""
    if chart is None:
        return
    if figure is None:
        tell("nothing to draw")
        return
    write_text(chart, draw_svg(figure.panels[0]))
    tell(f"wrote {chart}")
