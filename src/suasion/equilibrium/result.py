"""The outcome of a simulation: labelled tables computed on demand from one solved equilibrium."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from functools import cached_property, lru_cache
from html import escape
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from suasion.equilibrium.accounts import Accounts, sector_last
from suasion.equilibrium.batch.beside import bracket, capital_answers, has_bracket, has_capital
from suasion.equilibrium.certificate import Certificate
from suasion.equilibrium.decomposition import COMPONENTS, decompose
from suasion.equilibrium.economy import Economy, certificate_of, economy_on, failures_of, log_welfare
from suasion.equilibrium.flags import BRANCHES, Flagged, flags_on, flags_on_width
from suasion.equilibrium.scenario.scenario import Scenario
from suasion.equilibrium.solve import Solved
from suasion.equilibrium.system import consumer_price, split
from suasion.equilibrium.types import Shock
from suasion.errors import ShockError, SuasionWarning
from suasion.remarks import Remark
from suasion.schema import variable
from suasion.types import DeficitRule, FloatArray
from suasion.world import Provenance


@dataclass(frozen=True, eq=False)
class Result:
    """What a scenario does to every country, against the base after the deficit rule.

    Attributes
    ----------
    scenario : the scenario simulated
    horizon : label of the elasticities, for instance ``"long (10 years)"``
    deficits : deficit rule
    provenance : of the world
    parameters : summary of the elasticities used, by name
    notes : remarks: filled elasticities, how the shock was read, blocs that separated
    warnings : what is probably not what was meant, and where the answer is beyond the model
    solved : the equilibrium in plain arrays
    shock : the compiled scenario
    drawn : (draw, country) welfare, equivalent_variation, real_income, real_wage and consumer_price for draws of the
        elasticities; None where none were asked for
    """

    scenario: Scenario
    horizon: str
    deficits: DeficitRule
    provenance: Provenance
    parameters: Mapping[str, str]
    notes: tuple[Remark, ...]
    warnings: tuple[SuasionWarning, ...]
    solved: Solved
    shock: Shock
    drawn: xr.Dataset | None = None

    def band(self, width: float = 0.9, of: str = "welfare") -> xr.DataArray:
        """Return the band of a level over the draws, (country, end).

        Parameters
        ----------
        width : share of the draws between its ends
        of : welfare, equivalent_variation, real_income, real_wage or consumer_price
        """
        from suasion.equilibrium.batch.bands import band_of

        return band_of(self.drawn, of, width, getattr(self, of, None))

    def __repr__(self) -> str:
        """One line: scenario, horizon, rule, residual."""
        gap = self.certificate.residual
        return (
            f"<Result {self.scenario.name!r}: {self.horizon}, deficits {self.deficits}, residual {gap:.0e}>"
        )

    def _repr_html_(self) -> str:
        """Scenario, rule, residual and the ten largest changes in welfare, for a notebook."""
        table = self.frame
        largest = table.reindex(table["welfare"].abs().sort_values(ascending=False).index).head(10)
        units = {name: f"{name}, {_unit(str(name))}" for name in table.columns}
        shown = largest.rename(columns=units).to_html(float_format="{:.3g}".format, na_rep="no data")
        return f"<p>{escape(repr(self))}; the {len(largest)} largest changes</p>{shown}"

    @property
    def base(self) -> Accounts:
        """Accounts before the shock, after the deficit rule."""
        return self.solved.problem.base.whole

    @property
    def countries(self) -> tuple[str, ...]:
        """Labels of the countries."""
        return self.base.countries

    @cached_property
    def welfare(self) -> xr.DataArray:
        """(country) change in real final expenditure, per cent of own, exact; negative is a loss."""
        return self._label("welfare", 100.0 * np.expm1(log_welfare(self.solved)))

    @cached_property
    def equivalent_variation(self) -> xr.DataArray:
        """(country) the same in million USD at base prices."""
        return self._label("equivalent_variation", self.base.income * np.expm1(log_welfare(self.solved)))

    @cached_property
    def real_income(self) -> xr.DataArray:
        """(country) change in real income net of the transfer, per cent."""
        swept, base = self.solved.swept, self.base
        ratio = (swept.income - swept.transfer) / (base.income - base.transfer)
        return self._label("real_income", 100.0 * (ratio / self._consumer_price - 1.0))

    @cached_property
    def real_wage(self) -> xr.DataArray:
        """(country) change in real factor income per unit of endowment, per cent."""
        problem = self.solved.problem
        paid, before = self.solved.swept.payments.sum((1, 2)), self.base.factor_income.sum((1, 2))
        ratio = paid / before / np.exp(problem.endowments)
        return self._label("real_wage", 100.0 * (ratio / self._consumer_price - 1.0))

    @cached_property
    def prices(self) -> xr.DataArray:
        """(country, sector) change in the user price of each good, per cent, over world factor income."""
        split_by_use, logs = self.solved.problem.base.split, split(self.solved.problem, self.solved.x).price
        return self._label(
            "prices", 100.0 * np.expm1(logs if split_by_use is None else split_by_use.mean(logs))
        )

    @cached_property
    def consumer_price(self) -> xr.DataArray:
        """(country) change in the price index of final use, per cent."""
        return self._label("consumer_price", 100.0 * (self._consumer_price - 1.0))

    @property
    def producer_price(self) -> FloatArray:
        """(country, sector) log of the change of producers' prices, over world factor income."""
        return self.solved.swept.costs.unit[:, : len(self.base.sectors)]

    @cached_property
    def output(self) -> xr.DataArray:
        """(country, sector) change in the quantity produced, per cent; NaN where nothing was produced."""
        before = self.base.output
        quantity = self.output_value.values / np.exp(self.producer_price)
        change = np.full(before.shape, np.nan)
        np.divide(quantity, before, out=change, where=before > 0)
        return self._label("output", 100.0 * (change - 1.0))

    @cached_property
    def output_value(self) -> xr.DataArray:
        """(country, sector) new gross output at basic prices, million USD of base world factor income."""
        problem = self.solved.problem
        made = np.where(problem.alive, self.solved.swept.receipts, 0.0)
        return self._label("output_value", made[:, : len(self.base.sectors)])

    @cached_property
    def trade(self) -> xr.DataArray:
        """(importer, exporter, sector) new flows at basic prices, million USD of base world factor income."""
        return self._label("trade", sector_last(self.solved.problem.base.gathered(self.solved.swept.flows)))

    @cached_property
    def trade_change(self) -> xr.DataArray:
        """(importer, exporter, sector) change of the flows, per cent; NaN where there were none."""
        before = sector_last(self.base.receipts)
        change = np.full(before.shape, np.nan)
        np.divide(self.trade.values, before, out=change, where=before > 0)
        return self._label("trade_change", 100.0 * (change - 1.0))

    @cached_property
    def revenue(self) -> xr.DataArray:
        """(country) new revenue of tariffs, export taxes and rents, million USD."""
        swept = self.solved.swept
        earned = swept.payments.sum((1, 2))
        return self._label("revenue", swept.income - swept.transfer - earned)

    @cached_property
    def decomposition(self) -> xr.DataArray:
        """(country, component) parts of 100 ln W, integrated along the path of the shock.

        ``attrs["gap"]`` is the largest difference between the sum of the parts and 100 ln W.
        """
        parts = decompose(self.solved)
        labelled = self._label("decomposition", parts)
        gap = np.abs(parts.sum(1) - 100.0 * log_welfare(self.solved)).max()
        return labelled.assign_attrs(gap=float(gap))

    @cached_property
    def welfare_linear(self) -> xr.DataArray:
        """(country) base-weighted finite-change formula of Caliendo and Parro, per cent; not the exact change.

        Raises
        ------
        ShockError
            The shock is not made of tariffs and iceberg costs only.
        """
        terms, volume = self.linear_parts
        return self._label("welfare_linear", (terms + volume).values)

    @cached_property
    def linear_parts(self) -> tuple[xr.DataArray, xr.DataArray]:
        """Terms of trade and volume of trade, per cent of income: the two columns behind ``welfare_linear``.

        Iceberg costs count with the volume. Base flows are weighted with changes in hats less one, which does
        not add up to the change in welfare for finite shocks.

        Raises
        ------
        ShockError
            The shock is not made of tariffs and iceberg costs only.
        """
        self._refuse_linear()
        base, problem = self.base, self.solved.problem
        hat = np.exp(self.producer_price).T[:, None, :]
        tariff = 0.0 if base.tariff is None else base.tariff
        before = base.receipts
        valued = before * (hat - 1.0)
        terms = valued.sum((0, 1)) - valued.sum((0, 2))
        after = self.trade.values.transpose(2, 0, 1)
        volume = (tariff * (after - before * hat)).sum((0, 2))
        if problem.trade_cost is not None:
            volume = volume - (base.purchases * (problem.trade_cost - 1.0)).sum((0, 2))
        pair = (100.0 * part / base.income for part in (terms, volume))
        first, second = (self._label("welfare_linear", part) for part in pair)
        return _part(first, "terms of trade"), _part(second, "volume of trade")

    @cached_property
    def bracket(self) -> xr.DataArray:
        """(country, branch) change in welfare: lost suppliers replaced at a premium, as it is, and nobody switches.

        In per cent; NaN where a rule has no equilibrium. From the long run on all three are as it is.
        """
        if has_bracket(self._economy):
            found = bracket(self._economy, self.shock, self.solved)
        else:
            found = np.repeat(self.welfare.values[None] / 100.0, len(BRANCHES), axis=0)
        return self._label("bracket", 100.0 * found.T)

    @cached_property
    def welfare_with_capital(self) -> xr.DataArray:
        """(country) change in welfare of a long run in which the stock of capital adjusts too, per cent.

        NaN before the long run, in worlds with several factors, and where it has no equilibrium.
        """
        found = np.full(len(self.countries), np.nan)
        if self._economy.parameters.capital is not None:
            found = self.welfare.values
        elif has_capital(self._economy):
            found = 100.0 * np.expm1(capital_answers(self._economy, [lambda: self.shock])[0])
        return self._label("welfare_with_capital", found)

    @cached_property
    def flagged(self) -> tuple[Flagged, ...]:
        """Flags on numbers beyond what the model can say; the bracket is computed where there is one."""
        found = flags_on(self.solved, self.shock)
        if not found:
            return ()
        names = {item.country for item in found}
        wide = flags_on_width(self.base, self.bracket.values.T / 100.0)
        return (*found, *(item for item in wide if item.country in names))

    @property
    def flags(self) -> pd.DataFrame:
        """One row a flag: country, flag, sector, per cent of supply lost, value, and the bracket of the country."""
        rows = [{**asdict(item), "flag": item.flag.value} for item in self.flagged]
        frame = pd.DataFrame(rows, columns=[f.name for f in fields(Flagged)])
        ends = self.bracket.to_pandas() if rows else pd.DataFrame(columns=list(BRANCHES))
        return frame.join(ends.add_suffix(" (%)"), on="country")

    @cached_property
    def certificate(self) -> Certificate:
        """Gaps of the equilibrium, recomputed in levels by independent code."""
        return self.solved.certificate or certificate_of(self.solved)

    @cached_property
    def certified(self) -> bool:
        """Whether every gap is within its limit and welfare is finite; only ``certify=False`` returns what is not."""
        return not failures_of(self.solved)

    @cached_property
    def _economy(self) -> Economy:
        problem = self.solved.problem
        return economy_on(problem.base, problem.parameters, self.deficits)

    @cached_property
    def _consumer_price(self) -> FloatArray:
        problem = self.solved.problem
        return np.asarray(np.exp(consumer_price(problem, split(problem, self.solved.x).price)))

    def _refuse_linear(self) -> None:
        shock, problem = self.shock, self.solved.problem
        other = {
            "a cut flow": shock.cut is not None,
            "a part of a flow that is removed": shock.left is not None,
            "a quota or price cap": bool(shock.limits),
            "one use only": shock.by_use,
            "an export tax": problem.export_tax is not None,
            "productivity": shock.productivity is not None,
            "endowments": shock.endowments is not None,
            "a transfer": shock.transfer is not None or self.deficits == "eliminate",
        }
        found = [name for name, present in other.items() if present]
        if found:
            raise ShockError(
                f"The linear formula covers tariff and iceberg shocks only; this one has {', '.join(found)}. "
                "Use `welfare`, or `decomposition` for its parts."
            )

    def _label(self, name: str, values: FloatArray) -> xr.DataArray:
        row = variable(name, "result")
        labels = {
            "country": self.countries,
            "importer": self.countries,
            "exporter": self.countries,
            "sector": self.base.sectors,
            "component": COMPONENTS,
            "branch": BRANCHES,
        }
        coords = _axes(tuple((str(dim), tuple(labels[dim])) for dim in row.dims))
        return xr.DataArray(values, dims=row.dims, coords=coords, name=name, attrs=row.attrs)

    @property
    def frame(self) -> Any:
        """One row per country: welfare, equivalent variation, real income, real wage, consumer price; a band."""
        names = ("welfare", "equivalent_variation", "real_income", "real_wage", "consumer_price")
        frame = xr.Dataset({name: getattr(self, name) for name in names}).to_dataframe()
        if self.drawn is not None:
            low, high = self.band().transpose("end", "country").values
            frame = frame.assign(welfare_low=low, welfare_high=high)
        return frame


@lru_cache(maxsize=64)
def _axes(labels: tuple[tuple[str, tuple[str, ...]], ...]) -> xr.Coordinates:
    """Coordinates of some dimensions: their indexes take longer to make than most results, and never change."""
    return xr.Coordinates({dim: list(names) for dim, names in labels})


def _unit(name: str) -> str:
    return variable(name.removesuffix("_low").removesuffix("_high"), "result").unit


def _part(values: xr.DataArray, what: str) -> xr.DataArray:
    """One of the addends of a labelled sum, under a name of its own."""
    named = values.rename(f"{values.name}_{what.replace(' ', '_')}")
    return named.assign_attrs(long_name=f"{values.attrs['long_name']} Part: {what}.")
