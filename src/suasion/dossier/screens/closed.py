"""The fourth screen: what losing each other costs if other markets are closed as well."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from suasion.answers import front
from suasion.answers.finding import Finding
from suasion.answers.language import DEFAULT_LANGUAGE
from suasion.answers.picture.inline.slope import SlopePanel, slope
from suasion.answers.values import Value
from suasion.dossier.context import Dossier
from suasion.dossier.screens.facts import StateLoss, both, closed_name, horizons, losses, sides, when
from suasion.dossier.screens.screen import Chart, DossierScreen, Light, light

STILL = 1.1
"""Ratio up to which a loss is said to hardly change."""


def closed(dossier: Dossier) -> DossierScreen:
    """Return the fourth screen."""
    found = losses(dossier)
    first = next(iter(horizons(found)), "")
    ends = [found.get((first, outlet, dossier.a.code)) for outlet in ("open", "closed")]
    name = closed_name(dossier)
    values: dict[str, Value] = {**sides(dossier), "outlet": dossier.audience_name}
    if ends[0] is None or ends[1] is None:
        return DossierScreen(
            "closed",
            Finding("front.closed.unknown", values),
            Light.UNKNOWN,
            Finding("light.unknown"),
            (Finding("front.closed.reason", values),),
            basis=Finding("front.closed.basis_unknown"),
            better=Finding("front.answer.better_unknown"),
        )
    opened, shut = ends[0], ends[1]
    values |= {
        "open": opened.percent,
        "closed": shut.percent,
        "when": DEFAULT_LANGUAGE.say(f"front.closed_if.{name}", values),
    }
    return DossierScreen(
        "closed",
        Finding(f"front.closed.{name}.{_kind(opened, shut)}", values),
        light(ranged=shut.ranged) if shut.ranged else light(ranged=opened.ranged),
        Finding("light.modelled" if shut.ranged else "light.no_range_closed"),
        tuple(_text(dossier, found, values, shut)),
        charts=(_chart(dossier, found, values),),
        basis=Finding("front.closed.basis"),
        better=Finding("front.closed.better"),
    )


def _kind(opened: StateLoss, shut: StateLoss) -> str:
    low, high = opened.percent.value or 0.0, shut.percent.value or 0.0
    if not opened.told and not shut.told:
        return "little"
    if low > 0 and high > 0 and front.plain(low) == front.plain(high):
        return "still"
    if low > 0 and high > 0:
        return "still" if high <= STILL * low and high >= low / STILL else "more" if high > low else "less"
    return "turns"


def _text(
    dossier: Dossier,
    found: Mapping[tuple[str, str, str], StateLoss],
    values: dict[str, Value],
    shut: StateLoss,
) -> Iterator[Finding]:
    yield Finding("front.closed.both" if shut.ranged else "front.closed.no_range", values)
    last = horizons(found)[-1]
    ends = [found.get((last, outlet, dossier.a.code)) for outlet in ("open", "closed")]
    if last != horizons(found)[0] and ends[0] and ends[1]:
        later: dict[str, Value] = {**values, "late_open": ends[0].percent, "late_closed": ends[1].percent}
        yield Finding(f"front.closed.later{'_still' if _printed_alike(ends) else ''}", later)
    other = [found.get((horizons(found)[0], outlet, dossier.b.code)) for outlet in ("open", "closed")]
    if other[0] and other[1]:
        told: dict[str, Value] = {**values, "open_b": other[0].percent, "closed_b": other[1].percent}
        yield Finding(f"front.closed.other_{'still' if _printed_alike(other) else 'moves'}", told)


def _printed_alike(ends: Sequence[StateLoss | None]) -> bool:
    return (
        len({front.percent(one.percent.value or 0.0, DEFAULT_LANGUAGE.numbers) for one in ends if one}) == 1
    )


def _chart(
    dossier: Dossier, found: Mapping[tuple[str, str, str], StateLoss], values: dict[str, Value]
) -> Chart:
    panels = [panel for horizon in horizons(found) if (panel := _panel(dossier, found, horizon))]
    said = "; ".join(
        f"{panel.head}: {open_[1]}, {shut[1]}" for panel in panels for _, open_, shut in panel.lines[:1]
    )
    ends = (DEFAULT_LANGUAGE.say("front.closed.end_open"), DEFAULT_LANGUAGE.say("front.closed.end_closed"))
    return Chart(
        Finding("front.closed.chart", values),
        Finding("front.closed.sub", values),
        slope(panels, Finding("front.closed.alt", {**values, "rows": said}).sentence(), ends),
        Finding(
            "front.closed.source",
            {"dataset": dossier.answers["exit_cost"].sources[0].dataset},
        ),
        "break",
    )


def _panel(
    dossier: Dossier, found: Mapping[tuple[str, str, str], StateLoss], horizon: str
) -> SlopePanel | None:
    lines = []
    for side, code, _ in both(dossier):
        pair = [found.get((horizon, outlet, code)) for outlet in ("open", "closed")]
        if pair[0] and pair[1]:
            ends = [
                (
                    one.percent.value or 0.0,
                    front.percent(one.percent.value or 0.0, DEFAULT_LANGUAGE.numbers, short=True),
                    one.percent.low,
                    one.percent.high,
                )
                for one in pair
                if one
            ]
            lines.append(("a" if side == "a" else "b", ends[0], ends[1]))
    under = DEFAULT_LANGUAGE.say("front.closed.under", {"year": dossier.provenance.year})
    return SlopePanel(when(horizon), under, tuple(lines)) if lines else None  # type: ignore[arg-type]
