"""Commands on what an outcome depends on, and on which elasticities drive it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from suasion.cli.base import Deficits, Printed, State, app
from suasion.cli.console import Format

Given = Annotated[
    Path | None, typer.Option(help="Scenario file (YAML) already in force.", show_default=False)
]
Horizon = Annotated[
    str, typer.Option(help="`months`, `short` (first year), `long` or years since the shock.")
]
Chart = Annotated[
    Path | None, typer.Option(help="Draw it here (.svg, .png, .html or .json).", show_default=False)
]
Table = Annotated[
    Path | None, typer.Option(help="Write the whole table to this .csv or .parquet file.", show_default=False)
]


@app.command()
def sensitivity(
    of: State,
    wrt: Annotated[
        str,
        typer.Option(
            help="What changes: trade_cost, tariff, export_tax, productivity, endowments or transfer."
        ),
    ] = "trade_cost",
    outcome: Annotated[
        str, typer.Option(help="Of what: welfare, real_income, usd, or loss (from the scenario given).")
    ] = "welfare",
    given: Given = None,
    horizon: Horizon = "long",
    deficits: Deficits = "balance",
    top: Annotated[int, typer.Option(min=1, help="How many rows to print.")] = 30,
    exact: Annotated[
        bool,
        typer.Option("--exact", help="Cut off each of these flows and solve: the exact effect beside it."),
    ] = False,
    chart: Chart = None,
    out: Table = None,
    form: Printed = Format.table,
) -> None:
    """Rank what a state's welfare depends on: every flow's trade cost at once, or taxes, productivity, transfers."""
    from suasion.cli.sensitivity import run_sensitivity

    run_sensitivity(
        of, wrt, outcome, given, horizon, deficits, top=top, exact=exact, chart=chart, out=out, form=form
    )


@app.command()
def drivers(
    a: State,
    b: Annotated[
        str | None, typer.Argument(help="The other side; none with --scenario.", show_default=False)
    ] = None,
    scenario: Annotated[
        Path | None,
        typer.Option(help="Ask for the state's welfare in this scenario (YAML) instead.", show_default=False),
    ] = None,
    given: Given = None,
    horizon: Horizon = "long",
    deficits: Deficits = "balance",
    rows: Annotated[int, typer.Option(min=2, help="Draws in each sample; a power of two is best.")] = 256,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the draws.")] = 1,
    chart: Chart = None,
    out: Table = None,
    form: Printed = Format.table,
) -> None:
    """Show which elasticities drive the exit costs of a pair, or a state's welfare in a scenario."""
    from suasion.cli.sensitivity import run_drivers

    run_drivers(
        a, b, scenario, given, horizon, deficits, rows=rows, seed=seed, chart=chart, out=out, form=form
    )
