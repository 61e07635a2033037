"""The figures of a dossier: pictures of its answers' tables, and who else gains and loses, on a map with bars."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial

import pandas as pd

from suasion.answers import numbers as n
from suasion.answers.catalogue import say, spoken, template
from suasion.answers.language import DEFAULT_LANGUAGE
from suasion.answers.picture import PicturePanel, alt_of, measure_of, panels_of, picture_of, rows_of
from suasion.answers.picture.areas import keyed_map
from suasion.answers.picture.inline.canvas import SMALL, Canvas, Drawing
from suasion.answers.picture.inline.lollipop import RankedRow, draw_ranked
from suasion.answers.picture.inline.world_map import world_map
from suasion.answers.picture.paper import Line, standing_alone
from suasion.answers.picture.rows import MOST_ROWS, records
from suasion.answers.table import Column, Table
from suasion.dossier.chapter import Chapter, key_of, listing, source_of
from suasion.dossier.context import DossierContext
from suasion.dossier.tables import ranges_of
from suasion.sources.outline import dots, rings

VERDICTS = {"exit-costs": "exit_cost.asymmetry", "shares": "dependence.turnover"}
"""Tables whose figures bear a verdict as title, and the topic of it."""
MOST_KEPT = 64
"""Figures kept after they are made: more than one dossier has."""


def figures(dossier: DossierContext) -> tuple[Figure, ...]:
    """All figures that the dossier has data for, in the order of the page."""
    answered = (figure for name in dossier.answers for figure in _answered(dossier, name))
    of_chapters = (figure for chapter in dossier.chapters for figure in chapter_figures(chapter))
    return tuple(figure for figure in (*answered, *of_chapters) if figure is not None)


def _answered(dossier: DossierContext, name: str) -> Iterator[Figure | None]:
    """Figures of an answer; what it does to everybody is drawn on a map."""
    answer = dossier.answers[name]
    for table in answer.tables:
        if table.key == "elsewhere":
            yield elsewhere_figure(dossier)
        elif drawn_here(table) and not table.detail:
            figure = figure_of(table, table.key, source_of(answer))
            verdict = dossier.headline(VERDICTS.get(table.key, ""), figure.title)
            yield replace(figure, title=verdict)


def chapter_figures(chapter: Chapter) -> tuple[Figure, ...]:
    """Draw those tables of a chapter that have a picture."""
    return tuple(
        figure_of(table, key_of(chapter.key, table), chapter.source)
        for table in chapter.tables
        if drawn_here(table)
    )


def drawn_here(table: Table) -> bool:
    """Whether a table has a picture that stands in a dossier: maps of whole states are drawn on pages of their own."""
    return table.picture is not None and table.picture.form != "areas"


class _Itself:
    """A table as a key of what was made of it: the same only as itself."""

    __slots__ = ("table",)

    def __init__(self, table: Table) -> None:
        self.table = table

    def __hash__(self) -> int:
        return id(self.table)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Itself) and other.table is self.table


def figure_of(table: Table, key: str, source: str) -> Figure:
    """Draw one table; what was drawn ahead of its page is not made again.

    table: Its rows are also the figure's file.
    key: Address within the page.
    source: Source line.
    """
    return _drawn(_Itself(table), key, source, spoken())


@lru_cache(maxsize=MOST_KEPT)
def _drawn(itself: _Itself, key: str, source: str, language: str) -> Figure:
    table = itself.table
    rows = rows_of(table)
    return Figure(
        key=key,
        title=table.title(),
        subtitle=" · ".join(filter(None, (measure_of(table), ranges_of(table).rstrip(".")))),
        alt=alt_of(table, rows=rows),
        source=source,
        panels=panels_of(table, rows=rows),
        frame=printed_frame(table),
        notes=(*(note.sentence() for note in table.notes), *_left_out(table)),
    )


def printed_frame(table: Table) -> pd.DataFrame:
    """Return the rows of a table with words in place of codes, and numbers as they are, units in the heads."""
    cells = {
        _file_head(one): table.words(one.name)
        if one.unit in ("country", "industry", "word", "years", "horizon", "text")
        else table.cells(one.name)
        for one in table.columns
    }
    return pd.DataFrame(cells, dtype=object)


_FILE_UNITS = {
    **dict.fromkeys(("share", "percent", "change"), "%"),
    **dict.fromkeys(("musd", "musd_change"), "million USD"),
    "probability": "0 to 1",
}


def _file_head(column: Column) -> str:
    unit = _FILE_UNITS.get(column.unit, "")
    return f"{column.name}, {unit}" if unit else column.name


def _left_out(table: Table) -> tuple[str, ...]:
    """A sentence that says that a long list of ranges is cut."""
    picture = picture_of(table)
    if picture.form != "ranges":
        return ()
    panels = table.cells(picture.panel) if picture.panel else ("",) * len(table.rows)
    names: dict[object, set[object]] = {}
    for panel, name in zip(panels, table.cells(picture.y), strict=True):
        names.setdefault(panel, set()).add(name)
    if max(map(len, names.values())) <= MOST_ROWS:
        return ()
    return (say("figure.chapter.left", count=MOST_ROWS),)


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart with everything that stands around it.

    key: Identifier within the page.
    title, subtitle, alt, source: Finding; measure, unit, place, period; description of the picture; source
      line.
    panels: The drawings.
    frame: The rows drawn, with readable column names: the table, and the file to download.
    notes: Cautions, as sentences.
    """

    key: str
    title: str
    subtitle: str
    alt: str
    source: str
    panels: tuple[PicturePanel, ...]
    frame: pd.DataFrame
    notes: tuple[str, ...] = ()

    def csv(self) -> str:
        """Return the rows as CSV, missing cells empty, preceded by nothing."""
        return self.frame.to_csv(index=False, lineterminator="\n")

    def drawn(self) -> Iterator[tuple[PicturePanel, Drawing]]:
        """Yield each panel with its drawing for a page; the description stands with the first."""
        for place, panel in enumerate(self.panels):
            more = say("page.alt_more", figure=self.title, panel=panel.title) if place else self.alt
            yield panel, panel.drawing(more)

    @property
    def html(self) -> str:
        """All drawings as markup, one below the other."""
        return "".join(drawing.html for _, drawing in self.drawn())

    def poster(self, run_id: str) -> str:
        """Return the figure as one picture that can travel alone: title, measure, panels, source and run in it.

        run_id: what made the numbers, as printed under it.
        """
        key = "page.source" if self.source else "page.own"
        source = say(key, source=self.source, run=run_id[:12])
        above = (Line(self.title, 18, bold=True), Line(self.subtitle))
        return standing_alone(self.panels, self.alt, above, (Line(source, SMALL),))


MOST_BARS = 12
BOUNDS = (-1.0, -0.3, -0.1, -0.01, 0.01, 0.1, 0.3, 1.0)
"""Class bounds (per cent of own real expenditure) of every map of changes, fixed so that two maps compare."""


def changes_of(moved: Table) -> pd.DataFrame:
    """Return a line for each economy.

    moved: ``elsewhere`` of the question ``exit_cost``.
    Returns: Columns id, name, change (per cent), label, usd (both as printed), drawn (whether it has a place
      on the map).
    """
    codes, changes = (list(moved.cells(name)) for name in ("country", "change_percent"))
    places = {*rings(), *dots()["country"]}
    return pd.DataFrame(
        {
            "id": codes,
            "name": list(moved.words("country")),
            "change": changes,
            "label": list(map(n.signed_percent, changes)),  # type: ignore[arg-type]
            "usd": list(map(n.signed_usd, moved.cells("change_musd"))),  # type: ignore[arg-type]
            "drawn": [code in places for code in codes],
        }
    )


def class_words() -> tuple[str, ...]:
    """Return the names of the classes of change, in the order of their colours."""
    return tuple(say(f"figure.class.{place}") for place in range(len(BOUNDS) + 1))


def draw_changes(canvas: Canvas, frame: pd.DataFrame) -> float:
    """Draw the map with its classes, and return the height."""
    known = frame[frame["change"].notna()]
    said = {row["id"]: f"{row['name']}: {row['label']}, {row['usd']}" for row in records(known)}
    values = dict(zip(known["id"], known["change"].astype(float), strict=True))
    drawn = world_map(values, (), "", said, lambda value: f"change-{bisect_right(BOUNDS, value)}")
    return keyed_map(canvas, drawn, "change", class_words(), say("figure.elsewhere.no_data"))


def largest(frame: pd.DataFrame, pair: Sequence[str], sign: int) -> pd.DataFrame:
    """Largest losers (sign -1) or gainers (+1) outside the pair, largest first."""
    others = frame[~frame["id"].isin(pair) & frame["change"].notna()]
    moved = others[others["change"].astype(float) * sign >= n.TINY_PERCENT]
    order = moved.assign(size=moved["change"].astype(float).abs()).sort_values(
        ["size", "id"], ascending=[False, True]
    )
    return order.head(MOST_BARS)[["name", "change", "label", "usd"]].reset_index(drop=True)


def elsewhere_figure(dossier: DossierContext) -> Figure | None:
    """Draw changes by economy as a map and as ranked lines, which leave out the pair; None without any number."""
    cost = dossier.answers.get("exit_cost")
    if cost is None or cost.absent:
        return None
    table = cost.table("elsewhere")
    frame = changes_of(table)
    if not frame["change"].notna().any():
        return None
    pair = dossier.a.code, dossier.b.code
    absent = list(frame.loc[~frame["drawn"], "name"])
    notes = (say("figure.elsewhere.absent", names=listing(absent)),) if absent else ()
    subtitle = DEFAULT_LANGUAGE.say("table.elsewhere.title", table.values)
    return Figure(
        key="elsewhere",
        title=dossier.headline("exit_cost.elsewhere", say("figure.elsewhere.title")),
        subtitle=f"{subtitle} · {say('figure.elsewhere.axis')}",
        alt=_alt(frame, pair),
        source=cost.sources[0].line(),
        panels=(PicturePanel("", partial(draw_changes, frame=frame), half=False), *_ranked(frame, pair)),
        frame=_table(table),
        notes=(*notes, template("figure.elsewhere.disputed")),
    )


def _ranked(frame: pd.DataFrame, pair: Sequence[str]) -> Iterator[PicturePanel]:
    """Losers and gainers, on axes as long as each other."""
    sides = {sign: largest(frame, pair, sign) for sign in (-1, 1)}
    reach = max((float(one["change"].abs().max()) for one in sides.values() if len(one)), default=1.0)
    out = say("figure.elsewhere.out", aside=say("figure.elsewhere.pair"))
    headings = {-1: say("figure.elsewhere.losses", out=out), 1: say("figure.elsewhere.gains", out=out)}
    for sign, found in sides.items():
        rows = [
            RankedRow(row["name"], float(row["change"]), row["label"], side="b" if sign < 0 else "a")
            for row in records(found)
        ]
        if rows:
            draw = partial(draw_ranked, items=rows, unit="%", also=(sign * reach,))
            yield PicturePanel(headings[sign], draw, half=True)


def _alt(frame: pd.DataFrame, pair: Sequence[str]) -> str:
    out = say("figure.elsewhere.out", aside=say("figure.elsewhere.pair"))
    parts = {}
    for sign, word in ((-1, "losses"), (1, "gains")):
        found = largest(frame, pair, sign).head(3)
        named = [f"{name} {label}" for name, label in zip(found["name"], found["label"], strict=True)]
        told = ", ".join(named) or say("figure.elsewhere.none")
        parts[word] = say(f"figure.elsewhere.alt_{word}", out=out, rows=told)
    return say("figure.elsewhere.alt", **parts)


def _table(moved: Table) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "country": moved.cells("country"),
            "name": list(moved.words("country")),
            "change, % of own real expenditure": moved.cells("change_percent"),
            "change, million USD": moved.cells("change_musd"),
        }
    )
