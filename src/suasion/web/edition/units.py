"""Units of work of an edition: each is made alone, of what ships or of one pair, and is the same wherever."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from suasion.answers.catalogue import say as told
from suasion.answers.catalogue import speaking, spoken
from suasion.answers.picture.paper import with_fonts
from suasion.answers.render import render
from suasion.coercion.straits.model import straits_file
from suasion.dossier import dossier
from suasion.dossier.export import as_json, form_of
from suasion.dossier.figures import figures as figures_of
from suasion.dossier.forms import Dossier
from suasion.dossier.gather import in_language
from suasion.dossier.page import dossier_page
from suasion.dossier.site import pages
from suasion.dossier.site.about import method_context
from suasion.pages import printed
from suasion.pages.page import Link, Page
from suasion.questions.before_after import WATCHED
from suasion.solvers.threads import one_thread
from suasion.web.edition import search
from suasion.web.edition.files import BESIDE, Files, stem
from suasion.web.edition.plan import Pair, Plan
from suasion.web.render import STATIC, Renderer, StaticFile, packaged, static_files
from suasion.web.views import DossierView
from suasion.world import World

BAR = (
    ("/", "pairs"),
    ("/countries", "countries"),
    ("/leverage", "leverage"),
    ("/trial", "trial"),
    ("/method", "method"),
)
LISTED = 60
"""Pairs that the first page names; of more the countries' pages do."""
PAIR = "pair"


@dataclass(frozen=True, slots=True)
class UnitMade:
    """What a unit made.

    unit: Its name.
    files: Paths and what lies there.
    entries: By language: what the search tells, see :mod:`suasion.web.edition.search`.
    first: By language: the first sentence of a pair.
    """

    unit: str
    files: Mapping[str, bytes]
    entries: Mapping[str, list[dict[str, Any]]] = field(default_factory=dict)
    first: Mapping[str, str] = field(default_factory=dict)


class Units:
    """Makes the units of an edition.

    plan: What it holds.
    world: the data.
    """

    def __init__(self, plan: Plan, world: World) -> None:
        self.plan, self.world = plan, world
        script = StaticFile("search.js", packaged("suasion.web", "static", "search.js").encode())
        self.assets = {**static_files(), "search.js": script}
        self.files = Files(plan, self.assets)

    @cached_property
    def renderer(self) -> Renderer:
        """Templates of the application, with the bar of an edition."""
        return Renderer({name: file.address for name, file in self.assets.items()}, nav=BAR, analysts=())

    @property
    def look(self) -> list[Any]:
        """What pages depend on beside the numbers of a pair."""
        plan = self.plan
        return [plan.solved, self.renderer.look, plan.holders, plan.also, plan.address, plan.pairs]

    def names(self) -> Iterator[str]:
        """Names of all units, those of pairs last."""
        yield "assets"
        for page in ("index", "countries", "method", "trial", "forecasts", "search"):
            yield f"plain:{page}"
        for kind, codes in (
            ("leverage", self.plan.holders), ("strait", straits_file()["straits"]), ("measure", WATCHED),
            ("country", self.plan.states), (PAIR, ["-".join(pair) for pair in self.plan.pairs]),
        ):  # fmt: skip
            yield from (f"{kind}:{code}" for code in codes)

    @one_thread()
    def make(self, unit: str, kept: Mapping[str, bytes]) -> UnitMade:
        """Make a unit, by one thread: sums keep their order, so that it is the same wherever it is made.

        kept: JSON of a pair's dossier by language, where an earlier call solved it.
        """
        kind, _, name = unit.partition(":")
        if kind == PAIR:
            a, b = name.split("-")
            return self._pair(unit, (a, b), kept)
        if kind == "assets":
            return UnitMade(unit, self._assets())
        make: Callable[[str], tuple[dict[str, bytes], list[dict[str, Any]]]] = getattr(self, f"_{kind}")
        files: dict[str, bytes] = {}
        entries = {}
        for language in self.plan.languages:
            with speaking(language):
                made, entries[language] = make(name)
                files |= made
        return UnitMade(unit, files, {one: told for one, told in entries.items() if told})

    def _page(self, file: str, template: str, view: object) -> dict[str, bytes]:
        html = self.renderer.text(template, view)
        return {self.files.start(spoken()) + file: self.files.laid(html, spoken(), file)}

    def _answered(
        self, file: str, page: Page, passage: str = ""
    ) -> tuple[dict[str, bytes], list[dict[str, Any]]]:
        return self._page(file, "page", page), [search.of_page(file, page, passage)]

    def _assets(self) -> dict[str, bytes]:
        made = {file.address[1:]: file.content for file in self.assets.values()}
        sheet = self.assets["site.css"].address[1:]
        made[sheet] = made[sheet].replace(f"url({STATIC}".encode(), b"url(")
        return made

    def _plain(self, name: str) -> tuple[dict[str, bytes], list[dict[str, Any]]]:
        file = f"{name}.html"
        if name == "trial":
            return self._answered(file, pages.trial_page())
        if name == "forecasts":
            return self._answered(file, pages.forecasts_page(self.plan.day))
        here = tuple(_lead(a, b) for a, b in self.plan.pairs[:LISTED])
        view: Mapping[str, Callable[[], Any]] = {
            "index": lambda: {**pages.pairs_page(self.world), "countries": {}, "asked": here},
            "countries": lambda: pages.countries_page(self.world),
            "method": method_context,
            "search": lambda: {"pairs": len(self.plan.pairs)},
        }
        template = {"index": "pairs", "search": "edition"}.get(name, name)
        return self._page(file, template, view[name]()), []

    def _leverage(self, code: str) -> tuple[dict[str, bytes], list[dict[str, Any]]]:
        made: dict[str, bytes] = {}
        entries: list[dict[str, Any]] = []
        for later, end in ((False, ""), (True, "-ten")):
            page = pages.leverage_page(self.world, code, "", later)
            tail = "&when=ten" if later else ""
            others = tuple(
                Link(printed.plain(one), f"/leverage?holder={one}{tail}")
                for one in self.plan.holders[:LISTED]
            )
            shown = replace(page, links={**page.links, "holders": others, "groups": ()})
            files, told = self._answered(f"leverage/{code}{end}.html", shown)
            made, entries = made | files, entries or told
            if code == self.plan.holders[0] and not page.answer.absent:
                made[f"{self.files.start(spoken())}leverage.csv"] = render(page.answer, "csv", "pairs")
        return made, entries

    def _strait(self, name: str) -> tuple[dict[str, bytes], list[dict[str, Any]]]:
        return self._answered(f"strait/{name}.html", pages.strait_page(self.world, name), name)

    def _measure(self, name: str) -> tuple[dict[str, bytes], list[dict[str, Any]]]:
        return self._answered(f"measure/{name}.html", pages.measure_page(name))

    def _country(self, code: str) -> tuple[dict[str, bytes], list[dict[str, Any]]]:
        page = pages.country_page(self.world, code)
        here = tuple(_lead(*pair) for pair in self.plan.pairs if code in pair)
        start = f"{self.files.start(spoken())}country/{code}"
        beside = {f"{start}.{form}": render(page.answer, form) for form in BESIDE}
        made, entries = self._answered(
            f"country/{code}.html", replace(page, links={**page.links, "dossiers": here})
        )
        return beside | made, entries

    def _pair(self, unit: str, pair: Pair, kept: Mapping[str, bytes]) -> UnitMade:
        made = {one: Dossier.from_dict(json.loads(text)) for one, text in kept.items()}
        if not made:
            solved = dossier(*pair, self.plan.audience, self.world, bands=self.plan.bands)
            made = {
                one: in_language(solved, one, self.plan.audience, self.world) for one in self.plan.languages
            }
        files: dict[str, bytes] = {}
        entries, first = {}, {}
        for language, one in made.items():
            with speaking(language):
                files |= self._dossier(language, pair, one)
                entries[language] = search.of_dossier(f"{stem(*pair)}.html", one)
                first[language] = one.summary[0].sentence() if one.summary else ""
        return UnitMade(unit, files, entries, first)

    def _dossier(self, language: str, pair: Pair, made: Dossier) -> dict[str, bytes]:
        figures, also = figures_of(made), self.plan.also
        start = self.files.start(language) + stem(*pair)
        beside = {f"{one.key}.csv": one.csv().encode() for one in figures}
        if "svg" in also:
            run = made.provenance.run_id
            beside |= {f"{one.key}.svg": with_fonts(one.poster(run)).encode() for one in figures}
        html = self.renderer.text(
            "dossier", DossierView(made, tuple(figures), self.plan.audience, self.plan.bands)
        )
        led = self.files.beside(language, pair, iter(beside))
        if "html" in also:
            beside[f"suasion-{'-'.join(pair)}.html"] = dossier_page(made, figures).encode()
        page = f"{stem(*pair)}.html"
        text = made.summary[0].sentence() if made.summary else ""
        head = self.files.shown(language, page, made.question, text)
        paper = {f"{start}.pdf": form_of("briefing")(made)} if "pdf" in also else {}
        return {
            f"{start}.html": self.files.laid(html, language, page, led, head),
            f"{start}.json": as_json(made).encode(),
            f"{start}.png": form_of("card")(made),
            **paper,
            **{f"{start}/{name}": content for name, content in beside.items()},
        }


def _lead(a: str, b: str) -> Link:
    return Link(told("site.pair", a=printed.plain(a), b=printed.plain(b)), f"/dossier/{a}/{b}")
