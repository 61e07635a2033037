"""A screen: one block of the verdict, with one or two charts."""

from __future__ import annotations

from dataclasses import dataclass

from suasion.answers.finding import Finding
from suasion.answers.picture.inline.canvas import Drawing
from suasion.questions.verdict.parts import Block


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart of a screen.

    Attributes
    ----------
    title : Finding
    sub : Finding
        Measure, unit, period and key.
    drawing : Drawing
    source : Finding
    rows : str
        Address of the fold that has the same rows as a table.
    told : tuple of tuple of str
        The cells of its rows, for a terminal, which has no drawing; the first tuple are their heads.
    alone : Finding, optional
        What ``sub`` says, where the chart stands without the one before it.
    under : tuple of Finding
        Sentences under it.
    """

    title: Finding
    sub: Finding
    drawing: Drawing
    source: Finding
    rows: str
    told: tuple[tuple[str, ...], ...] = ()
    alone: Finding | None = None
    under: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class DossierScreen:
    """One screen.

    Attributes
    ----------
    block : Block
        What it says.
    charts : tuple of Chart
    dots : Drawing, optional
        Of the chance that the block tells.
    """

    block: Block
    charts: tuple[Chart, ...] = ()
    dots: Drawing | None = None

    @property
    def key(self) -> str:
        """Its address."""
        return self.block.key
