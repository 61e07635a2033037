"""Tasks of a worker for the pages of the site: each page is made of answers, and holds its drawings."""

from __future__ import annotations

import dataclasses
import gzip
import json
from collections.abc import Callable
from typing import Any

from suasion.answers.render.data import as_csv
from suasion.answers.answer import Answer
from suasion.answers.render.lines import title_of
from suasion.dossier.context import plain_data
from suasion.dossier.site.about import data_context, front_context
from suasion.dossier.site import pages
from suasion.dossier.site.measures import measure_answers
from suasion.pages.page import Link, Page
from suasion.web.render import Renderer
from suasion.world import World

Tell = Callable[[int, int, str], None]
Parts = dict[str, bytes]


def gzipped(text: str | bytes) -> bytes:
    """Compress a text, the same bytes for the same text."""
    return gzip.compress(text.encode() if isinstance(text, str) else text, compresslevel=6, mtime=0)


def context_json(context: Any) -> bytes:
    """A context as compressed JSON."""
    return gzipped(json.dumps(plain_data(context, "page"), ensure_ascii=False, allow_nan=False))


def cited(answer: Answer) -> str:
    """What a citation needs of an answer, as JSON."""
    run = answer.run.id if answer.run else ""
    return json.dumps({"question": title_of(answer), "run_id": run, "schema": 1}, ensure_ascii=False)


class SiteTasks:
    """Pages of the site, of what ships.

    world: the data.
    renderer: makes pages of contexts.
    """

    def __init__(self, world: World, renderer: Renderer) -> None:
        self.world, self.renderer = world, renderer

    def do_data(self, tell: Tell) -> Parts:
        """Make the data page."""
        made = data_context(self.world)
        return {"json": context_json(made), "html": self.renderer.page("data", made)}

    def do_front(self, tell: Tell, a: str, b: str, told: bool, measures: bytes = b"") -> Parts:
        """Make the start page, with the answers of dated measures where they are known."""
        leads = tuple(Link(**one) for one in json.loads(measures)) if told else ()
        page = pages.home_page(self.world, a, b, leads)
        return {"json": context_json(front_context(self.world)), "html": self.renderer.page("front", page)}

    def do_measures(self, tell: Tell) -> Parts:
        """Solve the dated measures of the start page."""
        leads = measure_answers(self.world)
        return {"json": json.dumps([dataclasses.asdict(one) for one in leads]).encode()}

    def laid_out(self, page: Page, told: str = "") -> Parts:
        """Make a page of an answer, and JSON: the answer's, or what a citation needs of it."""
        return {"json": gzipped(told or cited(page.answer)), "html": self.renderer.page("page", page)}

    def do_country(self, tell: Tell, name: str) -> Parts:
        """Make the page of a country or bloc."""
        return self.laid_out(pages.country_page(self.world, name))

    def do_closer(self, tell: Tell, a: str, b: str, c: str) -> Parts:
        """Make the page on whether a state is closer to one or another."""
        return self.laid_out(pages.closer_page(self.world, a, b, c))

    def do_strait(self, tell: Tell, name: str) -> Parts:
        """Make the page on a strait that closes."""
        return self.laid_out(pages.strait_page(self.world, name))

    def do_measure(self, tell: Tell, name: str) -> Parts:
        """Make the page on trade before and after a measure."""
        return self.laid_out(pages.measure_page(name))

    def do_tariffs(self, tell: Tell, day: str) -> Parts:
        """Make the page on the tariffs of the United States on a day."""
        return self.laid_out(pages.tariffs_page(day))

    def do_forecasts(self, tell: Tell, day: str) -> Parts:
        """Make the page on what is forecast and frozen, as of a day."""
        return self.laid_out(pages.forecasts_page(day))

    def do_trial(self, tell: Tell) -> Parts:
        """Make the page on what the model foresaw, and what happened."""
        return self.laid_out(pages.trial_page())

    def do_countries(self, tell: Tell) -> Parts:
        """Make the list of all countries and blocs."""
        return {"html": self.renderer.page("countries", pages.countries_page(self.world))}

    def do_pairs(self, tell: Tell) -> Parts:
        """Make the choice of two states, with the largest ties."""
        return {"html": self.renderer.page("pairs", pages.pairs_page(self.world))}

    def do_leverage(self, tell: Tell, holder: str, group: str, later: bool) -> Parts:
        """Make the page on who has leverage over whom, and the table of all pairs."""
        page = pages.leverage_page(self.world, holder, group, later)
        made = self.laid_out(page)
        if not page.answer.absent:
            made["csv"] = gzipped(as_csv(page.answer.table("pairs")))
        return made
