"""Instruments that end flows, or a part of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from suasion.equilibrium.scenario.builder import Direction, ShockBuilder
from suasion.equilibrium.scenario.instrument import Names, Offer, OnPart, Scale


@dataclass(frozen=True, slots=True)
class Ban(OnPart):
    """Flows of exactly zero; use one of its three kinds.

    senders, targets: the two sides.
    sectors: None is every sector.
    Raises ScenarioError when a side is empty or not made of names. The same holds for every instrument.
    """

    sectors: Names | None = None

    def apply(self, builder: ShockBuilder) -> None:
        """Cut the flows."""
        cells = builder.cells(self.senders, self.targets, self.sectors, self.flow)
        builder.remove_share(cells, self.averaged(1.0, 0.0), self.use)


@dataclass(frozen=True, slots=True)
class Embargo(Ban):
    """No trade between senders and targets, in either direction.

    Parameters
    ----------
    senders, targets : countries (codes or names), dated groups such as ``EU``, or ``all``; each is one side
    sectors : codes, names or one-letter sections; every sector without it

    Examples
    --------
    >>> Embargo("USA", ["CHN"], sectors="C26").to_dict()
    {'type': 'embargo', 'senders': ['USA'], 'targets': ['CHN'], 'sectors': ['C26']}
    """

    kind: ClassVar[str] = "embargo"
    flow: ClassVar[Direction] = "both"


@dataclass(frozen=True, slots=True)
class ExportBan(Ban):
    """Senders stop selling to targets; what they buy from them goes on.

    Parameters
    ----------
    senders, targets, sectors
        As for :class:`Embargo`.

    Examples
    --------
    >>> su.export_ban("CHN", "DEU").instruments == (su.ExportBan("CHN", "DEU"),)
    True
    """

    kind: ClassVar[str] = "export_ban"
    flow: ClassVar[Direction] = "exports"


@dataclass(frozen=True, slots=True)
class ImportBan(Ban):
    """Senders stop buying from targets; what they sell to them goes on.

    Parameters
    ----------
    senders, targets, sectors
        As for :class:`Embargo`.

    Examples
    --------
    >>> su.import_ban("EU", "RUS").instruments == (su.ImportBan("EU", "RUS"),)
    True
    """

    kind: ClassVar[str] = "import_ban"
    flow: ClassVar[Direction] = "imports"


@dataclass(frozen=True, slots=True)
class Share(OnPart):
    """A part of every flow is removed: a strait, a port, a ban with exceptions; 1 is the embargo.

    Buyers replace what is gone by more from all origins, these included. To them the flow has shrunk, not become
    dearer: the rest is sold at its price.

    Parameters
    ----------
    senders, targets, sectors
        As for :class:`Embargo`.
    removed : above 0 and up to 1, of the flow at given prices
    direction : {"both", "imports", "exports"}
        Of the senders' trade with the targets.

    Examples
    --------
    >>> su.Share("EU", "RUS", 0.3).removed
    0.3
    """

    kind: ClassVar[str] = "share"
    offer: ClassVar[Offer] = Offer("removed", Scale.PERCENT, 50, 0, 100)
    removed: float
    sectors: Names | None = None
    direction: Direction = "both"

    def apply(self, builder: ShockBuilder) -> None:
        """Remove the part."""
        cells = builder.cells(self.senders, self.targets, self.sectors, self.direction)
        builder.remove_share(cells, self.averaged(self.removed, 0.0), self.use)
