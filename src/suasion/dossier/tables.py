"""Tables that are printed as such: losses, ratios, thresholds, power, sources, certificates."""

from __future__ import annotations

from dataclasses import dataclass

from suasion.answers import numbers as n
from suasion.answers.catalogue import say
from suasion.answers.language import capital
from suasion.coercion.critical import Crossing
from suasion.dossier.chapter import ChapterTable
from suasion.dossier.context import Dossier
from suasion.dossier.rows import ExitCostRow, RatioRow, ShareRow
from suasion.dossier.words import plain_name, possessive

FOLDED = 20
"""Rows above which a table stands folded on a screen."""


@dataclass(frozen=True, slots=True)
class Table:
    """A small table ready to print.

    Attributes
    ----------
    key, caption : str
        Identifier and heading.
    columns : tuple of str
        Column heads.
    rows : tuple of tuple of str
        Cells as printed.
    note : str
        One sentence under the table; may be empty.
    folded : bool
        Whether it is long, and stands folded on a screen (never in print).
    """

    key: str
    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""
    folded: bool = False


def _heads(table: str, *columns: str) -> tuple[str, ...]:
    """Heads of a table's columns."""
    return tuple(say(f"table.{table}.{column}") for column in columns)


def glance_table(dossier: Dossier) -> Table | None:
    """Return the numbers of the summary, one column a side; None where the model cannot be used."""
    if not dossier.exit_costs:
        return None
    sides = (dossier.a, dossier.b)
    shares = {row.country: row for row in dossier.shares.rows if row.measure == "turnover"}
    rows = [_glance(say("table.glance.turnover"), [_share_cell(shares.get(side.code)) for side in sides])]
    for horizon in ("short", "long"):
        for outlet in ("open", "closed"):
            key = "table.glance.loss" if outlet == "open" else "table.glance.closed"
            cells = [_loss_cell(dossier, side.code, horizon, outlet) for side in sides]
            what = say(key, horizon=horizon, outlet=dossier.audience_name)
            if outlet == "open" or any(cell != n.NO_DATA for cell in cells):
                rows.append(_glance(what, cells))
    for horizon in ("short", "long"):
        what = say("table.glance.level", horizon=horizon)
        cells = [_level_cell(dossier, side.code, horizon) for side in sides]
        if any(cells):
            rows.append(_glance(what, [cell or say("table.glance.unknown") for cell in cells]))
    heads = (say("table.glance.measure"), *(plain_name(side.name) for side in sides))
    return Table("glance-table", say("table.glance.caption"), heads, tuple(rows), say("table.glance.note"))


def _glance(what: str, cells: list[str]) -> tuple[str, ...]:
    return (capital(what), *cells)


def _share_cell(row: ShareRow | None) -> str:
    return n.NO_DATA if row is None else n.share(row.share_percent)


def _loss_cell(dossier: Dossier, country: str, horizon: str, outlet: str) -> str:
    pair = {dossier.a.code, dossier.b.code}
    for row in dossier.exit_costs.rows:
        if (row.country, row.horizon, row.alternative) == (country, horizon, outlet) and row.partner in pair:
            if row.loss_percent is None:
                return n.NO_DATA
            band = n.band(row.low_percent, row.high_percent).replace("+", "")
            money = n.NO_DATA if row.loss_usd is None else _minus(row.loss_usd, n.usd(row.loss_usd))
            size = _minus(row.loss_percent, n.percent(row.loss_percent))
            return f"{size}{f' ({band})' if band else ''}, {money}".replace(" USD", "\N{NO-BREAK SPACE}USD")
    return n.NO_DATA


def _minus(value: float, size: str) -> str:
    """Size of a loss; a gain stands with a minus."""
    return f"{n.MINUS}{size}" if value < 0 and not size.startswith("less") else size


def _level_cell(dossier: Dossier, country: str, horizon: str) -> str:
    ms = [row.m for row in dossier.curves.rows]
    for row in dossier.thresholds.rows:
        if (row.country, row.horizon, row.level_percent) == (country, horizon, TOLD_LEVEL):
            if row.m is not None:
                return n.significant(row.m)
            if row.crossing == Crossing.PASSED_ALREADY:
                return say("table.glance.passed", m=f"{min(ms):g}")
            not_reached = row.crossing == Crossing.NOT_REACHED
            return say("table.glance.not_reached", m=f"{max(ms):g}") if not_reached else ""
    return ""


TOLD_LEVEL = 2.0
"""The level told in the summary: a loss in per cent of own real expenditure."""


def exit_cost_table(dossier: Dossier) -> Table | None:
    """Return losses of both sides with their bands, as changes with a sign; None without any."""
    pair = (dossier.a.code, dossier.b.code)
    rows = tuple(
        (
            row.cut,
            plain_name(dossier.name(row.country)) if row.country in pair else row.country,
            row.horizon,
            row.alternative,
            _percent_cell(row),
            n.signed_usd(None if row.loss_usd is None else -row.loss_usd),
        )
        for row in dossier.exit_costs.rows
    )
    columns = _heads("exit", "cut", "side", "run", "outlet", "percent", "usd")
    note = say("table.exit.note", audience=dossier.audience_name, b=dossier.b.name)
    note = note if dossier.audience_name else say("table.exit.note_none")
    return Table("exit-cost-table", say("table.exit.caption"), columns, rows, note) if rows else None


def _percent_cell(row: ExitCostRow) -> str:
    if row.loss_percent is None:
        return row.reason or n.NO_DATA
    low, high = row.low_percent, row.high_percent
    inside = n.band(None if high is None else -high, None if low is None else -low)
    return n.signed_percent(-row.loss_percent) + (f" ({inside})" if inside else "")


def chapter_table(table: ChapterTable, most: int | None = None) -> Table:
    """Return a chapter's table as printed; at most ``most`` rows, and a line that says how many are left out."""
    rows = table.printed()
    shown = rows if most is None else rows[:most]
    left = f" {say('table.chapter.left', count=len(rows) - len(shown))}" if len(shown) < len(rows) else ""
    note = f"{f'{table.subtitle}. ' if table.subtitle else ''}{' '.join(table.notes)}".rstrip() + left
    source = f" {say('table.chapter.source', source=table.source)}" if table.source else ""
    heads = tuple(column.title for column in table.columns)
    return Table(table.key, table.title, heads, shown, note + source, folded=len(shown) > FOLDED)


def total_table(dossier: Dossier) -> Table | None:
    """Return the published totals with source and definition."""
    rows = tuple(
        (
            row.mark,
            f"{possessive(plain_name(dossier.name(row.country)))} {row.measure}, {row.year}",
            n.share(row.value) if row.unit == "percent" else f"{row.value:,.4g} {row.unit}",
            f"{row.source} ({row.status}): {row.definition}",
        )
        for row in dossier.totals.rows
    )
    columns = _heads("totals", "mark", "of", "value", "source")
    note, title = say("table.totals.note"), say("table.totals.caption")
    return Table("total-table", title, columns, rows, note, folded=True) if rows else None


def ratio_table(dossier: Dossier) -> Table | None:
    """Return the ratio of the two losses split into its part in money and the part that is mere size."""
    rows = tuple(_ratio_cells(dossier, row) for row in dossier.ratios.rows)
    columns = _heads("ratios", "run", "outlet", "weaker", "percent", "usd", "size")
    note = say("table.ratios.note")
    return Table("ratios", say("table.ratios.caption"), columns, rows, note) if rows else None


def _ratio_cells(dossier: Dossier, row: RatioRow) -> tuple[str, ...]:
    if row.ratio_percent is None:
        return (row.horizon, row.alternative, row.reason or n.NO_DATA, n.NO_DATA, n.NO_DATA, n.NO_DATA)
    weaker = plain_name(dossier.name(row.weaker)) if row.clear else say("table.ratios.unclear")
    parts = (row.ratio_percent, row.ratio_usd, row.income_ratio)
    return (row.horizon, row.alternative, weaker, *(_plain_ratio(part) for part in parts))


def _plain_ratio(value: float | None) -> str:
    if value is None:
        return n.NO_DATA
    return f"{n.MINUS if value < 0 else ''}{n.significant(abs(value))}"


def threshold_table(dossier: Dossier) -> Table | None:
    """Return the critical levels in multiples of today's trade."""
    rows = tuple(
        (
            plain_name(dossier.name(row.country)),
            row.horizon,
            row.definition,
            capital(row.level),
            row.reason if row.m is None else f"m = {n.significant(row.m)}",
            n.share(row.turnover_share_percent) if row.m is not None else say("table.thresholds.none"),
        )
        for row in dossier.thresholds.rows
    )
    columns = _heads("thresholds", "side", "run", "definition", "level", "at", "share")
    note = say("table.thresholds.note")
    caption, folded = say("table.thresholds.caption"), len(rows) > FOLDED
    return Table("thresholds", caption, columns, rows, note, folded) if rows else None


def power_table(dossier: Dossier) -> Table | None:
    """Return the loss each side can inflict, by the partial formula and in general equilibrium."""
    rows = tuple(
        (
            say(
                "table.power.over",
                holder=plain_name(dossier.name(row.holder)),
                target=plain_name(dossier.name(row.target)),
            ),
            row.horizon,
            n.NO_DATA if row.formula_percent is None else n.percent(row.formula_percent),
            n.NO_DATA if row.equilibrium_percent is None else _signed_loss(row.equilibrium_percent),
        )
        for row in dossier.power.rows
    )
    columns = _heads("power", "who", "run", "formula", "model")
    note = say("table.power.note")
    return Table("power", say("table.power.caption"), columns, rows, note) if rows else None


def _signed_loss(loss: float) -> str:
    return n.percent(loss) if loss >= 0 else say("table.power.gain", size=n.percent(loss))


def source_table(dossier: Dossier) -> Table | None:
    """Return the data sets used."""
    rows = tuple(
        (row.name, row.producer, row.version, row.used_for, row.licence, row.checksum[:12])
        for row in dossier.sources
    )
    columns = _heads("sources", "name", "producer", "version", "used", "terms", "checksum")
    return Table("source-table", say("table.sources.caption"), columns, rows) if rows else None


def certificate_table(dossier: Dossier) -> Table | None:
    """Return the checks of the solved equilibria."""
    rows = tuple(
        (
            row.run,
            _power_of_ten(row.residual),
            _power_of_ten(row.dropped_market),
            say(f"table.certificates.{'yes' if row.certified else 'no'}"),
        )
        for row in dossier.certificates
    )
    columns = _heads("certificates", "run", "residual", "dropped", "certified")
    note = say("table.certificates.note")
    return Table("certificates", say("table.certificates.caption"), columns, rows, note) if rows else None


def _power_of_ten(value: float) -> str:
    if value == 0:
        return "0"
    digit, _, power = f"{value:.0e}".partition("e")
    return f"{digit} × 10{str(int(power)).translate(_RAISED)}"


_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
