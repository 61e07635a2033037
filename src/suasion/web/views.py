"""What each template gets: one typed view, with the context that its JSON twin gives and what only the page needs."""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from urllib.parse import urlencode

from suasion.answers.answer import Answer
from suasion.answers.render.html import as_html
from suasion.answers.render.lines import title_of
from suasion.dossier import Dossier
from suasion.dossier.figure import Figure
from suasion.dossier.page import panels_of
from suasion.dossier.sections import PageSection, page_sections
from suasion.dossier.site.about import DataContext
from suasion.dossier.site.changes import ChangesContext
from suasion.dossier.site.cite import CiteContext
from suasion.dossier.site.claims import ClaimsContext
from suasion.dossier.site.materials import ProductContext, ProductsContext
from suasion.dossier.site.method import MethodContext
from suasion.dossier.site.rows import CountriesPage, CountryPage, Home, LeveragePage, PairsPage, SearchPage
from suasion.dossier.site.scenario import ScenarioPage
from suasion.dossier.tables import PrintedTable, certificate_table, source_table
from suasion.extras import is_installed
from suasion.web.views_answers import Compare, Embed, SweepPage, WhyPage


@dataclass(frozen=True, slots=True)
class Shown:
    """A page of one context.

    context: What the JSON twin gives.
    """

    context: object


@dataclass(frozen=True, slots=True)
class Product:
    """One raw material.

    context: What the JSON twin gives.
    countries: Buyers and suppliers that can be chosen, code to name.
    """

    context: ProductContext
    countries: dict[str, str]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One address of the API.

    method, path, summary, description: As in the OpenAPI document.
    parameters: tuple of (str, str, str). Name, place, meaning.
    statuses: tuple of (str, str). Status and meaning.
    """

    method: str
    path: str
    summary: str
    description: str
    parameters: tuple[tuple[str, str, str], ...]
    statuses: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Api:
    """The API page.

    version: Of the API.
    endpoints: In the order of the document.
    """

    version: str
    endpoints: tuple[Endpoint, ...]


@dataclass(frozen=True, slots=True)
class ErrorPage:
    """A page that says what is wrong and where to go instead.

    title, message: What is wrong, and how to mend it.
    links: tuple of (str, str). Neighbours: words and path.
    """

    title: str
    message: str
    links: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Wait:
    """A page that shows the progress of a job, and becomes its result.

    job: Its key.
    title, what: What is made, and which step runs.
    done, total: Progress.
    target: Address of the result: this page again.
    own: Whether the reader may cancel it; not where all readers wait for it.
    first: What is known before, from :func:`suasion.dossier.site.first.first_answer`.
    """

    job: str
    title: str
    what: str
    done: int
    total: int
    target: str
    own: bool = True
    first: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EmbedFigure:
    """One figure of a dossier, to stand in another page.

    base, tail: Path of the dossier, and its query with the question mark.
    key, title, subtitle, source, alt: The figure: identifier, finding, measure, source line, description.
    panels: Keys of its pictures.
    drawing: The chart of a screen, drawn for the page.
    """

    base: str
    tail: str
    key: str
    title: str
    subtitle: str
    source: str
    alt: str
    panels: list[str]
    drawing: str = ""


@dataclass(frozen=True, slots=True)
class DossierView:
    """The dossier.

    context: What the JSON twin gives.
    figures: Its figures; each drawing has a picture at an address of its own, drawn when it is asked for.
    audience: As asked.
    bands, full: Whether bands, and the slow chapters, were asked for.
    """

    context: Dossier
    figures: tuple[Figure, ...]
    audience: tuple[str, ...] = ()
    bands: bool = False
    full: bool = False

    @property
    def sections(self) -> tuple[PageSection, ...]:
        """Figures and tables under their questions."""
        return page_sections(self.context, self.figures)

    @property
    def data_tables(self) -> tuple[PrintedTable, ...]:
        """Data sets, and checks."""
        return tuple(
            table for table in (source_table(self.context), certificate_table(self.context)) if table
        )

    @property
    def base(self) -> str:
        """Path of the dossier."""
        return f"/dossier/{self.context.a.code}/{self.context.b.code}"

    @property
    def pictures(self) -> dict[str, dict[str, str]]:
        """Addresses of static pictures by the key of the panel; none where the package that draws them is absent."""
        if not is_installed("vl_convert"):
            return {}
        asked = self.asked()
        return {one.key: {"src": f"{self.base}/{one.key}.svg?{asked}"} for one in panels_of(self.figures)}

    def asked(self, **changed: str) -> str:
        """Query string of the dossier, with parameters replaced."""
        given = {
            "audience": "~".join(self.audience) or "none",
            "bands": "1" if self.bands else "",
            "full": "1" if self.full else "",
        }
        return urlencode([(k, v) for k, v in {**given, **changed}.items() if v], safe="~")


@dataclass(frozen=True, slots=True)
class AnswerView:
    """One answer as it is.

    title, body: Its question, and all that it tells as markup.
    address: Of its other forms, with a place for the ``form``.
    """

    title: str
    body: str
    address: str

    @classmethod
    def of(cls, kept: bytes, address: str) -> AnswerView:
        """Return the view of an answer that is kept compressed, as JSON."""
        answer = Answer.from_dict(json.loads(gzip.decompress(kept)))
        return cls(title_of(answer), as_html(answer, heading="h1"), address)


@dataclass(frozen=True, slots=True)
class Page:
    """One kind of page.

    path: Its address.
    template: Name of the template.
    view: type. What the template gets, or the context of a page that shows nothing else.
    twin: Address of the same content as JSON.
    """

    path: str
    template: str
    view: type
    twin: str


PAGES: tuple[Page, ...] = (
    Page("/api/answers/{name}.{form}", "answer", AnswerView, "/api/answers/{name}.{form}"),
    Page("/", "front", Home, "/api/front"),
    Page("/countries", "countries", CountriesPage, "/api/front"),
    Page("/country/{code}", "country", CountryPage, "/api/answers/{name}.{form}"),
    Page("/pairs", "pairs", PairsPage, "/api/answers/{name}.{form}"),
    Page("/search", "search", SearchPage, "/api/search"),
    Page("/scenario", "scenario", ScenarioPage, "/api/scenario"),
    Page("/scenario/why", "why", WhyPage, "/api/why"),
    Page("/scenario/part", "result", ScenarioPage, "/api/scenario"),
    Page("/result/{run}", "frozen", ScenarioPage, "/api/scenario"),
    Page("/embed/scenario/{figure}", "embed", Embed, "/api/scenario"),
    Page("/embed/dossier/{a}/{b}/{key}", "figure", EmbedFigure, "/api/dossier/{a}/{b}"),
    Page("/sweep", "sweep", SweepPage, "/api/sweep"),
    Page("/cite", "cite", CiteContext, "/api/cite"),
    Page("/compare", "compare", Compare, "/api/compare"),
    Page("/dossier/{a}/{b}", "dossier", DossierView, "/api/dossier/{a}/{b}"),
    Page("/leverage", "leverage", LeveragePage, "/api/answers/{name}.{form}"),
    Page("/products", "products", ProductsContext, "/api/products"),
    Page("/products/{code}", "product", Product, "/api/products/{code}"),
    Page("/data", "data", DataContext, "/api/data"),
    Page("/changes", "changes", ChangesContext, "/api/changes"),
    Page("/claims", "claims", ClaimsContext, "/api/claims"),
    Page("/status", "status", Shown, "/healthz"),
    Page("/method", "method", MethodContext, "/api/method"),
    Page("/api", "api", Api, "/api/openapi.json"),
    Page("/jobs/{key}", "wait", Wait, "/api/jobs/{key}"),
    Page("", "error", ErrorPage, ""),
)
"""Every template of the application; the last one answers errors, whose twin is the error as JSON."""
