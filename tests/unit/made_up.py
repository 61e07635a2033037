"""A complete dossier of invented numbers, so that charts, pages and claims can be tested without a model.

Nothing here is a measurement: the numbers only have the shape and the size of real ones.
"""

from __future__ import annotations

import math
import zlib

from suasion.dossier import claims as c
from suasion.dossier import rows as r
from suasion.dossier.context import Dossier, Provenance, Section

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
GROUPS = ("Crude oil", "Gas", "Coal", "Iron and steel ores", "Other metals")
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


def materials() -> tuple[r.MaterialRow, ...]:
    out = []
    for seller, buyer in (("RUS", "CHN"), ("CHN", "RUS")):
        for group in GROUPS:
            top = 60 * wobble(seller, group)
            for year in range(1995, 2025):
                if (seller, group) == ("CHN", "Gas"):
                    continue
                level = top * (year - 1994) / 30 + 3 * wobble(group, year)
                gap = (seller, group, year) == ("RUS", "Coal", 2003)
                out.append(
                    r.MaterialRow(seller, buyer, group, year, None if gap else level, level / 3, 1e3 * level)
                )
    return tuple(out)


def exit_costs(bands: bool = True) -> tuple[r.ExitCostRow, ...]:
    out = []
    for horizon, factor in (("short", 2.2), ("long", 1.0)):
        for alternative, extra in (("open", 1.0), ("closed", 1.7)):
            for code, other, loss, income in (("RUS", "CHN", 1.36, 1.9e6), ("CHN", "RUS", 0.12, 17.0e6)):
                x = loss * factor * (extra if code == "RUS" else 1.1)
                low, high = (0.6 * x, 1.5 * x) if bands else (None, None)
                money = [None if v is None else v / 100 * income for v in (x, low, high)]
                out.append(
                    r.ExitCostRow(
                        code,
                        other,
                        "Russia - China",
                        horizon,
                        alternative,
                        x,
                        money[0],
                        low,
                        high,
                        *money[1:],
                    )
                )
    for horizon, factor in (("short", 3.0), ("long", 1.0)):
        for alternative, extra in (("open", 1.0), ("closed", 1.1)):
            for code, other, loss in (("RUS", WEST, 2.6), (WEST, "RUS", 0.17)):
                x = loss * factor * extra
                money = 1.9e4 * x if code == "RUS" else 4e5 * x
                out.append(r.ExitCostRow(code, other, f"Russia - {WEST}", horizon, alternative, x, money))
    return tuple(out)


def ratios() -> tuple[r.RatioRow, ...]:
    rows = {(x.country, x.horizon, x.alternative): x for x in exit_costs() if x.cut == "Russia - China"}
    out = []
    for horizon in ("short", "long"):
        for alternative in ("open", "closed"):
            a, b = rows["RUS", horizon, alternative], rows["CHN", horizon, alternative]
            out.append(
                r.RatioRow(
                    "Russia - China",
                    horizon,
                    alternative,
                    "RUS",
                    "CHN",
                    a.loss_percent / b.loss_percent,
                    a.loss_usd / b.loss_usd,
                    17.0 / 1.9,
                )
            )
    return tuple(out)


def elsewhere() -> tuple[r.ElsewhereRow, ...]:
    rows = []
    for code in WORLD:
        change = 0.4 * (wobble(code) - 0.5) ** 3 * 8
        change = {"RUS": -1.36, "CHN": -0.12, "STP": 0.0, "MLT": None}.get(code, change)
        rows.append(
            r.ElsewhereRow(
                code,
                NAMES.get(code, code),
                change,
                None if change is None else change * 1e4 * wobble(code, 2),
            )
        )
    return tuple(rows)


def exposure() -> tuple[r.ExposureRow, ...]:
    out = []
    for country, partner, level in (("RUS", "CHN", 14.0), ("CHN", "RUS", 2.0)):
        for code, name in SECTORS.items():
            direct = level * wobble(country, code)
            out.append(
                r.ExposureRow(country, partner, code, name, direct, direct * 1.2 + 0.4, 1e5 * wobble(code))
            )
    return tuple(out)


def curves() -> tuple[r.CurveRow, ...]:
    out = []
    for country, loss, share, income in (("RUS", 1.36, 17.0, 1.9e6), ("CHN", 0.12, 2.8, 17e6)):
        for horizon, factor in (("short", 2.2), ("long", 1.0)):
            for m in (0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 4.0):
                x = loss * factor * m**1.1
                out.append(
                    r.CurveRow(
                        country,
                        horizon,
                        m,
                        100 * share * m / (100 + share * (m - 1)),
                        x,
                        x / 100 * income,
                        0.2 * m**0.3,
                    )
                )
    return tuple(out)


def thresholds() -> tuple[r.ThresholdRow, ...]:
    out = []
    for country, loss, share in (("RUS", 1.36, 17.0), ("CHN", 0.12, 2.8)):
        for horizon, factor in (("short", 2.2), ("long", 1.0)):
            for level in (1, 2, 5):
                m = math.exp(math.log(level / (loss * factor)) / 1.1)
                inside = m <= 4
                out.append(
                    r.ThresholdRow(
                        country,
                        horizon,
                        "tolerance",
                        f"a loss of {level} % of own real expenditure",
                        m if inside else None,
                        share * m if inside else None,
                        crossing="reached" if inside else "not_reached",
                        level_percent=float(level),
                        m_examined=None if inside else 4.0,
                        reason="" if inside else "not reached within 4 times today’s trade",
                    )
                )
    return tuple(out)


def totals() -> tuple[r.TotalRow, ...]:
    definition = "invented definition: goods, partner's share of turnover"
    out = []
    for mark, country, year, measure, value, unit, source in (
        ("a", "RUS", 2013, "turnover", 10.5, "percent", "Customs (invented)"),
        ("b", "RUS", 2019, "turnover", 16.2, "percent", "Customs (invented)"),
        ("c", "RUS", 2023, "turnover", 42.0, "percent", "Factbook (invented)"),
        ("d", "RUS", 2024, "turnover", 34.0, "percent", "Customs (invented)"),
        ("e", "RUS", 2021, "exports", 14.2, "percent", "Customs (invented)"),
        ("f", "CHN", 2021, "turnover", 2.8, "percent", "Customs (invented)"),
        ("g", "CHN", 2024, "turnover", 244.8, "billion USD", "Customs (invented)"),
    ):
        partner = "CHN" if country == "RUS" else "RUS"
        row = (mark, country, partner, year, measure, value, unit, source, "page 1", definition, "invented")
        out.append(r.TotalRow(*row))
    return tuple(out)


def summary() -> tuple[c.Claim, ...]:
    rows = {(x.country, x.horizon, x.alternative): x for x in exit_costs() if x.cut == "Russia - China"}

    def q(country: str, horizon: str, alternative: str, unit: str) -> c.Quantity:
        x = rows[country, horizon, alternative]
        if unit == "percent":
            return c.Quantity(x.loss_percent, "percent", x.low_percent, x.high_percent)
        return c.Quantity(x.loss_usd, "musd", x.low_usd, x.high_usd)

    both = [q(k, "long", "open", unit) for unit in ("percent", "musd") for k in ("RUS", "CHN")]
    return (
        c.Asymmetry(SOURCE, "Russia", "China", *both, 17.0 / 1.9, "long"),
        c.Dependence(
            SOURCE,
            "Russia",
            "China",
            c.Quantity(17.0, "share"),
            c.Quantity(2.8, "share"),
            "turnover",
            "goods and services traded among 80 economies, 2022",
        ),
        c.Loss(
            SOURCE,
            "Russia",
            "all trade between Russia and China",
            "short",
            q("RUS", "short", "open", "percent"),
            q("RUS", "short", "open", "musd"),
        ),
        c.Alternative(
            SOURCE,
            "Russia",
            "China",
            "the United States and the European Union",
            q("RUS", "long", "open", "percent"),
            q("RUS", "long", "closed", "percent"),
            q("RUS", "long", "open", "musd"),
            q("RUS", "long", "closed", "musd"),
            "long",
        ),
        c.Trend(
            SOURCE,
            "China",
            "Russia’s exports of crude oil, gas and coal",
            c.Quantity(9.6, "share"),
            c.Quantity(46.4, "share"),
            2013,
            2024,
        ),
        c.Threshold(
            SOURCE,
            "Russia",
            "China",
            "a loss of 2 % of own real expenditure",
            1.42,
            0.25,
            4.0,
            c.Quantity(22.5, "share"),
            "long",
        ),
    )


def provenance() -> Provenance:
    return Provenance(
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
        "a": r.Party("RUS", "Russia"),
        "b": r.Party("CHN", "China"),
        "audience": (r.Party("USA", "the United States"), r.Party("DEU", "Germany")),
        "audience_name": "the United States and the European Union",
        "question": "Who depends on whom: Russia and China?",
        "names": NAMES,
    }


def made_up() -> Dossier:
    """A full dossier of invented numbers."""
    return Dossier(
        **parties(),
        summary=summary(),
        shares=Section(
            tuple(
                r.ShareRow(x, y, measure, s, 1e5 * s, "goods and services traded with the 79 other economies")
                for x, y, measure, s in (
                    ("RUS", "CHN", "turnover", 17.0),
                    ("RUS", "CHN", "exports", 15.0),
                    ("RUS", "CHN", "imports", 20.5),
                    ("CHN", "RUS", "turnover", 2.8),
                    ("CHN", "RUS", "exports", 2.1),
                    ("CHN", "RUS", "imports", 3.6),
                )
            ),
            SOURCE,
        ),
        materials=Section(
            materials(), SOURCE, notes=("Crude oil, gas and coal; refined products are not in it.",)
        ),
        totals=Section(totals(), SOURCE),
        exit_costs=Section(
            exit_costs(), SOURCE, notes=("The band covers the elasticities only, not the model.",)
        ),
        ratios=Section(ratios(), SOURCE),
        elsewhere=Section(elsewhere(), SOURCE),
        exposure=Section(exposure(), SOURCE),
        curves=Section(curves(), SOURCE),
        thresholds=Section(thresholds(), SOURCE),
        power=Section(
            (r.PowerRow("CHN", "RUS", "long", 1.1, 1.36), r.PowerRow("RUS", "CHN", "long", 0.1, 0.12)), SOURCE
        ),
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
    missing = "Iran is not among the 80 economies of the table"
    gone = Section(reason=f"This needs the model: {missing}.")
    both = {**parties(), "b": r.Party("IRN", "Iran", in_world=False), "names": {**NAMES, "IRN": "Iran"}}
    rows = tuple(x for x in materials() if x.seller == "RUS" and x.group == "Coal")
    shown = tuple(
        r.MaterialRow(
            "RUS", "IRN", x.group, x.year, x.export_share_percent, x.import_share_percent, x.value_musd
        )
        for x in rows
    )
    return Dossier(
        **{**both, "question": "Who depends on whom: Russia and Iran?"},
        summary=(c.Absent("", "what a break would cost", missing),),
        shares=gone,
        materials=Section(shown, SOURCE),
        totals=Section(reason="No published total for this pair is in the collection."),
        exit_costs=gone,
        ratios=gone,
        elsewhere=gone,
        exposure=gone,
        curves=gone,
        thresholds=gone,
        power=gone,
        sources=(),
        caveats=("These numbers are invented.",),
        certificates=(),
        provenance=provenance(),
    )
