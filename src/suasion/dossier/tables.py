"""Tables that are printed as such: losses, ratios, thresholds, power, sources, certificates."""

from __future__ import annotations

from dataclasses import dataclass

from suasion.dossier import numbers as n
from suasion.dossier.chapter import ChapterTable
from suasion.dossier.context import Dossier
from suasion.dossier.rows import ExitCostRow, RatioRow
from suasion.dossier.words import capital, plain_name, possessive

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
    columns = ("Cut", "Side", "Run", "Outlet", "Change, % of own real expenditure", "Change in money")
    note = f"Outlet: the markets of {dossier.audience_name}; in the cut from those, {dossier.b.name}."
    note = note if dossier.audience_name else "All other markets stay open."
    return Table("exit-cost-table", "What a break would cost", columns, rows, note) if rows else None


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
    left = (
        f" {len(rows) - len(shown)} more rows stand in the page and the files."
        if len(shown) < len(rows)
        else ""
    )
    note = f"{table.subtitle}. {' '.join(table.notes)}".rstrip() + left
    source = f" Source: {table.source}." if table.source else ""
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
    columns = ("Mark", "Trade with the other side in", "Value", "Source (footing): definition")
    note = "Every line stands alone: sources and definitions differ, and no line may be drawn through them."
    title = "Published totals with their definitions"
    return Table("total-table", title, columns, rows, note, folded=True) if rows else None


def ratio_table(dossier: Dossier) -> Table | None:
    """Return the ratio of the two losses split into its part in money and the part that is mere size."""
    rows = tuple(_ratio_cells(dossier, row) for row in dossier.ratios.rows)
    columns = (
        "Run",
        "Outlet",
        "Loses more in %",
        "Ratio in %",
        "= ratio in USD",
        "x ratio of incomes (mere size)",
    )
    note = (
        "The ratio in per cent is the ratio in USD times the ratio of the two economies’ real expenditures."
    )
    return (
        Table("ratios", "How lopsided, and how much of it is mere size", columns, rows, note)
        if rows
        else None
    )


def _ratio_cells(dossier: Dossier, row: RatioRow) -> tuple[str, ...]:
    if row.ratio_percent is None:
        return (row.horizon, row.alternative, row.reason or n.NO_DATA, n.NO_DATA, n.NO_DATA, n.NO_DATA)
    weaker = plain_name(dossier.name(row.weaker)) if row.clear else "no clear difference"
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
            n.share(row.turnover_share_percent) if row.m is not None else "not applicable",
        )
        for row in dossier.thresholds.rows
    )
    columns = ("Side", "Run", "Definition", "Level", "Crossed at", "Share of turnover there")
    note = "m = 1 is today’s trade; a level below 1 is passed already."
    return Table("thresholds", "Where the critical levels lie", columns, rows, note) if rows else None


def power_table(dossier: Dossier) -> Table | None:
    """Return the loss each side can inflict, by the partial formula and in general equilibrium."""
    rows = tuple(
        (
            f"{plain_name(dossier.name(row.holder))} over {plain_name(dossier.name(row.target))}",
            row.horizon,
            n.NO_DATA if row.formula_percent is None else n.percent(row.formula_percent),
            n.NO_DATA if row.equilibrium_percent is None else _signed_loss(row.equilibrium_percent),
        )
        for row in dossier.power.rows
    )
    columns = ("Who over whom", "Run", "Formula, % of expenditure", "General equilibrium, loss in %")
    note = "The formula holds prices elsewhere fixed; the model lets all prices and incomes move."
    return Table("power", "Power by formula and in the model", columns, rows, note) if rows else None


def _signed_loss(loss: float) -> str:
    return n.percent(loss) if loss >= 0 else f"a gain of {n.percent(loss)}"


def source_table(dossier: Dossier) -> Table | None:
    """Return the data sets used."""
    rows = tuple(
        (row.name, row.producer, row.version, row.used_for, row.licence, row.checksum[:12])
        for row in dossier.sources
    )
    columns = ("Data set", "Producer", "Version", "Used for", "Terms", "Checksum")
    return Table("source-table", "Data", columns, rows) if rows else None


def certificate_table(dossier: Dossier) -> Table | None:
    """Return the checks of the solved equilibria."""
    rows = tuple(
        (
            row.run,
            _power_of_ten(row.residual),
            _power_of_ten(row.dropped_market),
            "yes" if row.certified else "no",
        )
        for row in dossier.certificates
    )
    columns = ("Run", "Largest residual", "Market left out of the solution", "Certified")
    note = "Recomputed in levels by code that shares nothing with the solver; both numbers are relative."
    return Table("certificates", "Checks of the solved equilibria", columns, rows, note) if rows else None


def _power_of_ten(value: float) -> str:
    return "0" if value == 0 else f"{value:.0e}".replace("-", n.MINUS)
