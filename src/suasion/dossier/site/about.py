"""Contexts of the front page, the data page, the comparison and the page of methods."""

from __future__ import annotations

from dataclasses import dataclass
from suasion import __version__
from suasion.answers.catalogue import say
from suasion.answers.language import DEFAULT_LANGUAGE, alphabetical, capital
from suasion.coercion.leverage.intervals import listed_states
from suasion.pages.printed import plain
from suasion.dossier.site.rows import SCHEMA, TwinContext
from suasion.pages.page import Link
from suasion.dossier.chapter import listing, state
from suasion.errors import SuasionError
from suasion.questions.scenarios.instruments import STARTERS, BuilderOptions
from suasion.sources import country_codes, group_names, manifest, members
from suasion.world import World
from dataclasses import dataclass
from suasion.answers.catalogue import has, say
from suasion.dossier.site.rows import SCHEMA, TwinContext
from suasion.equilibrium.elasticities.schedule import FLOOR, NESTS, S_LONG, S_SHORT

@dataclass(frozen=True, slots=True)
class DataFile:
    """One embedded data file.

    name, source, licence, package, checksum: File, source, terms, what carried it, SHA-256.
    """

    name: str
    source: str
    licence: str
    package: str
    checksum: str


@dataclass(frozen=True, slots=True)
class DataContext(TwinContext):
    """Where every number comes from.

    question, sentence: Title and answer.
    world: The world's table: data set, year, size, checksum, licence, citation.
    steps, notes: What was done to the table; cautions.
    files: Embedded files.
    version: Of Suasion.
    schema: Version of this context.
    """

    world: dict[str, str]
    steps: tuple[str, ...]
    notes: tuple[str, ...]
    files: tuple[DataFile, ...]
    version: str
    schema: int = SCHEMA


@dataclass(frozen=True, slots=True)
class FrontContext(TwinContext):
    """The front page.

    question, sentence: Title and answer.
    countries: States that can be named, code to name; those of the world's table first.
    in_world: Codes of the economies of the world's table.
    groups: Groups that can be an audience or a coalition.
    scenarios, dyads: Leading questions and pairs.
    vintage: Data set and year.
    version: Of Suasion.
    schema: Version of this context.
    """

    countries: dict[str, str]
    in_world: tuple[str, ...]
    groups: tuple[str, ...]
    scenarios: tuple[Link, ...]
    dyads: tuple[Link, ...]
    vintage: str
    version: str
    schema: int = SCHEMA


PAIRS = (("RUS", "CHN"), ("USA", "CHN"), ("AUS", "CHN"), ("DEU", "RUS"), ("MEX", "USA"), ("UKR", "RUS"))
"""Pairs that the front page opens with."""


def _pair(a: str, b: str) -> Link:
    names = [state(code) for code in (a, b)]
    return Link(capital(listing(names)), f"/dossier/{a}/{b}")


def named_countries(world: World) -> dict[str, str]:
    """States that can be named, code to name: those of the world first, then all others, each by name."""
    inside = {code: plain(code) for code in listed_states(world)}
    codes = {str(code) for code in country_codes()["iso3"]}.difference(inside)
    outside = {code: plain(code) for code in codes}
    return {
        **dict(sorted(inside.items(), key=lambda pair: alphabetical(pair[1]))),
        **dict(sorted(outside.items(), key=lambda pair: alphabetical(pair[1]))),
    }


def living_groups(world: World) -> tuple[str, ...]:
    """Groups that have members in the year of the world."""
    found = []
    for name in group_names():
        try:
            members(name, world.year)
        except SuasionError:
            continue
        found.append(name)
    return tuple(found)


def front_context(world: World) -> FrontContext:
    """The front page of a world."""
    return FrontContext(
        question=say("pages.front.question"),
        sentence=say("pages.front.sentence"),
        countries=named_countries(world),
        in_world=listed_states(world),
        groups=living_groups(world),
        scenarios=tuple(Link(one.question, f"/scenario?{one.address}") for one in STARTERS),
        dyads=tuple(_pair(a, b) for a, b in PAIRS),
        vintage=say(
            "pages.front.vintage",
            data=world.provenance.dataset,
            year=world.year,
            count=len(listed_states(world)),
        ),
        version=__version__,
    )


def _industry(world: World, code: str) -> str:
    """Name of an industry, as another table has it where the language does not."""
    name = DEFAULT_LANGUAGE.industry(code)
    return world.sector_names.get(code, code) if name == code else name


def options(world: World) -> BuilderOptions:
    """What the scenario builder offers for a world."""
    return BuilderOptions(
        sectors={code: _industry(world, code) for code in world.sectors},
        countries=dict(sorted(((c, plain(c)) for c in listed_states(world)), key=lambda pair: alphabetical(pair[1]))),
        groups=living_groups(world),
    )


def data_context(world: World) -> DataContext:
    """The data page of a world."""
    made = world.provenance
    files = tuple(
        DataFile(
            name,
            entry.get("source", ""),
            entry.get("licence", ""),
            entry.get("package", ""),
            entry.get("sha256", ""),
        )
        for name, entry in sorted(manifest().items())
    )
    return DataContext(
        question=say("pages.data.question"),
        sentence=say("pages.data.sentence", count=len(files)),
        world={
            say("pages.data.data_set"): made.dataset,
            say("pages.data.year"): str(world.year),
            say("pages.data.size"): say(
                "pages.data.sizes", economies=len(world.states), industries=len(world.sectors)
            ),
            say("pages.data.checksum"): world.checksum,
            say("pages.data.terms"): made.licence,
            say("pages.data.cite_as"): made.citation,
        },
        steps=made.transformations,
        notes=world.notes,
        files=files,
        version=__version__,
    )


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the page.

    key: Identifier within the page: ``/method#welfare``.
    title: Heading.
    paragraphs: Text.
    """

    key: str
    title: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MethodContext(TwinContext):
    """The method page.

    question, sentence: Title and answer.
    parts: Text in order.
    schema: Version of this context.
    """

    parts: tuple[Part, ...]
    schema: int = SCHEMA


KEYS = ("welfare", "horizons", "bands", "pages", "why", "materials", "limits", "checks")
"""PairAnswers of the page in order."""
MOST_PARAGRAPHS = 3


def method_context() -> MethodContext:
    """The method page; its numbers come from the presets themselves."""
    return MethodContext(
        question=say("pages.method.question"),
        sentence=say("pages.method.sentence"),
        parts=tuple(_part(key, _numbers()) for key in KEYS),
    )


def _numbers() -> dict[str, str]:
    ends = {"s_short": S_SHORT, "s_long": S_LONG, "floor": FLOOR}
    for name in ("zeta", "epsilon", "kappa"):
        ends |= {f"{name}_short": NESTS[name].short, f"{name}_long": NESTS[name].long}
    return {name: f"{value:g}" for name, value in ends.items()}


def _part(key: str, numbers: dict[str, str]) -> Part:
    start = f"pages.method.{key}"
    found = [f"{start}.text_{k}" for k in range(1, MOST_PARAGRAPHS + 1)]
    texts = tuple(say(place, **numbers) for place in found if has(place))
    return Part(key, say(f"{start}.title"), texts)
