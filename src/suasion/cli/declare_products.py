"""Commands on products: screens for dependence, and who could replace whom."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from suasion.cli.base import Printed, app
from suasion.cli.console import Format

Year = Annotated[
    int | None, typer.Option(help="Year of trade; the store's last without it.", show_default=False)
]
Folder = Annotated[
    Path | None,
    typer.Option(
        "--store",
        help="Folder of a product store, instead of your own or the embedded one.",
        show_default=False,
    ),
]
Chart = Annotated[Path | None, typer.Option(help="Draw it here (.svg).", show_default=False)]
Made = Annotated[
    Path | None,
    typer.Option(
        "--production",
        help="CSV or Parquet file of production (year, country, product, quantity in tonnes), instead of the store's.",
        show_default=False,
    ),
]
Count = Annotated[
    int, typer.Option(min=1, help="How many products to print as a table; csv and json have all.")
]


@app.command()
def screen(
    economy: Annotated[str, typer.Argument(help="A country, or a group such as EU.", show_default=False)],
    variant: Annotated[str, typer.Option(help="Whose indicators: commission or cepii.")] = "commission",
    year: Year = None,
    years: Annotated[int, typer.Option(help="Years behind the bootstrap.", min=3, max=8)] = 5,
    count: Count = 20,
    store: Folder = None,
    production: Made = None,
    chart: Chart = None,
    form: Printed = Format.table,
) -> None:
    """Screen the imports of an economy or bloc for dependence: indicators, margins, and a list ranked by loss."""
    from suasion.cli.screen import run_screen

    data = (store, production)
    run_screen(economy, variant, year, years, count=count, data=data, chart=chart, form=form)


@app.command()
def replace(
    buyer: Annotated[
        str, typer.Argument(help="Who buys: a country, or a group such as EU.", show_default=False)
    ],
    seller: Annotated[str, typer.Option("--from", help="Who sells.", show_default=False)],
    year: Year = None,
    rerouted: Annotated[
        float, typer.Option(help="Share of the goods cut off that reaches others, 0 to 1.", min=0.0, max=1.0)
    ] = 0.0,
    count: Count = 12,
    store: Folder = None,
    production: Made = None,
    chart: Chart = None,
    form: Printed = Format.table,
) -> None:
    """Rank what a buyer gets from a seller and could not easily get elsewhere, and the reverse."""
    from suasion.cli.screen import run_replace

    data = (store, production)
    run_replace(buyer, seller, year, rerouted, count=count, data=data, chart=chart, form=form)
