"""The dossier as one self-contained HTML file that needs neither a network nor JavaScript.

Every chart stands in it as text, wide and narrow. A policy in the file forbids everything but its own script, which
opens the fold that a link leads into, and its own style sheet, by their hashes.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any
from urllib.parse import quote

import jinja2
import pandas as pd
from markupsafe import Markup, escape

from suasion.answers.catalogue import has, say, spoken
from suasion.answers.numbers import DEFAULT_NUMBERS, MINUS
from suasion.answers.picture.rows import plain_rows
from suasion.answers.render.marked import linked, tight
from suasion.answers.style import style_sheet
from suasion.dossier import sections, tables
from suasion.dossier.chapter import Conclusion
from suasion.dossier.context import DossierContext
from suasion.dossier.figures import Figure, figures
from suasion.dossier.screens import chart_key, screens, words
from suasion.files import write_text


def render_html(dossier: DossierContext) -> str:
    """Return the whole file, below 2 MB.

    dossier: The context.
    """
    return dossier_page(dossier, figures(dossier))


def dossier_page(dossier: DossierContext, made: tuple[Figure, ...]) -> str:
    """Render the page of figures that are made.

    dossier: The context.
    made: Its figures.
    """
    return render_page(
        "dossier.html.j2",
        d=dossier,
        title=say("page.title", question=dossier.question),
        version=dossier.provenance.package_version,
        run_id=dossier.provenance.run_id,
        stem=f"{dossier.a.code}-{dossier.b.code}",
        sections=sections.page_sections(dossier, made),
        data_tables=[t for t in (tables.source_table(dossier), tables.certificate_table(dossier)) if t],
    )


def render_page(template: str, **context: Any) -> str:
    """Render a template with its script, its style sheet and the policy.

    template: File in the folder of templates.
    **context: What the template prints.
    """
    style, script = f"{style_sheet()}\n{_asset('dossier.css')}", _asset("dossier.js")
    made = _environment().get_template(template)
    return made.render(policy=policy((script,), style), style=style, script=script, **context)


def write_html(dossier: DossierContext, path: str | Path) -> Path:
    """Render the page and write it atomically.

    Raises OutputError if the file cannot be written.
    """
    return write_text(path, render_html(dossier))


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


def island(data: Any) -> str:
    """JSON for a script element of type application/json, which no text in it can end."""
    text = json.dumps(data, allow_nan=False, separators=(",", ":"), ensure_ascii=False)
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


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
        language=spoken,
        say=say,
        has=has,
        label_of=sections.label_of,
        section_of=sections.section_of,
        told=_told,
        screens=screens,
        chart_key=chart_key,
        said=words.said,
        named=words.named,
        plain=words.plain,
        linked_to=words.linked_to,
        question_of=words.question_of,
        reason_of=words.reason_of,
        grounds_of=words.grounds_of,
        inside=words.inside,
        counted=words.counted,
    )
    return environment


def _told(claim: Conclusion, table: str | DossierContext) -> Markup:
    """Sentence of a claim with its numbers as links to a table, or to the table that a conclusion rests on."""
    place = sections.table_of(claim, table) if isinstance(table, DossierContext) else table
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
        return DEFAULT_NUMBERS.no_data, True
    if isinstance(value, float):
        return f"{value:,.4g}".replace("-", MINUS) if abs(value) < 1e4 else f"{value:,.0f}".replace(
            "-", MINUS
        ), True
    return str(value), isinstance(value, int)


def _download(figure: Figure) -> str:
    return f"data:text/csv;charset=utf-8,{quote(figure.csv(), safe=' ,.-_()/')}"
