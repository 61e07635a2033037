"""Rules of the heading on what the two would lose without each other."""

from __future__ import annotations

from suasion.answers import Country, Quantity, Value
from suasion.questions.verdict.parts import PairAnswers, StateLoss, later_losses, size_explains

Said = dict[str, Value]
HARDLY = 0.05
"""Per cent of spending power below which a loss is not noticed."""
BEYOND = 15.0
"""Per cent of spending power from which on a loss is larger than what was tested."""
LASTS, FADES = 0.45, 0.325
"""Parts of the first year's loss that are left after ten years: from which on it lasts, up to which it fades."""
EVEN, TIMES, LARGER = 1.1, 12.0, 5.0
"""Ratios: of money, up to which two lose the same; of losses, and of economies, from which on they are told."""


def on_losses(parts: PairAnswers, a: StateLoss, b: StateLoss) -> tuple[str, Said] | None:
    """Return the form of a heading on two losses of the first year, and its values; None where none is apt.

    a, b: both above nothing.
    """
    more, less = sorted((a, b), key=lambda one: -(one.percent.value or 0.0))
    high, low = more.percent.value or 0.0, less.percent.value or 0.0
    said: Said = {
        "a": Country(more.country),
        "b": Country(less.country),
        "loss_a": more.percent,
        "loss_b": less.percent,
    }
    if low < HARDLY:
        return "untouched", said
    if high >= BEYOND:
        return "beyond", said
    late = [one for _, one in later_losses(parts, parts.losses()) if one.country == more.country]
    left = (late[0].percent.value or 0.0) / high if late else 0.0
    if left >= LASTS:
        return "lasts", said | {"late": late[0].percent}
    money = sorted(one.musd.value or 0.0 for one in (more, less))
    if money[1] <= EVEN * money[0]:
        return "money_even", said
    if 0.0 < left <= FADES:
        return "fades", said | {"late": late[0].percent}
    return _apart(parts, more, less, said)


def _apart(parts: PairAnswers, more: StateLoss, less: StateLoss, said: Said) -> tuple[str, Said] | None:
    """Forms on how far the two are apart."""
    ratio, size = (more.percent.value or 0.0) / (less.percent.value or 1.0), parts.larger
    if ratio >= TIMES and less.told:
        return "times", said | {"times": Quantity(ratio, "ratio")}
    if size and size[1] >= LARGER and size_explains(size, more, less):
        return "larger", said | {"times": Quantity(size[1], "ratio")}
    return None
