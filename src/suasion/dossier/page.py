"""The dossier as one self-contained HTML file that needs neither a network nor JavaScript.

Every chart stands in it twice: as a static picture, and as a live drawing that a script puts in its place.
A policy in the file forbids everything but its own two scripts and its own style sheet, by their hashes.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any
from urllib.parse import quote

import jinja2
import pandas as pd
from markupsafe import Markup

from suasion.dossier import charts, tables
from suasion.dossier.chapter import Chapter
from suasion.dossier.charts import theme
from suasion.dossier.charts.figure import Figure, Panel, plain_rows
from suasion.dossier.claims import Claim
from suasion.dossier.context import Dossier, Section
from suasion.dossier.numbers import MINUS, NO_DATA
from suasion.dossier.output import write_text
from suasion.dossier.studio import vega_script

Topology = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class PageSection:
    """One section of the page: figures and tables, or the reason why there are none."""

    key: str
    title: str
    figures: tuple[Figure, ...]
    tables: tuple[tables.Table, ...]
    reason: str
    findings: tuple[Claim, ...] = ()


def render_html(dossier: Dossier, topology: Topology, dots: pd.DataFrame) -> str:
    """Render the page.

    Parameters
    ----------
    dossier : Dossier
        The context.
    topology : mapping
        TopoJSON outline of the world with alpha-3 ids in the object ``countries``.
    dots : DataFrame
        Columns country, longitude, latitude of states too small for the outline.

    Returns
    -------
    str
        The whole file, below 2 MB.

    Raises
    ------
    ChartError
        If a chart comes out empty.
    """
    made = charts.figures(dossier, topology, dots)
    return render_page(
        "dossier.html.j2",
        made,
        topology,
        d=dossier,
        title=f"{dossier.question} Suasion dossier",
        version=dossier.provenance.package_version,
        run_id=dossier.provenance.run_id,
        stem=f"{dossier.a.code}-{dossier.b.code}",
        sections=page_sections(dossier, made),
        answer=dossier.summary[0].sentence() if dossier.summary else "",
        findings=dossier.summary[1:],
        data_tables=[t for t in (tables.source_table(dossier), tables.certificate_table(dossier)) if t],
    )


def render_page(template: str, made: tuple[Figure, ...], topology: Topology, **context: Any) -> str:
    """Render a template with its figures, their static pictures, the scripts and the policy.

    Parameters
    ----------
    template : str
        File in the folder of templates.
    made : tuple of Figure
        All figures of the page.
    topology : mapping
        Outline of the world, kept once if a figure is a map.
    **context
        What else the template prints.
    """
    panels = [panel for figure in made for panel in figure.panels]
    world = topology if any(_is_map(panel) for panel in panels) else None
    style = _asset("dossier.css")
    scripts = (vega_script(), _asset("dossier.js")) if panels else ()
    return (
        _environment()
        .get_template(template)
        .render(
            pictures=page_pictures(panels, topology),
            islands={panel.key: _island(_bare(panel.spec)) for panel in panels},
            shared=_island({"world": world, "config": theme.config(), "dark": theme.DARK}),
            policy=policy(scripts, style),
            style=style,
            scripts=scripts,
            live=bool(panels),
            **context,
        )
    )


def write_html(dossier: Dossier, path: str | Path) -> Path:
    """Render the page with the embedded outlines and write it atomically.

    Raises
    ------
    OutputError
        If the file cannot be written.
    """
    from suasion.sources import dots, outline

    return write_text(path, render_html(dossier, outline(), dots()))


def draw_early(dossier: Dossier) -> None:
    """Start to draw the charts of a dossier that is still being made; its page will find them ready."""
    made = charts.figures(dossier, {}, pd.DataFrame(columns=["country", "longitude", "latitude"]))
    charts.draw_ahead([panel for figure in made for panel in figure.panels if not _is_map(panel)])


def policy(scripts: tuple[str, ...], style: str) -> str:
    """Content security policy that admits these scripts and this style sheet, and no other source."""
    allowed = " ".join(f"'{_digest(script)}'" for script in scripts) or "'none'"
    return (
        f"default-src 'none'; script-src {allowed}; style-src '{_digest(style)}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def policy_of(html: str) -> str:
    """Policy that a rendered page carries, for a server that sends it as a header too."""
    found = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', html)
    return found[1].replace("&#39;", "'") if found else ""


def _digest(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


_PLAN: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    ("dependence", "How much of each side’s trade is with the other?", "shares", ("shares",)),
    ("materials", "How has trade in raw materials moved?", "materials", ("materials-a", "materials-b")),
    ("published", "What do published totals say?", "totals", ("totals",)),
    ("break", "What would a break cost {a} and {b}?", "exit_costs", ("exit-costs", "exit-audience")),
    ("others", "Who else gains or loses?", "elsewhere", ("elsewhere",)),
    ("industries", "Which industries are exposed?", "exposure", ("exposure",)),
    ("level", "Has dependence reached a critical level?", "curves", ("critical",)),
)
"""Sections of the page: address, question, table of the context, figures."""

_TABLES: dict[str, tuple[Callable[[Dossier], tables.Table | None], ...]] = {
    "published": (tables.total_table,),
    "break": (tables.exit_cost_table, tables.ratio_table),
    "level": (tables.threshold_table, tables.power_table),
}


def page_sections(dossier: Dossier, made: tuple[Figure, ...]) -> tuple[PageSection, ...]:
    """Group figures and tables under the questions of the page."""
    by_key = {figure.key: figure for figure in made}
    sections = []
    for key, title, field, wanted in _PLAN:
        data: Section[Any] = getattr(dossier, field)
        shown = tuple(by_key[name] for name in wanted if name in by_key)
        printed = (make(dossier) for make in _TABLES.get(key, ()))
        sections.append(
            PageSection(
                key=key,
                title=title.format(a=dossier.a.name, b=dossier.b.name),
                figures=shown,
                tables=tuple(table for table in printed if table),
                reason=data.reason or ("" if shown else "No number is known here."),
            )
        )
    return (*sections, *(_chapter_section(chapter, by_key) for chapter in dossier.chapters))


def _chapter_section(chapter: Chapter, by_key: Mapping[str, Figure]) -> PageSection:
    return PageSection(
        key=chapter.key,
        title=chapter.title,
        figures=tuple(by_key[table.key] for table in chapter.tables if table.key in by_key),
        tables=tuple(tables.chapter_table(table) for table in chapter.tables if table.key not in by_key),
        reason=chapter.reason,
        findings=chapter.findings,
    )


def _is_map(panel: Panel) -> bool:
    return panel.key == "map"


def page_pictures(panels: Sequence[Panel], topology: Topology) -> dict[str, dict[str, Any]]:
    """Draw the static picture of every panel, by its key: a data address (``src``), with ``width`` and ``height``.

    Parameters
    ----------
    panels : sequence of Panel
    topology : mapping
        Outline of the world, for maps.
    """
    return {
        panel.key: _picture(svg)
        for panel, svg in zip(panels, charts.draw_svgs(panels, {"world": topology}), strict=True)
    }


def _picture(svg: str) -> dict[str, Any]:
    size = re.search(r'width="(\d+)" height="(\d+)"', svg)
    width, height = (int(size[1]), int(size[2])) if size else (0, 0)
    # Inside tags single quotes serve as well, and need no escape in the page.
    single = re.sub(r"<[^>]*>", lambda tag: tag[0].replace('"', "'"), svg)
    return {
        "src": Markup(f"data:image/svg+xml,{quote(single, safe=_SAFE)}"),
        "width": width,
        "height": height,
    }


# Nothing here ends an attribute in double quotes or starts markup.
_SAFE = " ()=:;,/!@*+$?|[]{}~^`'-_."


def _bare(spec: dict[str, Any]) -> dict[str, Any]:
    """Specification without what the page keeps once."""
    return {key: value for key, value in spec.items() if key not in ("config", "$schema")}


def _island(data: Any) -> str:
    """JSON for a script element of type application/json, which no text in it can end."""
    return json.dumps(data, allow_nan=False, separators=(",", ":"), ensure_ascii=False).replace(
        "<", "\\u003c"
    )


@cache
def _asset(name: str) -> str:
    return resources.files("suasion.dossier").joinpath("templates", name).read_text(encoding="utf-8").strip()


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("suasion.dossier", "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["tight"] = tight
    environment.filters["sentence"] = _sentence
    environment.filters["cells"] = table_cells
    environment.filters["download"] = _download
    return environment


def _sentence(claim: Claim) -> str:
    return tight(claim.sentence())


def tight(text: str) -> str:
    """Text whose per-cent signs and units stay on the line of their number."""
    return re.sub(r"(?<=\d) (?=%|bn|mn|tn|times)|(?<=m) (?==)|(?<==) ", "\N{NO-BREAK SPACE}", text)


def table_cells(frame: pd.DataFrame) -> list[list[tuple[str, bool]]]:
    """Rows of a frame as printed cells, each with a mark whether it is a number."""
    return [[_cell(value) for value in row] for row in plain_rows(frame)]


def _cell(value: Any) -> tuple[str, bool]:
    if value is None:
        return NO_DATA, True
    if isinstance(value, float):
        return f"{value:,.4g}".replace("-", MINUS) if abs(value) < 1e4 else f"{value:,.0f}".replace(
            "-", MINUS
        ), True
    return str(value), isinstance(value, int)


def _download(figure: Figure) -> str:
    return f"data:text/csv;charset=utf-8,{quote(figure.csv(), safe=' ,.-_()/')}"
