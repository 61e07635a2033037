"""Every template is a page, what it shows is documented; every page has a JSON twin; the room computes nothing."""

from __future__ import annotations

import ast
import dataclasses
import inspect
import re
from pathlib import Path

import pytest

pytest.importorskip("fastapi", reason="the extra `app` is absent")


from suasion.dossier.site import about, cite
from suasion.dossier.site.about import MethodContext
from suasion.dossier.site.scenario import ScenarioPage
from suasion.web import Settings, create_app, views
from trees import tree_of

ROOM = Path(views.__file__).parent
TEMPLATES = sorted((ROOM / "templates").glob("*.j2"))
SHARED = {"layout", "site_parts", "bare"}


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    return create_app(Settings(cache=tmp_path_factory.mktemp("cache")))


def routes(app) -> set[tuple[str, str]]:
    """Methods and paths of all routes, those of included routers too."""
    found = set()
    pending = list(app.routes)
    while pending:
        route = pending.pop()
        inner = getattr(route, "original_router", None) or getattr(route, "router", None)
        if inner is not None and hasattr(inner, "routes"):
            pending += list(inner.routes)
        if hasattr(route, "path") and getattr(route, "methods", None):
            found |= {(method, route.path) for method in route.methods}
    return found


PAGES = (
    ("/api/answers/{name}.{form}", "answer", "/api/answers/{name}.{form}"),
    ("/", "front", "/api/front"),
    ("/countries", "countries", "/api/front"),
    ("/country/{code}", "page", "/api/answers/{name}.{form}"),
    ("/pairs", "pairs", "/api/answers/{name}.{form}"),
    ("/search", "search", "/api/search"),
    ("/scenario", "scenario", "/api/scenario"),
    ("/scenario/why", "why", "/api/why"),
    ("/scenario/part", "result", "/api/scenario"),
    ("/result/{run}", "frozen", "/api/scenario"),
    ("/embed/scenario/{figure}", "embed", "/api/scenario"),
    ("/embed/dossier/{a}/{b}/{key}", "figure", "/api/dossier/{a}/{b}"),
    ("/sweep", "sweep", "/api/sweep"),
    ("/cite", "cite", "/api/cite"),
    ("/compare", "compare", "/api/compare"),
    ("/dossier/{a}/{b}", "dossier", "/api/dossier/{a}/{b}"),
    ("/leverage", "page", "/api/answers/{name}.{form}"),
    ("/products", "page", "/api/products"),
    ("/products/{code}", "page", "/api/products/{code}"),
    ("/data", "data", "/api/data"),
    ("/changes", "page", "/api/changes"),
    ("/claims", "page", "/api/claims"),
    ("/trial", "page", "/api/answers/{name}.{form}"),
    ("/closer/{a}/{b}/{c}", "page", "/api/answers/{name}.{form}"),
    ("/strait/{name}", "page", "/api/answers/{name}.{form}"),
    ("/measure/{name}", "page", "/api/answers/{name}.{form}"),
    ("/tariffs", "page", "/api/answers/{name}.{form}"),
    ("/forecasts", "page", "/api/answers/{name}.{form}"),
    ("/status", "status", "/healthz"),
    ("/method", "method", "/api/method"),
    ("/api", "api", "/api/openapi.json"),
    ("/jobs/{key}", "wait", "/api/jobs/{key}"),
)
"""Path of each page, its template, and the address of the same content as JSON."""
WITHOUT_PATH = {"edition", "error"}
"""Templates that answer errors, whose twin is the error as JSON, and the search of an edition, which no server has."""
VIEWS = (
    views.DossierView,
    views.Compare,
    views.SweepPage,
    views.WhyPage,
    ScenarioPage,
    about.DataContext,
    about.FrontContext,
    cite.CiteContext,
    MethodContext,
)
"""Types that a template or a twin gets."""


def test_every_template_is_a_page():
    names = {path.name.removesuffix(".html.j2") for path in TEMPLATES} - SHARED - WITHOUT_PATH
    assert names == {template for _, template, _ in PAGES}


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.__name__)
def test_every_field_of_a_view_is_documented(view):
    for kind in (view, *context_types(view)):
        text = inspect.getdoc(kind) or ""  # Python 3.13 takes the indentation away itself
        documented = set(re.findall(r"^(\w[\w, ]*?) ?:", text, re.MULTILINE))
        documented = {name.strip() for names in documented for name in names.split(",")}
        missing = {field.name for field in dataclasses.fields(kind)} - documented
        assert not missing, f"{kind.__name__}: {missing}"


def context_types(view: type) -> list[type]:
    """The context of a view, with the rows in it, where this room defines them."""
    names = {name for field in dataclasses.fields(view) for name in re.findall(r"\w+", str(field.type))}
    rooms = (
        about,
        cite,
    )
    both = {name: kind for room in rooms for name, kind in vars(room).items()}
    known = {name: kind for name, kind in both.items() if dataclasses.is_dataclass(kind)}
    found: list[type] = []
    pending = [known[name] for name in names if name in known]
    while pending:
        kind = pending.pop()
        if kind not in found:
            found.append(kind)
            inner = {
                name for field in dataclasses.fields(kind) for name in re.findall(r"\w+", str(field.type))
            }
            pending += [known[name] for name in inner if name in known]
    return found


@pytest.mark.parametrize(("path", "template", "twin"), PAGES)
def test_every_page_has_a_json_twin(app, path, template, twin):
    known = routes(app)
    assert ("GET", path) in known
    assert ("GET", twin) in known


def test_the_document_lists_every_twin(app):
    paths = app.openapi()["paths"]
    assert {twin for _, _, twin in PAGES if twin.startswith("/api/")} - {"/api/openapi.json"} <= set(paths)
    for path, methods in paths.items():
        for method, told in methods.items():
            assert told.get("description"), (method, path)
            for parameter in told.get("parameters", []):
                assert parameter.get("description"), (path, parameter["name"])


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_templates_keep_to_the_policy(path):
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"\sstyle=|\son[a-z]+=|<style|<script>|https?://|javascript:", text)
    assert re.findall(r"\|safe", text) == ["|safe"] * len(re.findall(r"\|island\|safe", text))


def test_numbers_with_a_band_may_wrap():
    """A band in one line is wider than a phone; number and unit are kept together by the text itself."""
    text = (ROOM / "static" / "site.css").read_text(encoding="utf-8")
    (rule,) = re.findall(r"\.num\{([^}]*)\}", text)
    assert "nowrap" not in rule


def test_the_script_asks_this_server_only():
    text = (ROOM / "static" / "app.js").read_text(encoding="utf-8")
    assert not re.search(r"https?://|eval\(|new Function|innerHTML|document\.write", text)


@pytest.mark.parametrize("path", sorted(ROOM.glob("*.py")), ids=lambda path: path.name)
def test_the_room_computes_nothing(path):
    wrong = [
        node.lineno
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult | ast.Sub | ast.Pow | ast.MatMult)
    ]
    assert not wrong


def words_of(page: str) -> list[str]:
    """Texts of a page's main part, one for each element that holds a finding, a heading, a cell or a caution."""
    page = re.sub(r'<a class="num"[^>]*>(.*?)</a>', r"\1", page)  # a number that leads to its table
    page = re.sub(r'src="data:[^"]*"', "", page)  # a drawing, whose text is its table's
    main = re.sub(
        r"<(script|style|nav|form).*?</\1>",
        " ",
        page.partition("<main")[2].partition("</main>")[0],
        flags=re.DOTALL,
    )
    found = re.findall(
        r"<(h2|h3|h4|li|td|th|p|dt|dd)[^>]*>(.*?)(?=</?(?:h2|h3|h4|li|td|th|p|dt|dd|tr)\b)", main, re.DOTALL
    )
    return [" ".join(re.sub(r"<[^>]+>", " ", text).split()) for _, text in found]


def test_the_served_dossier_says_all_that_the_file_says():
    from tests.unit.made_up import made_up

    from suasion.dossier.figures import figures as figures_of
    from suasion.dossier.page import render_html
    from suasion.web.render import Renderer

    made = made_up()
    figures = figures_of(made)
    view = views.DossierView(made, figures, ("USA", "EU"))
    served = Renderer(dict.fromkeys(("app.css", "site.css", "app.js"), "/static/x")).text("dossier", view)
    told = words_of(served)  # links to files of a drawing stand after what the file says of it
    missing = [
        text for text in words_of(render_html(made)) if text and not any(one.startswith(text) for one in told)
    ]
    assert missing == []
