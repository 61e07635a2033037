"""A complete dossier of invented numbers, so that charts, pages and claims can be tested without a model.

Nothing here is a measurement: the numbers only have the shape and the size of real ones.
"""

from __future__ import annotations

import math
import zlib
from types import SimpleNamespace

import pandas as pd

from suasion.answers.answer import Answer
from suasion.answers.content import Source
from suasion.answers.finding import Finding
from suasion.answers.table import Picture, Table
from suasion.answers.values import Country
from suasion.coercion import CriticalLevels, ExitCost, TieStudy
from suasion.coercion.critical import Crossing, Definition
from suasion.dossier import context as r
from suasion.dossier.chapter import Conclusion, summary_of
from suasion.dossier.context import RunProvenance
from suasion.dossier.forms import Dossier
from suasion.questions.critical_levels import level_findings, level_tables
from suasion.questions.dependence import compared_shares, exposure_table
from suasion.questions.exit_cost import StudyReport
from suasion.questions.goods.materials import flow_table, latest_table, moved_share
from suasion.questions.goods.published_totals import totals_table
from suasion.questions.losses import findings
from suasion.questions.posed import TiePair
from suasion.questions.posed import pair_outside as outside_world

WORLD = [
    "ARG",
    "AUS",
    "AUT",
    "BEL",
    "BGD",
    "BGR",
    "BLR",
    "BRA",
    "BRN",
    "CAN",
    "CHE",
    "CHL",
    "CHN",
    "CIV",
    "CMR",
    "COD",
    "COL",
    "CRI",
    "CYP",
    "CZE",
    "DEU",
    "DNK",
    "EGY",
    "ESP",
    "EST",
    "FIN",
    "FRA",
    "GBR",
    "GRC",
    "HKG",
    "HRV",
    "HUN",
    "IDN",
    "IND",
    "IRL",
    "ISL",
    "ISR",
    "ITA",
    "JOR",
    "JPN",
    "KAZ",
    "KHM",
    "KOR",
    "LAO",
    "LTU",
    "LUX",
    "LVA",
    "MAR",
    "MEX",
    "MLT",
    "MMR",
    "MYS",
    "NGA",
    "NLD",
    "NOR",
    "NZL",
    "PAK",
    "PER",
    "PHL",
    "POL",
    "PRT",
    "ROU",
    "RUS",
    "SAU",
    "SEN",
    "SGP",
    "STP",
    "SVK",
    "SVN",
    "SWE",
    "THA",
    "TUN",
    "TUR",
    "TWN",
    "UKR",
    "USA",
    "VNM",
    "ZAF",
    "AGO",
    "ARE",
]
SECTORS = {
    "A01": "Crop and animal production",
    "B05": "Mining, energy",
    "B07": "Mining, metals",
    "C10": "Food",
    "C19": "Refined oil",
    "C20": "Chemicals",
    "C24": "Basic metals",
    "C26": "Electronics",
    "C27": "Electrical equipment",
    "C28": "Machinery",
    "C29": "Motor vehicles",
    "H": "Transport",
    "J": "Information services",
}
GROUPS = ("oil", "gas", "coal", "ores", "metals")
NAMES = {
    "USA + EU": "the United States and the European Union",
    "RUS": "Russia",
    "CHN": "China",
    "USA": "the United States",
    "KAZ": "Kazakhstan",
    "VNM": "Vietnam",
}
WEST = "USA + EU"
SOURCE = "Invented numbers for tests"


def wobble(*key: object) -> float:
    """Reproducible number in [0, 1) from any key."""
    return zlib.crc32(repr(key).encode()) / 2**32


def materials(pair: tuple[str, str] = ("RUS", "CHN"), groups: tuple[str, ...] = GROUPS) -> pd.DataFrame:
    """Trade in raw materials both ways, as the measure gives it; coal has a gap, and China sells no gas."""
    out = []
    for seller, buyer in (pair, pair[::-1]):
        for group in groups:
            top = 0.6 * wobble(seller, group)
            for year in range(1995, 2025):
                if (seller, group) == ("CHN", "gas"):
                    continue
                level = top * (year - 1994) / 30 + 0.03 * wobble(group, year)
                gap = (seller, group, year) == ("RUS", "coal", 2003)
                share = math.nan if gap else level
                out.append((seller, buyer, group, year, share, level / 3, 1e5 * level))
    names = ["seller", "buyer", "material", "year", "seller_share", "buyer_share", "value"]
    return pd.DataFrame(out, columns=names)


def material_answer(
    pair: tuple[str, str] = ("RUS", "CHN"), groups: tuple[str, ...] = GROUPS, ways: int = 2
) -> Answer:
    """The answer to how trade in raw materials has moved."""
    frame = materials(pair, groups)
    sides = (("materials-sold", *pair), ("materials-bought", *pair[::-1]))[:ways]
    flows = [(key, frame[(frame["seller"] == one) & (frame["buyer"] == two)]) for key, one, two in sides]
    asked = {"a": Country(pair[0]), "b": Country(pair[1])}
    told = tuple(one for _, part in flows for one in moved_share(part))
    made = (latest_table(pd.concat(part for _, part in flows), pair), *(flow_table(*flow) for flow in flows))
    return Answer("materials", asked, told, made, sources=(Source("world.source", SOURCE, 2024),))


def cost(
    a: str, b: str, losses: dict[tuple[str, str], tuple[float, float]], *, bands: bool = True
) -> ExitCost:
    """Losses of two sides by side and horizon: per cent, and million USD; a band half as wide again each way."""
    rows, ratios = [], []
    horizons = list(dict.fromkeys(horizon for _, horizon in losses))
    for (side, horizon), (percent, money) in losses.items():
        ends = {"low": 0.6, "high": 1.5} if bands else {"low": math.nan, "high": math.nan}
        if percent < 0:
            ends = {"low": ends["high"], "high": ends["low"]}
        band = {f"{end}_percent": x * percent for end, x in ends.items()}
        band |= {f"{end}_usd": x * money for end, x in ends.items()}
        loss = {"loss_percent": percent, "loss_usd": money}
        status = {"failed_draws": 0, "reason": "" if math.isfinite(percent) else "no supplier left"}
        beside = dict.fromkeys(("capital_percent", "replacement_percent", "no_switching_percent"), math.nan)
        rows.append({"country": side, "horizon": horizon, **loss, **band, **status, **beside, "flags": ""})
    for horizon in horizons:
        (x, money_x), (y, money_y) = (losses[side, horizon] for side in (a, b))
        gap = {"low": 0.5, "high": 1.5} if bands else {"low": math.nan, "high": math.nan}
        ratios.append(
            {
                "horizon": horizon,
                "ratio_percent": x / y if y else math.nan,
                "ratio_usd": money_x / money_y if money_y else math.nan,
                "income_ratio": (money_y / y) / (money_x / x) if x and y and money_x else math.nan,
                **{f"gap_{end}": k * (x - y) for end, k in gap.items()},
                **{f"gap_usd_{end}": k * (money_x - money_y) for end, k in gap.items()},
                "first_share": 0.75 if bands else math.nan,
            }
        )
    return ExitCost(
        a=a, b=b, cut="", given="", table=pd.DataFrame(rows), ratios=pd.DataFrame(ratios), elsewhere=elsewhere(),
        certificates={}, deficits="balance", draws=64 if bands else 0, notes=(), warnings=(),
    )  # fmt: skip


def study() -> TieStudy:
    """The pair's cut and that from the West, outlets open and closed."""
    pair, west = [], []
    for closed in (False, True):
        both, other = {}, {}
        for horizon, factor in (("short", 2.2), ("long", 1.0)):
            for code, loss, income in (("RUS", 1.36, 1.9e4), ("CHN", 0.12, 17.0e4)):
                x = loss * factor * (1.0 if not closed else 1.7 if code == "RUS" else 1.1)
                both[code, horizon] = (x, x * income)
        for horizon, factor in (("short", 3.0), ("long", 1.0)):
            for code, loss, income in (("RUS", 2.6, 1.9e4), (WEST, 0.17, 4e5)):
                x = loss * factor * (1.1 if closed else 1.0)
                other[code, horizon] = (x, x * income)
        pair.append(cost("RUS", "CHN", both))
        west.append(cost("RUS", WEST, other, bands=False))
    return TieStudy(pair[0], pair[1], west[0], west[1])


def elsewhere() -> pd.DataFrame:
    """Change of every economy."""
    rows = []
    for code in WORLD:
        change = 0.4 * (wobble(code) - 0.5) ** 3 * 8
        change = {"RUS": -1.36, "CHN": -0.12, "STP": 0.0, "MLT": math.nan}.get(code, change)
        money = change * 1e4 * wobble(code, 2)
        rows.append({"country": code, "horizon": "long", "change_percent": change, "change_usd": money})
    return pd.DataFrame(rows)


def exit_cost(found: TieStudy | None = None) -> Answer:
    """The answer to what a break costs, of an invented study."""
    pair, given = TiePair("RUS", "CHN", ("USA", "EU")), found or study()
    report = StudyReport(pair, given, 64)
    world = SimpleNamespace(year=2022, countries=WORLD)
    asked = {"a": Country("RUS"), "b": Country("CHN")}
    made = (*report.losses(world), report.ratios(), report.elsewhere())
    source = Source("world.source", SOURCE, 2022)
    return Answer("exit_cost", asked, tuple(findings(pair, given, 64)), made, sources=(source,), result=given)


def dependence() -> Answer:
    """The answer to how much of their trade and inputs is with each other."""
    shares = [
        {"country": x, "partner": y, "channel": channel, "partner_share": share, "value_musd": 1e7 * share}
        for x, y, channel, share in (
            ("RUS", "CHN", "turnover", 0.170),
            ("RUS", "CHN", "exports", 0.150),
            ("RUS", "CHN", "imports", 0.205),
            ("CHN", "RUS", "turnover", 0.028),
            ("CHN", "RUS", "exports", 0.021),
            ("CHN", "RUS", "imports", 0.036),
        )
    ]
    exposed = []
    for country, partner, level in (("RUS", "CHN", 0.14), ("CHN", "RUS", 0.02)):
        for code in SECTORS:
            direct = level * wobble(country, code)
            row = {"country": country, "partner": partner, "industry": code, "direct_share": direct}
            exposed.append(
                {**row, "look_through_share": direct * 1.2 + 0.004, "output_musd": 1e5 * wobble(code)}
            )
    exposed.sort(key=lambda row: (row["country"] != "RUS", -row["look_through_share"]))
    asked = {"a": Country("RUS"), "b": Country("CHN")}
    table = Table.of(
        "shares", "country partner channel partner_share value_musd", shares, axes="country channel", values=asked,
        picture=Picture("ranges", "partner_share", "channel", series="country"),
    )  # fmt: skip
    found = SimpleNamespace(a="RUS", b="CHN", year=2022, share={"RUS": 0.170, "CHN": 0.028}.__getitem__)
    source = Source("world.source", SOURCE, 2022)
    told = tuple(compared_shares(found))
    return Answer("dependence", asked, told, (table, exposure_table(exposed)), sources=(source,))


def critical_levels() -> Answer:
    """The answer to where dependence becomes critical, of invented curves."""
    curves, levels = [], []
    for country, loss, share, income in (("RUS", 1.36, 17.0, 1.9e6), ("CHN", 0.12, 2.8, 17e6)):
        for horizon, factor in (("short", 2.2), ("long", 1.0)):
            for m in (0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 4.0):
                x = loss * factor * m**1.1
                held = 100 * share * m / (100 + share * (m - 1))
                sizes = {"loss_percent": x, "loss_usd": x / 100 * income, "collapse_radius": 0.2 * m**0.3}
                curves.append(
                    {"country": country, "horizon": horizon, "m": m, "turnover_share": held, **sizes}
                )
            for level in (1.0, 2.0, 5.0):
                m = math.exp(math.log(level / (loss * factor)) / 1.1)
                inside = m <= 4
                where = (
                    {"m": m, "turnover_share": share * m}
                    if inside
                    else dict.fromkeys(("m", "turnover_share"), math.nan)
                )
                crossing = Crossing.REACHED if inside else Crossing.NOT_REACHED
                what = {"definition": Definition.TOLERANCE, "level_percent": level}
                examined = {"crossing": crossing, "m_examined": math.nan if inside else 4.0}
                levels.append({"country": country, "horizon": horizon, **what, **where, **examined})
    pair, found = ("RUS", "CHN"), CriticalLevels(pd.DataFrame(curves), pd.DataFrame(levels))
    asked = {"a": Country("RUS"), "b": Country("CHN")}
    made = tuple(level_tables(pair, found))
    source = Source("world.source", SOURCE, 2022)
    return Answer(
        "critical_levels", asked, tuple(level_findings(pair, found)), made, sources=(source,), result=found
    )


def totals() -> Answer:
    """The answer to what published totals say."""
    definition = "invented definition: goods, partner's share of turnover"
    rows = []
    for country, year, measure, value, unit, source in (
        ("RUS", 2013, "share_of_turnover", 10.5, "percent", "Customs (invented)"),
        ("RUS", 2019, "share_of_turnover", 16.2, "percent", "Customs (invented)"),
        ("RUS", 2023, "share_of_turnover", 42.0, "percent", "Factbook (invented)"),
        ("RUS", 2024, "share_of_turnover", 34.0, "percent", "Customs (invented)"),
        ("RUS", 2021, "share_of_exports", 14.2, "percent", "Customs (invented)"),
        ("CHN", 2021, "share_of_turnover", 2.8, "percent", "Customs (invented)"),
        ("CHN", 2024, "turnover", 244.8, "billion USD", "Customs (invented)"),
    ):
        partner = "CHN" if country == "RUS" else "RUS"
        row = {
            "reporter": country,
            "partner": partner,
            "year": year,
            "measure": measure,
            "value": value,
            "unit": unit,
        }
        text = {"source": source, "locator": "page 1", "definition": definition, "status": "invented"}
        rows.append(row | text)
    dots = pd.DataFrame(rows)
    asked = {"a": Country("RUS"), "b": Country("CHN")}
    made = (totals_table("totals", True, dots), totals_table("amounts", False, dots))
    return Answer("published_totals", asked, tables=made, sources=(Source("world.source", SOURCE, 2024),))


def answers() -> dict[str, Answer]:
    """All answers of the pair, in the order of a dossier."""
    return {
        "dependence": dependence(),
        "materials": material_answer(),
        "published_totals": totals(),
        "exit_cost": exit_cost(),
        "critical_levels": critical_levels(),
    }


def summary() -> tuple[Conclusion, ...]:
    """Conclusions of all answers."""
    return summary_of(answers())


def provenance() -> RunProvenance:
    return RunProvenance(
        run_id="0123456789abcdef",
        package_version="0.0.0",
        world_name="invented",
        world_checksum="f" * 64,
        year=2022,
        deficits="balance",
        parameters={"horizon": "short and long presets", "elasticities": "invented"},
        command="suasion dyad RUS CHN",
        draws=64,
    )


def parties() -> dict[str, object]:
    return {
        "a": r.PairState("RUS", "Russia"),
        "b": r.PairState("CHN", "China"),
        "audience": (r.PairState("USA", "the United States"), r.PairState("DEU", "Germany")),
        "audience_name": "the United States and the European Union",
        "question": "Who depends on whom: Russia and China?",
        "names": NAMES,
    }


def made_up() -> Dossier:
    """A full dossier of invented numbers."""
    return Dossier(
        **parties(),
        summary=summary(),
        answers=answers(),
        sources=(r.SourceRow("Invented table", "Nobody", "0", "everything", "none", "0" * 64),),
        caveats=(
            "These numbers are invented.",
            "2022 is a year of record gas prices and half-imposed sanctions.",
        ),
        certificates=(r.CertificateRow("Russia - China, long", 3e-11, 2e-9, True),),
        provenance=provenance(),
    )


def outside() -> Dossier:
    """A dossier of a pair outside the world's table: nearly everything is absent, with reasons."""
    world = SimpleNamespace(year=2022, countries=WORLD)
    asked = {"a": Country("RUS"), "b": Country("IRN")}
    both = {**parties(), "b": r.PairState("IRN", "Iran", in_world=False), "names": {**NAMES, "IRN": "Iran"}}
    held = {
        name: Answer(name, asked, absent=outside_world(name, "RUS", "IRN", world))
        for name in ("dependence", "exit_cost", "critical_levels")
    }
    none = Answer("published_totals", asked, absent=Finding("published_totals.none", asked))
    held = {"materials": material_answer(("RUS", "IRN"), ("coal",), 1), "published_totals": none} | held
    return Dossier(
        **{**both, "question": "Who depends on whom: Russia and Iran?"},
        summary=summary_of(held),
        answers=held,
        sources=(),
        caveats=("These numbers are invented.",),
        certificates=(),
        provenance=provenance(),
    )
