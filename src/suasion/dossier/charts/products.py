"""Losses by product with their ranges: what could not easily be had, or sold, elsewhere."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from suasion.answers import numbers as n
from suasion.answers.catalogue import say
from suasion.answers.picture import grammar as g
from suasion.answers.picture import theme
from suasion.answers.picture.spec import Spec, finish, records
from suasion.dossier.charts.figure import Figure, Panel
from suasion.products import Replaceability, Screen

MOST = 12
LEAST_MUSD = 0.01
"""Losses below ten thousand dollars are not drawn."""


@dataclass(frozen=True, slots=True)
class LossWords:
    """Words around a chart of losses."""

    key: str
    title: str
    subtitle: str
    source: str
    notes: tuple[str, ...]


def prepare_losses(table: pd.DataFrame, prefix: str = "loss") -> pd.DataFrame:
    """Largest losses: name of the product, loss and its range, million USD.

    Parameters
    ----------
    table : DataFrame
        With ``product``, ``name`` and the columns ``prefix``, ``prefix_low`` and ``prefix_high``.
    prefix : str
        Which loss.

    Returns
    -------
    DataFrame
        Columns row, value, low, high, label; the largest first, at most twelve.
    """
    rows = table[table[prefix] >= LEAST_MUSD].sort_values(prefix, ascending=False).head(MOST)
    names = [
        f"{name} ({code})" if isinstance(name, str) and name else str(code)
        for name, code in zip(rows["name"], rows["product"], strict=True)
    ]
    return pd.DataFrame(
        {
            "row": names,
            "value": rows[prefix].to_numpy(),
            "low": rows[f"{prefix}_low"].clip(lower=LEAST_MUSD).to_numpy(),
            "high": rows[f"{prefix}_high"].to_numpy(),
            "label": [n.usd(value) for value in rows[prefix]],
        }
    )


def draw_losses(frame: pd.DataFrame) -> Spec:
    """Draw a dot for each loss and a line for its range, on a logarithmic scale."""
    rows = records(frame)
    low, high = float(frame["low"].min()) * 0.7, float(frame["high"].max()) * 6.0
    ticks = {"tickCount": 5, "format": ","}
    x = g.field("low:Q", title=say("figure.products.axis"), scale=g.scale(low, high, "log"), axis=ticks)
    y = g.names(list(frame["row"]), limit=260)
    tip = g.tips(row="product", label="loss")
    layers = [
        g.layer(rows, "rule", {"x": x, "x2": {"field": "high"}, "y": y}, color=theme.RULE, strokeWidth=2),
        g.dots(rows, {"x": {**x, "field": "value"}, "y": y, "tooltip": tip}, 80, color=theme.BLUE),
        g.words(rows, {"x": {**x, "field": "high"}, "y": y}, "label", align="left", dx=6),
    ]
    return finish(layers, 640, 26 * len(frame), slack=12)


def loss_figure(table: pd.DataFrame, words: LossWords, prefix: str = "loss") -> Figure | None:
    """Make the figure; None where no loss is large enough to draw.

    Parameters
    ----------
    table : DataFrame
        As for :func:`prepare_losses`.
    words : LossWords
        What stands around it.
    prefix : str
        Which loss.

    Returns
    -------
    Figure or None
    """
    frame = prepare_losses(table, prefix)
    if frame.empty:
        return None
    panel = Panel(words.key, "", draw_losses(frame), 3 * len(frame), wide=True)
    shown = "; ".join(f"{row.row}: {row.label}" for row in frame.itertuples())
    return Figure(
        key=words.key,
        title=words.title,
        subtitle=words.subtitle,
        alt=say("figure.products.alt", rows=shown),
        source=words.source,
        panels=(panel,),
        frame=pd.DataFrame(
            {
                "product": frame["row"],
                "loss, million USD": frame["value"],
                "low, million USD": frame["low"],
                "high, million USD": frame["high"],
            }
        ),
        notes=words.notes,
    )


def replace_figure(made: Replaceability) -> Figure | None:
    """Chart of what the buyer would pay more if the seller were cut off from it."""
    words = LossWords(
        f"replace-{made.buyer}-{made.seller}",
        say("figure.products.replace", buyer=made.buyer, seller=made.seller),
        say("figure.products.replace_subtitle", buyer=made.buyer, year=made.year),
        made.source,
        made.notes,
    )
    return loss_figure(made.table, words)


def lost_buyer_figure(made: Replaceability) -> Figure | None:
    """Chart of the receipts that the seller would lose if the buyer refused its goods."""
    words = LossWords(
        f"refused-{made.seller}-{made.buyer}",
        say("figure.products.refused", buyer=made.buyer, seller=made.seller),
        say("figure.products.refused_subtitle", seller=made.seller, year=made.year),
        made.source,
        made.notes,
    )
    return loss_figure(made.table, words, "seller_loss")


def screen_figure(made: Screen) -> Figure | None:
    """Chart of the largest losses of a screen."""
    words = LossWords(
        f"screen-{made.economy}",
        say("figure.products.screen", economy=made.economy),
        say("figure.products.screen_subtitle", year=made.years[-1]),
        made.source,
        made.notes,
    )
    return loss_figure(made.table, words)
