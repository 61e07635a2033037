"""The chart of the fourth screen: what losing each other costs if other markets are closed as well."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from suasion.answers import front
from suasion.answers.finding import Finding
from suasion.answers.language import DEFAULT_LANGUAGE
from suasion.answers.picture.inline.slope import SlopePanel, slope
from suasion.answers.values import Value
from suasion.dossier.screens.answer import when
from suasion.dossier.screens.screen import Chart
from suasion.questions.verdict.parts import PairAnswers, StateLoss, horizons
from suasion.questions.verdict.used import OUTLETS


def charts(parts: PairAnswers) -> Iterator[Chart]:
    """Yield the chart, where the first state's loss is known with markets open and closed."""
    found = parts.losses()
    first = next(iter(horizons(found)), "")
    if not {(first, outlet, parts.a) for outlet in OUTLETS} <= set(found):
        return
    values: dict[str, Value] = {**parts.sides, "outlet": parts.outlet}
    panels = [panel for horizon in horizons(found) if (panel := _panel(parts, found, horizon))]
    said = "; ".join(
        f"{panel.head}: {open_[1]}, {shut[1]}" for panel in panels for _, open_, shut in panel.lines[:1]
    )
    ends = (DEFAULT_LANGUAGE.say("figure.closed.end_open"), DEFAULT_LANGUAGE.say("figure.closed.end_closed"))
    yield Chart(
        Finding("figure.closed.chart", values),
        Finding("figure.closed.sub", values),
        slope(panels, Finding("figure.closed.alt", {**values, "rows": said}).sentence(), ends),
        Finding(
            "figure.closed.source",
            {"dataset": parts.answers["exit_cost"].sources[0].dataset},
        ),
        "break",
    )


def _panel(
    parts: PairAnswers, found: Mapping[tuple[str, str, str], StateLoss], horizon: str
) -> SlopePanel | None:
    lines = []
    for side, code, _ in parts.both:
        pair = [found.get((horizon, outlet, code)) for outlet in OUTLETS]
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
    under = DEFAULT_LANGUAGE.say("figure.closed.under", {"year": parts.year})
    return SlopePanel(when(horizon), under, tuple(lines)) if lines else None  # type: ignore[arg-type]
