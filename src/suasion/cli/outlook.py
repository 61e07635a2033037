"""``suasion outlook``: where a pair's dependence goes under named scenarios."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import typer

from suasion.cli.commands import parties
from suasion.cli.console import STOPPED, Format, print_rows, progress, tell
from suasion.cli.worlds import chosen_world
from suasion.equilibrium.problem import deficit_rule
from suasion.errors import InputError
from suasion.files import check_writable, write_bytes
from suasion.outlook.forms import History
from suasion.outlook.paths.file import read_path
from suasion.outlook.projection.beside import beside
from suasion.outlook.projection.chart import fan_picture
from suasion.outlook.projection.emulate import error_lines
from suasion.outlook.projection.outlook import Options, outlook
from suasion.outlook.projection.result import Outlook
from suasion.outlook.projection.rows import (
    chance_rows,
    exit_rows,
    level_rows,
    outlet_rows,
    sentences,
    share_rows,
)
from suasion.pictures import LIVE, check_ending

SHOWN = ("shares", "exit", "chances", "outlets", "levels", "forms", "all")
_SHARES = ("scenario", "year", "of", "partner", "share", "low", "high", "status")
_EXIT = ("scenario", "year", "of", "horizon", "loss", "low", "high", "closed", "ratio", "status")
_CHANCES = ("scenario", "quantity", "of", "horizon", "level", "year", "probability")
_LEVELS = (
    "scenario",
    "year",
    "of",
    "definition",
    "level_percent",
    "measured_in",
    "crossing",
    "m",
    "m_examined",
    "share",
)
_FORMS = ("scenario", "form", "year", "p5", "p50", "p95", "weight")
_OUTLETS = ("scenario", "year", "of", "rank", "country", "gain_usd", "part")


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command line asks for: see the options of the command.

    Attributes
    ----------
    a, b, to, years, scenarios, audience, horizons, draws, solve, seed, deficits, show, history : options
    """

    a: str
    b: str
    to: int
    years: str | None
    scenarios: tuple[str, ...]
    audience: str
    horizons: str
    draws: int
    solve: int
    seed: int
    deficits: str
    show: str
    history: Path | None = None


def run_share(a: str, b: str, form: Format) -> int:
    """Print how large b's share of a's trade will be."""
    from suasion.cli.questions import run_question
    from suasion.questions import QUESTIONS

    files = {"chart": None, "out": None}
    return run_question(QUESTIONS["share"], {"a": a, "b": b, "show": "", **files, "form": form})


def run_outlook(asked: Asked, out: Path | None, chart: Path | None, form: Format) -> None:
    """Solve the outlook, write what is asked for, print tables.

    Raises
    ------
    InputError
        If an option cannot be read; found before the work starts.
    OutputError
        If a file cannot be written.
    """
    if asked.show not in SHOWN:
        raise InputError(f"There is no table {asked.show!r}; choose one of {', '.join(SHOWN)}.")
    if chart is not None:
        check_ending(chart.suffix, LIVE)
        check_writable(chart)
    options = Options(
        horizons=tuple(h.strip() for h in asked.horizons.split(",") if h.strip()),
        audience=parties(asked.audience),
        draws=asked.draws,
        solve=asked.solve,
        seed=asked.seed,
        deficits=deficit_rule(asked.deficits),
        critical=asked.show == "levels",
    )
    past = None if asked.history is None else read_history(asked.history)
    years = None if asked.years is None else [whole(y) for y in asked.years.split(",") if y.strip()]
    paths = [read_path(file) for file in asked.scenarios] or None
    with stopped_in_words(out), progress("Outlook") as step:
        made = outlook(
            chosen_world(),
            asked.a,
            asked.b,
            paths,
            asked.to,
            years=years,
            options=options,
            folder=out,
            progress=step,
        )
    if chart is not None:
        write_bytes(chart, fan_picture(made, chart.suffix))
        tell(f"wrote {chart}")
    report(made, asked.show, form, past)
    if out is not None:
        tell(f"blocks are in {out}; the same command goes on there")


@contextmanager
def stopped_in_words(out: Path | None) -> Iterator[None]:
    """Say on Ctrl-C what is kept and how to go on, and end with exit code 130; at once when it is pressed again."""
    told = (
        f"stopped; finished blocks of draws are in {out}. Go on with the same command: it takes what is there."
        if out is not None
        else "stopped; nothing is kept. With --out FOLDER finished blocks of draws stay, and the same command goes on."
    )

    def again(*_: object) -> None:
        tell(told)
        os._exit(STOPPED)  # threads at work would be waited for

    def pressed(*_: object) -> None:
        signal.signal(signal.SIGINT, again)
        tell("stopping after the blocks at work; press again to stop at once, without them")
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, pressed)
    try:
        yield
    except KeyboardInterrupt:
        tell(told)
        raise typer.Exit(STOPPED) from None
    finally:
        signal.signal(signal.SIGINT, before)


def whole(text: str) -> int:
    """Read a year.

    Raises
    ------
    InputError
        If it is no whole number.
    """
    try:
        return int(text)
    except ValueError:
        raise InputError(f"{text.strip()!r} is not a year; give whole numbers such as 2030,2036.") from None


def read_history(file: Path) -> History:
    """Read past shares of b in the trade of a: columns ``year`` and ``share`` (0 to 1).

    Raises
    ------
    InputError
        If the file cannot be read, or is no such table.
    """
    try:
        table = pd.read_csv(file)
    except (OSError, ValueError) as error:
        raise InputError(f"{file} cannot be read as CSV: {error}. Give columns year and share.") from error
    if not {"year", "share"} <= set(table.columns):
        raise InputError(
            f"{file} needs the columns year and share; it has {', '.join(map(str, table.columns))}."
        )
    return History.of(table["year"].tolist(), table["share"].tolist())


def form_rows(made: Outlook, past: History) -> list[Mapping[str, Any]]:
    """Statistical forms beside the structural course of every scenario, in the asked years."""
    rows: list[Mapping[str, Any]] = []
    tell(
        f"All forms start where the history ends, in {past.years[-1]:.0f} at {past.shares[-1]:.1%}: of the model only "
        "the changes from there on are taken."
    )
    for path in made.scenarios:
        found = beside(made, past, path.name)
        tell(f"{path.name}: {found.basis}")
        rows += [
            {"scenario": path.name, **{str(k): v for k, v in r.items()}}
            for r in found.fans.to_dict("records")
            if r["year"] in made.asked
        ]
    return rows


def report(made: Outlook, show: str, form: Format, past: History | None = None) -> None:
    """Print tables to stdout, and to stderr what they say, how well they were made, and where they are weak.

    Raises
    ------
    InputError
        If forms are asked for without a history.
    """
    if show == "forms" and past is None:
        raise InputError("--show forms needs --history, a file of past shares with columns year and share.")
    for line in (*sentences(made), *error_lines(made.errors)):
        tell(line)
    forms = [] if past is None else form_rows(made, past)
    tables: dict[str, tuple[Sequence[str], Sequence[Any], str]] = {
        "shares": (_SHARES, _thinned(made, form), "Share of the partner in exports and imports, %"),
        "exit": (_EXIT, exit_rows(made), "Exit costs, % of own real expenditure"),
        "chances": (_CHANCES, chance_rows(made), "Chance to be past a level by a year"),
        "outlets": (_OUTLETS, outlet_rows(made), "Who would take up the trade, million USD"),
        "levels": (
            _LEVELS,
            level_rows(made),
            "Size of the tie, today 1, at which critical levels are reached",
        ),
        "forms": (_FORMS, forms, "Share by form of forecast, statistical ones beside the structural one"),
    }
    chosen = (
        list(tables) if show == "all" and form is Format.table else ["shares"] if show == "all" else [show]
    )
    for name in chosen:
        columns, rows, title = tables[name]
        cells = [
            tuple((row if isinstance(row, Mapping) else asdict(row))[c] for c in columns) for row in rows
        ]
        if cells or name == show:
            print_table(columns, cells, form, title)


def print_table(columns: Sequence[str], cells: list[tuple[Any, ...]], form: Format, title: str) -> None:
    """Print one table; on the screen without columns that have nothing in them."""
    if form is not Format.table:
        print_rows(columns, cells, form)
        return
    kept = [k for k in range(len(columns)) if any(row[k] is not None for row in cells)]
    shown = [tuple(_cell(row[k]) for k in kept) for row in cells]
    print_rows([columns[k] for k in kept], shown, form, title)


def _thinned(made: Outlook, form: Format) -> list[Any]:
    """All years in files, the asked ones on the screen."""
    return [r for r in share_rows(made) if form is not Format.table or r.year in made.asked]


def _cell(value: Any) -> Any:
    if not isinstance(value, float):
        return value
    return f"{value:,.3g}" if abs(value) < 1000 else f"{value:,.0f}"
