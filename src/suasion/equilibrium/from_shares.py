"""Bases that come as shares instead of balanced accounts, and the way back to a world.

Data sets of the Caliendo-Parro kind give trade, input shares and value added; final shares are what is left,
some of them negative. Clipping breaks the accounts, so the base must be solved again with the shares kept:
otherwise "no shock" moves.
"""

from __future__ import annotations

import numpy as np

from suasion.equilibrium.accounts import Accounts, sector_first, sector_last
from suasion.equilibrium.problem import DeficitRule
from suasion.equilibrium.solve import rebase
from suasion.equilibrium.types import Parameters
from suasion.sources.caliendo_parro import CITATION, CaliendoParro
from suasion.types import FloatArray
from suasion.world import Provenance, World


def caliendo_parro_accounts(raw: CaliendoParro) -> Accounts:
    """Return the paper's shares and levels at the tariffs of 1993; markets do not clear yet.

    Parameters
    ----------
    raw : the data set as read; its one negative input use is counted as zero
    """
    inputs = np.maximum(raw.input_use, 0.0)
    total = inputs.sum(2, keepdims=True)
    return Accounts(
        countries=raw.countries,
        sectors=raw.sectors,
        pi=sector_first(raw.share),
        expenditure=raw.expenditure,
        output=raw.output,
        va_share=raw.va_share,
        input_share=inputs / np.where(total > 0, total, 1.0),
        final_share=raw.final_share,
        factor_share=(raw.value_added > 0).astype(float)[..., None],
        tariff=sector_first(raw.tariff_1993),
        export_tax=None,
        transfer=raw.deficit - raw.deficit.mean(),
    )


def caliendo_parro_parameters(raw: CaliendoParro) -> Parameters:
    """Return the paper's elasticities: sigma = theta + 1, Cobb-Douglas above, one mobile factor."""
    n, s = len(raw.countries), len(raw.sectors)
    ones = np.ones((n, s))
    return Parameters(
        sigma=raw.theta + 1.0,
        zeta=ones,
        epsilon=ones,
        eta=ones,
        kappa=np.ones(n),
        mobility=np.zeros(1),
        horizon="long (Caliendo-Parro)",
    )


def caliendo_parro_world(raw: CaliendoParro, deficits: bool = False) -> World:
    """Return the base of Caliendo and Parro (2015) as a balanced world.

    Parameters
    ----------
    raw : the data set, from :func:`suasion.sources.read_caliendo_parro`
    deficits : keep the deficits of 1993; by default they are zero, the practice of the paper
    """
    rule: DeficitRule = "world" if deficits else "eliminate"
    base = rebase(caliendo_parro_accounts(raw), caliendo_parro_parameters(raw), rule)
    provenance = Provenance(
        dataset="Caliendo-Parro (2015) NAFTA data",
        version="1993",
        checksum=raw.checksum,
        transformations=(
            "negative final shares and one negative input use set to zero, final shares scaled to one",
            f"base solved again with these shares and {'the deficits of 1993' if deficits else 'deficits of zero'}",
        ),
        citation=CITATION,
    )
    return world_of(base, 1993, provenance)


def world_of(base: Accounts, year: int, provenance: Provenance) -> World:
    """Return accounts as a world: each origin serves inputs and final use in the same proportion.

    Parameters
    ----------
    base : balanced accounts
    year, provenance : labels of the new world
    """
    for_inputs = _share(base.uses.sum(1), base.expenditure).T[:, :, None]
    receipts = base.receipts
    rates = {
        name: sector_last(rate)
        for name, rate in (("tariff", base.tariff), ("export_tax", base.export_tax))
        if rate is not None
    }
    return World(
        countries=base.countries,
        sectors=base.sectors,
        year=year,
        arrays={
            "intermediate": sector_last(receipts * for_inputs),
            "final": sector_last(receipts * (1.0 - for_inputs)),
            "input_use": base.uses,
            "factor_income": base.factor_income,
            **rates,
        },
        provenance=provenance,
    )


def _share(part: FloatArray, whole: FloatArray) -> FloatArray:
    return np.asarray(np.clip(np.divide(part, whole, out=np.zeros_like(part), where=whole > 0), 0.0, 1.0))
