"""Debt as leverage: the discount that a borrower who pays in goods will accept.

Worked case: the loans of China Development Bank to Rosneft and Transneft of 2009, repaid in oil. Its figures are in
:data:`CNPC_2012`, each with where it was read.
"""

from __future__ import annotations

from dataclasses import dataclass

from suasion.errors import InputError
from suasion.games.lockin import check_finite


@dataclass(frozen=True, slots=True)
class Discount:
    """Cost of a price cut on a stream of deliveries.

    Parameters
    ----------
    annual : a year, in the unit of price times quantity
    undiscounted : over the years left
    present_value : at the interest given, over the term given, paid at the end of each year
    """

    annual: float
    undiscounted: float
    present_value: float


@dataclass(frozen=True, slots=True)
class OilForLoans:
    """The dispute over oil delivered for loans, settled in 2012.

    Parameters
    ----------
    tonnes_a_year : million tonnes. "15 mln ton ropy w ciagu 20 lat" (Rzeczpospolita, energia.rp.pl art13505841,
        paragraph 2).
    barrels_a_tonne : assumption: 7.3, from 7.2 to 7.4.
    settled : USD a barrel. "a discount of $1.5 per barrel, which will cost Rosneft around $3 billion" (Reuters, 28
        February 2012, paragraph 2). Rzeczpospolita (art13884571) calls the 3 bn USD a loss a year; 15 Mt a year times
        1.50 USD is 164 million a year, so that 3 bn is the sum over the years left.
    january_bill, january_tonnes, short_paid : million USD, million tonnes, share. "ponad 555 mln dol. za 1,25 mln t
        ropy dostarczonej w styczniu 2011"; "o 8 proc." (Rzeczpospolita, energia.rp.pl art13884571, paragraph 2).
    asked : USD a barrel: assumption, 2.5, from 1.5 (Rzeczpospolita, art13505841, says that what was asked was given)
        to the cut of January 2011, 8 % of the bill.
    years_left, term : from the settlement to the end of the contract; whole term
    """

    tonnes_a_year: float = 15.0
    barrels_a_tonne: float = 7.3
    settled: float = 1.5
    january_bill: float = 555.0
    january_tonnes: float = 1.25
    short_paid: float = 0.08
    asked: float = 2.5
    years_left: float = 18.0
    term: float = 20.0

    @property
    def barrels_a_year(self) -> float:
        """Million barrels."""
        return self.tonnes_a_year * self.barrels_a_tonne

    @property
    def january_price(self) -> float:
        """Price of January 2011, USD a barrel."""
        return self.january_bill / (self.january_tonnes * self.barrels_a_tonne)

    @property
    def january_cut(self) -> float:
        """What was held back in January 2011, USD a barrel."""
        return self.short_paid * self.january_price


CNPC_2012 = OilForLoans()
"""The settlement between CNPC, Rosneft and Transneft."""


def discount_cost(
    delta: float, quantity: float, years: float, rate: float, term: float | None = None
) -> Discount:
    """Cost of a discount to the seller.

    Parameters
    ----------
    delta : discount a unit
    quantity : units a year
    years : years left, for the undiscounted sum
    rate : interest a year, >= 0
    term : years of the present value; those left without it

    Returns
    -------
    Discount

    Raises
    ------
    InputError
        A number is negative.
    """
    check_finite(delta=delta, quantity=quantity, years=years, rate=rate, term=years if term is None else term)
    if min(delta, quantity, years, rate, years if term is None else term) < 0:
        raise InputError("Discount, quantity, years and interest must be >= 0.")
    annual = delta * quantity
    return Discount(annual, annual * years, annual * annuity(rate, years if term is None else term))


def annuity(rate: float, years: float) -> float:
    """Present value of one a year, paid at the end of each year."""
    return years if rate == 0 else (1.0 - (1.0 + rate) ** -years) / rate


def implied_power(settled: float, low: float, high: float) -> float:
    """Power of the buyer that puts a settlement where it is between the seller's demand and the buyer's, 0 to 1.

    Parameters
    ----------
    settled, low, high : discounts: agreed, wanted by the seller, wanted by the buyer.

    Returns
    -------
    float

    Raises
    ------
    InputError
        The settlement is not between the two, or they are equal.
    """
    check_finite(settled=settled, low=low, high=high)
    if not low <= settled <= high or low == high:
        raise InputError(f"A settlement of {settled:g} is not between {low:g} and {high:g}.")
    return (settled - low) / (high - low)
