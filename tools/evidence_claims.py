"""Evidence on the article's claims today: the page on the latest world, and facts of 2024 to 2026."""

from __future__ import annotations

import os
import re
import shlex
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from article import FENCE, PAGE, read_claims

Row = dict[str, Any]
THEN = "su.load_world(year=2022)"
"""The world that the page asks for, in its first block."""
DATED = re.compile(r"\b2022\b")
LOSSES = {
    (12, "Russia's loss, short, west open"): ("RUS", "CHN", "short", "open"),
    (12, "Russia's loss, long, west open"): ("RUS", "CHN", "long", "open"),
    (13, "China's loss, short"): ("CHN", "RUS", "short", "open"),
    (13, "China's loss, long"): ("CHN", "RUS", "long", "open"),
    (17, "Russia's loss without the EU, long, 2022"): ("RUS", "EU", "long", "open"),
    (20, "Russia's loss, short, 2022"): ("RUS", "CHN", "short", "open"),
    (23, "Australia's loss from a full cut, short"): ("AUS", "CHN", "short", "open"),
    (23, "Australia's loss from a full cut, long"): ("AUS", "CHN", "long", "open"),
    (27, "Russia's loss without the EU"): ("RUS", "EU", "long", "open"),
    (27, "Russia's loss without the United States"): ("RUS", "USA", "long", "open"),
    (34, "value of the tie to Russia, short"): ("RUS", "CHN", "short", "open"),
    (34, "value of the tie to Russia, long"): ("RUS", "CHN", "long", "open"),
    (35, "Russia's loss without China, short"): ("RUS", "CHN", "short", "open"),
    (35, "Russia's loss without China, long"): ("RUS", "CHN", "long", "open"),
}
"""Losses with ranges, by claim and row: who loses, whom, horizon, other markets."""
DISPUTES = {
    f"past targets that {did}: stood to lose less, {horizon}": (horizon, key)
    for did, key in (("did not yield", "above_defied"), ("yielded", "above_yielded"))
    for horizon in ("short", "long")
}
"""Rows of the sixteenth claim that have ranges: horizon, and key of the answer."""
GAS = "billion cubic metres"
TYPED = (
    (
        19,
        "external debt of Russia, 1 January 2026",
        319.8,
        "billion USD",
        "Bank of Russia, in daddycow.com, 3764694",
    ),
    (
        22,
        "gas through Power of Siberia, 2024",
        31.12,
        GAS,
        "Gazprom, in TASS, 5 December 2025 (economy/2054559)",
    ),
    (
        22,
        "gas through Power of Siberia, 2025",
        38.8,
        GAS,
        "Gazprom, in TASS, 13 January 2026 (economy/2070655)",
    ),
)
"""Facts that were read: claim, what, value, unit, where."""
REGISTER, TROOPS = (
    "SIPRI, register of transfers, March 2025",
    "US Department of Defense, as the data package troopdata has it",
)
EAST_ASIA = ("JPN", "KOR")
EUROPE = (
    *("DEU", "GBR", "ITA", "ESP", "POL", "ROU", "BEL", "NLD", "GRC", "NOR", "HUN", "LTU"),
    *("LVA", "EST", "PRT", "BGR", "SVK", "CZE", "FRA", "DNK", "HRV", "SVN", "FIN", "SWE"),
)
PACTS = "forecast of pacts, opened on 1 December 2026"
BAND = 1.645
"""Standard normal quantile of a 90 % band."""


def today() -> pd.DataFrame:
    """All rows: the page on the latest world where that moves a number, and facts that came since."""
    return pd.DataFrame([*_moved(), *_facts(), *_registers()])


def sampled(committed: pd.DataFrame) -> pd.DataFrame:
    """Facts of what ships: nothing is solved for them."""
    return pd.DataFrame(list(_facts()))


def _moved() -> Iterator[Row]:
    """Rows of the page that have another number on the latest world, and a year without the EU."""
    names = _page()
    world, found, past = names["world"], names["found"], names["past"]
    of = f"world of {world.year}"
    for claim in read_claims():
        for what, (then, unit, _) in claim.rows.items():
            value = found.get(claim.number, {}).get(what)
            known = LOSSES.get((claim.number, what))
            if value is None or (_same(then, value) and not known):
                continue
            ends = _ends(known)[1:] if known else (np.nan, np.nan)
            if claim.number == 16 and what in DISPUTES:
                horizon, key = DISPUTES[what]
                ends = (100 * past[horizon][f"{key}_low"], 100 * past[horizon][f"{key}_high"])
            yield _row(claim.number, DATED.sub(str(world.year), what), value, unit, of, then=then, ends=ends)
    loss, *range_ = _ends(("RUS", "EU", "short", "open"))
    yield _row(
        17,
        f"Russia's loss without the EU, short, {world.year}",
        loss,
        "per cent",
        of,
        ends=(range_[0], range_[1]),
    )


def _page() -> dict[str, Any]:
    """Run the page on the latest world, with the registers it asks for."""
    from suasion.sources.catalogue_store import add

    folder = Path(os.environ["SUASION_TEST_DATA"])
    before = os.environ.get("SUASION_DATA")
    names: dict[str, Any] = {"__name__": "page"}
    with tempfile.TemporaryDirectory() as store:
        os.environ["SUASION_DATA"] = store
        for line in {
            c for claim in read_claims() for c in claim.commands if c.startswith("suasion data add ")
        }:
            name, *files = shlex.split(line)[3:]
            add(name, [next(folder.rglob(file)) for file in files], Path(store))
        for kind, code in FENCE.findall(PAGE.read_text("utf-8")):
            if kind != "bash":
                exec(compile(code.replace(THEN, "su.load_world()"), PAGE.name, "exec"), names)
    if before is None:
        del os.environ["SUASION_DATA"]
    else:
        os.environ["SUASION_DATA"] = before
    return names


def _ends(tie: tuple[str, str, Any, str]) -> tuple[float, float, float]:
    """A loss with its range, as the question gives it."""
    import suasion as su

    loser, partner, horizon, outlet = tie
    frame = su.exit_cost(loser, partner, horizon=horizon).frame
    row = frame[(frame["country"] == loser) & (frame["outlet"] == outlet)].iloc[0]
    return row["loss_percent"], row["loss_percent_low"], row["loss_percent_high"]


def _same(printed: str, value: Any) -> bool:
    if isinstance(value, str):
        return printed == value
    plain = printed.replace(",", "")
    return abs(float(plain) - float(value)) <= 0.51 * 10.0 ** -len(plain.partition(".")[2])


def _row(
    claim: int,
    what: str,
    value: Any,
    unit: str,
    of: str,
    *,
    then: str = "",
    ends: tuple[float, float] = (np.nan, np.nan),
) -> Row:
    """A row; what is no number is a word."""
    word = value if isinstance(value, str) else ""
    return {
        "claim": str(claim), "what": what, "then": then,
        "today": np.nan if word else float(value), "word": word,
        "low": ends[0], "high": ends[1], "unit": unit, "of": of,
    }  # fmt: skip


def _facts() -> Iterator[Row]:
    """Facts that came since, of what ships."""
    for claim, what, value, unit, of in TYPED:
        yield _row(claim, what, value, unit, of)
    for part in (_conduct, _trade, _votes, _technology):
        yield from part()


def _conduct() -> Iterator[Row]:
    """What the two promised and did, of the record."""
    from suasion.statecraft.alliance.number import pact_number
    from suasion.statecraft.commitments import promises
    from suasion.statecraft.events import events_between
    from suasion.statecraft.record import facts_between

    did = [e for e in events_between("RUS", "CHN") if e.start > "2021"]
    drills, patrols = ([e for e in did if e.kind == kind] for kind in ("exercise", "patrol"))
    sea = [e.start for e in drills if "South China Sea" in e.place]
    combat = [f.start for f in facts_between("RUS", "PRK") if f.kind == "combat"]
    record = "record of the pair, to June 2026"
    pact = pact_number("RUS", "CHN", 2036)
    assert pact is not None
    ends = (100 * pact.low, 100 * pact.high)
    for claim in (26, 35):
        yield _row(
            claim, "bilateral pact by the end of 2036", 100 * pact.probability, "per cent", PACTS, ends=ends
        )
    yield _row(
        1,
        "promise of defence, Russia and China",
        str(promises("RUS", "CHN", 2025)["defence"]),
        "2025",
        record,
    )
    yield _row(5, "last joint exercise in the South China Sea", max(sea), "day", record)
    yield _row(6, "North Korean troops fight for Russia from", min(combat), "month", record)
    yield _row(8, "joint exercises a year, 2021 to 2025", len(drills) / 5, "number", record)
    yield _row(
        11, "northernmost patrol, 2021 to 2026", max(e.latitude for e in patrols), "degrees north", record
    )
    yield _row(
        11, "westernmost exercise, 2021 to 2026", min(e.longitude for e in drills), "degrees east", record
    )
    yield _row(
        11, "southernmost exercise, 2021 to 2026", min(e.latitude for e in drills), "degrees north", record
    )
    yield _row(33, "joint patrols, 2021 to June 2026", len(patrols), "number", record)
    yield _row(
        33, "last joint patrol of bombers", max(e.start for e in patrols if "bomber" in e.name), "day", record
    )


def _trade() -> Iterator[Row]:
    """Shares of trade, prices and products of the last years on record."""
    from suasion import measures, sources
    from suasion.sources.macro import macro

    fuels = measures.material_shares("RUS", "CHN").series("RUS", "Oil, gas and coal")
    odds, baci = np.log(fuels / (1 - fuels)), "CEPII BACI"
    yield _row(8, "China in Russia's exports of fuels, 2024", 100 * fuels[2024], "per cent", baci)
    yield _row(
        8, "growth of its odds, 2019 to 2024", 20 * (odds[2024] - odds[2019]), "log points a year", baci
    )
    told = sources.totals().query("year >= 2024 and partner in ['CHN', 'RUS'] and reporter in ['CHN', 'RUS']")
    for row in told.itertuples():
        label = f"{row.reporter}-{row.partner}, {str(row.measure).replace('_', ' ')}, {row.year}"
        yield _row(9, label, row.value, str(row.unit).replace("percent", "per cent"), str(row.source))
    oil = (
        sources.materials()
        .query("product == '270900' and importer == 'CHN' and year == 2024")
        .set_index("exporter")
    )
    price = (
        oil["value"] / oil["quantity"] / 7.3 * 1e3
    )  # thousand USD a tonne; 7.3 barrels a tonne, as in the claim
    yield _row(24, "crude oil of Russia in China, 2024", price["RUS"], "USD a barrel", baci)
    yield _row(24, "crude oil of Saudi Arabia in China, 2024", price["SAU"], "USD a barrel", baci)
    product = macro("gdp")
    ratio = product.loc["CHN"] / product.loc["RUS"]
    yield _row(
        25, "product of China over Russia's, 2011", ratio[2011], "times", "World Bank, market exchange rates"
    )
    yield _row(
        25, "product of China over Russia's, 2025", ratio[2025], "times", "World Bank, market exchange rates"
    )


def _votes() -> Iterator[Row]:
    """Distances of ideal points in the last year, and what votes of two days say."""
    import suasion as su
    from suasion.statecraft import shipped_ideal_points
    from suasion.statecraft.positions import positions

    points = shipped_ideal_points()
    last = points[points["year"] == points["year"].max()].set_index("country")
    of = f"own ideal points, {points['year'].max()}"
    for claim, a, b in (
        (2, "RUS", "CHN"),
        (2, "USA", "RUS"),
        (28, "RUS", "CHN"),
        (30, "USA", "RUS"),
        (30, "USA", "CHN"),
    ):
        apart = abs(last.loc[a, "mean"] - last.loc[b, "mean"])
        width = BAND * np.hypot(last.loc[a, "sd2"], last.loc[b, "sd2"])
        yield _row(
            claim,
            f"distance in votes, {a} and {b}",
            apart,
            "standard deviations",
            of,
            ends=(max(apart - width, 0.0), apart + width),
        )
    votes = su.triangle("USA", "RUS", "CHN").findings[1]
    assert votes.key == "triangle.by_votes.stable_marriage"
    chance = 100 * votes.values["probability"].value
    yield _row(
        29,
        f"Russia and China near, both far from the United States, by votes, {votes.values['year']}",
        chance,
        "per cent",
        of,
    )
    stands = positions().set_index(["issue", "country"])
    for claim, issue in ((3, "abkhazia"), (4, "crimea")):
        one = stands.loc[(issue, "CHN")]
        yield _row(
            claim, "China's last vote", one["latest"], "1 for, 0 abstaining, -1 against", str(one["date"])
        )


def _technology() -> Iterator[Row]:
    """Parts of China and of the European Union in what Russia bought of technology, by year."""
    from suasion.sources.groups import members
    from suasion.world import load_world

    for year in (2014, 2023):
        world = load_world(year=year)
        place, of = world.countries.index("RUS"), f"world of {year}"
        for name, code in (("electronics", "C26"), ("machinery", "C28")):
            column = world.sectors.index(code)
            spent = world.array("intermediate")[place, :, column] + world.array("final")[place, :, column]
            bought = pd.Series(spent, world.countries).drop("RUS")
            union = bought[bought.index.intersection(members("EU", year))].sum() / bought.sum()
            yield _row(17, f"EU in Russia's imports of {name}, {year}", 100 * union, "per cent", of)
            yield _row(
                15,
                f"China in Russia's imports of {name}, {year}",
                100 * bought["CHN"] / bought.sum(),
                "per cent",
                of,
            )


def _registers() -> Iterator[Row]:
    """Sums of the user's own registers: arms of Russia to China, and American soldiers on either side."""
    folder = Path(os.environ["SUASION_TEST_DATA"])
    yield from _arms(folder / "sipri" / "trade_register_1950_2024.csv.gz")
    yield from _troops(folder / "troopdata")


def _arms(file: Path) -> Iterator[Row]:
    deals = pd.read_csv(file, skiprows=11, encoding="latin-1")
    deals["year"] = deals["Year(s) of delivery"].fillna("").astype(str).str.findall(r"\d{4}")
    count = deals["year"].map(len).clip(lower=1)
    deals["tiv"] = pd.to_numeric(deals["SIPRI TIV of delivered weapons"], errors="coerce") / count
    deals["pieces"] = pd.to_numeric(deals["Number delivered"], errors="coerce") / count
    each = deals[deals["Recipient"] == "China"].explode("year").dropna(subset="year").astype({"year": int})
    own = each[each["Supplier"] == "Russia"]
    engines = own[own["Weapon description"] == "turbofan"]

    def between(table: pd.DataFrame, first: int, last: int, what: str = "tiv") -> float:
        return float(table.loc[table["year"].between(first, last), what].sum())

    part, times = 100 * between(own, 2020, 2024) / between(each, 2020, 2024), between(each, 2020, 2024)
    yield _row(14, "Russia in China's arms imports, 2020 to 2024", part, "per cent", REGISTER)
    yield _row(
        14,
        "China's arms imports, 2020 to 2024 over 2001 to 2005",
        times / between(each, 2001, 2005),
        "times",
        REGISTER,
    )
    yield _row(10, "deliveries 2020 to 2024", between(own, 2020, 2024), "million TIV", REGISTER)
    yield _row(
        32,
        "engines for aircraft delivered, 2005 to 2024",
        between(engines, 2005, 2024, "pieces"),
        "number",
        REGISTER,
    )
    for first, last in ((2005, 2009), (2020, 2024)):
        share = 100 * between(engines, first, last) / between(own, first, last)
        yield _row(32, f"engines in Russia's deliveries, {first} to {last}", share, "per cent", REGISTER)


def _troops(folder: Path) -> Iterator[Row]:
    from suasion.sources.troops import read_us_troops

    table = read_us_troops(folder)
    for year in (2014, 2024):
        late = table[(table["year"] == year) & (table["quarter"] == 4)].groupby("country")["troops"].sum()
        for name, states in (("Japan and South Korea", EAST_ASIA), ("24 states of Europe in NATO", EUROPE)):
            count = late.reindex(list(states)).sum() / 1e3
            yield _row(33, f"American soldiers in {name}, December {year}", count, "thousand", TROOPS)
