"""A simulated scenario as a table and as a page, with the charts of the dossier."""

from __future__ import annotations

import hashlib
from math import isfinite
from pathlib import Path
from typing import Any

from suasion import __version__
from suasion.answers import numbers as n
from suasion.answers.catalogue import say
from suasion.answers.language import capital
from suasion.dossier.charts.elsewhere import Words, change_figure
from suasion.dossier.page import render_page
from suasion.dossier.rows import ElsewhereRow
from suasion.dossier.tables import Table
from suasion.dossier.words import plain_name, printed_name
from suasion.equilibrium import Result
from suasion.files import write_text
from suasion.sources import country_name, dots, outline
from suasion.world import World

Rows = list[tuple[Any, ...]]
COLUMNS = (
    "country",
    "name",
    "welfare_percent",
    "equivalent_variation_musd",
    "real_income_percent",
    "real_wage_percent",
    "consumer_price_percent",
    "welfare_with_capital_percent",
)


def scenario_columns(result: Result) -> tuple[str, ...]:
    """Return the columns: before the long run there is none with capital.

    Parameters
    ----------
    result : Result
        A simulated scenario.
    """
    return COLUMNS if result.welfare_with_capital.notnull().any() else COLUMNS[:-1]


def scenario_heads(result: Result) -> tuple[str, ...]:
    """Return the printed heads of the columns."""
    return tuple(say(f"scenario.head.{name}") for name in scenario_columns(result))


def scenario_table(result: Result) -> tuple[tuple[str, ...], Rows, Rows]:
    """Return column names, rows of numbers, and the same rows as printed; largest loss first.

    Parameters
    ----------
    result : Result
        A simulated scenario.
    """
    table = result.summary().astype(float)
    columns = scenario_columns(result)
    if columns == COLUMNS:
        table["welfare_with_capital"] = result.welfare_with_capital.to_series()
    rows: Rows = []
    for code, row in table.sort_values("welfare").iterrows():
        values = [float(value) if isfinite(value) else None for value in row.tolist()]
        rows.append((str(code), plain_name(_name(str(code))), *values))
    printed: Rows = [
        (
            row[0],
            row[1],
            n.signed_percent(row[2]),
            n.signed_usd(row[3]),
            *(n.signed_percent(v) for v in row[4:]),
        )
        for row in rows
    ]
    return columns, rows, printed


def _name(code: str) -> str:
    return printed_name(code, country_name(code)) if len(code) == 3 and code.isupper() else code


def write_scenario_page(result: Result, world: World, path: str | Path) -> Path:
    """Write a scenario's outcome as one self-contained HTML file (atomically).

    Raises
    ------
    OutputError
        If the file cannot be written.
    """
    return write_text(path, render_scenario(result, world))


def render_scenario(result: Result, world: World) -> str:
    """Render a scenario's outcome as a page."""
    from suasion.equilibrium.scenario.file import to_yaml

    _, rows, printed = scenario_table(result)
    changes = [ElsewhereRow(row[0], row[1], row[2], row[3]) for row in rows]
    topology, yaml, check = outline(), to_yaml(result.scenario), result.certificate
    run_id = hashlib.sha256(f"{world.checksum}{yaml}{result.horizon}{result.deficits}".encode()).hexdigest()
    subtitle = say("scenario.subtitle", horizon=result.horizon, year=world.year)
    words = Words(say("scenario.figure"), subtitle, world.provenance.dataset, say("scenario.aside"))
    figure = change_figure(changes, (), words, topology, dots())
    return render_page(
        "scenario.html.j2",
        (figure,) if figure else (),
        topology,
        title=say("scenario.title", name=result.scenario.name),
        question=say("scenario.question", name=result.scenario.name),
        version=__version__,
        run_id=run_id,
        stem="scenario",
        year=world.year,
        answer=_answer(rows),
        description=result.scenario.description,
        horizon=capital(result.horizon),
        deficits=result.deficits,
        residual=check.shown("residual").replace("-", n.MINUS),
        dropped=check.shown("dropped_market").replace("-", n.MINUS),
        figures=(figure,) if figure else (),
        labels=result.shock.labels,
        table=Table(
            "economies",
            say("scenario.table"),
            scenario_heads(result),
            tuple(printed),
        ),
        caveats=(*map(str, result.warnings), *world.notes, *result.notes),
        yaml=yaml,
    )


def _answer(rows: Rows) -> str:
    """Name the largest loss and the largest gain; say so where there are none."""
    known = [row for row in rows if row[2] is not None]
    worst, best = (choose(known, key=lambda row: row[2]) for choose in (min, max))
    parts = []
    if n.sign_of(worst[2]) < 0:
        words = {"percent": n.percent(worst[2]), "usd": _money(worst)}
        parts.append(say("scenario.loses", name=_name(worst[0]), **words))
    if n.sign_of(best[2]) > 0:
        parts.append(say("scenario.gains", name=_name(best[0]), percent=n.percent(best[2]), usd=_money(best)))
    return capital(f"{'; '.join(parts)}.") if parts else say("scenario.nobody")


def _money(row: tuple[Any, ...]) -> str:
    return n.NO_DATA if row[3] is None else n.usd(row[3])
