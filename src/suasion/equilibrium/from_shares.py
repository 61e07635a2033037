"""Bases that come as shares instead of balanced accounts, and the way back to a world.

Data sets of the Caliendo-Parro kind give trade, input shares and value added; final shares are what is left,
some of them negative. Clipping breaks the accounts, so the base must be solved again with the shares kept:
otherwise "no shock" moves. The initial conditions of KITE are shares, and value added of countries.
"""

from __future__ import annotations

import numpy as np

from suasion.equilibrium.accounts import Accounts, sector_first, sector_last
from suasion.equilibrium.solve import rebase
from suasion.equilibrium.types import Parameters
from suasion.quotient import over
from suasion.sources.caliendo_parro import CITATION, CaliendoParro
from suasion.sources.kite import CITATION as KITE
from suasion.sources.kite import KiteBase
from suasion.types import DeficitRule, FloatArray
from suasion.world import Provenance, World


def caliendo_parro_accounts(raw: CaliendoParro) -> Accounts:
    """Return the paper's shares and levels at the tariffs of 1993; markets do not clear yet.

    raw: the data set as read; its one negative input use is counted as zero.
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
    return _one_nest(raw)


def _one_nest(raw: CaliendoParro | KiteBase) -> Parameters:
    ones = np.ones((len(raw.countries), len(raw.sectors)))
    return Parameters(
        sigma=raw.theta + 1.0,
        zeta=ones,
        epsilon=ones,
        eta=ones,
        kappa=np.ones(len(ones)),
        mobility=np.zeros(1),
        horizon="long (Caliendo-Parro)",
    )


def caliendo_parro_world(raw: CaliendoParro, deficits: bool = False) -> World:
    """Return the base of Caliendo and Parro (2015) as a balanced world.

    raw: the data set, from :func:`suasion.sources.read_caliendo_parro`.
    deficits: keep the deficits of 1993; by default they are zero, the practice of the paper.
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


def kite_world(raw: KiteBase, year: int) -> World:
    """Return the initial conditions of KITE as a balanced world.

    raw: from :func:`suasion.sources.kite.read_kite`.
    year: of the table behind them, which the file does not say.
    Returns: In the unit of the file; inputs and final use have the same origins.
    """
    tariff = sector_first(raw.tariff)
    pi = sector_first(raw.share)
    expenditure, output = _levels(raw, pi / (1.0 + tariff))
    base = Accounts(
        countries=raw.countries,
        sectors=raw.sectors,
        pi=pi,
        expenditure=expenditure,
        output=output,
        va_share=raw.va_share,
        input_share=raw.input_share,
        final_share=raw.final_share,
        factor_share=np.ones((*raw.va_share.shape, 1)),
        tariff=tariff if tariff.any() else None,
        export_tax=None,
        transfer=raw.trade_balance.mean() - raw.trade_balance,
    )
    provenance = Provenance(
        dataset="KITE initial conditions",
        version=str(year),
        checksum=raw.checksum,
        transformations=("levels from shares",),
        citation=KITE,
    )
    return world_of(rebase(base, _one_nest(raw), "world"), year, provenance)


def _levels(raw: KiteBase, border: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Expenditure and output (country, sector) at which what is bought is made, incomes being those of the file."""
    expenditure = raw.final_share * raw.value_added[:, None]
    for _ in range(ROUNDS):
        sold = border * expenditure.T[:, :, None]  # (sector, importer, exporter)
        output = sold.sum(1).T
        revenue = (expenditure - sold.sum(2).T).sum(1)
        inputs = (raw.input_share * ((1.0 - raw.va_share) * output)[..., None]).sum(1)
        income = raw.value_added + revenue - raw.trade_balance
        found = inputs + raw.final_share * income[:, None]
        done = np.abs(found - expenditure).max() < CLOSE * found.max()
        expenditure = found
        if done:
            break
    return expenditure, output


ROUNDS, CLOSE = 2000, 1e-13
"""Rounds at most, each of which adds what the round before needs as inputs; and when they end."""


def world_of(base: Accounts, year: int, provenance: Provenance) -> World:
    """Return accounts as a world: each origin serves inputs and final use in the same proportion.

    base: balanced accounts.
    year, provenance: labels of the new world.
    """
    for_inputs = np.clip(over(base.uses.sum(1), base.expenditure), 0.0, 1.0).T[:, :, None]
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
