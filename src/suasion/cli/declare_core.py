"""Commands on a pair of states, a scenario, a network, all pairs, worlds, and data sets that are not shipped."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from suasion.cli.base import Deficits, Output, Printed, Side, State, app, data_app, world_app
from suasion.cli.console import Format
from suasion.cli.worlds import second_process
from suasion.dossier.aside import here
from suasion.questions.kinds import SHARED

Full = Annotated[
    bool,
    typer.Option(
        "--full", help="Add the chapters that take minutes: past disputes, outlook, levers, frontier."
    ),
]
Files = Annotated[
    list[Path] | None,
    typer.Option(
        help="Write it in the form of the suffix: html, pdf, md, json, txt, xlsx, dta, zip. Repeatable."
    ),
]


def _shared(name: str) -> Any:
    """An option that means the same in all questions, in their words."""
    return typer.Option(help=SHARED[name][1], show_default=False)


@app.command()
def dyad(
    a: Side,
    b: Side,
    audience: Annotated[
        str, typer.Option(help="Third parties, comma-separated; `none` for none.")
    ] = "USA,EU",
    bands: Annotated[
        bool, typer.Option("--bands", help="Add 90 % bands over elasticity draws (slower).")
    ] = False,
    full: Full = False,
    html: Output = None,
    json: Output = None,
    out: Files = None,
    briefing: Annotated[Path | None, typer.Option(help="Write it on one page of A4 (.pdf).")] = None,
    card: Annotated[Path | None, typer.Option(help="Write a picture to pass on (.png).")] = None,
    form: Printed = Format.table,
    deficits: Deficits = "balance",
    given: Annotated[str, _shared("given")] = "",
    elasticities: Annotated[str, _shared("elasticities")] = "",
    factors: Annotated[str, _shared("factors")] = "",
) -> None:
    """Write the dossier on two states or groups: who depends on whom, and what a break would cost."""
    state = {"given": given, "elasticities": elasticities, "factors": factors}
    aside = here if any(state.values()) else second_process()
    from suasion.cli.commands import run_dyad

    run_dyad(
        a,
        b,
        audience,
        bands=bands,
        full=full,
        html=html,
        json_path=json,
        out=out or (),
        sheets={"briefing": briefing, "card": card},
        form=form,
        deficits=deficits,
        state=state,
        aside=aside,
    )


@app.command()
def ask(
    text: Annotated[
        list[str], typer.Argument(help="A question in plain English or German.", show_default=False)
    ],
    form: Printed = Format.table,
) -> int:
    """Answer a question in plain words, such as "what would Germany lose without China"."""
    from suasion.cli.questions import run_plain

    return run_plain(" ".join(text), form)


@app.command()
def depend(
    a: State,
    on: Annotated[str, typer.Option("--on", help="The state it may depend on.", show_default=False)],
    form: Printed = Format.table,
    history: Annotated[
        bool, typer.Option("--history", help="Goods trade of the pair year by year, from 2000.")
    ] = False,
) -> int:
    """Show how dependent one state is on another: dependence, materials, published totals; as data, the first."""
    from suasion.cli.questions import run_question
    from suasion.questions import QUESTIONS

    names = ("trade_history",) if history else ("dependence", "materials", "published_totals")
    own: dict[str, Any] = {"a": a, "b": on, "show": "", "chart": None, "out": None, "form": form}
    shown = names if form is Format.table else names[:1]
    return min(run_question(QUESTIONS[name], dict(own)) for name in shown)


@app.command()
def compare(
    first: Annotated[Path, typer.Argument(help="JSON file of a dossier.", show_default=False)],
    second: Annotated[
        Path, typer.Argument(help="JSON file of another on the same pair.", show_default=False)
    ],
    html: Output = None,
    form: Printed = Format.table,
) -> None:
    """Put two dossiers side by side: other years, worlds, editions or assumptions."""
    from suasion.cli.commands import run_compare

    run_compare(first, second, html=html, form=form)


@world_app.callback()
def world() -> None:
    """Tables of your own: checked, and made into a world."""


@world_app.command("check")
def world_check(
    file: Annotated[
        Path,
        typer.Argument(
            help="CSV of an input-output table, long or wide; or a world (.npz).", show_default=False
        ),
    ],
    year: Annotated[int | None, typer.Option(help="Year of the table.", show_default=False)] = None,
    out: Annotated[
        Path | None,
        typer.Option(help="Write the world to this file (.npz), for --world.", show_default=False),
    ] = None,
    form: Printed = Format.table,
) -> None:
    """Say how a table is read, show a preview, and name what in it cannot be or is unlike any published table."""
    from suasion.cli.worlds import run_check

    run_check(file, year, out, form=form)


Name = Annotated[str, typer.Argument(help="A name that `data list` shows.", show_default=False)]
Store = Annotated[
    Path | None,
    typer.Option(
        help="Folder of your data; else the variable SUASION_DATA, else your data folder.", show_default=False
    ),
]


@data_app.command("list")
def data_list(store: Store = None, form: Printed = Format.table) -> None:
    """List the data sets, those inside the package and those to fetch or add, and which of them you have."""
    from suasion.cli.data import run_list

    run_list(store, form=form)


@data_app.command("info")
def data_info(name: Name, store: Store = None, form: Printed = Format.table) -> None:
    """Show source, licence, citation, file and state of one data set or embedded file."""
    from suasion.cli.data import run_info

    run_info(name, store, form=form)


@data_app.command("fetch")
def data_fetch(
    name: Name,
    year: Annotated[
        int | None, typer.Option(help="Year, for data sets with a file a year.", show_default=False)
    ] = None,
    store: Store = None,
    address: Annotated[
        str, typer.Option("--from", help="Another address than the catalogue's.", show_default=False)
    ] = "",
    timeout: Annotated[float, typer.Option(help="Seconds to wait for the next piece.", min=0.1)] = 60.0,
) -> None:
    """Fetch a data set from its address; if that fails, say how to get it by hand."""
    from suasion.cli.data import run_fetch

    run_fetch(name, year, store, address, timeout)


@data_app.command("add")
def data_add(
    name: Name,
    paths: Annotated[
        list[Path], typer.Argument(help="Files already downloaded, or their folder.", show_default=False)
    ],
    store: Store = None,
) -> None:
    """Check files with the data set's reader and copy them into your data."""
    from suasion.cli.data import run_add

    run_add(name, paths, store)


@data_app.command("verify")
def data_verify(store: Store = None, form: Printed = Format.table) -> None:
    """Check every file of your data, and the embedded ones, against their checksums."""
    from suasion.cli.data import run_verify

    run_verify(store, form=form)
