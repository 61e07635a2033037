"""How the help is ordered: commands by what one wants, and two examples a command."""

from __future__ import annotations

import typer

from suasion.questions import QUESTIONS
from suasion.questions.question import Named, Side, State

GROUPS: dict[str, tuple[str, ...]] = {
    "Measure": (
        "ask", "dyad", "country", "depend", "dependence", "trade-history", "panel", "materials",
        "raw-materials", "published-totals", "energy-trade", "finance", "screen", "replace", "substitutes", "compare",
        "before-after",
    ),
    "Simulate": (
        "simulate", "exit-cost", "critical-levels", "welfare-exposure", "friends-and-enemies", "sensitivity", "drivers",
        "sweep", "straits", "dated-measures", "published",
    ),
    "Strategy": (
        "leverage", "frontier", "levers", "joint-threats", "power-over-years", "tariffs", "tariff-war",
        "alignment-tariff", "bargain", "pipeline-rent", "supplier", "defiance", "dispute",
    ),
    "Alignment": (
        "align", "alignment", "closer-to", "alliance", "events", "ladder", "triangle", "arms", "signal",
        "sanctions-onset",
    ),
    "Forecast": ("outlook", "share", "hindcast", "forecast-skill", "forecasts", "trial"),
    "Data": ("data", "world", "nowcast", "with-tariffs", "measures"),
    "Serve": ("demo", "serve", "site", "mcp"),
}  # fmt: skip
"""Heading to commands, in the order of the help; a question that no heading names stands under the last but two."""
REST = "Strategy"
EXAMPLES: dict[str, tuple[str, str]] = {
    "align": ("align RUS CHN", "align RUS CHN --format csv"),
    "alignment-tariff": ("alignment-tariff USA IND", "alignment-tariff USA IND --tariff 50 --value 50000"),
    "ask": (
        "ask what would Germany lose without China",
        'ask "Seit wann ist Deutschland von China abhängig?"',
    ),
    "before-after": ("before-after", "before-after --name us_china_2018"),
    "bargain": ("bargain network.yaml", "bargain network.yaml --draws 200"),
    "compare": ("compare first.json second.json", "compare first.json second.json --html both.html"),
    "dated-measures": ("dated-measures", "dated-measures --name eu_oil_2022"),
    "data": ("data list", "data info sipri"),
    "demo": ("demo", "--world 2019 demo"),
    "depend": ("depend DEU --on CHN", "depend DEU --on CHN --history"),
    "dyad": ("dyad RUS CHN", "dyad DEU CHN --html germany-china.html"),
    "events": ("events RUS CHN", "events IND PAK --kind conduct --format csv"),
    "forecasts": ("forecasts", "forecasts --format json"),
    "frontier": ("frontier USA,EU RUS", "frontier USA,EU RUS --format csv"),
    "hindcast": ("hindcast RUS CHN", "hindcast RUS CHN --measure exports --origin 2019"),
    "forecast-skill": ("forecast-skill", "forecast-skill --group coal"),
    "leverage": ("leverage", "leverage --chart leverage.svg"),
    "mcp": ("mcp", "--world 2022 mcp"),
    "measures": (
        "measures country-by-time.csv --day 2025-04-09 --out april.yaml",
        "measures interventions.csv --day 2024-01-01 --by CHN --on USA --out china.yaml",
    ),
    "nowcast": ("nowcast totals.csv --year 2025 --out world.npz", "--world world.npz exit-cost RUS CHN"),
    "outlook": ("outlook RUS CHN", "outlook RUS CHN --scenario persist --growth RUS:0.5"),
    "power-over-years": ("power-over-years CHN --over USA", "power-over-years USA --draws 0"),
    "published": ("published USA CHN", "published USA CHN --format json"),
    "replace": ("replace CHN RUS", "replace EU CHN --format csv"),
    "exit-cost": ("exit-cost RUS CHN", "exit-cost ASEAN CHN --horizon long"),
    "dependence": ("dependence RUS CHN", "dependence ASEAN CHN --format csv"),
    "trade-history": ("trade-history RUS CHN", "trade-history EU RUS --format csv"),
    "panel": ("panel ASEAN --on CHN", "panel ASEAN --on CHN --years 2011-2024 --out asean.parquet"),
    "screen": ("screen EU", "screen DEU --format csv"),
    "serve": ("serve", "serve --port 9000 --workers 4"),
    "site": ("site --pairs RUS-CHN,USA-CHN --out public", "site --pairs RUS-CHN --out public --holders all"),
    "signal": ("signal russia_china_2014_2026", "signal russia_china_2014_2026 --target 0.1"),
    "simulate": ("simulate scenario.yaml", "simulate --tariff USA:CHN:60% --tariff CHN:USA:60% --draws 64"),
    "straits": ("straits", "straits --horizon months"),
    "sweep": ("sweep grid.yaml --out losses", "sweep grid.yaml --out losses --workers 4"),
    "tariffs": ("tariffs USA", "tariffs USA --day 2025-04-20 --show tariff-removals"),
    "world": ("world check table.csv --year 2022", "world check table.csv --year 2022 --out world.npz"),
    "tariff-war": ("tariff-war", "tariff-war --format csv"),
    "trial": ("trial", "trial --episode us_china_collected"),
    "with-tariffs": ("with-tariffs rates.csv --out world.npz", "--world world.npz exit-cost RUS CHN"),
    "triangle": ("triangle USA RUS CHN", "triangle USA RUS CHN --year 2000"),
}
_STANDS_FOR = {
    State: ("RUS", "CHN", "USA"),
    Side: ("USA", "CHN", "RUS"),
    Named: ("russia_5g", "russia_5g", "russia_5g"),
}


def examples_of(name: str) -> tuple[str, ...]:
    """Return two examples of a command, without the name of the program."""
    if name in EXAMPLES or name not in (known := {one.command: one for one in QUESTIONS.values()}):
        return EXAMPLES.get(name, ())
    needed = [one for one in known[name].parameters if one.required]
    words = [_STANDS_FOR.get(one.kind, ("FILE", "FILE", "FILE"))[place] for place, one in enumerate(needed)]
    plain = " ".join([name, *words])
    return plain, f"{plain} --format json"


def order(app: typer.Typer) -> None:
    """Put the commands of an application under their headings, in order, each with its examples."""
    places = {name: (heading, place) for heading, names in GROUPS.items() for place, name in enumerate(names)}
    headings = list(GROUPS)

    def name_of(one: typer.models.CommandInfo) -> str:
        return one.name or getattr(one.callback, "__name__", "").replace("_", "-")

    def key(one: typer.models.CommandInfo) -> tuple[int, int]:
        heading, place = places.get(name_of(one), (REST, 99))
        return headings.index(heading), place

    app.registered_commands.sort(key=key)
    for one in app.registered_commands:
        one.rich_help_panel = places.get(name_of(one), (REST, 99))[0]
        one.epilog = "Examples: " + "; ".join(f"suasion {line}" for line in examples_of(name_of(one)))
    for group in app.registered_groups:
        group.rich_help_panel = places[str(group.name)][0]
        group.epilog = "Examples: " + "; ".join(f"suasion {line}" for line in examples_of(str(group.name)))
