"""Rules of the headings on what others could add or change, and on how sure a front is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from suasion.answers import Country, Finding, Quantity, Value, Word
from suasion.answers.front import settled
from suasion.questions.bands import ranged
from suasion.questions.verdict.parts import PairAnswers, Row, StateLoss

Said = dict[str, Value]
HEAVIER, LIGHTER, ALIKE = 1.75, 8.0, 1.3
"""Ratios of two losses, without a partner and without others: of who outweighs whom, and up to which they are alike."""
SURELY = 1.5
"""Ratio of the nearer end of a range to another loss, of which none is run, from which on the two are ranked."""
CUSHION = 1.25
"""Ratio of the losses with markets closed and open from which on open ones cushion."""
FIRST, LATER = 1.1, 1.07
"""The same from which on closed markets tell in the first year, and up to which they do not after ten."""
STAKE, SPARED, COMMON = 0.92, 0.6, 0.8
"""Parts of all who were ever sanctioned that stood to lose less: of who loses most, of who loses little, and usual."""
STEPS = 4
"""Steps to an alliance from which on they are told."""
STRONG, WEAK = 3.0, 0.3
"""Percentage points from which on a lever that crosses a red line is told, and below which none does anything."""
WIDE, DOUBT, LONG = 4.0, 3.2, 4.9
"""Ratios of the ends of a range from which on it leads: of the first year, far ones and others, and after ten years."""
HALVED, DOUBLED = 0.5, 1.75
"""Parts of a share that both ends of its range must pass, to be told together."""
STEADY = 0.05
"""Part of a share up to which a change that is expected is none."""
SCARCE = 17
"""Past cases up to which they are few."""


def _late(parts: PairAnswers, country: str) -> Quantity | None:
    """What a state would still lose after ten years, where that has a range above nothing."""
    one = parts.losses().get(("long", "open", country))
    return one.percent if one and one.percent.low and one.percent.low > 0.0 and one.percent.high else None


def others_shut(parts: PairAnswers, opened: StateLoss, shut: StateLoss) -> tuple[str, Said] | None:
    """Return the form of a heading on closed markets of others, and its values; None where none is apt.

    opened, shut: the first state's loss without the partner in the first year.
    """
    loss, closed = opened.percent.value or 0.0, shut.percent.value or 0.0
    alone = _alone(parts)
    if min(loss, closed) <= 0.0 or alone is None:
        return None
    said: Said = {"open": opened.percent, "closed": shut.percent}
    if loss >= HEAVIER * alone and (opened.percent.low or 0.0) >= SURELY * alone:
        return "outweighs", said
    if alone >= LIGHTER * loss and alone >= SURELY * (opened.percent.high or loss):
        return "dwarfed", said
    if closed >= CUSHION * loss:
        return "cushion", said
    if closed < FIRST * loss:
        return None
    if max(loss, alone) <= ALIKE * min(loss, alone):
        return "alike", said
    late = [parts.losses().get(("long", outlet, parts.a)) for outlet in ("open", "closed")]
    ends = [one.percent.value or 0.0 for one in late if one]
    return ("passes", said) if len(ends) == 2 and 0.0 < ends[1] <= LATER * ends[0] else None


def _alone(parts: PairAnswers) -> float | None:
    """What the first state would lose without the others alone, per cent."""
    for row in parts.rows("exit_cost", "exit-audience"):
        if (row["horizon"], row["outlet"], row["country"]) == ("short", "open", parts.a):
            return None if row["loss_percent"] is None else float(row["loss_percent"])
    return None


def on_use(parts: PairAnswers, near: Mapping[str, Value], pact: str) -> tuple[str, Said] | None:
    """Return the form of a heading on whether a loss would be used, and its values; None where none is apt.

    near: what is known of past cases of about the same loss.
    pact: form of what is told of a pact; empty where nothing is.
    """
    place = next((row for row in parts.rows("defiance", "pair-place") if row["horizon"] == "short"), None)
    if place is None or not near:
        return None
    said: Said = {"state": near["state"], "cases": near["cases"]}
    said["above"] = ranged(place, "above_all", "probability")
    own = next((row for row in parts.rows("defiance", "disputes") if _own(row, parts)), None)
    if own is not None:
        names = {"a": Country(own["weaker"]), "b": Country(own["stronger"]), "year": own["year"]}
        return f"own_{own['gave_in']}", names
    steps, above = _steps(parts), float(place["above_all"])
    if "defence" in steps:
        told = pact if pact and above >= COMMON else "allies"
        return ("stake" if above >= STAKE else told), said
    if len(steps) >= STEPS:
        return "steps", {"count": Quantity(len(steps), "count")}
    if above >= STAKE:
        return "most", said
    if above <= SPARED:
        return "spared", said | {"above": _rest(place)}
    if "consultation" in steps:
        return "consults", {}
    return None if steps else ("none", said)


def _rest(place: Row) -> Quantity:
    """The part of all who were ever sanctioned that stood to lose more."""
    ends = [
        None if place[name] is None else 1.0 - place[name] for name in ("above_all_high", "above_all_low")
    ]
    return Quantity(1.0 - place["above_all"], "probability", ends[0], ends[1])


def _own(row: Row, parts: PairAnswers) -> bool:
    """Whether a named dispute was between the two."""
    known = row["year"] is not None and row["gave_in"] in ("yes", "no")
    return known and {row["weaker"], row["stronger"]} == {parts.a, parts.b}


def _steps(parts: PairAnswers) -> set[str]:
    """Steps to an alliance that hold in the last year on record."""
    rows = parts.rows("ladder", "rungs")
    last = max((row["year"] for row in rows), default=0)
    return {row["rung"] for row in rows if row["year"] == last and row["rung_status"] == "yes"}


def on_path(parts: PairAnswers, rows: Sequence[Row], asked: Mapping[str, Value]) -> tuple[str, Said] | None:
    """Return the form of a heading on where a share is heading, and its values; None where none is apt.

    rows: the share by year, the past and what lies ahead.
    asked: whose share in whose trade.
    """
    from suasion.questions.verdict.goods import AHEAD, crosses, levered

    effects = [row for row in parts.rows("levers", "effects") if row["effect"] is not None]
    sure = [row for row in effects if row["same_sign"] is None or settled(row["same_sign"])]
    strongest = min(sure, key=lambda row: row["effect"], default=None)
    if strongest and strongest["effect"] <= -STRONG and crosses(strongest):
        lever: Said = {
            "lever": Word("lever", strongest["lever"]),
            "effect": ranged(strongest, "effect", "percent"),
        }
        return "crossing", lever | {f"of_{name}": one for name, one in levered(parts).items()}
    past = [float(row["trade_share"]) for row in rows if row["share_status"] not in AHEAD]
    if strongest and past and strongest["effect"] > -WEAK:
        return "nobody", dict(asked)
    if not past or rows[-1]["trade_share_low"] is None:
        return None
    now, last = past[-1], rows[-1]
    said = {**asked, "first": rows[0]["year"], "now": Quantity(now, "probability")}
    if now <= min(past):
        return ("low_falls" if last["trade_share"] < now else "low_holds"), said
    if now >= max(past):
        return "high", said
    wide = last["trade_share_low"] <= now * HALVED and last["trade_share_high"] >= now * DOUBLED
    if wide:
        return "wide", said | {"year": last["year"]}
    still = abs(last["trade_share"] / now - 1.0) <= STEADY
    return ("steady", said) if still else None


def on_doubt(parts: PairAnswers, levers: bool, split: bool) -> Finding | None:
    """Return a heading on what is least sure of a front where all of it is known; None where nothing stands out.

    levers: whether what third parties could do is told.
    split: whether sources on the trade itself part.
    """
    found = [
        one for (horizon, outlet, _), one in parts.losses().items() if (horizon, outlet) == ("short", "open")
    ]
    more = max(found, key=lambda one: one.percent.value or 0.0, default=None)
    if more is None or not more.percent.low or not more.percent.high:
        return None
    said: Said = {**parts.sides, "a": Country(more.country), "b": Country(more.partner), "loss": more.percent}
    near = next((row for row in parts.rows("defiance", "near-cases") if row["horizon"] == "short"), None)
    few = near is not None and near["nearby"] <= SCARCE
    if few and near:
        said["count"] = Quantity(near["nearby"], "count")
    ends, late = more.percent.high / more.percent.low, _late(parts, more.country)
    if late:
        said["late"] = late
    kinds = {
        "wide": ends >= WIDE,
        "order": parts.unclear,
        "scarce": few,
        "levers": levers,
        "allied": "defence" in _steps(parts),
        "split": split,
        "range": ends >= DOUBT,
        "later": late is not None and (late.high or 0.0) >= LONG * (late.low or 0.0),
    }
    kind = next((name for name, holds in kinds.items() if holds), None)
    return Finding(f"verdict.sure.{kind}", said) if kind else None
