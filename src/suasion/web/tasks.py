"""What a worker can do: each task takes plain arguments and returns named parts, ready to be sent.

Pages and texts are compressed here, so that the server only hands out bytes.
"""

from __future__ import annotations

import json
import math
import os
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl

from suasion.answers import render
from suasion.answers.catalogue import LANGUAGE, speaking
from suasion.answers.language import DEFAULT_LANGUAGE
from suasion.answers.picture import PicturePanel
from suasion.answers.picture.paper import Line, standing_alone
from suasion.dossier import Dossier, dossier
from suasion.dossier.aside import Aside, here
from suasion.dossier.export import form_of
from suasion.dossier.figures import Figure
from suasion.dossier.figures import figures as figures_of
from suasion.dossier.forms import file_of
from suasion.dossier.screens import Chart, charts_of, parts_of
from suasion.dossier.screens.words import said
from suasion.dossier.site import materials
from suasion.equilibrium import compile_scenario
from suasion.equilibrium.scenario.file import parse_scenario
from suasion.questions import QUESTIONS
from suasion.questions.scenarios.address import Query, digest, parse_query, scenario_of
from suasion.questions.scenarios.reading import query_of
from suasion.questions.scenarios.sweep import grid_text, parse_sweep, sweep_answer
from suasion.questions.scenarios.warm_model import WarmModel
from suasion.questions.simulate import glance, simulate
from suasion.questions.why import why
from suasion.sweep import collect, parse_grid, run_sweep
from suasion.web import views
from suasion.web.cache import ResultCache, facts_of
from suasion.web.render import Renderer
from suasion.web.site.tasks import Parts, SiteTasks, Tell, gzipped

SHEETS = ("briefing", "card")
"""What is kept with a dossier, so that it is there when no worker is."""
SWEEP_CHUNK = 32
"""Scenarios between two reports of progress, and between two parts that a crash does not cost."""


class WorkerTasks(SiteTasks):
    """The warm model and everything needed to render with it.

    cache: where results lie.
    assets: addresses of static files.
    allowance: seconds that a question may be expected to take.
    """

    def __init__(self, cache: ResultCache, assets: dict[str, str], allowance: float = math.inf) -> None:
        self.cache = cache
        self.model = WarmModel(memo=cache, allowance=allowance)
        super().__init__(self.model.world, Renderer(assets))

    @cached_property
    def aside(self) -> Callable[..., Any]:
        """Asks a part of a dossier in another process, begun with the first one; here where there is one core."""
        return Aside(None) if (os.cpu_count() or 1) > 1 else here

    def warm(self) -> None:
        """Prepare what every scenario needs."""
        self.model.warm()

    def facts(self) -> dict[str, str]:
        """What results depend on beside the question."""
        return facts_of(self.world, self.renderer.look)

    def run(self, task: str, arguments: Mapping[str, Any], tell: Tell) -> Parts:
        """Do one task.

        Raises SuasionError: The arguments are not valid; the message says which.
        Raises SlowQuestionError: It will take longer than this worker may spend.
        """
        make: Callable[..., Parts] = getattr(self, f"do_{task}")
        given = dict(arguments)
        with speaking(given.pop("language", LANGUAGE)):
            return make(tell=tell, **given)

    def do_scenario(self, tell: Tell, address: str) -> Parts:
        """The answer of a scenario at all its horizons; with bands where the question asks for them."""
        query = _query(address)
        horizons = tuple(label for label, _ in query.cases)
        made = simulate(address, horizon=horizons, draws=query.draws, model=self.model, progress=tell)
        return {"json": gzipped(render.as_json(made))}

    def do_answer(self, tell: Tell, name: str, asked: dict[str, str]) -> Parts:
        """One answer; its other forms are made of this one."""
        return {
            "json": gzipped(
                render.as_json(QUESTIONS[name].from_text(asked, world=self.model.world, progress=tell))
            )
        }

    def do_glance(self, tell: Tell, address: str) -> Parts:
        """The shown run of a scenario at once, the others where they are known."""
        return {"json": gzipped(render.as_json(glance(self.model, _query(address))))}

    def do_why(self, tell: Tell, address: str) -> Parts:
        """The numbers of a scenario taken apart."""
        return {"json": gzipped(render.as_json(why(address, model=self.model, progress=tell)))}

    def do_read_yaml(self, tell: Tell, text: str) -> Parts:
        """The address of a scenario file, checked against the world."""
        scenario = parse_scenario(text, "the scenario")
        query = query_of(scenario)
        compile_scenario(self.model.world, scenario_of(query))
        return {"address": query.address.encode()}

    def do_dossier(
        self, tell: Tell, a: str, b: str, audience: list[str], bands: bool, full: bool = False
    ) -> Parts:
        """A dossier as a page, as JSON, its tables as CSV, and its charts as pictures."""
        world = self.model.world
        made = dossier(a, b, tuple(audience), world, bands=bands, full=full, progress=tell, aside=self.aside)
        tell(4, 5, "charts")
        return {
            **{sheet: gzipped(form_of(sheet)(made)) for sheet in SHEETS},
            "json": gzipped(json.dumps(made.to_dict(), ensure_ascii=False, allow_nan=False)),
            **dossier_parts(self.renderer, made, figures_of(made), tuple(audience), bands, full),
        }

    def do_dossier_file(self, tell: Tell, content: bytes, form: str, **asked: Any) -> Parts:
        """A file of a dossier for which something is drawn or printed, made of its JSON."""
        return {"file": file_of(content, form)}

    def do_sweep(self, tell: Tell, address: str) -> Parts:
        """Many scenarios at once; what was solved before a crash is not solved again."""
        query = parse_sweep(parse_qsl(address, keep_blank_values=True))
        text = grid_text(query, self.model.world)
        grid = parse_grid(text, "the sweep")
        folder = self.cache.sweep_folder(digest(["sweep", query.address, self.facts()]))
        run_sweep(grid, folder, workers=0, resume=True, into=True, chunk=SWEEP_CHUNK, progress=tell)
        table = collect(folder)
        made = sweep_answer(query, self.model.world, self.model.accounts().income, table)
        self.cache.forget_sweep(folder)
        return {
            "json": gzipped(render.as_json(made)),
            "csv": gzipped(table.to_csv(index=False, lineterminator="\n")),
            "yaml": gzipped(text),
        }

    def do_products(self, tell: Tell, search: str) -> Parts:
        """All raw materials."""
        page = materials.products_page(search)
        return self.laid_out(page, render.as_json(page.answer))

    def do_product(self, tell: Tell, code: str, buyer: str, stops: str) -> Parts:
        """One raw material."""
        page = materials.product_page(code, buyer, stops)
        return self.laid_out(page, render.as_json(page.answer))


def dossier_parts(
    renderer: Renderer,
    made: Dossier,
    figures: Sequence[Figure],
    audience: tuple[str, ...],
    bands: bool,
    full: bool = False,
) -> Parts:
    """Make the page of a dossier that is gathered, and what stands beside it.

    figures: its figures.
    audience: as asked.
    bands, full: whether bands, and the slow chapters, were asked for.
    """
    view = views.DossierView(made, tuple(figures), audience, bands, full)
    return {"html": renderer.page("dossier", view), **_beside(figures, made)}


def _beside(figures: Sequence[Figure], made: Dossier) -> Parts:
    """What downloads are made of: tables, pictures without their fonts, and their words."""
    shown = charts_of(made)
    return {
        **{f"csv:{figure.key}": gzipped(figure.csv()) for figure in figures},
        **{f"svg:{figure.key}": gzipped(figure.poster(made.provenance.run_id)) for figure in figures},
        **{f"svg:{key}": gzipped(_alone(chart)) for key, chart in shown.items()},
        "figures": json.dumps(
            {
                **{key: _screen_chart(chart, made) for key, chart in shown.items()},
                **{figure.key: _about(figure) for figure in figures},
            }
        ).encode(),
    }


def _alone(chart: Chart) -> str:
    """A chart of a screen as an image of its own."""
    drawn = PicturePanel("", lambda canvas: canvas.put(chart.drawing.wide, 0, 0), half=False)
    title, sub, source = map(said, (chart.title, chart.alone or chart.sub, chart.source))
    return standing_alone(
        (drawn,), chart.drawing.label, (Line(title, 18, bold=True), Line(sub)), (Line(source),)
    )


def _screen_chart(chart: Chart, made: Dossier) -> dict[str, Any]:
    """A chart as it stands alone: its title names the two states."""
    title, sub, source = map(said, (chart.title, chart.alone or chart.sub, chart.source))
    title = DEFAULT_LANGUAGE.say(
        "page.of_pair", {**parts_of(made).sides, "title": DEFAULT_LANGUAGE.inside(title)}
    )
    drawn = {"alt": "", "drawing": chart.drawing.html}
    return {"title": title, "subtitle": sub, "source": source, **drawn}


def _about(figure: Figure) -> dict[str, Any]:
    return {
        "title": figure.title,
        "subtitle": figure.subtitle,
        "source": figure.source,
        "alt": figure.alt,
        "drawing": "",
    }


def _query(address: str) -> Query:
    return parse_query(parse_qsl(address, keep_blank_values=True))
