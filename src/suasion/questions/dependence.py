"""How much of each side's trade and inputs is with the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from suasion.answers import (
    DETAIL,
    MAIN,
    USUAL,
    Answer,
    Comparison,
    Country,
    Finding,
    Industry,
    Picture,
    Quantity,
    Source,
    Table,
    Value,
)
from suasion.answers import numbers as n
from suasion.questions.posed import pair_of, pair_outside, usual, with_blocs
from suasion.questions.question import Side, question

if TYPE_CHECKING:
    from suasion.measures import Dependence, Exposure
    from suasion.world import World

LARGE_INDUSTRY = 0.005
"""Part of all output from which on an industry is told of. Assumption, range 0.002 to 0.02."""
MOST = 8
"""Industries of each side in the short table, which is drawn; all stand in the long one."""
COLUMNS = "country partner industry direct_share look_through_share output_musd"
ORIGINS = {"observed": "dependence.origin_observed", "moved": "dependence.origin_moved"}
"""How the origin of inputs is known, and what is said of it."""
IMPORTS = "buyer seller industry import_share value_musd"
TINY = n.TINY_SHARE / 100.0
FLOWS = {"turnover": "turnover_share", "exports": "export_share", "imports": "import_share"}
PARTS = {"goods": "goods", "services": "services"}
INPUTS = {"inputs_direct": "face_value", "inputs_look_through": "look_through"}


@question
def dependence(a: Side, b: Side, *, world: World | None = None) -> Answer:
    """How much of each side's trade and inputs is with the other, and which industries are exposed.

    A group is one economy: what its members sell each other is no trade.

    Returns
    -------
    Answer
        Tables ``shares``, ``exposure`` and ``imports``; empty where a state is not in the world's table.

    Examples
    --------
    >>> su.dependence("Germany", "China")
    <Answer dependence DEU CHN: shares (...>
    """
    from suasion.measures import dependence as measure
    from suasion.world.draws import pair_guessed

    economy = usual(world)
    a, b = pair_of(a, b, economy)
    asked: dict[str, Value] = {"a": Country(a), "b": Country(b)}
    if absent := pair_outside("dependence", a, b, economy):
        return Answer("dependence", asked, absent=absent)
    economy = with_blocs(economy, a, b)
    found = measure(a, b, economy)
    count = Quantity(len(economy.countries) - 1, "count")
    rows = [row for side in ((a, b), (b, a)) for row in _shares(found, *side)]
    order = [row["channel"] for row in rows]
    known = [Finding("dependence.guessed", asked | {"year": economy.year})]
    notes = known if pair_guessed(economy, a, b) else []
    shares = Table.of(
        "shares",
        "country partner channel partner_share value_musd",
        sorted(rows, key=lambda row: order.index(row["channel"])),
        axes="country channel",
        brief="country partner channel partner_share value_musd",
        picture=Picture("ranges", "partner_share", "channel", series="country"),
        values=asked,
        notes=(*notes, Finding("dependence.whole", {"count": count}), Finding("dependence.inputs")),
    )
    exposed = [row for seen in found.exposure for row in _industries(seen)]
    tables = (exposure_table(exposed, economy.use_kind), _every_industry(exposed)) if exposed else ()
    bought = Table.of(
        "imports", IMPORTS, _imports(found, economy.sectors), axes="buyer industry", detail=True
    )
    tables = (*tables, *([bought] if bought.rows else []))
    return Answer(
        "dependence",
        asked,
        (*compared_shares(found), *(one for seen in found.exposure for one in most_exposed(seen))),
        (shares, *tables),
        sources=(Source("world.source", economy.provenance.dataset, economy.year),),
        result=found,
    )


def _shares(found: Dependence, country: str, partner: str) -> Iterator[dict[str, Any]]:
    """Shares of the partner in what a country trades and in what its industries buy."""
    table = found.table[found.table["country"] == country].set_index("sector")
    who = {"country": country, "partner": partner}
    for flow, name in FLOWS.items():
        line = table.loc["total"]
        yield {**who, "channel": flow, "partner_share": line[name], "value_musd": line[flow]}
    for part in PARTS:
        if part in table.index:
            line = table.loc[part]
            yield {
                **who,
                "channel": part,
                "partner_share": line["turnover_share"],
                "value_musd": line["turnover"],
            }
    for seen in found.exposure:
        if seen.user == country:
            for channel, name in INPUTS.items():
                yield {**who, "channel": channel, "partner_share": seen.value(name), "value_musd": None}


def _industries(seen: Exposure) -> Iterator[dict[str, Any]]:
    """Industries that make anything, the most exposed first."""
    table = seen.table[seen.table["output"] > 0].sort_values("look_through", ascending=False, kind="stable")
    for row in table.to_dict("records"):
        yield {
            "country": seen.user,
            "partner": seen.supplier,
            "industry": row["sector"],
            "direct_share": row["face_value"],
            "look_through_share": row["look_through"],
            "output_musd": row["output"],
        }


def exposure_table(rows: list[dict[str, Any]], origin: str = "proportional") -> Table:
    """Return the most exposed industries of each side, from rows in that order.

    origin: How the origin of inputs by user is known: ``observed``, ``moved`` (observed earlier, scaled),
      else assumed.
    """
    known = ORIGINS.get(origin, "dependence.origin_proportional")
    sides = dict.fromkeys(row["country"] for row in rows)
    most = [row for side in sides for row in [one for one in rows if one["country"] == side][:MOST]]
    return Table.of(
        "exposure",
        COLUMNS,
        most,
        axes="country industry",
        picture=Picture("ranges", "look_through_share", "industry", panel="country"),
        notes=(Finding(known), Finding("dependence.look_through")),
        brief="country industry direct_share look_through_share",
        whole="exposure-all",
    )


def _imports(found: Dependence, industries: Sequence[str]) -> Iterator[dict[str, Any]]:
    """What either side buys from the other by industry, the largest purchases first."""
    rows = found.table[found.table["sector"].isin(industries) & (found.table["imports"] > 0)]
    for row in rows.sort_values("imports", ascending=False, kind="stable").to_dict("records"):
        yield {
            "buyer": row["country"],
            "seller": found.b if row["country"] == found.a else found.a,
            "industry": row["sector"],
            "import_share": row["import_share"],
            "value_musd": row["imports"],
        }


def _every_industry(rows: list[dict[str, Any]]) -> Table:
    return Table.of("exposure-all", COLUMNS, rows, axes="country industry", detail=True)


def compared_shares(found: Dependence) -> Iterator[Finding]:
    """Who has the larger share of the other's turnover."""
    shares = {"share_a": found.share(found.a), "share_b": found.share(found.b)}
    told = {
        name: Quantity(share if share == share else None, "probability") for name, share in shares.items()
    }
    values: dict[str, Value] = {"a": Country(found.a), "b": Country(found.b), "year": found.year, **told}
    first, second = told.values()
    if max(one.value or 0.0 for one in (first, second)) < TINY and first.known and second.known:
        yield Finding("dependence.hardly", values, weight=MAIN)
        return
    compared = Comparison(first, second)
    yield Finding("dependence.turnover", values, compared, weight=MAIN)
    ends = sorted(one.value or 0.0 for one in (first, second))
    if compared.direction in ("above", "below") and ends[0] >= TINY:
        more, less = ("a", "b") if compared.direction == "above" else ("b", "a")
        yield Finding(
            "dependence.times",
            {"more": values[more], "less": values[less], "times": Quantity(ends[1] / ends[0], "ratio")},
            weight=DETAIL,
        )


def most_exposed(seen: Exposure) -> Iterator[Finding]:
    """The large industry most exposed to the partner's inputs, at face value and with inputs of inputs."""
    large = seen.table[seen.table["output"] >= LARGE_INDUSTRY * seen.table["output"].sum()]
    known = large.dropna(subset=["look_through"])
    if known.empty:
        return
    top = known.nlargest(1, "look_through").to_dict("records")[0]
    if top["look_through"] < TINY:
        return
    through = Quantity(float(top["look_through"]), "probability")
    direct = Quantity(
        float(top["face_value"]) if top["face_value"] == top["face_value"] else None, "probability"
    )
    yield Finding(
        "dependence.exposed",
        {
            "country": Country(seen.user),
            "partner": Country(seen.supplier),
            "industry": Industry(str(top["sector"])),
            "least": Quantity(LARGE_INDUSTRY, "probability"),
            "through": through,
            "direct": direct,
        },
        Comparison(through, direct),
        weight=USUAL,
    )
