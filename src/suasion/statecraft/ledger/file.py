"""Ledger files, a prior and dated evidence as typed YAML, and what a ledger answers: how much more would be needed."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any

import numpy as np
import pandas as pd
from pydantic import BeforeValidator, Field

from suasion.errors import InputError, JudgementError, SuasionError
from suasion.schema import judgements
from suasion.schema.judgements import ASSUMPTION, Figure, FigureModel, Judgement, judgement
from suasion.schema.typed_file import Strict, TypedFile, repeats
from suasion.schema.yaml_lines import Fault
from suasion.statecraft.alliance.hazards import COVARIATES
from suasion.statecraft.ledger.odds import (
    Item,
    Ledger,
    as_given,
    item_values,
    log_odds,
    odds_path,
    probability,
)
from suasion.statecraft.tables import EXAMPLES
from suasion.types import FloatArray

KINDS = ("cheap talk", "sunk cost", "tied hands", "position", "joint action")
"""Kinds of evidence: words that cost nothing whoever says them; a cost paid whatever comes of it, such as arms handed
over; a cost that falls due when the word is not kept, such as a treaty; an endorsement given or withheld; an exercise,
a patrol, an operation together."""
_NONE = FigureModel(value=1.0)
CHEAP = "cheap talk"


class ItemModel(Strict):
    """Keys of a piece of evidence."""

    id: str
    date: dt.date
    what: str
    kind: str
    source: str
    ratio: Figure | None = None
    group: str = ""
    justified: str = ""
    in_prior: str = ""
    short: str = ""


def _prior(value: Any) -> Any:
    """The word `hazard` as None, to be filled in; an empty key is none."""
    if value == "hazard":
        return None
    return "" if value is None else judgements.bare(value)


class LedgerModel(Strict):
    """Keys of a ledger."""

    name: str
    question: str
    hypothesis: str
    otherwise: str
    prior: Annotated[FigureModel | None, BeforeValidator(_prior)] = None
    pair: Annotated[list[str], Field(min_length=2, max_length=2)] | None = None
    by: int | None = None
    groups: dict[str, Figure] = Field(default_factory=dict)
    evidence: list[ItemModel]
    sources: dict[str, judgements.SourceModel] = Field(default_factory=dict)


def read_ledger(path: str | Path, prior: Judgement | None = None) -> Ledger:
    """Read a ledger file.

    Parameters
    ----------
    path : YAML in UTF-8, or the name of a ledger that ships with Suasion, such as ``russia_china_2014_2026``
    prior : takes the place of the file's prior. A file that gives none, or says ``prior: hazard``, takes the
        probability that its ``pair`` signs a bilateral defence pact by the end of the year ``by``, with its band.

    Returns
    -------
    Ledger

    Raises
    ------
    JudgementError
        The file is absent or not valid (each problem on a line of its own, with file and line), or has neither a prior
        nor a pair without a pact and a year.
    """
    return _ledger(_FILE.read(path)[0], prior)


def parse_ledger(text: str, source: str = "<text>", prior: Judgement | None = None) -> Ledger:
    """Ledger from the text of a ledger file; errors as for :func:`read_ledger`.

    Parameters
    ----------
    text, source : content, and file name for messages
    prior : as for :func:`read_ledger`

    Returns
    -------
    Ledger
    """
    return _ledger(_FILE.parse(text, source)[0], prior)


def _ledger(model: LedgerModel, prior: Judgement | None) -> Ledger:
    told = judgements.said(model.sources)
    if prior is not None:
        start = prior
    elif model.prior is not None:
        start = judgement("prior", model.prior)
    else:
        start = prior = _hazard(model)
    made = Ledger(
        model.name,
        model.question,
        model.hypothesis,
        model.otherwise,
        start,
        tuple(_item(i) for i in model.evidence),
        MappingProxyType({k: judgement(f"{k}: correlation", f) for k, f in model.groups.items()}),
        MappingProxyType(told),
        None if model.pair is None else (model.pair[0], model.pair[1]),
        model.by,
    )
    return made if prior is None else made.with_prior(prior.value, prior.low, prior.high, prior.source)


def _hazard(model: LedgerModel) -> Judgement:
    """The one number of a pact of the pair of a ledger, with its band."""
    from suasion.statecraft.alliance.number import pact_prior

    if model.pair is None or model.by is None:
        raise JudgementError(
            f"{model.name}: without a prior, or with `prior: hazard`, it is the probability of a pact. Name the pair "
            "and the year by whose end it is asked, such as `pair: [RUS, CHN]` and `by: 2036`, or write a prior."
        )
    try:
        return pact_prior(model.pair[0], model.pair[1], model.by)
    except SuasionError as error:
        raise JudgementError(f"{model.name}: there is no probability of a pact for it: {error}") from error


def _item(model: ItemModel) -> Item:
    counted = not model.in_prior and (model.kind != CHEAP or bool(model.justified))
    ratio = judgement(f"{model.id}: ratio", model.ratio or _NONE)
    own = (model.group, model.source, counted, model.justified, model.in_prior, model.short or model.id)
    return Item(model.id, model.date, model.what, model.kind, ratio, *own)


def _faults(model: LedgerModel) -> Iterator[Fault]:
    if model.prior is not None:
        yield from judgements.figure_faults(
            ("prior",), "prior", model.prior, model.sources, (0.0, 1.0), (False, False)
        )
    for name, figure in model.groups.items():
        place = f"{name}: correlation"
        yield from judgements.figure_faults(
            ("groups", name), place, figure, model.sources, (0.0, 1.0), (True, False)
        )
    if not model.evidence:
        yield ("evidence",), "there is no evidence; give at least one item."
    for index, item in enumerate(model.evidence):
        yield from _item_faults(("evidence", index), item, model)
    yield from _order(model)


def _item_faults(path: tuple[str | int, ...], item: ItemModel, model: LedgerModel) -> Iterator[Fault]:
    if item.kind not in KINDS:
        yield (*path, "kind"), f"{item.id}: kind {item.kind!r} is unknown; give one of {', '.join(KINDS)}."
    if item.group and item.group not in model.groups:
        yield (*path, "group"), f"{item.id}: group {item.group!r} is not listed under `groups`."
    if item.source != ASSUMPTION and item.source not in model.sources:
        yield (*path, "source"), f"{item.id}: source {item.source!r} is not listed under `sources`."
    yield from _known_already(path, item)
    if item.ratio is not None:
        yield from judgements.figure_faults(
            (*path, "ratio"),
            f"{item.id}: likelihood ratio",
            item.ratio,
            model.sources,
            (0.0, math.inf),
            (False, True),
        )
    elif not item.in_prior and (item.kind != CHEAP or item.justified):
        yield path, f"{item.id}: key `ratio` is missing; give a likelihood ratio > 0."
    yield from _talk(path, item)


def _known_already(path: tuple[str | int, ...], item: ItemModel) -> Iterator[Fault]:
    """What the prior knows as a covariate has no ratio of its own."""
    known = sorted(set(COVARIATES.values()))
    if item.in_prior and (item.in_prior not in known or item.ratio is not None):
        yield (
            (*path, "in_prior"),
            f"{item.id}: {item.in_prior!r} is not one of {', '.join(known)}, or has a ratio.",
        )


def _talk(path: tuple[str | int, ...], item: ItemModel) -> Iterator[Fault]:
    """Cheap talk has ratio 1, or says why not."""
    if item.kind != CHEAP or item.justified or item.ratio is None:
        return
    if {item.ratio.value, *(item.ratio.range or [])} != {1.0}:
        yield (
            (*path, "ratio"),
            f"{item.id} is cheap talk: its likelihood ratio is 1, unless `justified` says why.",
        )


def _order(model: LedgerModel) -> Iterator[Fault]:
    for index, name in repeats([item.id for item in model.evidence]):
        yield ("evidence", index, "id"), f"id {name!r} is there twice; give each item its own."
    for index, (before, item) in enumerate(pairwise(model.evidence), 1):
        if item.date < before.date:
            yield (
                ("evidence", index, "date"),
                f"{item.id} ({item.date}) stands after {before.id} ({before.date}); put items in the order of time.",
            )


_FILE = TypedFile("ledger", LedgerModel, JudgementError, _faults, shipped=EXAMPLES)


def sensitivity(ledger: Ledger) -> pd.DataFrame:
    """Return the posterior with each judgement at either end of its range, the others as they are.

    Parameters
    ----------
    ledger : Ledger

    Returns
    -------
    DataFrame
        ``judgement``, ``judgement_label`` (what it is on, in a few words), ``value``, ``low``, ``high``, ``source``,
        ``at_low``, ``at_high`` (posterior), ``swing`` (their distance), the largest first. A judgement without a range
        has swing 0.
    """
    groups = [name.replace("_", " ") + ": correlation" for name in ledger.groups]
    labels = ["prior", *(item.short for item in ledger.items), *groups]
    return swings(
        ledger.judgements,
        lambda points: probability(odds_path(ledger, points)[:, -1]),
        judgement_label=labels,
    )


def swings(
    given: Sequence[Judgement], answer: Callable[[FloatArray], FloatArray], **more: Sequence[str]
) -> pd.DataFrame:
    """Return a number with each judgement at either end of its range, the others as they are.

    given: judgements.
    answer: from judgements (D, J) to numbers (D,).
    more: further columns, one text a judgement.
    Returns: ``judgement``, ``value``, ``low``, ``high``, ``source``, ``at_low``, ``at_high``, ``swing`` (their
      distance), and those further ones; the largest swing first.
    """
    ends = [(g.low, g.high) for g in given]
    points = np.repeat([[g.value for g in given]], 2 * len(given), axis=0)
    points[np.arange(2 * len(given)), np.repeat(np.arange(len(given)), 2)] = np.ravel(ends)
    found = answer(points).reshape(-1, 2)
    rows = [(g.place, g.value, g.low, g.high, g.source) for g in given]
    table = pd.DataFrame(rows, columns=["judgement", "value", "low", "high", "source"]).assign(
        at_low=found[:, 0], at_high=found[:, 1], swing=np.abs(found[:, 1] - found[:, 0]), **more
    )
    return table.sort_values(["swing", "judgement"], ascending=[False, True], ignore_index=True)


def strongest(ledger: Ledger) -> Item | None:
    """Return the item worth most in favour of the hypothesis, else most against it, else of the widest range.

    None where no item counts.
    """
    values = item_values(ledger)["value"].to_numpy()
    if len(values) and np.abs(values).max() > 0:
        return ledger.items[int((values if values.max() > 0 else -values).argmax())]
    wide = [i for i in ledger.items if i.counted and i.ratio.high > i.ratio.low]
    return max(wide, key=lambda i: i.ratio.high / i.ratio.low, default=None)


def rectangle(ledger: Ledger, size: int = 5) -> pd.DataFrame:
    """Return the posterior over the whole rectangle of prior and strongest ratio.

    Parameters
    ----------
    ledger : Ledger
    size : points along each side, even in log odds and in log ratio; at least 2

    Returns
    -------
    DataFrame
        ``prior``, ``ratio``, ``posterior``, size x size rows, fewer where one has no range; ``attrs["item"]`` names
        the item.

    Raises
    ------
    InputError
        If there are fewer than two points, or no item that counts.
    """
    chosen = strongest(ledger)
    if size < 2 or chosen is None:
        raise InputError(f"A rectangle needs at least 2 points a side (not {size}) and an item that counts.")
    place = 1 + ledger.items.index(chosen)
    priors = probability(np.linspace(log_odds(ledger.prior.low), log_odds(ledger.prior.high), size))
    ratios = np.geomspace(chosen.ratio.low, chosen.ratio.high, size)
    points = np.repeat(as_given(ledger), size * size, axis=0)
    points[:, 0], points[:, place] = np.repeat(priors, size), np.tile(ratios, size)
    last = probability(odds_path(ledger, points)[:, -1])
    table = pd.DataFrame({"prior": points[:, 0], "ratio": points[:, place], "posterior": last})
    table = table.drop_duplicates(ignore_index=True)  # a judgement without a range is one point
    table.attrs["item"] = chosen.key
    return table


def evidence_needed(ledger: Ledger, target: float = 0.5) -> pd.DataFrame:
    """Return the combined likelihood ratio that would bring the hypothesis to a target.

    Parameters
    ----------
    ledger : Ledger
    target : probability to reach, in (0, 1)

    Returns
    -------
    DataFrame
        Rows for the prior at ``low``, ``value`` and ``high``: ``prior``, ``in_all`` (ratio needed of all evidence),
        ``so_far`` (ratio of the items of the file), ``more`` (ratio still needed; at most 1 where it is reached),
        ``items`` (independent further items as strong as the strongest that favours the hypothesis; missing
        where none does).

    Raises
    ------
    InputError
        If the target is no probability in (0, 1).
    """
    if not 0.0 < target < 1.0:
        raise InputError(f"The target is {target:g}; give a probability between 0 and 1.")
    have = float(item_values(ledger)["value"].sum())
    best = max((float(np.log(i.ratio.value)) for i in ledger.items if i.counted), default=0.0)
    rows = []
    for name in ("low", "value", "high"):
        prior = getattr(ledger.prior, name)
        need = float(log_odds(target) - log_odds(prior))
        items = np.ceil(max(need - have, 0.0) / best - 1e-9) if best > 0 else np.nan
        rows.append((name, prior, np.exp(need), np.exp(have), np.exp(need - have), items))
    return pd.DataFrame(rows, columns=["case", "prior", "in_all", "so_far", "more", "items"])
