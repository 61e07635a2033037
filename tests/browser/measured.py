"""What a page measures on a screen: words, pixels, labels that meet or are cut, and what is wider than the screen.

The pages and pairs of ``make evidence`` are kept in ``docs/evidence/screens.csv``, of which every run samples.
"""

from __future__ import annotations

import csv
import os
from pathlib import Path

WIDTHS = (320, 390, 768, 1280, 1920)
HEIGHT = 900
PAIRS = ("RUS-CHN", "USA-CHN", "RUS-IRN", "CHN-MNG", "UKR-RUS", "TWN-CHN", "DEU-FRA", "USA-ARE")
"""Large and large, without data on one side, at war, no member of the UN, in one bloc, and the longest names."""
WHOLE = bool(os.environ.get("SUASION_SCREENS"))
"""Whether real dossiers of the pairs are made and looked at, which takes minutes, and the table is written."""
TABLE = Path(__file__).resolve().parents[2] / "docs" / "evidence" / "screens.csv"
FIELDS = ("page", "width", "words", "pixels", "wider", "clipped", "overlaps")
WORDS, PIXELS = 950, {1280: 5_400, 390: 8_200}
"""Most words of the front of a dossier beside the labels of charts, and most pixels down to the folds; at 1280 the
closed folds are among them."""
LONG_NAMED = {"USA-ARE": 1_050}
"""Most words where names of three and four words stand some fifty times."""
MEASURE = """() => {
  const main = document.querySelector('main').cloneNode(true), folds = document.querySelector('.folds');
  main.querySelectorAll('details:not([open]), select, svg, script, .folds, .buttons').forEach(one => one.remove());
  const charts = [...document.querySelectorAll('main svg.chart')].map(svg => [
    svg.getBoundingClientRect(),
    [...svg.querySelectorAll('text:not(.turned)')].map(text => [text.textContent, text.getBoundingClientRect()])
      .filter(([, box]) => box.width),
  ]);
  const clipped = charts.flatMap(([svg, labels]) => labels.filter(([, box]) => box.left < svg.left - 2
    || box.right > svg.right + 2).map(([label]) => label));
  // The box of a line of text is a third taller than its letters.
  const overlaps = charts.flatMap(([, labels]) => labels.flatMap(([one, a], k) => labels.slice(k + 1)
    .filter(([, b]) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1
      && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 0.3 * Math.min(a.height, b.height))
    .map(([other]) => `${one} / ${other}`)));
  // A mark is a disc, or a small filled shape; a bar that holds its whole label is a cell of a table. Corners are air.
  const marked = [...document.querySelectorAll('main svg.chart')].flatMap(svg => {
    const marks = [...svg.querySelectorAll('circle, path, rect')].map(one => [one, one.getBoundingClientRect()])
      .filter(([one, box]) => box.width && one.getAttribute('fill') != 'none' && one.tagName != 'path'
        || one.tagName == 'path' && one.getAttribute('fill') != 'none' && box.width < 22 && box.height < 22);
    return [...svg.querySelectorAll('text:not(.turned)')].map(text => [text, text.getBoundingClientRect()])
      .flatMap(([text, box]) => marks.filter(([mark, other]) => {
        const shut = mark.tagName == 'rect' && other.left <= box.left + 1 && other.right >= box.right - 1;
        const across = Math.min(box.right, other.right) - Math.max(box.left, other.left);
        const down = Math.min(box.bottom - 0.2 * box.height, other.bottom) - Math.max(box.top + 0.2 * box.height, other.top);
        return !shut && across > 1.5 && down > 1.5;
      }).map(([mark]) => `${text.textContent} / ${mark.tagName} ${mark.getAttribute('fill')}`));
  });
  return {
    text: main.textContent.replace(/\\s+/g, ' ').trim(), clipped, overlaps, marked,
    wide: document.documentElement.scrollWidth,
    pixels: document.documentElement.scrollHeight,
    front: folds ? Math.ceil(folds.getBoundingClientRect().top + scrollY) : 0,
  };
}"""


def measured(page, name: str = "") -> list[dict[str, int | str]]:
    """Measure a page on all screens; nothing may be cut, covered or wider than any of them.

    name: In the table; empty for a page of invented numbers, which has no row.
    """
    rows: list[dict[str, int | str]] = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": HEIGHT})
        seen = page.evaluate(MEASURE)
        assert seen["wide"] <= width, width
        assert seen["clipped"] == [], (width, seen["clipped"])
        assert seen["overlaps"] == [], width
        assert seen["marked"] == [], width
        pixels = seen["front"] if seen["front"] and width != 1280 else seen["pixels"]
        row = (name, width, len(seen["text"].split()), pixels, seen["wide"] - width, 0, 0)
        rows.append(dict(zip(FIELDS, row, strict=True)))
    page.set_viewport_size({"width": 1280, "height": HEIGHT})
    if WHOLE and name:
        _keep(name, rows)
    return rows


def kept() -> list[dict[str, str]]:
    """Return the rows of the committed table."""
    if not TABLE.exists():
        return []
    with TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _keep(name: str, rows: list[dict[str, int | str]]) -> None:
    """Put the rows of a page in the place of its older ones."""
    whole = [*(row for row in kept() if row["page"] != name), *rows]
    with TABLE.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, FIELDS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(sorted(whole, key=lambda row: (str(row["page"]), int(row["width"]))))
