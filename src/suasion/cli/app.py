"""The commands, and the one place where errors become exit codes."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from suasion.cli.console import Format, fail, say
from suasion.errors import OutputError, SuasionError

OK, CANNOT, USAGE, UNWRITABLE = 0, 1, 2, 3

app = typer.Typer(
    name="suasion",
    help="Who depends on whom, who can pressure whom, and what would change it.",
    epilog="Exit codes: 0 done, 1 no answer (the message says why), 2 wrong usage, 3 a file cannot be written.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
data_app = typer.Typer(
    help="Embedded data sets: what they are and where they come from.", no_args_is_help=True
)
app.add_typer(data_app, name="data")

State = Annotated[str, typer.Argument(help="A state: ISO code or English name.", show_default=False)]
Output = Annotated[Path | None, typer.Option(help="Write it to this file.", show_default=False)]
Printed = Annotated[Format, typer.Option("--format", help="What goes to stdout.")]
Deficits = Annotated[str, typer.Option(help="Deficit rule: balance, world, gdp or eliminate.")]


def main() -> None:
    """Run the command line; every error of Suasion becomes one clean line and an exit code."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run one command and return its exit code.

    Parameters
    ----------
    arguments : list of str
        As on the command line, without the program's name.
    """
    try:
        result = app(arguments, prog_name="suasion", standalone_mode=False)
    except OutputError as error:
        return fail(error, UNWRITABLE)
    except SuasionError as error:
        return fail(error, CANNOT)
    except typer.Exit as stop:
        return stop.exit_code
    except typer.Abort:
        return CANNOT
    except Exception as error:
        code = usage_code(error)
        if code is None:
            raise
        return code
    return result if isinstance(result, int) else OK


def usage_code(error: Exception) -> int | None:
    """Print a usage error of the parser and return its exit code; None for any other error."""
    show, code = getattr(error, "show", None), getattr(error, "exit_code", None)
    if show is None or not isinstance(code, int):
        return None
    show()
    return USAGE if code == USAGE else code


@app.callback(invoke_without_command=True)
def root(version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False) -> None:
    """Measure and simulate dependence and leverage between states."""
    if version:
        from suasion import __version__

        say(__version__)
        raise typer.Exit(OK)


@app.command()
def dyad(
    a: State,
    b: State,
    audience: Annotated[
        str, typer.Option(help="Third parties, comma-separated; `none` for none.")
    ] = "USA,EU",
    bands: Annotated[
        bool, typer.Option("--bands", help="Add 90 % bands over elasticity draws (slower).")
    ] = False,
    html: Output = None,
    json: Output = None,
    form: Printed = Format.table,
    deficits: Deficits = "balance",
) -> None:
    """Write the dossier on two states: who depends on whom, and what a break would cost."""
    from suasion.cli.commands import run_dyad

    run_dyad(a, b, audience, bands=bands, html=html, json_path=json, form=form, deficits=deficits)


@app.command()
def simulate(
    file: Annotated[Path, typer.Argument(help="Scenario file (YAML).", show_default=False)],
    horizon: Annotated[str, typer.Option(help="`short`, `long` or years since the shock.")] = "long",
    deficits: Deficits = "balance",
    form: Printed = Format.table,
    html: Output = None,
) -> None:
    """Simulate a scenario file: what it does to every economy."""
    from suasion.cli.commands import run_simulate

    run_simulate(file, horizon, deficits, form=form, html=html)


@app.command()
def depend(
    a: State,
    on: Annotated[str, typer.Option("--on", help="The state it may depend on.", show_default=False)],
    form: Printed = Format.table,
) -> None:
    """Show how dependent one state is on another: shares, materials, published totals."""
    from suasion.cli.commands import run_depend

    run_depend(a, on, form=form)


@app.command()
def bargain(
    file: Annotated[
        str, typer.Argument(help="Network file (YAML), or a name: eurasian_gas.", show_default=False)
    ],
    cases: Annotated[str, typer.Option("--cases", help="Cases of the file, comma-separated.")] = "",
    without: Annotated[str, typer.Option(help="Routes or customers to take away, comma-separated.")] = "",
    third_party: Annotated[
        str, typer.Option(help="Players without a veto on transit, comma-separated.")
    ] = "",
    draws: Annotated[int, typer.Option(help="Draws over the file's ranges; 0 for none.", min=0)] = 0,
    seed: Annotated[int, typer.Option(help="Seed of the draws.")] = 0,
    chart: Annotated[
        Path | None, typer.Option(help="Draw it here (.svg or .png).", show_default=False)
    ] = None,
    form: Printed = Format.table,
) -> None:
    """Divide the surplus of a supply network: who gets what, with and without a link, a customer, a veto."""
    from suasion.cli.bargain import run_bargain

    run_bargain(file, cases, without, third_party, draws=draws, seed=seed, chart=chart, form=form)


@data_app.command("list")
def data_list(form: Printed = Format.table) -> None:
    """List the embedded files with their sources."""
    from suasion.cli.commands import run_data_list

    run_data_list(form=form)


@data_app.command("info")
def data_info(
    name: Annotated[str, typer.Argument(help="A name that `data list` shows.", show_default=False)],
) -> None:
    """Show source, licence, transformation and caveat of one embedded file."""
    from suasion.cli.commands import run_data_info

    run_data_info(name)


@app.command()
def leverage(
    pairs: Annotated[str, typer.Option(help="Which pairs: `all`.")] = "all",
    horizon: Annotated[str, typer.Option(help="`short`, `long` or years since the cut.")] = "long",
    deficits: Deficits = "balance",
    given: Annotated[
        Path | None, typer.Option(help="Scenario file (YAML) already in force.", show_default=False)
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Write all pairs to this .csv or .parquet file.", show_default=False)
    ] = None,
    count: Annotated[int, typer.Option(min=1, help="How many pairs to print.")] = 20,
    form: Printed = Format.table,
) -> None:
    """Show what every state loses when cut off from every other one: all pairs at once."""
    from suasion.cli.leverage import run_leverage

    run_leverage(pairs, horizon, deficits, given, out, count=count, form=form)
