"""The base-year accounts of a world as the equations use them: shares and levels in plain arrays.

Axis order inside the core is chosen for matrix products: trade arrays are (sector, importer,
exporter), country arrays (country, sector). Symbols are those of the methods: pi, E, Y, a, g, alpha,
phi, t, e, D, I.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from numpy.typing import NDArray

from suasion.equilibrium.modes import ModeShares
from suasion.errors import DataError
from suasion.quotient import over
from suasion.types import FloatArray

if TYPE_CHECKING:
    from suasion.equilibrium.types import Use
    from suasion.equilibrium.uses import UseSplit
    from suasion.world import World


Kind = TypeVar("Kind", bound=np.generic)

#: Final purchases are a difference of sums: a smaller part of all purchases than this is what rounding left.
ROUNDING = 1e-9


@dataclass(frozen=True, eq=False)
class Accounts:
    """Base shares and levels; values in million USD at user prices unless said otherwise.

    countries, sectors: labels of length N and S.
    pi: (S, N importer, N exporter) share of the exporter in the importer's purchases, sums to one.
    expenditure: (N, S) E, all purchases of the good.
    output: (N, S) Y, receipts of producers at basic prices.
    va_share: (N, S) a, share of factors in cost.
    input_share: (N, S user, S input) g, composition of input cost, sums to one where a < 1.
    final_share: (N, S) alpha, sums to one.
    factor_share: (N, S, F) phi, sums to one where there is output.
    tariff, export_tax: (S, N, N) rates t and e, or None where all are zero.
    transfer: (N,) D, absorption less income; sums to zero.
    modes: shares of locked and switching buyers, in accounts that follow a shock; None where both are as
      ``pi``.
    split: goods that are bought on terms of their own for each use; None where there are none.
    """

    countries: tuple[str, ...]
    sectors: tuple[str, ...]
    pi: FloatArray
    expenditure: FloatArray
    output: FloatArray
    va_share: FloatArray
    input_share: FloatArray
    final_share: FloatArray
    factor_share: FloatArray
    tariff: FloatArray | None
    export_tax: FloatArray | None
    transfer: FloatArray
    modes: ModeShares | None = None
    split: UseSplit | None = None

    @property
    def whole(self) -> Accounts:
        """Accounts in which every good is one, whatever it is bought for."""
        return self if self.split is None else self.split.whole

    def gathered(self, array: FloatArray) -> FloatArray:
        """Flows of whole goods (S, ...) from those of all sectors."""
        return array if self.split is None else self.split.gathered(array)

    def of_use(self, array: FloatArray, use: Use) -> FloatArray:
        """Flows of goods for one use (S, ...) from those of all sectors; zero for goods without counters."""
        return np.zeros_like(array) if self.split is None else self.split.of_use(array, use)

    @cached_property
    def factor_income(self) -> FloatArray:
        """(N, S, F) payments to factors."""
        return np.asarray((self.va_share * self.output)[..., None] * self.factor_share)

    @cached_property
    def uses(self) -> FloatArray:
        """(N, S user, S input) purchases of inputs."""
        return np.asarray(((1.0 - self.va_share) * self.output)[..., None] * self.input_share)

    @property
    def purchases(self) -> FloatArray:
        """(S, N, N) X, flows at user prices."""
        return np.asarray(self.pi * self.expenditure.T[:, :, None])

    @property
    def tax_wedge(self) -> FloatArray | float:
        """(1 + t)(1 + e): user price over basic price, (S, N, N) or 1."""
        return wedge(self.tariff) * wedge(self.export_tax)

    @property
    def receipts(self) -> FloatArray:
        """(S, N, N) flows at basic prices, what producers receive."""
        return np.asarray(self.purchases / self.tax_wedge)

    @property
    def tax_revenue(self) -> FloatArray:
        """(N,) tariff revenue of importers and export-tax revenue of exporters."""
        revenue = np.zeros(len(self.countries))
        if self.export_tax is None and self.tariff is None:
            return revenue
        receipts = self.receipts
        if self.export_tax is not None:
            revenue += (receipts * self.export_tax).sum((0, 1))
        if self.tariff is not None:
            revenue += (receipts * wedge(self.export_tax) * self.tariff).sum((0, 2))
        return revenue

    @cached_property
    def income(self) -> FloatArray:
        """(N,) I: factor income, tax revenue and the transfer, all spent on final goods."""
        return np.asarray(self.factor_income.sum((1, 2)) + self.tax_revenue + self.transfer)


def wedge(rate: FloatArray | None) -> FloatArray | float:
    """Return ``1 + rate``, or the scalar 1 where there is no tax."""
    return 1.0 if rate is None else 1.0 + rate


def sector_first(array: NDArray[Kind]) -> NDArray[Kind]:
    """Turn (importer, exporter, sector) into a contiguous (sector, importer, exporter)."""
    return np.ascontiguousarray(array.transpose(2, 0, 1))


def places(mask: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Indices (3, C) of what is true in a trade array; many times faster than asking for them axis by axis."""
    return np.stack(np.unravel_index(np.flatnonzero(mask), mask.shape))


def sector_last(array: FloatArray) -> FloatArray:
    """Turn (sector, importer, exporter) into a contiguous (importer, exporter, sector)."""
    return np.ascontiguousarray(array.transpose(1, 2, 0))


def accounts_of(world: World) -> Accounts:
    """Read the base accounts of a balanced world.

    world: its identities make equations (2.1)-(2.4) hold exactly.
    Raises DataError: Somewhere nothing is spent on final goods: welfare is no number there.
    """
    tariff, export_tax = (
        sector_first(world.array(name)) if world.array(name).any() else None
        for name in ("tariff", "export_tax")
    )
    basic = sector_first(world.array("intermediate") + world.array("final"))
    user = np.asarray(basic * wedge(tariff) * wedge(export_tax))
    expenditure = user.sum(2)
    inputs = world.array("input_use")
    payments = world.array("factor_income")
    value_added, output = payments.sum(2), world.array("output")
    final = expenditure.T - inputs.sum(1)
    spends = final.sum(1) > ROUNDING * expenditure.sum(0)
    idle = [name for name, does in zip(world.countries, spends, strict=True) if not does]
    if idle:
        raise DataError(
            f"Nothing is spent on final goods in {', '.join(idle[:5])}: leave that out, or merge it with another."
        )
    return Accounts(
        countries=world.countries,
        sectors=world.sectors,
        pi=over(user, expenditure[:, :, None]),
        expenditure=np.ascontiguousarray(expenditure.T),
        output=output,
        va_share=np.where(output > 0, over(value_added, output), 1.0),
        input_share=over(inputs, inputs.sum(2)[..., None]),
        final_share=np.asarray(final / final.sum(1)[:, None]),
        factor_share=over(payments, value_added[..., None]),
        tariff=tariff,
        export_tax=export_tax,
        transfer=world.array("transfer"),
    )
