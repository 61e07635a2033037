"""Draw the picture of the README from the embedded data: what a break would cost Russia and China."""

from __future__ import annotations

import json
import re
from html import escape
from pathlib import Path

import vl_convert
from suasion.dossier.charts.exit_cost import exit_cost_figures

import suasion as su
from suasion.dossier.charts import Panel

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "docs" / "images" / "exit-costs.svg"
SHAPES = {"side-a": "circle", "side-b": "diamond"}
TOP, GAP = 100, 16


def drawing(panel: Panel, left: float) -> tuple[str, float, float]:
    """Return a panel as a nested SVG at its place, with its width and height."""
    spec = {**panel.spec, "title": {"text": panel.title, "anchor": "start"}}
    svg = vl_convert.vegalite_to_svg(json.dumps(spec), allowed_base_urls=[])
    width, height = (float(x) for x in re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg).groups())  # type: ignore[union-attr]
    body = re.sub(
        r"<svg [^>]*>", f'<svg x="{left:g}" y="{TOP}" width="{width:g}" height="{height:g}">', svg, count=1
    )
    return body, width, height


def main() -> None:
    """Write docs/images/exit-costs.svg."""
    figure = exit_cost_figures(su.dossier("RUS", "CHN"))[0]
    legend = "; ".join(f"{SHAPES[key.style]}: {key.text}" for key in figure.legend)
    parts, left, tallest = [], 0.0, 0.0
    for panel in figure.panels:
        body, width, height = drawing(panel, left)
        parts.append(body)
        left, tallest = left + width + GAP, max(tallest, height)
    small = [*figure.subtitle.split("; "), legend]
    lines = [
        (22, 17, "bold", figure.title),
        *((44 + 18 * j, 12, "normal", text) for j, text in enumerate(small)),
    ]
    words = [
        f'<text x="8" y="{y}" font-size="{size}" font-weight="{weight}">{escape(text)}</text>'
        for y, size, weight, text in (*lines, (TOP + tallest + 18, 11, "normal", f"Source: {figure.source}"))
    ]
    size = f'viewBox="0 0 {left:g} {TOP + tallest + 30:g}" width="{left:g}" height="{TOP + tallest + 30:g}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" font-family="sans-serif" {size}>'
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    page = "\n".join([head, '<rect width="100%" height="100%" fill="white"/>', *words, *parts, "</svg>", ""])
    TARGET.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
