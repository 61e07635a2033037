"""The picture of a table, one module a form: columns say what is drawn, units say the axis, bands draw themselves.

A picture is a form of a table, as CSV is: whatever it shows stands in the rows.
"""

from __future__ import annotations

import importlib
import json
import pkgutil
from collections.abc import Iterator
from typing import Any

import pandas as pd

from suasion.answers.language import DEFAULT_LANGUAGE, Language
from suasion.answers.numbers import Unit
from suasion.answers.picture.inline.table import draws, table_svg
from suasion.answers.picture.map import OUTLINE
from suasion.answers.picture.spec import Form, Look, Spec, drawn, squeezed
from suasion.answers.picture.svg import compact
from suasion.answers.table import Picture, Table
from suasion.errors import InputError
from suasion.extras import is_installed


def _forms() -> Iterator[tuple[str, Form]]:
    for found in pkgutil.iter_modules(__path__, f"{__name__}."):
        form = getattr(importlib.import_module(found.name), "FORM", None)
        if form is not None:
            yield found.name.rpartition(".")[2], form


FORMS: dict[str, Form] = dict(_forms())
"""Every form, by the name of its module."""
WIDE = 560
"""Pixels of a picture that stands alone."""


def picture_of(table: Table) -> Picture:
    """Return how a table is drawn.

    Raises InputError if it is not.
    """
    if table.picture is None:
        raise InputError(f"The table {table.key!r} has no picture.")
    if table.picture.form not in FORMS:
        raise InputError(f"There is no form of picture {table.picture.form!r}; use {', '.join(FORMS)}.")
    return table.picture


def rows_of(table: Table, language: Language = DEFAULT_LANGUAGE) -> pd.DataFrame:
    """Return the rows of a table as its form draws them.

    Raises InputError if the table has no picture.
    """
    picture = picture_of(table)
    return (FORMS[picture.form].rows or drawn)(table, picture, language)


def spec_of(table: Table, language: Language = DEFAULT_LANGUAGE) -> Spec:
    """Return the Vega-Lite specification of a table's picture, its data inline, its panels one below the other.

    Raises InputError if the table has no picture.
    """
    picture = picture_of(table)
    rows = rows_of(table, language)
    names = dict(zip(rows["side"], rows["series"], strict=True))
    head, across = (_head(table, name, language) for name in (picture.value, picture.x))
    look = Look(lambda key: language.say(key), _legend(names), WIDE, across)
    form = FORMS[picture.form]
    panels = []
    for name, part in rows.groupby("panel", sort=False):
        shared = rows if form.rows or not squeezed(part, rows) else part
        panel = form.draw(part.reset_index(drop=True), shared, head, look)
        panels.append(panel | ({"title": str(name)} if name else {}))
    described = {"description": alt_of(table, language, rows)}
    if form.land:
        from suasion.sources.outline import outline

        panels[0]["datasets"][OUTLINE["name"]] = outline()
    if len(panels) == 1:
        return panels[0] | described
    # Sizes and data are the panels' own; the look is one.
    shared_look = panels[0]["config"] if panels else {}
    bare: list[Spec] = []
    data: dict[str, Any] = {}
    for place, one in enumerate(panels):
        own = {name: item for name, item in one.items() if name not in (*_SHARED, "datasets")}
        names = {
            name: f"{name}-{place}" for name in one["datasets"]
        }  # Vega-Lite reads them at the root alone
        data |= {names[name]: rows for name, rows in one["datasets"].items()}
        layers = [layer | {"data": {"name": names[layer["data"]["name"]]}} for layer in own["layer"]]
        bare.append(own | {"layer": layers})
    return {"vconcat": bare, "datasets": data, "config": shared_look, **described}


_SHARED = ("config", "autosize", "padding")
"""What panels have in common."""


def _head(table: Table, name: str, language: Language) -> str:
    return head_of(language.say(f"head.{name}"), table.column(name).unit, language)


def head_of(title: str, unit: Unit, language: Language) -> str:
    """Title of an axis with its unit."""
    if unit in ("musd", "musd_change"):
        return language.words["figure.axis.musd"].format(title=title)
    return language.words["figure.axis.percent"].format(title=title) if unit == "probability" else title


def _legend(names: dict[str, str]) -> dict[str, Any] | None:
    """Names of the colours above the picture; none where there is one without a name."""
    named = {side: name for side, name in names.items() if name}
    if not named:
        return None
    return {
        "orient": "top",
        "title": None,
        "labelExpr": f"{json.dumps(named)}[datum.value]",
        "values": sorted(named),
    }


def alt_of(table: Table, language: Language = DEFAULT_LANGUAGE, rows: pd.DataFrame | None = None) -> str:
    """Return the description of a table's picture for who does not see it: its rows, or the ends of its lines.

    ``rows`` are those of :func:`rows_of`, where they are at hand.
    """
    picture = picture_of(table)
    rows = rows_of(table, language) if rows is None else rows
    up, across = (_head(table, name, language) for name in (picture.value, picture.x))
    return FORMS[picture.form].tell(rows, up, across, language)


def picture_bytes(table: Table, ending: str, language: Language = DEFAULT_LANGUAGE) -> bytes:
    """Return the picture of a table as the content of a file; see :func:`suasion.pictures.draw`.

    Raises InputError if the table has no picture, or the ending is not one of :data:`suasion.pictures.LIVE`.
    """
    from suasion.pictures import LIVE, draw

    if ending == ".svg" and _unaided(table):
        return table_svg(table, language).encode()
    return draw(spec_of(table, language), ending, LIVE)


def can_draw(table: Table) -> bool:
    """Whether a table has a picture that can be drawn as SVG with what is installed."""
    return table.picture is not None and (draws(table) or is_installed("vl_convert"))


def _unaided(table: Table) -> bool:
    return draws(table) and not is_installed("vl_convert")


def svg(table: Table, language: Language = DEFAULT_LANGUAGE) -> str:
    """Return the picture of a table as SVG that follows the reader's light or dark setting.

    Where the package that draws all forms is not installed, three of them are drawn without it.
    Raises InputError if the table has no picture.
    Raises MissingPackageError: Its form is another one, and the package is not installed.
    """
    text = picture_bytes(table, ".svg", language).decode()
    return text if _unaided(table) else compact(text)
