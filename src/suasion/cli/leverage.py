"""``suasion leverage``: what every side loses when another acts against it, for all pairs or for a list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import pandas as pd

from suasion.cli.commands import deficit_rule, horizon_of
from suasion.cli.console import Format, print_rows, progress, tell
from suasion.cli.worlds import chosen_world
from suasion.coercion.leverage.chart import leverage_picture
from suasion.coercion.leverage.matrix import LeverageMatrix, leverage_matrix
from suasion.equilibrium import read_scenario
from suasion.errors import InputError
from suasion.files import check_writable, write_bytes
from suasion.pictures import LIVE, check_ending
from suasion.world import World

EXPOSED = ("exposed", "actor", "loss %", "90 %", "loss USD bn", "actor's loss %", "ratio of the % losses")
EXTREMES = ("state", "most dangerous", "loss %", "most harmless", "loss %", "ratio")
Pairs = Literal["all"] | list[tuple[Any, Any]]


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command line asks for, as text: see the options of the command.

    Attributes
    ----------
    pairs, coalitions, instrument, rate, horizon, deficits, given : options
    cache : whether answers are kept
    """

    pairs: str
    coalitions: tuple[str, ...]
    instrument: str
    rate: float
    horizon: str
    deficits: str
    given: Path | None
    cache: bool = True


def run_leverage(
    asked: Asked, out: Path | None, chart: Path | None, *, extremes: bool, count: int, form: Format
) -> None:
    """Solve the pairs, write the files asked for, print the most exposed.

    Raises
    ------
    InputError
        If an option cannot be read, or a file has the wrong ending.
    OutputError
        If a file cannot be written; found before the work starts.
    """
    horizons = ("short", "long") if asked.horizon == "both" else (asked.horizon,)
    check_files(out, chart, len(horizons))
    world = chosen_world()
    made = [solved(world, asked, horizon) for horizon in horizons]
    if out is not None:
        write_table(made, horizons, out)
    if chart is not None:
        write_bytes(chart, leverage_picture(made[0], chart.suffix))
        tell(f"wrote {chart}")
    answers = [matrix.extremes() if extremes else matrix.most_exposed(count) for matrix in made]
    if form is not Format.table:
        print_frame(answers, horizons, form)
        return
    title = "Most dangerous and most harmless partners" if extremes else "Most exposed"
    for matrix, answer in zip(made, answers, strict=True):
        heading = f"{title}: {matrix.instrument}, {matrix.horizon}, {matrix.given}"
        print_rows(EXTREMES if extremes else EXPOSED, report(answer, extremes=extremes), form, heading)


def print_frame(answers: Sequence[pd.DataFrame], horizons: Sequence[str], form: Format) -> None:
    """Print the answers of all horizons as one table with every digit; missing cells are missing."""
    frame = pd.concat(
        [answer.assign(horizon=name) for answer, name in zip(answers, horizons, strict=True)],
        ignore_index=True,
    )
    cells = frame.astype(object).where(frame.notna(), None)
    print_rows(list(frame.columns), cells.to_numpy().tolist(), form)


def check_files(out: Path | None, chart: Path | None, horizons: int) -> None:
    """Refuse files that cannot be written, before the work.

    Raises
    ------
    InputError
        If an ending is wrong, or one picture is asked of two horizons.
    OutputError
        If the place cannot be written to.
    """
    if out is not None and out.suffix not in (".csv", ".parquet"):
        raise InputError(
            f"{out} ends in {out.suffix or 'nothing'}; give a file that ends in .csv or .parquet."
        )
    if chart is not None:
        check_ending(chart.suffix, LIVE)
        if horizons > 1:
            raise InputError(
                "A heat map shows one horizon; give --horizon short or --horizon long with --chart."
            )
    for path in (out, chart):
        if path is not None:
            check_writable(path)


def solved(world: World, asked: Asked, horizon: str) -> LeverageMatrix:
    """Solve one horizon, and say on stderr how well, and which pairs have no number."""
    with progress(f"Leverage, {horizon}") as step:
        matrix = leverage_matrix(
            world,
            horizon_of(horizon),
            None if asked.given is None else read_scenario(asked.given),
            pairs=pairs_of(asked.pairs),
            coalitions=coalitions_of(asked.coalitions),
            instrument=asked.instrument.replace("-", "_"),
            rate=asked.rate,
            deficits=deficit_rule(asked.deficits),
            cache=asked.cache,
            progress=lambda done, total: step(done, total, "pairs"),
        )
    worst = float(matrix.residual.max())
    tell(
        f"{matrix.instrument}, {matrix.horizon}, deficits {matrix.deficits}: largest residual {worst:.0e}, "
        f"{matrix.singly} solved singly"
    )
    for row in matrix.reasons.itertuples():
        tell(f"{row.pair}: {row.reason}")
    return matrix


def pairs_of(text: str) -> Pairs:
    """Read ``A:B,C+D:E``, or ``all``.

    Raises
    ------
    InputError
        If an item has not two sides.
    """
    if text.strip().lower() == "all":
        return "all"
    pairs: list[tuple[Any, Any]] = []
    for item in filter(None, (part.strip() for part in text.split(","))):
        sides = [side_of(side) for side in item.split(":")]
        if len(sides) != 2 or not all(sides):
            raise InputError(f"{item!r} is not a pair; write who acts, a colon and on whom: USA+EU:CHN.")
        pairs.append((sides[0], sides[1]))
    return pairs


def side_of(text: str) -> str | list[str]:
    """Read a side: one name, or several joined by ``+``."""
    names = [name.strip() for name in text.split("+") if name.strip()]
    return names[0] if len(names) == 1 else names


def coalitions_of(items: Sequence[str]) -> dict[str, Any]:
    """Read ``NAME=A+B`` items.

    Raises
    ------
    InputError
        If an item lacks its name or its members.
    """
    coalitions = {}
    for item in items:
        name, _, members = (part.strip() for part in item.partition("="))
        if not name or not members:
            raise InputError(f"{item!r} is not a coalition; write NAME=USA+EU+JPN.")
        coalitions[name] = side_of(members)
    return coalitions


def write_table(made: Sequence[LeverageMatrix], horizons: Sequence[str], out: Path) -> None:
    """Write all ordered pairs, with a column for the horizon where there are two."""
    tables = [matrix.table() for matrix in made]
    if len(tables) > 1:
        tables = [table.assign(horizon=name) for table, name in zip(tables, horizons, strict=True)]
    table = pd.concat(tables, ignore_index=True)
    content = table.to_csv(index=False).encode() if out.suffix == ".csv" else table.to_parquet(index=False)
    write_bytes(out, content)
    tell(f"wrote {out}: {len(table)} ordered pairs")


def report(answer: pd.DataFrame, *, extremes: bool) -> list[tuple[object, ...]]:
    """Rows to read."""
    rows: list[dict[Any, Any]] = answer.to_dict("records")
    if extremes:
        return [
            (
                row["country"],
                row["most_dangerous"],
                f"{row['loss_percent']:.2f}",
                row["most_harmless"],
                f"{row['least_loss_percent']:.4f}",
                ratio(row["ratio"]),
            )
            for row in rows
        ]
    return [
        (
            row["exposed"],
            row["actor"],
            f"{row['loss_percent']:.2f}",
            span(row.get("low_percent"), row.get("high_percent")),
            f"{row['loss_usd'] / 1e3:.1f}",
            f"{row['actor_loss_percent']:.2f}",
            ratio(row["ratio_percent"]),
        )
        for row in rows
    ]


def span(low: float | None, high: float | None) -> str | None:
    """Print a range; nothing where there is none."""
    return None if low is None or high is None or pd.isna(low) else f"{low:.2f} to {high:.2f}"


def ratio(value: float) -> str | None:
    """Print a ratio; nothing where there is none."""
    return None if pd.isna(value) else f"{value:.1f}"
