"""What each template gets: one typed view, with the context that its JSON twin gives and what only the page needs."""

from __future__ import annotations

from dataclasses import dataclass

from suasion.dossier.explore.article import ClaimsContext
from suasion.dossier.explore.changes import ChangesContext
from suasion.dossier.explore.method import MethodContext
from suasion.dossier.explore.rows_pages import (
    DataContext,
    ProductContext,
    ProductsContext,
)
from suasion.dossier.explore.share import CiteContext
from suasion.dossier.explore.sweep import TWO_SIDED, SweepContext, SweepQuery
from suasion.dossier.explore.why import WhyContext
from suasion.dossier.site.rows import CountriesPage, CountryPage, Home, LeveragePage, PairsPage, SearchPage
from suasion.questions.scenarios.instruments import Options
from suasion.web.models import Health
from suasion.web.scenario_view import ScenarioPage
from suasion.web.views_answers import Compare, DossierView, Embed


@dataclass(frozen=True, slots=True)
class Data:
    """The data page.

    Attributes
    ----------
    context : DataContext
        What the JSON twin gives.
    """

    context: DataContext


@dataclass(frozen=True, slots=True)
class Method:
    """The method page.

    Attributes
    ----------
    context : MethodContext
        What the JSON twin gives.
    """

    context: MethodContext


@dataclass(frozen=True, slots=True)
class Why:
    """The numbers of a scenario taken apart.

    Attributes
    ----------
    context : WhyContext
        What the JSON twin gives.
    """

    context: WhyContext


@dataclass(frozen=True, slots=True)
class Changes:
    """The change log.

    Attributes
    ----------
    context : ChangesContext
        What the JSON twin gives.
    """

    context: ChangesContext


@dataclass(frozen=True, slots=True)
class Claims:
    """The claims of the article.

    Attributes
    ----------
    context : ClaimsContext
        What the JSON twin gives.
    """

    context: ClaimsContext


@dataclass(frozen=True, slots=True)
class Status:
    """How the server is.

    Attributes
    ----------
    health : Health
        What the JSON twin gives.
    """

    health: Health


@dataclass(frozen=True, slots=True)
class Products:
    """All raw materials.

    Attributes
    ----------
    context : ProductsContext
        What the JSON twin gives.
    """

    context: ProductsContext


@dataclass(frozen=True, slots=True)
class Product:
    """One raw material.

    Attributes
    ----------
    context : ProductContext
        What the JSON twin gives.
    countries : mapping of str to str
        Buyers and suppliers that can be chosen, code to name.
    """

    context: ProductContext
    countries: dict[str, str]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One address of the API.

    Attributes
    ----------
    method, path, summary, description : str
        As in the OpenAPI document.
    parameters : tuple of (str, str, str)
        Name, place, meaning.
    statuses : tuple of (str, str)
        Status and meaning.
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

    Attributes
    ----------
    version : str
        Of the API.
    endpoints : tuple of Endpoint
        In the order of the document.
    """

    version: str
    endpoints: tuple[Endpoint, ...]


@dataclass(frozen=True, slots=True)
class Trouble:
    """A page that says what is wrong and where to go instead.

    Attributes
    ----------
    title, message : str
        What is wrong, and how to mend it.
    links : tuple of (str, str)
        Neighbours: words and path.
    """

    title: str
    message: str
    links: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Wait:
    """A page that shows the progress of a job, and becomes its result.

    Attributes
    ----------
    job : str
        Its key.
    title, what : str
        What is made, and which step runs.
    done, total : int
        Progress.
    target : str
        Address of the result: this page again.
    own : bool
        Whether the reader may cancel it; not where all readers wait for it.
    """

    job: str
    title: str
    what: str
    done: int
    total: int
    target: str
    own: bool = True


@dataclass(frozen=True, slots=True)
class Cite:
    """How to cite and to embed a page.

    Attributes
    ----------
    context : CiteContext
        What the JSON twin gives.
    """

    context: CiteContext


@dataclass(frozen=True, slots=True)
class Sweep:
    """Many scenarios at once.

    Attributes
    ----------
    options : Options
        What can be chosen.
    query : SweepQuery
        What was chosen.
    context : SweepContext or None
        What the JSON twin gives; None before anything is asked.
    """

    options: Options
    query: SweepQuery
    context: SweepContext | None = None

    @property
    def kinds(self) -> dict[str, str]:
        """Instruments that can be swept, with their labels."""
        return {kind: self.options.kinds[kind].label for kind in TWO_SIDED}


@dataclass(frozen=True, slots=True)
class EmbedFigure:
    """One figure of a dossier, to stand in another page.

    Attributes
    ----------
    base, tail : str
        Path of the dossier, and its query with the question mark.
    key, title, subtitle, source, alt : str
        The figure: identifier, finding, measure, source line, description.
    panels : list of str
        Keys of its pictures.
    """

    base: str
    tail: str
    key: str
    title: str
    subtitle: str
    source: str
    alt: str
    panels: list[str]


View = (
    Cite
    | Changes
    | Claims
    | Status
    | Why
    | Embed
    | EmbedFigure
    | Sweep
    | Home
    | CountryPage
    | CountriesPage
    | LeveragePage
    | PairsPage
    | SearchPage
    | Data
    | Method
    | ScenarioPage
    | Compare
    | DossierView
    | Products
    | Product
    | Api
    | Trouble
    | Wait
)


@dataclass(frozen=True, slots=True)
class Page:
    """One kind of page.

    Attributes
    ----------
    path : str
        Its address.
    template : str
        Name of the template.
    view : type
        What the template gets.
    twin : str
        Address of the same content as JSON.
    """

    path: str
    template: str
    view: type
    twin: str


PAGES: tuple[Page, ...] = (
    Page("/", "front", Home, "/api/front"),
    Page("/countries", "countries", CountriesPage, "/api/front"),
    Page("/country/{code}", "country", CountryPage, "/api/answers/{name}.{form}"),
    Page("/pairs", "pairs", PairsPage, "/api/answers/{name}.{form}"),
    Page("/search", "search", SearchPage, "/api/search"),
    Page("/scenario", "scenario", ScenarioPage, "/api/scenario"),
    Page("/scenario/why", "why", Why, "/api/why"),
    Page("/scenario/part", "result", ScenarioPage, "/api/scenario"),
    Page("/result/{run}", "frozen", ScenarioPage, "/api/scenario"),
    Page("/embed/scenario/{figure}", "embed", Embed, "/api/scenario"),
    Page("/embed/dossier/{a}/{b}/{key}", "figure", EmbedFigure, "/api/dossier/{a}/{b}"),
    Page("/sweep", "sweep", Sweep, "/api/sweep"),
    Page("/cite", "cite", Cite, "/api/cite"),
    Page("/compare", "compare", Compare, "/api/compare"),
    Page("/dossier/{a}/{b}", "dossier", DossierView, "/api/dossier/{a}/{b}"),
    Page("/leverage", "leverage", LeveragePage, "/api/answers/{name}.{form}"),
    Page("/products", "products", Products, "/api/products"),
    Page("/products/{code}", "product", Product, "/api/products/{code}"),
    Page("/data", "data", Data, "/api/data"),
    Page("/changes", "changes", Changes, "/api/changes"),
    Page("/claims", "claims", Claims, "/api/claims"),
    Page("/status", "status", Status, "/healthz"),
    Page("/method", "method", Method, "/api/method"),
    Page("/api", "api", Api, "/api/openapi.json"),
    Page("/jobs/{key}", "wait", Wait, "/api/jobs/{key}"),
    Page("", "trouble", Trouble, ""),
)
"""Every template of the application; the last one answers errors, whose twin is the error as JSON."""
