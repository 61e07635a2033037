"""Templates, and the static files under names that hold their hash."""

from __future__ import annotations

import gzip
import hashlib
import json
from functools import cache
from importlib import resources
from typing import Any
from urllib.parse import urlencode

import jinja2
from markupsafe import Markup

from suasion import __version__
from suasion.answers.catalogue import languages, spoken
from suasion.answers.language import DEFAULT_LANGUAGE
from suasion.answers.numbers import MINUS, share, signed_usd, signs
from suasion.answers.picture.inline.world_map import class_words
from suasion.answers.render.marked import linked, tight
from suasion.answers.style import FACES, Face, packed, plain_sheet
from suasion.dossier.figures import Figure
from suasion.dossier.page import environment_of, island
from suasion.dossier.site.measures import measure_leads
from suasion.equilibrium.scenario.places import ALL
from suasion.pages import printed
from suasion.pages.page import state_link
from suasion.questions.scenarios.instruments import STARTERS
from suasion.sources import is_group
from suasion.web.languages import root, rooted
from suasion.web.strings import catalogue, part, say
from suasion.world.load import LATEST

Leads = tuple[tuple[str, str], ...]
STATIC = "/static/"
KINDS = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "json": "application/json",
    "woff": "font/woff",
}
NAV = (
    ("/pairs", "pairs"),
    ("/countries", "countries"),
    ("/leverage", "leverage"),
    ("/scenario", "scenarios"),
)
"""The bar: four addresses, each with the key of its word."""
ANALYSTS = (
    ("/sweep", "sweeps"),
    ("/compare", "compare"),
    ("/products", "materials"),
    ("/data", "data"),
    ("/method", "method"),
    ("/trial", "trial"),
    ("/forecasts", "forecasts"),
    ("/claims", "claims"),
    ("/changes", "changes"),
    ("/api", "api"),
    ("/status", "status"),
)
"""What is not in the bar."""


def own_files() -> dict[str, bytes]:
    """Static files of the application by their plain names."""
    return {
        "app.css": packaged("suasion.dossier", "templates", "dossier.css").encode(),
        "site.css": "\n".join(
            (*map(_face, FACES), plain_sheet(), packaged("suasion.web", "static", "site.css"))
        ).encode(),
        **{f"{face}.woff": packed(face) for face in FACES},
        "app.js": packaged("suasion.web", "static", "app.js").encode(),
    }


def _face(face: Face) -> str:
    """Rule of one font, which is a file of this server."""
    family, weight = FACES[face]
    address = StaticFile(f"{face}.woff", packed(face)).address
    return (
        f'@font-face{{font-family:"{family}";font-weight:{weight};font-display:swap;'
        f'src:url({address}) format("woff")}}'
    )


def packaged(package: str, *parts: str) -> str:
    """Text of a file that comes with a package."""
    return resources.files(package).joinpath(*parts).read_text(encoding="utf-8")


class StaticFile:
    """One static file, compressed once.

    name: Plain name, ``"app.css"``.
    content: what it holds.
    """

    def __init__(self, name: str, content: bytes) -> None:
        stem, _, kind = name.rpartition(".")
        self.address = f"{STATIC}{stem}.{hashlib.sha256(content).hexdigest()[:16]}.{kind}"
        self.media_type = KINDS[kind]
        self.content = content
        self.gzipped = gzip.compress(content, compresslevel=9, mtime=0)


def static_files() -> dict[str, StaticFile]:
    """All static files by their plain names."""
    return {name: StaticFile(name, content) for name, content in own_files().items()}


class Renderer:
    """Renders pages.

    assets: Plain name of a static file to its address.
    nav, analysts: Addresses and keys of the words of the bar, and of what is not in it.
    """

    def __init__(self, assets: dict[str, str], *, nav: Leads = NAV, analysts: Leads = ANALYSTS) -> None:
        self.assets, self.nav, self.analysts = assets, nav, analysts
        self.look = hashlib.sha256(json.dumps(assets, sort_keys=True).encode() + _sources()).hexdigest()[:16]

    def text(self, template: str, view: object) -> str:
        """Render a page.

        template: name of the template.
        view: what it shows.
        """
        made = (
            environment()
            .get_template(f"{template}.html.j2")
            .render(
                page=view,
                assets=self.assets,
                nav=_bar(self.nav),
                analysts=_bar(self.analysts),
                version=__version__,
                year=LATEST,
            )
        )
        return rooted(made)

    def page(self, template: str, view: object) -> bytes:
        """Render a page, compressed.

        template: name of the template.
        view: what it shows.
        """
        return gzip.compress(self.text(template, view).encode(), compresslevel=6, mtime=0)


def _others() -> Leads:
    """Languages but the one that is spoken: code, and what it calls itself."""
    return tuple((one, catalogue(one)["layout.language"]) for one in languages() if one != spoken())


def _bar(leads: Leads) -> Leads:
    return tuple((path, say(f"nav.{key}")) for path, key in leads)


def _sources() -> bytes:
    rooms = (
        *((room, kind) for room in ("suasion.web", "suasion.dossier") for kind in ("templates",)),
        ("suasion", "pages"),
        *((room, "language") for room in ("suasion.web", "suasion.answers")),
    )
    folders = [resources.files(room).joinpath(kind) for room, kind in rooms]
    files = [file for folder in folders for file in sorted(folder.iterdir(), key=lambda file: file.name)]
    return b"".join(file.read_bytes() for file in files if file.name.endswith((".j2", ".toml")))


@cache
def environment() -> jinja2.Environment:
    """Templates of this room, and the macros of the dossier's."""
    made = environment_of("suasion.web", "suasion.dossier")
    made.filters.update(island=island, query=_query, minus=_minus)
    made.filters.update(download=_download, linked=linked, state=state_link, drawn=Markup)
    made.filters.update(full_name=DEFAULT_LANGUAGE.country, typed=_typed)
    made.filters.update(loss=printed.loss, span=printed.span, usd=printed.money)
    made.globals.update(starters=STARTERS, measure_leads=measure_leads)
    made.globals.update(root=root, languages=_others)
    made.globals.update(money=signed_usd, share=share, t=_said, script_words=part, classes=class_words)
    return made


def _said(key: str, **places: object) -> str:
    """Words of a page, whose numbers stay on the line of their units."""
    return tight(say(key, **places))


def _typed(code: str) -> str:
    """A side as a reader would type it: a country by name, a group as it is."""
    return code if is_group(code) or code.casefold() == ALL else printed.plain(code)


def _query(pairs: dict[str, Any]) -> str:
    return urlencode([(key, value) for key, value in pairs.items() if value not in ("", None)], safe="~")


def _minus(text: str) -> str:
    """A number of Python with the signs of the language."""
    return signs(str(text).replace("-", MINUS))


@jinja2.pass_context
def _download(context: jinja2.runtime.Context, figure: Figure) -> str:
    """Address of a figure's table; the dossier's macro asks for it."""
    page = context["page"]
    return f"{page.base}/{figure.key}.csv?{page.asked()}"
