"""Commands on where a dependence goes: outlooks and hindcasts of shares."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from suasion.cli.base import Deficits, Printed, State, app
from suasion.cli.console import OK, Format

_File = Annotated[
    Path | None, typer.Option(help="File or folder of the source; else the store.", show_default=False)
]

_Years = Annotated[
    str | None,
    typer.Option(
        help="Years of exit costs besides the first and the last; 2030 where the outlook passes it.",
        show_default=False,
    ),
]
_History = Annotated[
    Path | None,
    typer.Option(
        help="CSV of past shares (year, share from 0 to 1): statistical forms beside the structural one.",
        show_default=False,
    ),
]
_Show = Annotated[
    str, typer.Option(help="shares, exit, chances, outlets, levels (critical ones), forms or all.")
]
_Paths = Annotated[
    list[str] | None,
    typer.Option(
        help="File of paths (YAML), or persist, deepen, lifted. Repeatable; by default these three.",
        show_default=False,
    ),
]
_Structural = Annotated[
    bool,
    typer.Option(
        "--structural", help="Score the structural model too, from each year's own table; wiod13 only."
    ),
]
_Growth = Annotated[
    Path | None,
    typer.Option(help="Penn World Table, for the odds decomposition; else the store.", show_default=False),
]


@app.command()
def hindcast(
    of: Annotated[
        str,
        typer.Argument(
            help="The state whose trade it is; without states, skill over all pairs.", show_default=False
        ),
    ] = "",
    partner: Annotated[str, typer.Argument(help="The partner whose share it is.", show_default=False)] = "",
    source: Annotated[str, typer.Option(help="materials (embedded), itpd or wiod13.")] = "materials",
    group: Annotated[str, typer.Option(help="Group of raw materials, fuels or all.")] = "fuels",
    measure: Annotated[str, typer.Option(help="turnover, exports or imports.")] = "turnover",
    origin: Annotated[
        int | None,
        typer.Option(
            help="Last year known, for a pair; by default five years before the last.", show_default=False
        ),
    ] = None,
    path: _File = None,
    growth: _Growth = None,
    structural: _Structural = False,
    form: Printed = Format.table,
) -> None:
    """Show what forecasts of a share would have said in the past, and how good they were."""
    from suasion.cli.hindcast import run_hindcast

    run_hindcast(
        of,
        partner,
        source,
        group,
        measure,
        origin,
        path=path,
        growth=growth,
        structural=structural,
        form=form,
    )


def _alone(context: typer.Context) -> bool:
    """Whether no option but that of the format stands on the command line."""
    sources = {name: context.get_parameter_source(name) for name in context.params}
    given = {name for name, source in sources.items() if source is not None and source.name == "COMMANDLINE"}
    return given <= {"a", "b", "form"}


@app.command()
def outlook(
    context: typer.Context,
    a: State,
    b: State,
    to: Annotated[int, typer.Option(help="Last year.")] = 2036,
    years: _Years = None,
    scenario: _Paths = None,
    audience: Annotated[
        str, typer.Option(help="Whose markets are the other outlet: codes and groups, or none.")
    ] = "USA,EU",
    horizon: Annotated[
        str, typer.Option(help="Of exit costs: short, long, steady (capital adjusts), years; a list.")
    ] = "short,long",
    draws: Annotated[int, typer.Option(help="Draws for bands and chances; 0 for none.")] = 0,
    solve: Annotated[int, typer.Option(help="Draws solved at most; an emulator takes the rest.")] = 300,
    seed: Annotated[int, typer.Option(help="Of the draws.")] = 1,
    deficits: Deficits = "balance",
    out: Annotated[
        Path | None,
        typer.Option(help="Folder that keeps what is solved, to go on after a stop.", show_default=False),
    ] = None,
    chart: Annotated[
        Path | None, typer.Option(help="Draw the fan to this .svg, .png or .html file.", show_default=False)
    ] = None,
    history: _History = None,
    show: _Show = "all",
    form: Printed = Format.table,
) -> int:
    """Without options how large b's share of a's trade will be, as `share`; with any, courses by scenario."""
    from suasion.cli.outlook import Asked, run_outlook, run_share

    if _alone(context):
        return run_share(a, b, form)
    paths, draw = tuple(scenario or ()), (draws, solve, seed)
    run_outlook(
        Asked(a, b, to, years, paths, audience, horizon, *draw, deficits, show, history), out, chart, form
    )
    return OK
