"""Purchases under measures whose outcome is still to come, as they are frozen.

The United States under its tariffs of 2025 and 2026: by partner for 2027, by partner and industry for 2026 and 2027;
the European Union's purchases of Russian gas in 2027 under its ban. All are changes in per cent since 2024 of what is
bought from the partner over what is bought from all others; references know neither tariff nor ban.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import ndtri

from fits import trial
from suasion.equilibrium.batch.flow_ranges import flow_range, usual_change
from suasion.equilibrium.elasticities.alternatives import mixture
from suasion.outlook.learner.record import LEVELS
from suasion.sources.tariffs import us_added, us_days, us_duties
from suasion.types import Z90

BUYER, FROM, IN = "USA", 2024, 2027
PARTNERS = (
    "MEX", "CHN", "CAN", "JPN", "VNM", "KOR", "TWN", "IND", "GBR", "THA", "CHE", "MYS", "BRA", "SGP", "IDN", "ISR",
    "COL", "AUS", "TUR", "CHL",
)  # fmt: skip
"""Single states from which the United States bought most in 2024."""
CENSUS = "United States Census Bureau, imports for consumption, customs value, all goods, annual"
BY_INDUSTRY = (
    "United States Census Bureau, imports for consumption by HS10, customs value, annual, by industry"
)
YEARS = {2026: 1.0, 2027: 2.0}
"""Years of outcomes, and how long the tariffs of most goods had then been in force."""
FILE = "purchases_by_industry.parquet"
LAST = "2026-07-22"

GAS, LIQUEFIED = ("271121", "271111"), "271111"
GAS_SOURCE = (
    "Eurostat or BACI, imports of HS 2711.11 and 2711.21 by members of the European Union, value, annual"
)
DRAWS, SEED = 4096, 1
STILL = (0.4, 0.6)
"""Part of the piped gas of 2024 that did not come through Ukraine, which ended on 1 January 2025. Assumption."""
ALLOWED = (9 / 12, 10 / 12)
"""Part of 2027 before the ban of pipeline gas: to 30 September, or 1 November where stores are not full."""
LATE = 0.2
"""Chance that states without a coast get until the end of the year. Assumption, 0.1 to 0.4."""
LEAK = (0.0, 0.1)
"""Part of the liquefied gas of 2024 that is bought in spite of the ban. Assumption."""


def lines(folder: Path) -> Iterator[dict[str, Any]]:
    """Fields of all frozen lines; the table by industry is written to a folder."""
    yield from by_partner()
    path = folder / FILE
    by_industry().to_parquet(path, index=False, compression="zstd")
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    for year in YEARS:
        name = f"purchases-{BUYER}-by-industry-{year}"
        yield {"id": name, "asked": "purchases_table", "year": year, "source": BY_INDUSTRY, "sha256": digest}
    yield russian_gas()


def by_partner() -> Iterator[dict[str, Any]]:
    """All goods from each of the largest partners, with the spread of elasticities and of three-year changes."""
    table = struck(IN)
    middle, drawn = trial.sigmas(YEARS[IN])
    places = [list(middle.index).index(sector) for sector in table["sector"]]
    weight = table["imports_musd"].to_numpy(float)
    effect = -np.vstack([middle.to_numpy()[places], drawn[:, places]]) * table["rate"].to_numpy(float)
    for code in PARTNERS:
        own = (table["partner"] == code).to_numpy()
        means = [(effect[:, part] * weight[part]).sum(1) / weight[part].sum() for part in (own, ~own)]
        centre, *others = means[0] - means[1]
        noise = _usual_change(code)
        made, blind = (
            quantiles(c, s) for c, s in ((centre, float(np.hypot(np.std(others), noise))), (0.0, noise))
        )
        yield {
            "id": f"purchases-{BUYER}-{code}-{IN}", "asked": "purchases", "year": IN, "a": BUYER, "b": code,
            "source": CENSUS, "quantiles": made, "walk": blind,
        }  # fmt: skip


def struck(year: int) -> pd.DataFrame:
    """Flows of 2024 with the change of ln(1 + rate) since: mean over the days of a year, the last on file later."""
    table = us_duties()[["imports_musd", "collected"]]
    days = pd.date_range(f"{year}-01-01", f"{year}-12-31")
    last = dt.date.fromisoformat(LAST)
    counted: dict[dt.date, int] = {}
    firsts = [dt.date.fromisoformat(day) for day in us_days()]
    for day in (min(one.date(), last) for one in days):
        first = max(one for one in firsts if one <= day)
        counted[first] = counted.get(first, 0) + 1
    added = sum(us_added(first) * number for first, number in counted.items()) / len(days)
    rate = np.log1p((table["collected"] + added) / 100) - np.log1p(table["collected"] / 100)
    found = table.assign(added=added, rate=rate).reset_index().astype({"partner": str, "sector": str})
    goods = trial.sigmas(1.0)[0].index
    return found[found["sector"].isin(goods) & found["rate"].notna() & found["imports_musd"].gt(0)]


def by_industry() -> pd.DataFrame:
    """Flows of 200 million USD or more, by partner and industry: foreseen, with the range that holds what happens."""
    return pd.concat([_of_year(year) for year in YEARS], ignore_index=True).astype(
        {"year": np.int16, "partner": "category", "industry": "category"}
    )


def _of_year(year: int) -> pd.DataFrame:
    table = struck(year).reset_index(drop=True)
    kept = table["imports_musd"] >= trial.LEAST
    size = table["imports_musd"].to_numpy(float)
    rate, of = table["rate"].to_numpy(float), table["sector"].to_numpy(str)
    whole = {k: (size[of == k].sum(), (size * rate)[of == k].sum()) for k in set(of)}
    total, taxed = (np.array([whole[k][place] for k in of]) for place in (0, 1))
    others = (taxed - size * rate) / np.maximum(total - size, 1.0)
    gap = (rate - others)[kept]
    middle, _ = trial.sigmas(YEARS[year])
    places = [list(middle.index).index(k) for k in of[kept]]
    members = {name: -drawn[:, places] * gap for name, drawn in trial.mixed(YEARS[year]).items()}
    usual = usual_change(float(year - FROM), size[kept])
    made = flow_range(members, mixture(), usual, trial.FELT / trial.LISTED)
    foreseen = -middle.to_numpy()[places] * gap
    ends = {
        "foreseen": foreseen,
        "low": np.minimum(made.low, foreseen),
        "high": np.maximum(made.high, foreseen),
    }
    part = table[kept]
    return pd.DataFrame(
        {
            "year": year, "partner": part["partner"], "industry": part["sector"],
            "imports_musd": np.rint(part["imports_musd"]).astype(np.int32),
            "added_percent": part["added"].round(2).astype(np.float32),
            **{f"{name}_percent": (100 * np.expm1(log)).round(1).astype(np.float32) for name, log in ends.items()},
        }
    )  # fmt: skip


def russian_gas() -> dict[str, Any]:
    """The European Union's purchases of Russian gas in 2027, over those from all others, against 2024."""
    from suasion.sources.embedded import load_parquet
    from suasion.sources.groups import expand

    members = expand(["EU"], FROM)
    table = load_parquet("materials.parquet")
    table = table[(table["year"] == FROM) & table["product"].isin(GAS) & table["importer"].isin(members)]
    russian = table[table["exporter"] == "RUS"]
    liquid = float(russian.loc[russian["product"] == LIQUEFIED, "value"].sum())
    piped = float(russian["value"].sum()) - liquid
    rng = np.random.default_rng(SEED)
    still, leak = (rng.uniform(*ends, DRAWS) for ends in (STILL, LEAK))
    allowed = np.where(rng.random(DRAWS) < LATE, 1.0, rng.uniform(*ALLOWED, DRAWS))
    kept = (piped * still * allowed + liquid * leak) / (piped + liquid)
    sd = float(usual_change(IN - FROM, (piped + liquid) / 1000.0)) / Z90
    drawn = np.log(kept) + sd * rng.standard_normal(DRAWS)
    made = [round(100 * float(np.expm1(q)), 2) for q in np.quantile(drawn, LEVELS)]
    return {
        "id": f"purchases-EU-RUS-gas-{IN}", "asked": "purchases", "year": IN, "a": "EU", "b": "RUS",
        "source": GAS_SOURCE, "quantiles": made, "walk": quantiles(0.0, sd), "data_to": FROM,
    }  # fmt: skip


def quantiles(centre: float, sd: float) -> list[float]:
    """99 per cents of a change in per cent, normal in logs."""
    return [round(100 * float(np.expm1(centre + sd * z)), 2) for z in ndtri(LEVELS)]


def _usual_change(code: str) -> float:
    """Standard deviation of three-year changes of purchases from a partner against all others, natural log."""
    from suasion.sources.goods_totals import goods_totals

    table = goods_totals()
    bought = table[(table["importer"] == BUYER) & (table["year"] <= 2020)]
    by = bought.pivot_table(index="year", columns="exporter", values="value", aggfunc="sum", observed=True)
    code = code if code in by else "KOR"  # Taiwan is not in the record: that of Korea
    own: Any = np.log(by[code]) - np.log(by.sum(axis=1) - by[code])
    return float((own.diff(IN - FROM).dropna() ** 2).mean() ** 0.5)
