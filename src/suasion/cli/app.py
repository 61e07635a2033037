"""Run the command line, the one place where errors become exit codes, with help ordered by what one wants."""

from __future__ import annotations

import errno
from importlib import import_module
from importlib.resources import files
from typing import Annotated

import typer

from suasion.cli.base import app, by_place
from suasion.cli.console import CANNOT, OK, STOPPED, UNWRITABLE, USAGE, fail, say, tell, warnings_told
from suasion.cli.worlds import choose, unused
from suasion.errors import OutputError, SuasionError, of_check
from suasion.files import FULL
from suasion.questions import QUESTIONS
from suasion.questions.question import Named, Side, State

GROUPS: dict[str, tuple[str, ...]] = {
    "Measure": (
        "ask", "dyad", "country", "depend", "dependence", "trade-history", "panel", "materials",
        "raw-materials", "published-totals", "energy-trade", "finance", "screen", "replace", "substitutes", "compare",
        "before-after",
    ),
    "Simulate": (
        "simulate", "exit-cost", "critical-levels", "welfare-exposure", "friends-and-enemies", "sensitivity", "drivers",
        "sweep", "straits", "dated-measures", "published",
    ),
    "Strategy": (
        "leverage", "frontier", "levers", "joint-threats", "power-over-years", "tariffs", "tariff-war",
        "alignment-tariff", "bargain", "pipeline-rent", "supplier", "defiance", "dispute",
    ),
    "Alignment": (
        "align", "alignment", "closer-to", "alliance", "events", "ladder", "triangle", "arms", "signal",
        "sanctions-onset",
    ),
    "Forecast": ("outlook", "share", "hindcast", "forecast-skill", "forecasts", "trial"),
    "Data": ("data", "world", "nowcast", "with-tariffs", "measures"),
    "Serve": ("demo", "serve", "edition", "mcp"),
}  # fmt: skip
"""Heading to commands, in the order of the help; a question that no heading names stands under the last but two."""
REST = "Strategy"
EXAMPLES: dict[str, tuple[str, str]] = {
    "align": ("align RUS CHN", "align RUS CHN --format csv"),
    "alignment-tariff": ("alignment-tariff USA IND", "alignment-tariff USA IND --tariff 50 --value 50000"),
    "ask": (
        "ask what would Germany lose without China",
        'ask "Seit wann ist Deutschland von China abhängig?"',
    ),
    "before-after": ("before-after", "before-after --name us_china_2018"),
    "bargain": ("bargain network.yaml", "bargain network.yaml --draws 200"),
    "compare": ("compare first.json second.json", "compare first.json second.json --html both.html"),
    "dated-measures": ("dated-measures", "dated-measures --name eu_oil_2022"),
    "data": ("data list", "data info sipri"),
    "demo": ("demo", "--world 2019 demo"),
    "depend": ("depend DEU --on CHN", "depend DEU --on CHN --history"),
    "dyad": ("dyad RUS CHN", "dyad DEU CHN --html germany-china.html"),
    "events": ("events RUS CHN", "events IND PAK --kind conduct --format csv"),
    "forecasts": ("forecasts", "forecasts --format json"),
    "frontier": ("frontier USA,EU RUS", "frontier USA,EU RUS --format csv"),
    "hindcast": ("hindcast RUS CHN", "hindcast RUS CHN --measure exports --origin 2019"),
    "forecast-skill": ("forecast-skill", "forecast-skill --group coal"),
    "leverage": ("leverage", "leverage --chart leverage.svg"),
    "mcp": ("mcp", "--world 2022 mcp"),
    "measures": (
        "measures country-by-time.csv --day 2025-04-09 --out april.yaml",
        "measures interventions.csv --day 2024-01-01 --by CHN --on USA --out china.yaml",
    ),
    "nowcast": ("nowcast totals.csv --year 2025 --out world.npz", "--world world.npz exit-cost RUS CHN"),
    "outlook": ("outlook RUS CHN", "outlook RUS CHN --scenario persist --growth RUS:0.5"),
    "power-over-years": ("power-over-years CHN --over USA", "power-over-years USA --draws 0"),
    "published": ("published USA CHN", "published USA CHN --format json"),
    "replace": ("replace CHN RUS", "replace EU CHN --format csv"),
    "exit-cost": ("exit-cost RUS CHN", "exit-cost ASEAN CHN --horizon long"),
    "dependence": ("dependence RUS CHN", "dependence ASEAN CHN --format csv"),
    "trade-history": ("trade-history RUS CHN", "trade-history EU RUS --format csv"),
    "panel": ("panel ASEAN --on CHN", "panel ASEAN --on CHN --years 2011-2024 --out asean.parquet"),
    "screen": ("screen EU", "screen DEU --format csv"),
    "serve": ("serve", "serve --port 9000 --workers 4"),
    "edition": (
        "edition --pairs RUS-CHN,USA-CHN --out public",
        "edition --pairs all --out public --languages de --workers 8",
    ),
    "signal": ("signal russia_china_2014_2026", "signal russia_china_2014_2026 --target 0.1"),
    "simulate": ("simulate scenario.yaml", "simulate --tariff USA:CHN:60% --tariff CHN:USA:60% --draws 64"),
    "straits": ("straits", "straits --horizon months"),
    "sweep": ("sweep grid.yaml --out losses", "sweep grid.yaml --out losses --workers 4"),
    "tariffs": ("tariffs USA", "tariffs USA --day 2025-04-20 --show tariff-removals"),
    "world": ("world check table.csv --year 2022", "world check table.csv --year 2022 --out world.npz"),
    "tariff-war": ("tariff-war", "tariff-war --format csv"),
    "trial": ("trial", "trial --episode us_china_collected"),
    "with-tariffs": ("with-tariffs rates.csv --out world.npz", "--world world.npz exit-cost RUS CHN"),
    "triangle": ("triangle USA RUS CHN", "triangle USA RUS CHN --year 2000"),
}
_STANDS_FOR = {
    State: ("RUS", "CHN", "USA"),
    Side: ("USA", "CHN", "RUS"),
    Named: ("russia_5g", "russia_5g", "russia_5g"),
}


def examples_of(name: str) -> tuple[str, ...]:
    """Return two examples of a command, without the name of the program."""
    if name in EXAMPLES or name not in (known := {one.command: one for one in QUESTIONS.values()}):
        return EXAMPLES.get(name, ())
    needed = [one for one in known[name].parameters if one.required]
    words = [_STANDS_FOR.get(one.kind, ("FILE", "FILE", "FILE"))[place] for place, one in enumerate(needed)]
    plain = " ".join([name, *words])
    return plain, f"{plain} --format json"


def order(app: typer.Typer) -> None:
    """Put the commands of an application under their headings, in order, each with its examples."""
    places = {name: (heading, place) for heading, names in GROUPS.items() for place, name in enumerate(names)}
    headings = list(GROUPS)

    def name_of(one: typer.models.CommandInfo) -> str:
        return one.name or getattr(one.callback, "__name__", "").replace("_", "-")

    def key(one: typer.models.CommandInfo) -> tuple[int, int]:
        heading, place = places.get(name_of(one), (REST, 99))
        return headings.index(heading), place

    app.registered_commands.sort(key=key)
    for one in app.registered_commands:
        one.rich_help_panel = places.get(name_of(one), (REST, 99))[0]
        one.epilog = "Examples: " + "; ".join(f"suasion {line}" for line in examples_of(name_of(one)))
    for group in app.registered_groups:
        group.rich_help_panel = places[str(group.name)][0]
        group.epilog = "Examples: " + "; ".join(f"suasion {line}" for line in examples_of(str(group.name)))


# Every module `declare_*.py` of this room declares its commands on the application when it is imported.
for _file in sorted(entry.name for entry in files("suasion.cli").iterdir()):
    if _file.startswith("declare_") and _file.endswith(".py"):
        import_module(f"suasion.cli.{_file.removesuffix('.py')}")
order(app)


UNMAPPED = (
    "failed to map segment",
    "returned NULL without setting an exception",
    "error return without exception set",
)
"""What the system's linker says of a library for which there is no memory, and Python of an extension without any."""


def run(arguments: list[str]) -> int:
    """Run one command and return its exit code.

    arguments: As on the command line, without the program's name.
    """
    try:
        with warnings_told():
            result = app(by_place(arguments), prog_name="suasion", standalone_mode=False)
    except OutputError as error:
        return fail(error, UNWRITABLE)
    except SuasionError as error:
        return fail(error, CANNOT)
    except typer.Exit as stop:
        return stop.exit_code
    except (typer.Abort, KeyboardInterrupt):
        return STOPPED
    except OSError as error:
        return fail_of_system(error)
    except Exception as error:
        if isinstance(error, MemoryError) or any(one in str(error) for one in UNMAPPED):
            return fail(MemoryError("There is not enough memory for this. Ask for less at once."), CANNOT)
        code = usage_code(error)
        if code is None:
            raise
        return code
    if unused():
        tell(f"note: --world {unused()} plays no part in this command.")
    return result if isinstance(result, int) else OK


def fail_of_system(error: OSError) -> int:
    """Report an error of disk, path or network that no reader put into words, and return its exit code."""
    where = f"{error.filename}: " if error.filename else ""
    full = error.errno in FULL or error.errno == errno.EROFS
    advice = (
        "Free space, or choose another folder" if full else "Check that it is there and that you may use it"
    )
    said = OSError(f"{where}{error.strerror or error or type(error).__name__}. {advice}.")
    return fail(said, UNWRITABLE if full else CANNOT)


def usage_code(error: Exception) -> int | None:
    """Print a usage error of the parser as one line and return its exit code; None for any other error."""
    show, code = getattr(error, "show", None), getattr(error, "exit_code", None)
    if show is None or not isinstance(code, int):
        return None
    context = getattr(error, "ctx", None)
    if type(error).__name__ == "NoArgsIsHelpError" or context is None:
        show()
    else:
        said = " ".join(of_check(error.format_message()).split())  # type: ignore[attr-defined]
        said += given_to(error, said)
        said = why_lacking(str(context.info_name), str(getattr(error, "option_name", ""))) or said
        examples = examples_of(str(context.info_name))
        example = f" For example: suasion {examples[0]}" if examples else ""
        tell(
            f"suasion: {said}{'' if said.endswith(('.', '?')) else '.'}{example} ({context.command_path} --help)"
        )
    return USAGE if code == USAGE else code


def why_lacking(command: str, option: str) -> str:
    """Why a question has not an option that others have; "" where there is no such reason."""
    lacks = QUESTIONS[name].lacks if (name := command.replace("-", "_")) in QUESTIONS else None
    why = (lacks or {}).get(option.strip("-").replace("-", "_"), "")
    return why and f"{command} has no option {option}: {why}."


def given_to(error: Exception, said: str) -> str:
    """The value that an option did not take, which the parser keeps in the cause of its error; "" if it is said."""
    errors = getattr(error.__cause__, "errors", None)
    value = repr(errors()[0]["input"]) if errors else ""
    return f", not {value:.80}" if value and value not in said else ""


_World = Annotated[
    str,
    typer.Option(
        "--world",
        envvar="SUASION_WORLD",
        help="World to work on: the YEAR of an embedded one (2011 to 2024), DATASET:YEAR such as "
        "wiod13:2011, or a file that `nowcast` wrote; without it the latest with totals of all pairs.",
        show_default=False,
    ),
]

_Tariffs = Annotated[
    str,
    typer.Option(
        "--tariffs",
        help="Tariffs of that world: applied, the usual of embedded years, or zero, as the tables have them.",
        show_default=False,
    ),
]

_Day = Annotated[
    str,
    typer.Option(
        "--day",
        help="In place of a world: the one in force on this day, as 2026-07-22, with its tariffs.",
        show_default=False,
    ),
]


@app.callback(invoke_without_command=True)
def root(
    world: _World = "",
    tariffs: _Tariffs = "",
    day: _Day = "",
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    """Measure and simulate dependence and leverage between states."""
    choose(world, tariffs, day)
    if version:
        from suasion import __version__

        say(__version__)
        raise typer.Exit(OK)
