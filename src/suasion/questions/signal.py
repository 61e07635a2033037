"""What a ledger of signals comes to: prior, evidence, posterior, and what each judgement moves."""

from __future__ import annotations

from collections.abc import Iterator
from math import exp, log
from typing import TYPE_CHECKING, Annotated, Any

from suasion.answers import (
    DETAIL,
    MAIN,
    USUAL,
    Answer,
    Finding,
    Picture,
    Quantity,
    Source,
    Table,
    Value,
    Word,
)
from suasion.errors import JudgementError
from suasion.questions.judgements import judgements_table
from suasion.questions.question import Count, Limits, Named, question

if TYPE_CHECKING:
    import pandas as pd

    from suasion.schema.judgements import Judgement
    from suasion.statecraft.ledger.odds import Ledger

SOURCES = (Source("signal.source"),)
LEDGERS = {frozenset(("RUS", "CHN")): "russia_china_2014_2026"}
"""Shipped ledgers by the pair that they are about."""
PATH = "date item label ratio step posterior posterior_least posterior_most prior_least prior_most"
VALUES = "item label date evidence_kind group ratio log_ratio log_ratio_least log_ratio_most discount weighed source"
SAME = 1e-9
"""Odds and back lose the last of sixteen digits."""
Points = Annotated[int, Limits(0, 100_000)]
"""Draws of judgements; bounds, at which all of them are at their worst or best, need none."""


@question
def signal(
    file: Named, *, prior: str = "", target: float = 0.5, draws: Points = 2000, seed: Count = 0
) -> Answer:
    """Weigh a ledger of signals: posterior over time, worth of each item, what every judgement moves.

    Parameters
    ----------
    file : Named
        Ledger (YAML), or a name: russia_china_2014_2026.
    prior : str
        Another prior: a probability; value,low,high; or RUS,CHN,2036: a bilateral pact by the end of 2036.
    target : float
        Probability whose price in evidence is given.
    draws : int
        Draws over the ranges of all judgements, 20 or more; 0 for none.

    Returns
    -------
    Answer
        Tables ``path``, ``values``, ``rectangle``, ``sensitivity``, ``needed`` and ``sources``.

    Examples
    --------
    >>> su.signal("russia_china_2014_2026", draws=100)
    <Answer signal ...: path (...>
    """
    from suasion.statecraft.ledger.file import read_ledger

    ledger = read_ledger(file, prior_of(prior))
    asked: dict[str, Value] = {
        "question": ledger.question,
        "name": ledger.name,
        "hypothesis": ledger.hypothesis,
    }
    path = _path(ledger, draws, seed)
    tables = (_path_table(path, asked), *_tables(ledger, target, asked))
    return Answer(
        "signal",
        asked,
        tuple(_findings(ledger, path.iloc[-1], target, asked)),
        tuple(table for table in tables if table.rows),
        sources=SOURCES,
        result=ledger,
    )


def about(a: str, b: str, *_: object) -> dict[str, Any] | None:
    """Return what to ask of a pair: its shipped ledger, whose exact bounds need no draws; None without one."""
    name = LEDGERS.get(frozenset((a, b)))
    return None if name is None else {"file": name, "draws": 0}


def prior_of(text: str) -> Judgement | None:
    """Return the prior that a text gives: a number, value with low and high, or a pair and the year by which it signs.

    Raises JudgementError if it is neither.
    """
    from suasion.schema.judgements import Judgement
    from suasion.statecraft.alliance.number import pact_prior

    if not text:
        return None
    parts = text.split(",")
    try:
        numbers = [float(part) for part in parts]
    except ValueError:
        numbers = []
    if len(numbers) in (1, 3):
        return Judgement("prior", numbers[0], numbers[len(numbers) // 2], numbers[-1], "given")
    if len(parts) == 3 and parts[2].isdigit() and not numbers:
        return pact_prior(parts[0], parts[1], int(parts[2]))
    raise JudgementError(
        f"The prior {text!r} is neither a probability nor value,low,high, nor a pair and a year such as RUS,CHN,2036."
    )


def _path(ledger: Ledger, draws: int, seed: int) -> pd.DataFrame:
    """The posterior after each item, with what bounds it, and the band of draws where there are any."""
    from suasion.statecraft.ledger.odds import exact_path, posterior_path

    path = exact_path(ledger)
    if draws:
        drawn = posterior_path(ledger, draws, seed)
        path = path.assign(posterior_low=drawn["low"], posterior_high=drawn["high"])
    if draws and ledger.pair is not None:
        # Evidence that weighs nothing leaves the number as it was, and its band with it: one band for one question.
        same = (path["posterior"] - ledger.prior.value).abs() < SAME
        ends = {"posterior_low": ledger.prior.low, "posterior_high": ledger.prior.high}
        path = path.assign(**{name: path[name].mask(same, end) for name, end in ends.items()})
    names = {"least": "posterior_least", "most": "posterior_most"}
    path = path.rename(columns=names | {"prior_low": "prior_least", "prior_high": "prior_most"})
    dates = ["", *(item.date.isoformat() for item in ledger.items)]
    return path.assign(date=dates, label=["", *(item.short for item in ledger.items)])


def _path_table(path: pd.DataFrame, asked: dict[str, Value]) -> Table:
    return Table.of(
        "path",
        PATH,
        path,
        axes="item",
        picture=Picture("steps", "date", "posterior", label="label"),
        values=asked,
        notes=(Finding("signal.path_note"),),
        brief="date item ratio posterior",
    )


def _tables(ledger: Ledger, target: float, asked: dict[str, Value]) -> Iterator[Table]:
    from suasion.statecraft.ledger.file import evidence_needed, rectangle, sensitivity, strongest

    yield Table.of(
        "values",
        f"{VALUES} what",
        _values(ledger),
        axes="item",
        picture=Picture("ranges", "log_ratio", "label"),
        values=asked,
        notes=(Finding("signal.values_note"),),
        brief="item evidence_kind ratio discount weighed",
    )
    item = strongest(ledger)
    if item is not None:
        grid = rectangle(ledger).rename(columns={"ratio": "strongest_ratio"})
        yield Table.of(
            "rectangle",
            "prior strongest_ratio posterior",
            grid,
            axes="prior strongest_ratio",
            values={**asked, "item": item.short},
        )
    here = float(_path(ledger, 0, 0)["posterior"].iloc[-1])
    yield judgements_table("sensitivity", sensitivity(ledger), "posterior", here, asked, detail=True)
    needed = evidence_needed(ledger, target).rename(columns={"case": "prior_end"})
    more: dict[str, Any] = {"values": {**asked, "target": Quantity(target, "probability")}, "detail": True}
    yield Table.of("needed", "prior_end prior in_all so_far more items", needed, axes="prior_end", **more)
    read = [{"source": key, "reference": text} for key, text in ledger.sources.items()]
    yield Table.of("sources", "source reference", read, axes="source", **more)
    yield Table.of(
        "evidence",
        "evidence_of_pacts ratio ratio_absent before others in_hazard",
        _ratios(ledger),
        axes="evidence_of_pacts",
        **more,
    )


def _ratios(ledger: Ledger) -> Iterator[dict[str, Any]]:
    """Likelihood ratios of evidence from matched pairs, for a ledger about a pact."""
    from suasion.statecraft.alliance.hazards import load_pact_model

    for row in load_pact_model()["ratios"] if ledger.pair is not None else ():
        yield {**row, "evidence_of_pacts": row["evidence"], "in_hazard": "yes" if row["in_hazard"] else "no"}


def _values(ledger: Ledger) -> Iterator[dict[Any, Any]]:
    from suasion.statecraft.ledger.odds import item_values

    for item, row in zip(ledger.items, item_values(ledger).to_dict("records"), strict=True):
        ends = (item.ratio.low, item.ratio.high) if item.counted else (1.0, 1.0)
        yield {
            **row,
            "label": item.short,
            "date": item.date.isoformat(),
            "evidence_kind": item.kind.replace(" ", "_"),
            "log_ratio_least": log(ends[0]),
            "log_ratio_most": log(ends[1]),
            "discount": row["weight"],
            "weighed": row["value"],
            "what": item.text,
        }


def _findings(
    ledger: Ledger, last: pd.Series[Any], target: float, asked: dict[str, Value]
) -> Iterator[Finding]:
    chance = {
        name: float(last[f"posterior{end}"]) for name, end in _ENDS.items() if f"posterior{end}" in last
    }
    after = Quantity(chance["after"], "probability", chance.get("low"), chance.get("high"))
    prior = {name: Quantity(getattr(ledger.prior, end), "probability") for name, end in _PRIOR.items()}
    bounds = {name: Quantity(chance[name], "probability") for name in ("least", "most")}
    key = "signal.posterior_open" if after.open else "signal.posterior"
    yield Finding(key, {**asked, "after": after, **prior, **bounds}, weight=MAIN + 0.8)
    for item in ledger.items:
        values = {"item": item.short, "date": item.date.isoformat()}
        if item.in_prior:
            yield Finding(
                "signal.in_prior", {**values, "covariate": Word("covariate", item.in_prior)}, weight=DETAIL
            )
        elif not item.counted:
            yield Finding("signal.talk", values, weight=USUAL)
        elif item.justified:
            yield Finding("signal.talk_counts", {**values, "why": item.justified}, weight=USUAL)
    yield from _counted(ledger)
    yield from _strongest(ledger, target, asked)
    yield _price(ledger, target, asked)


_ENDS = {"after": "", "low": "_low", "high": "_high", "least": "_least", "most": "_most"}
_PRIOR = {"prior": "value", "prior_least": "low", "prior_most": "high"}


def _counted(ledger: Ledger) -> Iterator[Finding]:
    """Of the evidence whose ratio can be counted, what tells most."""
    rows = sorted(_ratios(ledger), key=lambda row: -row["ratio"])
    if rows:
        ratio = Quantity(rows[0]["ratio"], "score", rows[0]["ratio_low"], rows[0]["ratio_high"])
        yield Finding(
            "signal.counted",
            {"evidence": Word("evidence_of_pacts", rows[0]["evidence"]), "ratio": ratio},
            weight=USUAL + 0.5,
        )


def _strongest(ledger: Ledger, target: float, asked: dict[str, Value]) -> Iterator[Finding]:
    """The item that weighs most, and what no choice of it and of the prior can change."""
    from suasion.statecraft.ledger.file import evidence_needed, rectangle, strongest
    from suasion.statecraft.ledger.odds import item_values

    item = strongest(ledger)
    if item is None:
        yield Finding("signal.nothing_counts", asked, weight=USUAL)
        return
    named: dict[str, Value] = {**asked, "item": item.short, "date": item.date.isoformat()}
    worth = float(item_values(ledger)["value"].iloc[ledger.items.index(item)])
    numbers = {"worth": Quantity(abs(worth), "score"), "odds": Quantity(exp(abs(worth)), "score")}
    if worth:
        key = "signal.strongest_for" if worth > 0 else "signal.strongest_against"
        yield Finding(key, {**named, **numbers}, weight=USUAL)
    ends = rectangle(ledger)["posterior"]
    least, most = float(ends.min()), float(ends.max())
    where = "nowhere" if most < target else "everywhere" if least >= target else "depends"
    needed = evidence_needed(ledger, target).iloc[1]
    ratios = {name: Quantity(float(needed[name]), "score") for name in ("in_all", "so_far")}
    bounds = {"least": Quantity(least, "probability"), "most": Quantity(most, "probability")}
    reach = Quantity(target, "probability")
    yield Finding(f"signal.{where}", {**named, "target": reach, **bounds, **ratios}, weight=MAIN)


def _price(ledger: Ledger, target: float, asked: dict[str, Value]) -> Finding:
    """The factor that the evidence lacks for the target, over the range of the prior."""
    from suasion.statecraft.ledger.file import evidence_needed

    asked = {**asked, "target": Quantity(target, "probability")}
    low, own, high = (row for _, row in evidence_needed(ledger, target).iterrows())
    if own["more"] <= 1.0:
        return Finding("signal.reached", asked, weight=DETAIL)
    rows = {"more": own, "least": high, "most": low}
    factors = {name: Quantity(float(row["more"]), "score") for name, row in rows.items()}
    if own["items"] != own["items"]:
        return Finding("signal.lacks", {**asked, **factors}, weight=DETAIL)
    items = Quantity(float(own["items"]), "count")
    return Finding("signal.lacks_items", {**asked, **factors, "items": items}, weight=DETAIL)
