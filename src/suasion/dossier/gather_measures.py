"""The descriptive tables of a dossier: shares, raw materials, published totals, exposure by industry."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pandas as pd

from suasion.answers.catalogue import say
from suasion.dossier.context import Section
from suasion.dossier.rows import ExposureRow, MaterialRow, ShareRow, SourceRow, TotalRow
from suasion.dossier.words import plain_name, short_industry
from suasion.measures import Dependence, Exposure, dependence, material_shares, total_dots
from suasion.world import World

if TYPE_CHECKING:
    from suasion.dossier.gather import Question


def number(value: Any, factor: float = 1.0) -> float | None:
    """Return a finite number times a factor, or None where there is none."""
    if value is None or not math.isfinite(float(value)):
        return None
    return factor * float(value)


def absent(question: Question, world: World) -> str:
    """Say why the world's table cannot answer, as a sentence."""
    return question.say_outside("gather.absent", count=len(world.countries), year=world.year)


def shares_and_exposure(question: Question, world: World) -> tuple[Section[ShareRow], Section[ExposureRow]]:
    """Measure the shares of both sides and the exposure of their industries."""
    if question.outside:
        reason = absent(question, world)
        return Section(reason=reason), Section(reason=reason)
    found = dependence(question.a.code, question.b.code, world)
    source = f"{world.provenance.dataset}, {world.year}"
    shares = tuple(
        row
        for country, partner, seen in _sides(question, found)
        for row in _shares(found, country, partner, world) + _inputs(seen, country, partner)
    )
    order = {measure: place for place, measure in enumerate(_MEASURES)}
    ranked = tuple(sorted(shares, key=lambda row: order[row.measure]))
    industries = tuple(row for seen in found.exposure for row in _industries(seen))
    return Section(ranked, source, notes=(say("gather.inputs"),)), _exposure(industries, source, found)


_MEASURES = (
    "turnover",
    "exports",
    "imports",
    "goods turnover",
    "services turnover",
    "inputs, direct",
    "inputs, look-through",
)


def _exposure(rows: tuple[ExposureRow, ...], source: str, found: Dependence) -> Section[ExposureRow]:
    if not rows:
        return Section(reason=say("gather.no_inputs"))
    return Section(rows, source, notes=found.exposure[0].notes[:1] if found.exposure else ())


def _sides(question: Question, found: Dependence) -> tuple[tuple[str, str, Exposure | None], ...]:
    a, b = question.a.code, question.b.code
    seen = {one.user: one for one in found.exposure}
    return (a, b, seen.get(a)), (b, a, seen.get(b))


def _shares(found: Dependence, country: str, partner: str, world: World) -> list[ShareRow]:
    table = found.table[found.table["country"] == country].set_index("sector")
    of = say("gather.of_all", count=len(world.countries) - 1)
    total = table.loc["total"]
    rows = [
        ShareRow(country, partner, flow, number(total[f"{flow[:-1] if flow != 'turnover' else flow}_share"], 100.0),
                 number(total[flow]), of)
        for flow in ("turnover", "exports", "imports")
    ]  # fmt: skip
    for part in ("goods", "services"):
        if part in table.index:
            line = table.loc[part]
            share = number(line["turnover_share"], 100.0)
            rows.append(
                ShareRow(
                    country,
                    partner,
                    f"{part} turnover",
                    share,
                    number(line["turnover"]),
                    say(f"gather.of_{part}"),
                )
            )
    return rows


def _inputs(seen: Exposure | None, country: str, partner: str) -> list[ShareRow]:
    if seen is None:
        return []
    pairs = (("inputs, direct", "face_value"), ("inputs, look-through", "look_through"))
    return [
        ShareRow(country, partner, name, number(seen.value(measure), 100.0), None, say("gather.of_inputs"))
        for name, measure in pairs
    ]


def _industries(seen: Exposure) -> list[ExposureRow]:
    return [
        ExposureRow(
            country=seen.user,
            partner=seen.supplier,
            sector=str(row["sector"]),
            sector_name=short_industry(str(row["sector_name"])),
            direct_percent=number(row["face_value"], 100.0),
            look_through_percent=number(row["look_through"], 100.0),
            output_usd=float(row["output"]),
        )
        for row in seen.table.to_dict("records")
        if row["output"] > 0
    ]


def materials(question: Question) -> Section[MaterialRow]:
    """Measure trade in raw materials both ways, by group and year."""
    found = material_shares(question.a.code, question.b.code)
    table = found.table
    if not (table["value"] > 0).any():
        return Section(
            reason=say("gather.no_materials", a=plain_name(question.a.name), b=plain_name(question.b.name))
        )
    rows = tuple(
        MaterialRow(
            seller=row["seller"],
            buyer=row["buyer"],
            group=row["group"],
            year=int(row["year"]),
            export_share_percent=number(row["seller_share"], 100.0),
            import_share_percent=number(row["buyer_share"], 100.0),
            value_musd=number(row["value"]),
        )
        for row in table.to_dict("records")
    )
    return Section(rows, say("gather.materials_source"), notes=found.notes)


def totals(question: Question, world: World) -> Section[TotalRow]:
    """Collect the published totals of the pair, each with source and definition."""
    table = total_dots(question.a.code, question.b.code, world)
    if table.empty:
        return Section(reason=say("gather.no_totals"))
    table = table.assign(second=table["reporter"] != question.a.code)
    table = table.sort_values(["second", "measure", "year", "value"], kind="stable")
    rows = tuple(
        TotalRow(
            mark=_mark(place),
            country=row["reporter"],
            partner=row["partner"],
            year=int(row["year"]),
            measure=str(row["measure"]).removeprefix("share_of_"),
            value=float(row["value"]),
            unit=str(row["unit"]),
            source=str(row["source"]),
            locator=_text(row["locator"]),
            definition=_text(row["definition"]),
            status=_text(row["status"]),
        )
        for place, row in enumerate(table.to_dict("records"))
    )
    return Section(rows, say("gather.totals_source"))


def _mark(place: int) -> str:
    """Letters a to z, then aa, ab, ..."""
    first, last = divmod(place, 26)
    return ("" if first == 0 else chr(96 + first)) + chr(97 + last)


def _text(value: Any) -> str:
    return "" if value is None or (not isinstance(value, str) and pd.isna(value)) else str(value)


def sources(world: World) -> tuple[SourceRow, ...]:
    """List the data that every dossier draws on, with their terms."""
    made = world.provenance
    producer = made.citation.split(" (")[0] or say("gather.producer")
    return (
        SourceRow(made.dataset, producer, made.version, say("source.world.used"), made.licence, made.checksum),
        *(
            SourceRow(say(f"source.{name}.title"), say(f"source.{name}.producer"), version,
                      say(f"source.{name}.used"), say(f"source.{name}.terms"))
            for name, version in SOURCES.items()
        ),
    )  # fmt: skip


SOURCES = {
    "materials": "1995-2024",
    "factbook": "2014, 2023",
    "totals": "",
    "elasticities": "",
    "outlines": "1.0.0",
}
"""What every dossier draws on besides the world, and its version."""
