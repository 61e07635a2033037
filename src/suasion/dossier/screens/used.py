"""The fifth screen: whether the loss would be used, and whether the two tie themselves to each other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from suasion.answers import front
from suasion.answers.finding import Finding
from suasion.answers.language import DEFAULT_LANGUAGE, capital
from suasion.answers.picture.inline.dots import dots
from suasion.answers.picture.inline.strip import Held, Past, cases, ladder
from suasion.answers.values import Country, Quantity, Value
from suasion.dossier.context import Dossier
from suasion.dossier.screens.facts import at_war, both, losses, sides
from suasion.dossier.screens.screen import Chart, DossierScreen, Light, light
from suasion.dossier.tables import rows_of
from suasion.questions.bands import ranged

LEAST = 0.01
"""Probability from which on dots are drawn; below a sentence says it."""
NOTHING = 0.001
"""Probability below which nothing is said."""
HELD: dict[str, Held] = {"yes": "yes", "no": "no"}
GAVE_IN = ("yes", "no")
MOST = 6
"""Past cases named on the strip."""
Row = dict[str, Any]


RESTS_ON = {
    "war": ("light.measured", "front.used.basis_war"),
    "cases": ("light.weak", "front.used.basis"),
    "unknown": ("light.unknown", "front.used.basis_unknown"),
}
"""Why the light is as it is, and what the screen rests on, by what is known."""
ON_PACTS = ("light.skill", "front.used.basis_pact")
"""The same where only the chance of a pact, or of its end, is known."""


def used(dossier: Dossier) -> DossierScreen:
    """Return the fifth screen."""
    pact, near = _pact(dossier), _near(dossier)
    past = _past(dossier) if near else []  # cases that fit nobody are not drawn
    charts = (*_strip(dossier, past), *_ladder(dossier))
    values: dict[str, Value] = {**sides(dossier), **({"pact": pact[0]} if pact else {}), **near}
    kind = "war" if at_war(dossier) else "cases" if past else pact[1] if pact else "unknown"
    shine = light(assumed=True) if past else light(ranged=True) if pact else Light.UNKNOWN
    if kind == "war":  # what is on record: neither past cases nor a chance of a pact tell of this pair
        pact, charts, shine = None, tuple(_ladder(dossier)), light(observed=True)
    why, basis = RESTS_ON.get(kind, ON_PACTS)
    return DossierScreen(
        "used",
        Finding(f"front.used.{kind}", values),
        shine,
        Finding(why),
        tuple(_promised(dossier)) if kind == "war" else (*_text(dossier, near), *_told(pact, values)),
        charts=charts,
        box=_box(pact, values),
        basis=Finding(basis),
        better=Finding("front.used.better_war" if kind == "war" else "front.used.better"),
    )


def _promised(dossier: Dossier) -> Iterator[Finding]:
    """That treaties between states at war are on record, and not kept."""
    rows = rows_of(dossier, "ladder", "rungs")
    last = max((row["year"] for row in rows), default=0)
    if any(row["year"] == last and row["rung_status"] == "yes" for row in rows):
        yield Finding("front.used.promised", {"year": last})


def _pact(dossier: Dossier) -> tuple[Quantity, str, int] | None:
    """Chance of the last year, of a pact that is signed, or of the end of one that holds."""
    rows = [row for row in rows_of(dossier, "alliance", "pacts") if row["pact"] in ("bilateral", "ending")]
    if not rows:
        return None
    row = rows[-1]
    one = ranged(row, "probability", "probability")
    kind = "pact_ends" if row["pact"] == "ending" else "pact"
    return one, f"{kind}.{'unlikely' if row['probability'] < 0.45 else 'likely'}", row["closes"]


def _told(pact: tuple[Quantity, str, int] | None, values: dict[str, Value]) -> Iterator[Finding]:
    """The chance in a sentence, where it is too small for dots and not next to nothing."""
    if pact and NOTHING <= (pact[0].value or 0.0) < LEAST:
        kind = "ends" if pact[1].startswith("pact_ends") else "signs"
        yield Finding(f"front.used.chance_{kind}", {**values, "closes": pact[2]})


def _box(pact: tuple[Quantity, str, int] | None, values: dict[str, Value]) -> Any:
    if pact is None or (pact[0].value or 0.0) < LEAST or pact[0].high is None:
        return None
    kind = "ends" if pact[1].startswith("pact_ends") else "signs"
    told = (
        Finding(f"front.used.chance_{kind}", {**values, "closes": pact[2]}),
        Finding(f"front.used.chance_model_{kind}"),
    )
    return dots(pact[0].value or 0.0, pact[0].high, told[0].sentence()), told


def _past(dossier: Dossier) -> list[Row]:
    """Named disputes by the first-year loss, each once, the latest table first."""
    seen: dict[str, Row] = {}
    for row in rows_of(dossier, "defiance", "disputes"):
        if row["gave_in"] in GAVE_IN and row["horizon"] == "short" and row["loss_percent"] is not None:
            name = str(row["dispute"]).partition(" (")[0]
            if name not in seen or (row["table_year"] or 0) > (seen[name]["table_year"] or 0):
                seen[name] = {**row, "dispute": name}
    return list(seen.values())[:MOST]


def _near(dossier: Dossier) -> dict[str, Value]:
    """What part of past cases of about the same loss gave in; nothing where none was like this pair."""
    for row in rows_of(dossier, "defiance", "near-cases"):
        if row["horizon"] == "short" and row["gave_in_share"] is not None:
            known = rows_of(dossier, "defiance", "pair-place")[0]
            return {
                "state": Country(known["weaker"]),
                "count": Quantity(row["nearby"], "count"),
                "gave": ranged(row, "gave_in_share", "probability"),
                "cases": Quantity(known["cases_count"], "count"),
                "base": Quantity(known["base"], "probability"),
            }
    return {}


def _text(dossier: Dossier, near: dict[str, Value]) -> Iterator[Finding]:
    """What part of past cases of about the same loss gave in."""
    yield Finding("front.used.near", near) if near else Finding("front.used.no_cases", sides(dossier))
    rungs = rows_of(dossier, "ladder", "rungs")
    if rungs and not _recorded(rungs):
        yield Finding("front.used.no_ladder", sides(dossier))


def _dispute(row: Row) -> str:
    """Both sides of a dispute and its year."""
    names = DEFAULT_LANGUAGE.listing([DEFAULT_LANGUAGE.country(row[side]) for side in ("weaker", "stronger")])
    return f"{capital(names)}, {row['year']}"


def _strip(dossier: Dossier, past: Sequence[Row]) -> Iterator[Chart]:
    """Past disputes by what the weaker side stood to lose, with the pair of today."""
    first = [
        row for row in past if row.get("run") in ("short", None) and row.get("loss_percent") is not None
    ][:MOST]
    if not first:
        return
    named = [
        Past(
            row["loss_percent"],
            _dispute(row),
            DEFAULT_LANGUAGE.say(
                f"front.used.{'gave_in' if row['gave_in'] == 'yes' else 'held_out'}",
                {"size": front.percent(row["loss_percent"], DEFAULT_LANGUAGE.numbers)},
            ),
            gave_in=row["gave_in"] == "yes",
        )
        for row in past
    ]
    weaker = next((row["weaker"] for row in rows_of(dossier, "defiance", "pair-place")), dossier.a.code)
    today = [_today(dossier, side, code) for side, code, _ in both(dossier) if code == weaker]
    shown = [*named, *(one for one in today if one)]
    values = sides(dossier)
    yield Chart(
        Finding("front.used.strip"),
        Finding("front.used.strip_sub"),
        cases(
            shown,
            Finding(
                "front.used.strip_alt",
                {**values, "rows": "; ".join(f"{one.words} {one.under}" for one in shown)},
            ).sentence(),
        ),
        Finding("front.used.strip_source"),
        "defiance",
    )


def _today(dossier: Dossier, side: str, code: str) -> Past | None:
    one = losses(dossier).get(("short", "open", code))
    if one is None or one.percent.value is None:
        return None
    size = front.percent(one.percent.value, DEFAULT_LANGUAGE.numbers)
    words = DEFAULT_LANGUAGE.say("front.used.today", {"state": DEFAULT_LANGUAGE.country(code, "plain")})
    return Past(
        one.percent.value,
        words,
        size,
        today=True,
        side="a" if side == "a" else "b",
        low=one.percent.low,
        high=one.percent.high,
    )


def _recorded(rows: Sequence[Row]) -> bool:
    """Whether anything is on record of steps to an alliance."""
    return any(str(row["rung_status"]) in HELD for row in rows)


def _ladder(dossier: Dossier) -> Iterator[Chart]:
    """Steps of the ladder to an alliance over the years, where any is on record."""
    rows = rows_of(dossier, "ladder", "rungs")
    if not _recorded(rows):
        return
    years = sorted({row["year"] for row in rows})
    steps: dict[str, dict[int, Held]] = {}
    for row in rows:
        steps.setdefault(row["rung"], {})[row["year"]] = HELD.get(str(row["rung_status"]), "unknown")
    drawn = [
        (DEFAULT_LANGUAGE.say(f"word.rung.{rung}"), [held.get(year, "unknown") for year in years])
        for rung, held in steps.items()
    ]
    drawn = [(name[:1].upper() + name[1:], held) for name, held in drawn]
    values: dict[str, Value] = {**sides(dossier), "first": years[0], "last": years[-1]}
    said = "; ".join(f"{name}: {sum(one == 'yes' for one in held)}" for name, held in drawn)
    key: list[tuple[Held, str]] = [
        (one, DEFAULT_LANGUAGE.say(f"front.used.held_{one}")) for one in ("yes", "no", "unknown")
    ]
    yield Chart(
        Finding("front.used.ladder", values),
        Finding("front.used.ladder_sub", values),
        ladder(
            drawn,
            (years[0], years[-1]),
            Finding("front.used.ladder_alt", {**values, "rows": said}).sentence(),
            key,
        ),
        Finding("front.used.ladder_source"),
        "ladder",
    )
