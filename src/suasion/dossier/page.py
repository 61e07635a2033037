"""The dossier as one self-contained HTML file that needs neither a network nor JavaScript.

Every chart stands in it twice: as a static picture, and as a live drawing that a script puts in its place.
A policy in the file forbids everything but its own two scripts and its own style sheet, by their hashes.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any
from urllib.parse import quote

import jinja2
import pandas as pd
from markupsafe import Markup, escape

from suasion.answers.catalogue import LANGUAGE, has, say
from suasion.answers.numbers import MINUS, NO_DATA
from suasion.answers.picture import theme
from suasion.answers.picture.spec import plain_rows
from suasion.answers.picture.svg import data_address
from suasion.answers.render.marked import linked, tight
from suasion.answers.style import style_sheet
from suasion.dossier import engine, figures, links, tables
from suasion.dossier.chapter import Conclusion
from suasion.dossier.context import Dossier
from suasion.dossier.figure import Figure, FigurePanel, draw_ahead, draw_svgs
from suasion.dossier.screens import chart_key, screens, words
from suasion.dossier.sections import page_sections
from suasion.extras import is_installed
from suasion.files import write_text

Topology = Mapping[str, Any]
Pictures = Mapping[str, str]


def render_html(dossier: Dossier, topology: Topology, dots: pd.DataFrame) -> str:
    """Render the page.

    dossier: The context.
    topology: TopoJSON outline of the world with alpha-3 ids in the object ``countries``.
    dots: Columns country, longitude, latitude of states too small for the outline.
    Returns: The whole file, below 2 MB.
    Raises ChartError if a chart comes out empty.
    """
    made = figures.figures(dossier, topology, dots)
    return dossier_page(dossier, made, page_pictures(panels_of(made), topology), topology)


def dossier_page(dossier: Dossier, made: tuple[Figure, ...], pictures: Pictures, topology: Topology) -> str:
    """Render the page of figures that are drawn.

    dossier: The context.
    made: Its figures.
    pictures: Static pictures by the key of the panel, from :func:`page_pictures`.
    topology: Outline of the world.
    """
    return render_page(
        "dossier.html.j2",
        made,
        topology,
        pictures,
        d=dossier,
        title=say("page.title", question=dossier.question),
        version=dossier.provenance.package_version,
        run_id=dossier.provenance.run_id,
        stem=f"{dossier.a.code}-{dossier.b.code}",
        sections=page_sections(dossier, made),
        data_tables=[t for t in (tables.source_table(dossier), tables.certificate_table(dossier)) if t],
    )


def panels_of(made: Sequence[Figure]) -> list[FigurePanel]:
    """Return the panels of figures, in order."""
    return [panel for figure in made for panel in figure.panels]


def render_page(
    template: str, made: tuple[Figure, ...], topology: Topology, pictures: Pictures, **context: Any
) -> str:
    """Render a template with its figures, their static pictures, the scripts and the policy.

    template: File in the folder of templates.
    made: All figures of the page.
    topology: Outline of the world, kept once if a figure is a map.
    pictures: Static pictures, from :func:`page_pictures`.
    **context: What else the template prints.
    """
    panels = panels_of(made)
    world = topology if any(panel.ratio for panel in panels) else None
    style = f"{style_sheet()}\n{_asset('dossier.css')}"
    script = _asset("dossier.js") if panels else ""
    packed = {panel.key: _bare(panel.spec) for panel in panels}
    shared = {"world": world, "config": theme.config(), "dark": theme.DARK}
    return (
        _environment()
        .get_template(template)
        .render(
            pictures={key: _picture(svg) for key, svg in pictures.items()},
            engine=engine.packed() if panels else "",
            drawings=pack(island({"shared": shared, "specs": packed})) if panels else "",
            policy=policy((engine.script(), script) if panels else (), style),
            style=style,
            script=script,
            **context,
        )
    )


def write_html(dossier: Dossier, path: str | Path) -> Path:
    """Render the page with the embedded outlines and write it atomically.

    Raises OutputError if the file cannot be written.
    """
    from suasion.sources import dots, outline

    return write_text(path, render_html(dossier, outline(), dots()))


def draw_early(dossier: Dossier) -> None:
    """Start to draw the charts of a dossier that is still being made; its page will find them ready."""
    from suasion.sources import outline

    if not is_installed("vl_convert"):
        return
    topology = outline()
    made = figures.figures(dossier, topology, pd.DataFrame(columns=["country", "longitude", "latitude"]))
    draw_ahead(panels_of(made), {"world": topology})


def pack(text: str) -> str:
    """Compress text for a script to unpack: gzip, base64. Only what no reader without scripts needs is packed."""
    return base64.b64encode(gzip.compress(text.encode(), compresslevel=6, mtime=0)).decode()


def unpack(text: str) -> str:
    """Return what :func:`pack` packed."""
    return gzip.decompress(base64.b64decode(text)).decode()


def policy(scripts: tuple[str, ...], style: str) -> str:
    """Content security policy that admits these scripts and this style sheet, and no other source."""
    allowed = " ".join(f"'{_digest(script)}'" for script in scripts) or "'none'"
    return (
        f"default-src 'none'; script-src {allowed}; style-src '{_digest(style)}'; img-src data:; font-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def policy_of(html: str) -> str:
    """Policy that a rendered page carries, for a server that sends it as a header too."""
    found = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', html)
    return found[1].replace("&#39;", "'") if found else ""


def _digest(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def page_pictures(panels: Sequence[FigurePanel], topology: Topology) -> Pictures:
    """Draw the static picture of every panel, by its key, as SVG.

    Without the package that draws there is none, and a page shows what its script draws.

    topology: Outline of the world, for maps.
    """
    if not is_installed("vl_convert"):
        return {}
    drawn = draw_svgs(panels, {"world": topology})
    return {panel.key: svg for panel, svg in zip(panels, drawn, strict=True)}


def drawing_texts(panels: Sequence[FigurePanel]) -> dict[str, str]:
    """Return the specification of every panel, by its key, as JSON without what all of them share."""
    return {panel.key: _json(_bare(panel.spec)) for panel in panels}


def draw_one(text: str, topology: Topology) -> str:
    """Draw the static picture of one panel, as SVG.

    text: From :func:`drawing_texts`.
    topology: Outline of the world, for maps.
    """
    spec = {**json.loads(text), "config": theme.config()}
    return draw_svgs([FigurePanel("", "", spec, 1)], {"world": topology})[0]


def _picture(svg: str) -> dict[str, Any]:
    """Data address of a picture, with its size."""
    size = re.search(r'width="(\d+)" height="(\d+)"', svg)
    width, height = (int(size[1]), int(size[2])) if size else (0, 0)
    return {
        "src": Markup(data_address(svg)),
        "width": width,
        "height": height,
    }


def _bare(spec: dict[str, Any]) -> dict[str, Any]:
    """Specification without what the page keeps once."""
    return {key: value for key, value in spec.items() if key not in ("config", "$schema")}


def island(data: Any) -> str:
    """JSON for a script element of type application/json, which no text in it can end."""
    return _json(data).replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _json(data: Any) -> str:
    return json.dumps(data, allow_nan=False, separators=(",", ":"), ensure_ascii=False)


@cache
def _asset(name: str) -> str:
    return resources.files("suasion.dossier").joinpath("templates", name).read_text(encoding="utf-8").strip()


@cache
def _environment() -> jinja2.Environment:
    environment = environment_of("suasion.dossier")
    environment.filters["download"] = _download
    return environment


def environment_of(*rooms: str) -> jinja2.Environment:
    """Templates of rooms, the first that has one, with what their shared parts ask for."""
    environment = jinja2.Environment(
        loader=jinja2.ChoiceLoader([jinja2.PackageLoader(room, "templates") for room in rooms]),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(tight=tight, sentence=_sentence, cells=table_cells, coded=coded)
    environment.globals.update(
        language=LANGUAGE,
        say=say,
        has=has,
        label_of=links.label_of,
        section_of=links.section_of,
        told=_told,
        screens=screens,
        chart_key=chart_key,
        said=words.said,
        named=words.named,
        plain=words.plain,
        linked_to=words.linked_to,
        question_of=words.question_of,
        inside=words.inside,
        counted=words.counted,
    )
    return environment


def _told(claim: Conclusion, table: str | Dossier) -> Markup:
    """Sentence of a claim with its numbers as links to a table, or to the table that a conclusion rests on."""
    place = links.table_of(claim, table) if isinstance(table, Dossier) else table
    return linked(claim.sentence(), place and f"#{place}", plain=True)


def _sentence(claim: Conclusion) -> str:
    return tight(claim.sentence())


def coded(text: str) -> Markup:
    """Text in which what stands between backticks is code.

    text: Plain text; it is escaped.
    """
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(tight(text)))))


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
