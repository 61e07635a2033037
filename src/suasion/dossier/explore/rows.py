"""Typed rows and contexts of the explorer's pages: each page shows one, and its JSON twin is the same object.

Percent means percent; money is million USD; a change below zero is a loss. A missing number is ``None``, and a
reason says why. Numbers in words (``cells``, ``sentence``) are made from the same fields.
"""

from __future__ import annotations

from dataclasses import dataclass, field

SCHEMA = 1


@dataclass(frozen=True, slots=True)
class Change:
    """One economy or side in one run.

    Attributes
    ----------
    run : str
        Key of the run.
    percent, usd : float or None
        Change of welfare: per cent of own real expenditure, million USD at base prices.
    low, high : float or None
        90 % band of ``percent`` over draws of the elasticities; None where none was asked.
    text : str
        The number as printed, with its band.
    half : (float, float) or None
        Band that holds the middle half of the draws.
    single : tuple of float
        ``percent`` in the first dozen draws that have an equilibrium.
    """

    run: str
    percent: float | None
    usd: float | None
    low: float | None = None
    high: float | None = None
    text: str = ""
    half: tuple[float, float] | None = None
    single: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class RunRow:
    """One solved horizon.

    Attributes
    ----------
    key : {"short", "dial", "long"}
        Which of the three.
    label : str
        As printed ("short run, 1 year").
    years : float
        Horizon.
    residual, dropped : float
        Gaps of the certificate.
    certified : bool
        Whether both are small enough.
    reason : str
        Why there is no equilibrium; empty where there is one.
    """

    key: str
    label: str
    years: float
    residual: float
    dropped: float
    certified: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class SideRow:
    """A side of the scenario: a state, a group as one, a whole side, or everybody else.

    Attributes
    ----------
    name : str
        As printed.
    role : {"coalition", "target", "other"}
        Its part.
    codes : tuple of str
        Its economies.
    changes : tuple of Change
        One for each run.
    """

    name: str
    role: str
    codes: tuple[str, ...]
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class EconomyRow:
    """One economy of the world.

    Attributes
    ----------
    code, name : str
        Code and name.
    role : {"coalition", "target", "other"}
        Its part.
    changes : tuple of Change
        One for each run.
    """

    code: str
    name: str
    role: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class FlowRow:
    """Trade in the covered goods with one partner, quantities at base prices.

    Attributes
    ----------
    code, name : str
        The partner.
    before, after, change : float
        Million USD at base prices.
    text : str
        The change as printed.
    """

    code: str
    name: str
    before: float
    after: float
    change: float
    text: str


@dataclass(frozen=True, slots=True)
class IndustryRow:
    """One industry of a side.

    Attributes
    ----------
    code, name : str
        Industry.
    covered : bool
        Whether a measure names it.
    change : float
        Per cent.
    text : str
        As printed.
    """

    code: str
    name: str
    covered: bool
    change: float
    text: str


@dataclass(frozen=True, slots=True)
class Panel:
    """A list of bars under one heading.

    Attributes
    ----------
    key, title, subtitle : str
        Identifier, heading, and measure with its unit.
    rows : tuple of FlowRow or IndustryRow
        Largest first.
    reason : str
        Why it is empty.
    """

    key: str
    title: str
    subtitle: str
    rows: tuple[FlowRow, ...] | tuple[IndustryRow, ...]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class PublishedRow:
    """What others found for the same question.

    Attributes
    ----------
    what : str
        What it measures, of which measure.
    country, name : str
        Whose change it is.
    low, high : float
        Their change, per cent.
    text : str
        The same as printed.
    ours : float or None
        Change of the same economy here in the short run, per cent.
    ours_text : str
        The same as printed.
    source, differs : str
        Where it stands, and why the two are not the same.
    """

    what: str
    country: str
    name: str
    low: float
    high: float
    text: str
    ours: float | None
    ours_text: str
    source: str
    differs: str


@dataclass(frozen=True, slots=True)
class ScenarioAnswer:
    """What a scenario does: the context of the builder's result.

    Attributes
    ----------
    address : str
        Query string that gives it again.
    name, question : str
        Title of the scenario, and of the page.
    sentence : str
        The answer in words, made from ``sides``.
    verdict : str
        Who loses more, in per cent and in money; empty where that is not clear.
    measures : tuple of str
        One sentence an instrument.
    runs : tuple of RunRow
        Short run, the reader's horizon where it is another, long run.
    shown : str
        Key of the run of map, trade and prices.
    sides : tuple of SideRow
        Each member of the coalition, each target, each side as a whole, everybody else.
    economies : tuple of EconomyRow
        All, the largest loss in the shown run first.
    panels : tuple of Panel
        Trade diverted, prices, industries, in the shown run.
    assumptions : tuple of str
        Horizon, elasticities and deficit rule in words.
    usual : bool
        Whether all assumptions have their usual values.
    notes : tuple of str
        Cautions, and how the scenario was read.
    draws : int
        Elasticity draws behind the bands; 0 for none.
    failed_draws : int
        How many of them had no equilibrium in some run.
    source : str
        Data set and year.
    yaml : str
        The scenario file.
    run_id : str
        Hash of data, scenario and version.
    schema : int
        Version of this context.
    usual_sentence : str
        The same measures under the usual assumptions, in words; empty where these are the usual ones.
    published : tuple of PublishedRow
        What others found for the same question.
    """

    address: str
    name: str
    question: str
    sentence: str
    verdict: str
    measures: tuple[str, ...]
    runs: tuple[RunRow, ...]
    shown: str
    sides: tuple[SideRow, ...]
    economies: tuple[EconomyRow, ...]
    panels: tuple[Panel, ...]
    assumptions: tuple[str, ...]
    usual: bool
    notes: tuple[str, ...]
    draws: int
    failed_draws: int
    source: str
    yaml: str
    run_id: str
    schema: int = SCHEMA
    usual_sentence: str = ""
    published: tuple[PublishedRow, ...] = ()


@dataclass(frozen=True, slots=True)
class CompareContext:
    """Up to four scenarios side by side.

    Attributes
    ----------
    question, sentence : str
        Title and answer.
    answers : tuple of ScenarioAnswer
        In the order asked.
    rows : tuple of SideRow
        Every side that any of them names; ``changes`` run over scenarios, then over short and long run, and
        their ``run`` is ``"1 short"``, ``"1 long"``, ``"2 short"`` and so on.
    schema : int
        Version of this context.
    """

    question: str
    sentence: str
    answers: tuple[ScenarioAnswer, ...]
    rows: tuple[SideRow, ...] = field(default=())
    schema: int = SCHEMA
