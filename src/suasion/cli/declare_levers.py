"""Command on the design of sanctions."""

from __future__ import annotations

from typing import Annotated

import typer

from suasion.cli.base import Deficits, Printed, app
from suasion.cli.console import Format

Horizon = Annotated[
    str, typer.Option(help="`months`, `short` (first year), `long` or years since the shock.")
]
Senders = Annotated[
    str, typer.Argument(help="Coalition: states and groups, with commas between.", show_default=False)
]
Target = Annotated[
    str, typer.Argument(help="Target: states and groups, with commas between.", show_default=False)
]
Means = Annotated[str, typer.Option(help="tariff, export_tax and finance, with commas between.")]
Lambda = Annotated[
    str | None,
    typer.Option(
        "--lambda",
        help="Weights on harm from 0 to 5, with commas; twenty by default (apart: 0, 0.7 and 2).",
        show_default=False,
    ),
]
Groups = Annotated[
    str | None,
    typer.Option(help="Groups of sectors, with semicolons between; all by default.", show_default=False),
]
Answer = Annotated[str, typer.Option(help="Answer of the target: none, once or nash.")]
Points = Annotated[
    str,
    typer.Option(
        help="points, rates, credibility, burden or secondary (at the last lambda), members (of an embargo), nash, "
        "apart (each sender for itself), tolerance (most harm that every member bears)."
    ),
]
Prized = Annotated[
    str | None,
    typer.Option(
        help="Groups of sectors of the target, with semicolons between, whose sales count as harm in place of its "
        "welfare.",
        show_default=False,
    ),
]
Tolerance = Annotated[
    float,
    typer.Option(help="Loss that every member tolerates, per cent, for `--show tolerance`."),
]
Bystander = Annotated[
    str | None,
    typer.Option(
        help="Whom secondary sanctions are to make join, for `--show secondary`.", show_default=False
    ),
]
Restarts = Annotated[int, typer.Option(min=0, help="Random starts at three weights, as a check.")]


@app.command()
def frontier(
    senders: Senders,
    target: Target,
    means: Means = "tariff",
    weights: Lambda = None,
    groups: Groups = None,
    response: Answer = "none",
    show: Points = "points",
    bystander: Bystander = None,
    prized: Prized = None,
    tolerance: Tolerance = 0.1,
    horizon: Horizon = "long",
    deficits: Deficits = "balance",
    restarts: Restarts = 2,
    form: Printed = Format.table,
) -> None:
    """Trace the best sanctions of a coalition on a target: own loss against harm, by sector and weight on harm."""
    from suasion.cli import levers as work

    asked: work.Asked = {
        "senders": senders,
        "target": target,
        "means": means,
        "groups": groups,
        "prized": prized,
        "horizon": horizon,
        "deficits": deficits,
    }
    if show == "members":
        work.run_members(senders, target, means, horizon, form)
    elif show == "nash":
        work.run_nash(senders, target, groups, horizon, deficits, form)
    elif show == "apart":
        work.run_apart(asked, weights, form)
    elif show == "tolerance":
        work.run_tolerance(asked, tolerance, form)
    else:
        work.run_frontier(asked, weights, show, bystander, form, response=response, restarts=restarts)
