"""Which pages and files a static site has, at which addresses of the application, and how each is made."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial

from suasion.answers.catalogue import say as told
from suasion.answers.picture.paper import with_fonts
from suasion.answers.render import render
from suasion.dossier.figures import figures as figures_of
from suasion.dossier.forms import Dossier
from suasion.dossier.page import dossier_page
from suasion.dossier.site import pages
from suasion.dossier.site.about import method_context
from suasion.pages import printed
from suasion.pages.page import Link
from suasion.web.render import STATIC, Renderer, StaticFile, static_files
from suasion.web.static_site.links import address_of, relinked
from suasion.web.tasks import dossier_parts
from suasion.world import World

Pair = tuple[str, str]
Files = dict[str, bytes]
BAR = (("/", "pairs"), ("/countries", "countries"), ("/leverage", "leverage"), ("/method", "method"))
BESIDE = ("json", "csv")
"""Forms in which the answer of a page lies beside it."""


@dataclass(frozen=True)
class Site:
    """A site of files.

    pairs: Codes, each pair once.
    holders: Who has a page on who would lose much without it.
    audience: Of the dossiers.
    bands: Whether the dossiers have bands.
    """

    world: World
    pairs: Sequence[Pair]
    holders: Sequence[str]
    audience: tuple[str, ...]
    bands: bool
    assets: Mapping[str, StaticFile] = field(default_factory=static_files)

    @cached_property
    def states(self) -> tuple[str, ...]:
        """States of the pairs, each once."""
        return tuple(dict.fromkeys(code for pair in self.pairs for code in pair))

    @cached_property
    def renderer(self) -> Renderer:
        """Templates of the application, with the bar of this site."""
        return Renderer({name: file.address for name, file in self.assets.items()}, nav=BAR, analysts=())

    @cached_property
    def files(self) -> Mapping[str, str]:
        """Address of the application to the file that stands for it."""
        found = {"/": "index.html", "/pairs": "index.html", "/countries": "countries.html"}
        found |= {"/method": "method.html", "/leverage.csv": "leverage.csv"}
        found |= {file.address: _beside(file.address) for file in self.assets.values()}
        for code in self.holders:
            found[address_of("/leverage", holder=code)] = found[f"/leverage/{code}"] = f"leverage/{code}.html"
            found[address_of("/leverage", holder=code, when="ten")] = f"leverage/{code}-ten.html"
            found[f"/country/{code}"] = f"leverage/{code}.html"  # where it has no page of its own
        found["/leverage"] = f"leverage/{self.holders[0]}.html"
        for code in self.states:
            found[f"/country/{code}"] = f"country/{code}.html"
            found |= {
                address_of(f"/api/answers/country.{form}", a=code): f"country/{code}.{form}"
                for form in BESIDE
            }
        for a, b in self.pairs:
            found[f"/dossier/{a}/{b}"] = found[f"/dossier/{b}/{a}"] = f"{stem(a, b)}.html"
            for form, file in (("", ".html"), (".json", ".json"), (".html", f"/suasion-{a}-{b}.html")):
                found[address_of(f"/dossier/{a}/{b}{form}", **self._asked)] = f"{stem(a, b)}{file}"
        return found

    @property
    def _asked(self) -> dict[str, str]:
        """Query of the dossiers, as their pages write it."""
        return {"audience": "~".join(self.audience) or "none", "bands": "1" if self.bands else ""}

    def parts(self, kept: Callable[[Pair], bytes]) -> Iterator[tuple[str, Callable[[], Files]]]:
        """What is made, and how: a word, and a function that returns files by their paths.

        kept: JSON of the dossier of a pair.
        """
        yield "assets", self._assets
        yield "index", self._plain
        for code in self.holders:
            yield code, partial(self._leverage, code)
        for code in self.states:
            yield code, partial(self._country, code)
        for a, b in self.pairs:
            yield f"{a}-{b}", partial(self._dossier, a, b, kept)

    def _page(self, file: str, template: str, view: object) -> Files:
        return {file: relinked(self.renderer.text(template, view), file, self.files).encode()}

    def _assets(self) -> Files:
        made = {_beside(file.address): file.content for file in self.assets.values()}
        sheet = _beside(self.assets["site.css"].address)
        made[sheet] = made[sheet].replace(f"url({STATIC}".encode(), b"url(")
        return made

    def _plain(self) -> Files:
        here = tuple(_lead(a, b) for a, b in self.pairs)
        index = {**pages.pairs_page(self.world), "countries": {}, "asked": here}
        return {
            **self._page("index.html", "pairs", index),
            **self._page("countries.html", "countries", pages.countries_page(self.world)),
            **self._page("method.html", "method", method_context()),
        }

    def _leverage(self, code: str) -> Files:
        made: dict[str, bytes] = {}
        for later, end in ((False, ""), (True, "-ten")):
            page = pages.leverage_page(self.world, code, "", later)
            tail = {"when": "ten"} if later else {}
            others = tuple(
                Link(printed.plain(one), address_of("/leverage", holder=one, **tail)) for one in self.holders
            )
            shown = replace(page, links={**page.links, "holders": others, "groups": ()})
            made |= self._page(f"leverage/{code}{end}.html", "page", shown)
            if code == self.holders[0] and not page.answer.absent:
                made["leverage.csv"] = render(page.answer, "csv", "pairs")
        return made

    def _country(self, code: str) -> Files:
        page = pages.country_page(self.world, code)
        here = tuple(_lead(*pair) for pair in self.pairs if code in pair)
        beside = {f"country/{code}.{form}": render(page.answer, form) for form in BESIDE}
        shown = replace(page, links={"dossiers": here})
        return beside | self._page(f"country/{code}.html", "page", shown)

    def _dossier(self, a: str, b: str, kept: Callable[[Pair], bytes]) -> Files:
        made = Dossier.from_dict(json.loads(kept((a, b))))
        figures = figures_of(made)
        parts = dossier_parts(self.renderer, made, figures, self.audience, self.bands)
        files: dict[str, bytes] = {}
        for name, content in parts.items():
            kind, _, key = name.partition(":")
            if key:
                text = gzip.decompress(content).decode()
                files[f"{key}.{kind}"] = (with_fonts(text) if kind == "svg" else text).encode()
        files[f"suasion-{a}-{b}.html"] = dossier_page(made, figures).encode()
        led = {
            address_of(f"/dossier/{a}/{b}/{name}", **self._asked): f"{stem(a, b)}/{name}" for name in files
        }
        page = f"{stem(a, b)}.html"
        html = relinked(gzip.decompress(parts["html"]).decode(), page, {**self.files, **led})
        return {page: html.encode()} | {f"{stem(a, b)}/{name}": content for name, content in files.items()}


def _beside(address: str) -> str:
    """File of an asset."""
    return address[1:]


def stem(a: str, b: str) -> str:
    """Path of what a pair has, without an ending."""
    return f"dossier/{a}-{b}"


def _lead(a: str, b: str) -> Link:
    return Link(told("site.pair", a=printed.plain(a), b=printed.plain(b)), f"/dossier/{a}/{b}")
