"""Instruments of economic statecraft: what a scenario is made of.

Each is a frozen description; ``apply`` lays it on a :class:`~suasion.equilibrium.scenario.builder.ShockBuilder`.
Senders and targets are labels of the world, country codes or names, dated groups (``"EU"``, ``"G7"``, ...) or
``"all"``. Sectors are codes, readable names or sections (``"B"``); None is every sector. An economy's trade
with itself is never touched.

``use`` limits an instrument on flows to what is bought for inputs or for final use, ``coverage`` to a part of each
flow, ``date`` and ``until`` to the days on which it is in force.

When several instruments meet on a flow, trade costs multiply, rates add up in the order given (``mode="set"``
forgets what came before), the tighter quota holds, and an embargo wins over everything.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from suasion.equilibrium.scenario.bans import Embargo as Embargo
from suasion.equilibrium.scenario.bans import ExportBan as ExportBan
from suasion.equilibrium.scenario.bans import ImportBan as ImportBan
from suasion.equilibrium.scenario.bans import Share as Share
from suasion.equilibrium.scenario.builder import Direction, Mode, ShockBuilder
from suasion.equilibrium.scenario.instrument import AtBorder, Instrument, Names, Offer, OnPart, Scale
from suasion.equilibrium.scenario.places import sector_mask
from suasion.equilibrium.types import Limit, LimitKind, Rent
from suasion.instruments import class_name, classes, instruments


@dataclass(frozen=True, slots=True)
class Tariff(OnPart):
    """Senders tax imports from targets; the revenue is the senders'.

    Parameters
    ----------
    senders, targets, sectors
        As for :class:`Embargo`: senders import from targets.
    rate : on the border value, > -1; 0.25 is 25 %
    mode : {"add", "set"}
        Add percentage points to the rate in force, or replace it.

    Examples
    --------
    >>> su.tariff("USA", "CHN", "60%").instruments == (su.Tariff("USA", "CHN", 0.6),)
    True
    """

    kind: ClassVar[str] = "tariff"
    offer: ClassVar[Offer] = Offer("rate", Scale.PERCENT, 25, -99, 500, lever=True)
    flow: ClassVar[Direction] = "imports"
    rate: float
    sectors: Names | None = None
    mode: Mode = "add"

    def apply(self, builder: ShockBuilder) -> None:
        """Change the tariffs of the senders."""
        cells = builder.cells(self.senders, self.targets, self.sectors, "imports")
        builder.change_rate("tariff", cells, self.rate, self.mode, self.use, self.coverage)


@dataclass(frozen=True, slots=True)
class ImportSubsidy(OnPart):
    """Senders pay a part of what imports from targets cost: a negative tariff, which the senders' taxpayers bear.

    senders, targets, sectors: As for :class:`Tariff`.
    rate: on the border value, above 0 and below 1; 0.1 is 10 %.

    Examples
    --------
    >>> su.import_subsidy("CHN", "RUS", "5%").instruments == (su.ImportSubsidy("CHN", "RUS", 0.05),)
    True
    """

    kind: ClassVar[str] = "import_subsidy"
    offer: ClassVar[Offer] = Offer("rate", Scale.PERCENT, 10, 0, 99)
    ranges: ClassVar[dict[str, str]] = {"rate": "coverage"}  # a part as well
    flow: ClassVar[Direction] = "imports"
    rate: float
    sectors: Names | None = None

    def apply(self, builder: ShockBuilder) -> None:
        """Lower the tariffs of the senders."""
        cells = builder.cells(self.senders, self.targets, self.sectors, "imports")
        builder.change_rate("tariff", cells, -self.rate, "add", self.use, self.coverage)


@dataclass(frozen=True, slots=True)
class ExportTax(OnPart):
    """Senders tax their sales to targets; the revenue is the senders'.

    Parameters
    ----------
    senders, targets, sectors, mode
        As for :class:`Tariff`, except that senders export to targets.
    rate : on the basic value, > -1; negative is a subsidy

    Examples
    --------
    >>> su.export_tax("IDN", "CHN", "15%").instruments == (su.ExportTax("IDN", "CHN", 0.15),)
    True
    """

    kind: ClassVar[str] = "export_tax"
    offer: ClassVar[Offer] = Offer("rate", Scale.PERCENT, 25, -99, 500, lever=True)
    flow: ClassVar[Direction] = "exports"
    rate: float
    sectors: Names | None = None
    mode: Mode = "add"

    def apply(self, builder: ShockBuilder) -> None:
        """Change the export taxes of the senders."""
        cells = builder.cells(self.senders, self.targets, self.sectors, "exports")
        builder.change_rate("export_tax", cells, self.rate, self.mode, self.use, self.coverage)


@dataclass(frozen=True, slots=True)
class TradeCost(OnPart):
    """Delivering takes ``factor`` times the goods it took: iceberg costs, which nobody receives.

    Parameters
    ----------
    senders, targets, sectors
        As for :class:`Embargo`.
    factor : new over old cost, > 0; 1.1 is 10 % dearer
    direction : {"both", "imports", "exports"}
        Of the senders' trade with the targets.

    Examples
    --------
    >>> su.trade_cost("GBR", "EU", "10%").instruments == (su.TradeCost("GBR", "EU", 1.1),)
    True
    """

    kind: ClassVar[str] = "trade_cost"
    offer: ClassVar[Offer] = Offer("factor", Scale.CHANGE, 20, -90, 900, lever=True)
    factor: float
    sectors: Names | None = None
    direction: Direction = "both"

    def apply(self, builder: ShockBuilder) -> None:
        """Multiply the trade costs."""
        cells = builder.cells(self.senders, self.targets, self.sectors, self.direction)
        builder.scale_trade_cost(cells, self.averaged(self.factor, 1.0), self.use)


@dataclass(frozen=True, slots=True)
class Quota(OnPart):
    """Every flow from targets to senders is at most ``share`` of its base quantity.

    Parameters
    ----------
    senders, targets, sectors
        Senders are the importers, targets the exporters.
    share : from 0 (an embargo) to 1
    rent : {"importer", "exporter"}
        Who earns the difference between the buyers' and the sellers' price.

    Examples
    --------
    >>> su.quota("USA", "JPN", "50%").instruments == (su.Quota("USA", "JPN", 0.5),)
    True
    """

    kind: ClassVar[str] = "quota"
    offer: ClassVar[Offer] = Offer("share", Scale.CUT, 50, 0, 100)
    flow: ClassVar[Direction] = "imports"
    share: float
    sectors: Names | None = None
    rent: Rent = "importer"

    def apply(self, builder: ShockBuilder) -> None:
        """Bound the quantities."""
        _limit(builder, "quota", self, self.averaged(self.share, 1.0))


@dataclass(frozen=True, slots=True)
class PriceCap(AtBorder):
    """Producer prices of targets are held at ``share`` of the base by the joint wedge of the senders.

    Parameters
    ----------
    senders, targets, sectors
        Senders are the importers that act together, targets the exporters.
    share : of the base price relative to world factor income, above 0 and up to 1
    rent : {"importer", "exporter"}
        Who earns the difference between the buyers' and the sellers' price.

    Examples
    --------
    >>> su.price_cap("G7", "RUS", "20%").instruments == (su.PriceCap("G7", "RUS", 0.2),)
    True
    """

    kind: ClassVar[str] = "price_cap"
    offer: ClassVar[Offer] = Offer("share", Scale.CUT, 10, 0, 99)
    flow: ClassVar[Direction] = "imports"
    ranges: ClassVar[dict[str, str]] = {"share": "cap"}
    share: float
    sectors: Names | None = None
    rent: Rent = "importer"

    def apply(self, builder: ShockBuilder) -> None:
        """Bound the prices."""
        _limit(builder, "price_cap", self, self.share)


@dataclass(frozen=True, slots=True)
class Productivity(Instrument):
    """Productivity of the targets' sectors changes.

    Parameters
    ----------
    targets : economies concerned
    factor : new over old, > 0; 0.9 is a tenth less output from the same inputs
    sectors : None is every sector

    Examples
    --------
    >>> su.productivity("CHN", "1%").instruments == (su.Productivity("CHN", 1.01),)
    True
    """

    kind: ClassVar[str] = "productivity"
    offer: ClassVar[Offer] = Offer("factor", Scale.CHANGE, -5, -95, 400)
    targets: Names
    factor: float
    sectors: Names | None = None

    def apply(self, builder: ShockBuilder) -> None:
        """Multiply productivity."""
        economies = builder.economies(self.targets)
        builder.scale_productivity(economies[:, None] & sector_mask(self.sectors, builder.world), self.factor)


@dataclass(frozen=True, slots=True)
class Endowments(Instrument):
    """Endowments of all factors of the targets change: emigration, mobilisation, destruction.

    Parameters
    ----------
    targets : economies concerned
    factor : new over old, > 0

    Examples
    --------
    >>> su.endowments("UKR", "-10%").instruments == (su.Endowments("UKR", 0.9),)
    True
    """

    kind: ClassVar[str] = "endowments"
    offer: ClassVar[Offer] = Offer("factor", Scale.CHANGE, -5, -95, 400)
    targets: Names
    factor: float

    def apply(self, builder: ShockBuilder) -> None:
        """Multiply endowments."""
        builder.scale_endowments(builder.economies(self.targets), self.factor)


@dataclass(frozen=True, slots=True)
class Transfer(Instrument):
    """Senders give targets income, each side sharing in proportion to its value added.

    Parameters
    ----------
    senders, targets : who pays and who receives
    amount : million USD in all, >= 0, in units of the numeraire (world factor income)

    Examples
    --------
    >>> su.transfer("EU", "UKR", 50_000).instruments == (su.Transfer("EU", "UKR", 50_000),)
    True
    """

    kind: ClassVar[str] = "transfer"
    offer: ClassVar[Offer] = Offer("amount", Scale.AMOUNT, 10_000, 0, 1e7, lever=True)
    senders: Names
    targets: Names
    amount: float

    def apply(self, builder: ShockBuilder) -> None:
        """Move the income."""
        builder.add_transfer(builder.pairs(self.senders, self.targets), self.amount)


INSTRUMENTS: dict[str, type[Instrument]] = {kind: globals()[class_name(kind)] for kind in instruments()}
"""Instruments by their name in scenario files."""
if TYPE_CHECKING:  # functions of the package, which `suasion.public.oneliners` makes
    from typing import TypedDict, Unpack

    from suasion.equilibrium.scenario.scenario import Scenario
    from suasion.equilibrium.types import Use

    class Dated(TypedDict, total=False):
        """Options of every one-line function."""

        date: str | None
        until: str | None

    class ForSectors(Dated, total=False):
        """Options of what can be limited to industries."""

        sectors: Names | None

    class OnFlows(ForSectors, total=False):
        """Options of what is laid on flows."""

        use: Use | None
        coverage: float

    class WithRent(OnFlows, total=False):
        """Options of what leaves a rent."""

        rent: Rent

    class WithMode(OnFlows, total=False):
        """Options of a duty."""

        mode: Mode

    class OneWay(OnFlows, total=False):
        """Options of what has a direction."""

        direction: Direction

    Size = float | str
    """A number, or a text in per cent."""

    def embargo(senders: Names, targets: Names, **options: Unpack[OnFlows]) -> Scenario: ...
    def endowments(targets: Names, factor: Size, **options: Unpack[Dated]) -> Scenario: ...
    def export_ban(senders: Names, targets: Names, **options: Unpack[OnFlows]) -> Scenario: ...
    def export_tax(senders: Names, targets: Names, rate: Size, **options: Unpack[WithMode]) -> Scenario: ...
    def import_ban(senders: Names, targets: Names, **options: Unpack[OnFlows]) -> Scenario: ...
    def import_subsidy(
        senders: Names, targets: Names, rate: Size, **options: Unpack[OnFlows]
    ) -> Scenario: ...
    def price_cap(senders: Names, targets: Names, share: Size, **options: Unpack[WithRent]) -> Scenario: ...
    def productivity(targets: Names, factor: Size, **options: Unpack[ForSectors]) -> Scenario: ...
    def quota(senders: Names, targets: Names, share: Size, **options: Unpack[WithRent]) -> Scenario: ...
    def tariff(senders: Names, targets: Names, rate: Size, **options: Unpack[WithMode]) -> Scenario: ...
    def trade_cost(senders: Names, targets: Names, factor: Size, **options: Unpack[OneWay]) -> Scenario: ...
    def transfer(senders: Names, targets: Names, amount: Size, **options: Unpack[Dated]) -> Scenario: ...
else:
    __all__ = [*classes()]


def _limit(builder: ShockBuilder, kind: LimitKind, instrument: Quota | PriceCap, bound: float) -> None:
    cells = builder.cells(instrument.senders, instrument.targets, instrument.sectors, "imports")
    label = instrument.describe(builder.world)
    builder.add_limit(Limit(kind, cells, bound, instrument.rent, label, instrument.use))
