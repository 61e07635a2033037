"""Typed rows of the tables in a dossier, one class per table.

Percent means percent (18.0, never 0.18); money is current million USD; a loss is positive, a gain negative
(only ``ElsewhereRow`` holds changes, where a loss is negative). A missing number is ``None``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Alternative = Literal["open", "closed"]


@dataclass(frozen=True, slots=True)
class Party:
    """A state in the dossier.

    Attributes
    ----------
    code : str
        ISO 3166 alpha-3 code.
    name : str
        English name, as printed.
    in_world : bool
        Whether the world's table has it; if not, nothing that needs the model can be computed.
    """

    code: str
    name: str
    in_world: bool = True


@dataclass(frozen=True, slots=True)
class ShareRow:
    """How much of one total of ``country`` is with ``partner``.

    Attributes
    ----------
    country, partner : str
        Codes.
    measure : str
        "turnover", "exports", "imports", "foreign inputs" or another channel, as printed.
    share_percent : float or None
        Per cent of the country's own total.
    value_musd : float or None
        The flow itself, million USD.
    of : str
        What the share is of, in words ("all goods and services traded with the 79 other economies").
    """

    country: str
    partner: str
    measure: str
    share_percent: float | None
    value_musd: float | None
    of: str


@dataclass(frozen=True, slots=True)
class MaterialRow:
    """Shares of one flow in one year: in what ``seller`` exports and in what ``buyer`` imports.

    Attributes
    ----------
    seller, buyer : str
        Codes.
    group : str
        Commodity group, as printed ("Crude oil", "Gas", "Coal", "Metals", "All materials").
    year : int
        Calendar year.
    export_share_percent : float or None
        Per cent of the seller's exports of the group that go to the buyer; None without such exports.
    import_share_percent : float or None
        Per cent of the buyer's imports of the group that come from the seller; None without such imports.
    value_musd : float or None
        The flow, million USD.
    """

    seller: str
    buyer: str
    group: str
    year: int
    export_share_percent: float | None
    import_share_percent: float | None
    value_musd: float | None


@dataclass(frozen=True, slots=True)
class TotalRow:
    """One published (or derived) total: a dot with its definition. Dots are never joined.

    Attributes
    ----------
    mark : str
        Letter that ties the dot to its line in the table.
    country, partner : str
        Whose trade it is, and with whom.
    measure : str
        "turnover", "exports" or "imports".
    value : float
        The number, in ``unit``.
    unit : str
        "percent" (of the country's own total) or a currency ("billion USD").
    source, locator, definition, status : str
        Who said it, where, of what, and on what footing.
    """

    mark: str
    country: str
    partner: str
    year: int
    measure: str
    value: float
    unit: str
    source: str
    locator: str
    definition: str
    status: str


@dataclass(frozen=True, slots=True)
class ExitCostRow:
    """Loss of ``country`` when the tie between it and ``partner`` is cut.

    Attributes
    ----------
    country, partner : str
        Codes; the partner is a state or the label of a group.
    cut : str
        Which tie is cut, as printed ("Russia - China").
    horizon : str
        "short" or "long" (or a label such as "3 years").
    alternative : {"open", "closed"}
        Whether the other outlet named by the section stays open.
    loss_percent, loss_usd : float or None
        Loss (positive) in per cent of own real expenditure and in million USD.
    low_percent, high_percent, low_usd, high_usd : float or None
        90 % band over elasticity draws; None where none was asked.
    reason : str
        Why the loss is None ("no equilibrium: ..."); empty otherwise.
    """

    country: str
    partner: str
    cut: str
    horizon: str
    alternative: Alternative
    loss_percent: float | None
    loss_usd: float | None
    low_percent: float | None = None
    high_percent: float | None = None
    low_usd: float | None = None
    high_usd: float | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class RatioRow:
    """The two sides' losses from one cut, compared: ratio_percent = ratio_usd x income_ratio.

    Attributes
    ----------
    weaker, stronger : str
        Codes; the weaker side is the one that loses more in per cent.
    ratio_percent, ratio_usd : float or None
        Loss of the weaker over loss of the stronger, in per cent and in USD.
    income_ratio : float or None
        Real expenditure of the stronger over that of the weaker: the part that is mere size.
    clear, clear_usd : bool
        False where the band of the difference (in per cent, in USD) covers zero: then neither side may be
        said to lose more in that unit.
    """

    cut: str
    horizon: str
    alternative: Alternative
    weaker: str
    stronger: str
    ratio_percent: float | None
    ratio_usd: float | None
    income_ratio: float | None
    clear: bool = True
    clear_usd: bool = True
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ElsewhereRow:
    """What the cut between the pair does to one economy (the pair included).

    Attributes
    ----------
    country, name : str
        Code and name.
    change_percent, change_usd : float or None
        Change (negative = loss) of welfare, per cent of own real expenditure and million USD.
    """

    country: str
    name: str
    change_percent: float | None
    change_usd: float | None


@dataclass(frozen=True, slots=True)
class ExposureRow:
    """Exposure of one industry of ``country`` to inputs from ``partner``.

    Attributes
    ----------
    sector, sector_name : str
        Code and readable name.
    direct_percent : float or None
        Face value: per cent of the industry's purchased inputs bought from the partner.
    look_through_percent : float or None
        Per cent when the inputs of inputs are counted too.
    output_usd : float
        Output of the industry, million USD, for the reader's sense of size.
    """

    country: str
    partner: str
    sector: str
    sector_name: str
    direct_percent: float | None
    look_through_percent: float | None
    output_usd: float


@dataclass(frozen=True, slots=True)
class CurveRow:
    """One point of a critical-level curve: all flows of the pair scaled by ``m`` (today is m = 1).

    Attributes
    ----------
    turnover_share_percent : float or None
        Per cent of the country's turnover that the partner has at this m.
    loss_percent, loss_usd : float or None
        Loss from a cut-off at this m; None where no equilibrium exists (collapse).
    collapse_radius : float or None
        Spectral radius of the inputs that the cut makes essential; 1 or more means collapse.
    """

    country: str
    horizon: str
    m: float
    turnover_share_percent: float | None
    loss_percent: float | None
    loss_usd: float | None
    collapse_radius: float | None = None


@dataclass(frozen=True, slots=True)
class ThresholdRow:
    """Where a curve crosses a critical level.

    Attributes
    ----------
    definition : str
        "tolerance", "collapse" or "concession".
    level : str
        The level, in words ("a loss of 2 % of own real expenditure").
    m : float or None
        Factor at the crossing; None where it lies outside the range examined, and ``reason`` says where.
    turnover_share_percent : float or None
        The turnover share at the crossing.
    crossing : str
        "reached", "passed_already", "not_reached" or "not_computed".
    level_percent : float or None
        The loss tolerated, where that is the definition.
    m_examined : float or None
        End of the range examined, beyond which the level lies.
    reason : str
        The same for a reader; empty where the level is reached.
    """

    country: str
    horizon: str
    definition: str
    level: str
    m: float | None
    turnover_share_percent: float | None
    crossing: str = "reached"
    level_percent: float | None = None
    m_examined: float | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class PowerRow:
    """Loss that ``holder`` can inflict on ``target``: by the partial formula and in general equilibrium."""

    holder: str
    target: str
    horizon: str
    formula_percent: float | None
    equilibrium_percent: float | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One data set used: what, from whom, which version, under which terms."""

    name: str
    producer: str
    version: str
    used_for: str
    licence: str
    checksum: str = ""


@dataclass(frozen=True, slots=True)
class CertificateRow:
    """Independent check of one solved equilibrium (residuals are relative, dimensionless)."""

    run: str
    residual: float
    dropped_market: float
    certified: bool
