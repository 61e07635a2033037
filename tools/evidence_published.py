"""Every published figure beside ours: on the default world, on an earlier base, or on the study's own inputs."""

from __future__ import annotations

import os
import warnings
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from evidence import ROOT
from evidence_worlds import WORLD

if TYPE_CHECKING:
    from suasion.coercion.published import Agreement, FigureBeside
    from suasion.sources.estimates import PublishedFigure
    from suasion.world import World

SOURCES = ROOT / "src" / "suasion" / "sources"
SNAPSHOT = ROOT / "src" / "suasion" / "snapshot"


def register_files() -> Sequence[Path]:
    """Return the register, the rule of comparison, and the tables that ship."""
    names = ("estimates.toml", "estimates.py")
    tables = ("icio2019.npz", *WORLD)
    code = ROOT / "src" / "suasion" / "coercion" / "published.py"
    return [*(SOURCES / name for name in names), *(SNAPSHOT / name for name in tables), code]


def _folder() -> Path:
    folder = os.environ.get("SUASION_TEST_DATA")
    if not folder:
        raise SystemExit("set SUASION_TEST_DATA to the folder that holds wiod13/ and cp2015/")
    return Path(folder)


def _worlds() -> tuple[World, list[World]]:
    """Return the default world and the earlier bases."""
    from suasion import load_world
    from suasion.questions.published import EARLIER

    return load_world(), [load_world(year=year) for year in EARLIER]


def published_figures(figures: Sequence[PublishedFigure] | None = None) -> pd.DataFrame:
    """All figures, or some: theirs, ours, ours on an earlier base, class and reason."""
    from suasion.coercion.published import beside
    from suasion.sources.estimates import register

    asked = register().figure if figures is None else list(figures)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        rows = beside(asked, *_worlds())
    return pd.DataFrame([_row(one) for one in rows])


def _row(one: FigureBeside) -> dict[str, object]:
    from suasion.coercion.published import agreement_of

    theirs = one.estimate
    own = own_number(theirs) if theirs.inputs == "own" else None
    ours = one.ours if own is None else own
    agreement = one.agreement if own is None else agreement_of(own, theirs.low, theirs.high)
    return {
        "figure": f"{theirs.study} {theirs.scenario} {'+'.join(theirs.economies)} {theirs.measure} {theirs.locator}",
        "study": theirs.study,
        "scenario": theirs.scenario,
        "economies": " ".join(theirs.economies),
        "measure": theirs.measure,
        "years": theirs.years,
        "low": theirs.low,
        "high": theirs.high,
        "ours": np.nan if ours is None else ours,
        "base_year": one.study.base_year if own is not None else one.base_year,
        "earlier": np.nan if one.earlier is None else one.earlier,
        "earlier_year": one.earlier_year or "",
        "agreement": str(agreement),
        "cause": str(one.cause or "") if own is None else _own_cause(agreement),
        "match": theirs.match,
        "role": theirs.role,
        "inputs": theirs.inputs,
        "read": one.study.read,
    }


def _own_cause(agreement: Agreement) -> str:
    """On the study's own elasticities only its vintage of the data is left."""
    from suasion.coercion.published import Agreement, Cause

    return "" if agreement is Agreement.REPRODUCED else str(Cause.DATA)


def sampled_figures(committed: pd.DataFrame) -> pd.DataFrame:
    """Return figures of two studies on a world, and those on the studies' own inputs, again."""
    from suasion.sources.estimates import register

    again = {"econpol_41", "kiel_neighbours", "acr", "caliendo_parro"}
    return published_figures([one for one in register().figure if one.study in again])


BEST_FIRST = ("reproduced", "band", "apart")
"""Classes of figures that can be asked, the best first."""


def published_counts() -> pd.DataFrame:
    """How many figures of how many studies fall into each class: tests, those in view, calibration."""
    return counted(pd.read_csv(ROOT / "docs" / "evidence" / "published.csv", keep_default_na=False))


def counted(table: pd.DataFrame) -> pd.DataFrame:
    """Count figures and studies by use, definition and class.

    A study is of a class as a whole where none of its figures of that use and definition is in a worse one; what cannot
    be asked does not count.
    """
    kind = ["role", "match", "study"]
    asked = table[table["agreement"].isin(BEST_FIRST)]
    worst = asked["agreement"].map(BEST_FIRST.index).groupby([asked[name] for name in kind]).max()
    whole = worst.map(dict(enumerate(BEST_FIRST))).rename("agreement").reset_index()
    groups = table.groupby(["role", "match", "agreement"], sort=True)
    return pd.DataFrame(
        [
            {
                "role": role,
                "match": match,
                "agreement": agreement,
                "figures": len(part),
                "studies": part.study.nunique(),
                "whole_studies": int(
                    (whole[["role", "match", "agreement"]] == [role, match, agreement]).all(axis=1).sum()
                ),
            }
            for (role, match, agreement), part in groups
        ]
    )


def sampled_counts(committed: pd.DataFrame) -> pd.DataFrame:
    """Count again."""
    return published_counts()


# --- on the studies' own inputs ------------------------------------------------------------------------------


def own_number(one: PublishedFigure) -> float | None:
    """Return ours on the inputs of the study; None where no recipe is here, or its inputs may not be passed on."""
    if one.measure == "gains_formula" and one.share is not None:
        return gains(one.share, 5.0)
    if one.measure == "linear_welfare":
        return _nafta()[one.economies[0]]
    if one.measure in ("gains_one_sector", "gains_with_inputs"):
        return _gains(one.measure)[one.economies[0]]
    return _tariff_war(one) if one.scenario == "tariff_war" else None


def _tariff_war(one: PublishedFigure) -> float | None:
    """Ours of the table of the tariff war, which rests on the author's inputs; None where that table is not there."""
    path = ROOT / "docs" / "evidence" / "tariff_war.csv"
    if not path.exists():
        return None
    table = pd.read_csv(path, index_col="country")
    return float(table.loc[one.economies[0], "tariff" if one.measure == "tariff" else "welfare"])


def gains(domestic: float, elasticity: float) -> float:
    """Change of real income when trade ends, per cent: the formula of Arkolakis, Costinot and Rodriguez-Clare."""
    return 100.0 * (domestic ** (1.0 / elasticity) - 1.0)


@cache
def _nafta() -> dict[str, float]:
    """Welfare by the linear formula, on the authors' data."""
    from suasion.equilibrium.economy import prepare
    from suasion.equilibrium.from_shares import caliendo_parro_parameters, caliendo_parro_world
    from suasion.equilibrium.scenario.scenario import Scenario
    from suasion.equilibrium.simulate import run
    from suasion.equilibrium.types import Shock
    from suasion.sources.caliendo_parro import read_caliendo_parro

    raw = read_caliendo_parro(_folder())
    world = caliendo_parro_world(raw, False)
    economy = prepare(world, caliendo_parro_parameters(raw), "world")
    result = run(economy, world, Scenario("NAFTA"), Shock(tariff=raw.tariff_2005))
    return {code: float(result.welfare_linear.sel(country=code)) for code in ("MEX", "CAN", "USA")}


@cache
def _gains(kind: str) -> dict[str, float]:
    """Gains from trade on WIOD 2008, of one sector by the formula, or with inputs of inputs by industry."""
    from suasion import load_world
    from suasion.equilibrium.accounts import accounts_of

    world = load_world("wiod13", 2008, _folder() / "wiod13")
    base = accounts_of(world)
    found = {}
    for code in ("IRL", "BEL", "DEU", "CHN", "USA"):
        n = world.countries.index(code)
        home = base.pi[:, n, n]
        if kind == "gains_one_sector":
            share = float((home * base.expenditure[n]).sum() / base.expenditure[n].sum())
            found[code] = gains(share, 5.0)
            continue
        inputs = (1.0 - base.va_share[n])[:, None] * base.input_share[n]
        # An industry that a table does not have at home (sales of cars in China) is left out.
        dearer = -np.log(np.where(home > 0, home, 1.0)) / ELASTICITIES
        price = np.linalg.solve(np.eye(len(home)) - inputs, dearer)
        found[code] = 100.0 * float(np.exp(-base.final_share[n] @ price) - 1.0)
    return found


ELASTICITIES = np.array(
    [8.11, 15.72, 2.55, 5.56, 5.56, 10.83, 9.07, 51.08, 4.75, 1.66, 2.76, 7.99, 1.52, 10.60, 0.37, 5.0]
    + 19 * [5.0]
)
"""Of the 35 industries of the table: those of Caliendo and Parro for goods, 5 for the rest. Assumption: the chapter's
list of them was not read; four of its five gains come out with these."""
