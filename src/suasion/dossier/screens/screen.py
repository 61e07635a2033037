"""A screen: one question, one finding as heading, few words, one or two charts, and how sure it is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from suasion.answers.finding import Finding
from suasion.answers.picture.inline.canvas import Drawing


class Light(StrEnum):
    """How well a finding is founded."""

    MEASURED = "measured"
    MODELLED = "modelled"
    JUDGED = "judged"
    UNKNOWN = "unknown"


FEW_CASES = 10
"""Cases below which a number rests on judgement."""


def light(
    *,
    observed: bool = False,
    ranged: bool = False,
    checked: bool = True,
    assumed: bool = False,
    cases: int | None = None,
    doubted: bool = False,
) -> Light:
    """Return the light of a finding by what it rests on.

    observed: Data whose sources agree, or whose disagreement is drawn.
    ranged, checked: Output of a model that has a range, and whose checks hold.
    assumed: A size that is assumed, or a model without skill over the record of all pairs.
    cases: Past cases that it rests on.
    doubted: Whether two sources tell of quite different trade, which takes a step away.
    """
    if assumed or (cases is not None and cases < FEW_CASES):
        return Light.JUDGED
    if observed:
        return Light.MODELLED if doubted else Light.MEASURED
    return Light.MODELLED if ranged and checked and not doubted else Light.JUDGED


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
    key : str
        Address; the question is ``screen.KEY.question``.
    heading : Finding
    light : Light
    why : Finding
        What the light says, in words.
    text : tuple of Finding
        At most seventy words.
    aside : Finding, optional
        What is assumed.
    charts : tuple of Chart
    box : tuple, optional
        A drawing and the sentences beside it.
    basis, better : Finding, optional
        For the last screen: what it rests on, and what would change it.
    rows : tuple of DossierScreen
        Of the last screen: the others.
    """

    key: str
    heading: Finding
    light: Light
    why: Finding
    text: tuple[Finding, ...] = ()
    aside: Finding | None = None
    charts: tuple[Chart, ...] = ()
    box: tuple[Drawing, tuple[Finding, ...]] | None = None
    basis: Finding | None = None
    better: Finding | None = None
    rows: tuple[DossierScreen, ...] = ()
