"""A drawing as one page of PDF: its lines, shapes and words, with the fonts of the package, so that they stay text.

What drawings of this package hold, and no more: nested drawings, groups moved and scaled, lines, rectangles, circles,
paths of straight lines, and text. Colours are those of a theme (:func:`suasion.answers.style.painted`).
"""

from __future__ import annotations

import re
import struct
import xml.etree.ElementTree as ET
import zlib
from collections.abc import Iterator, Mapping
from functools import cache

from suasion.answers.style import FACES, Face, unpacked, width

TOKEN = re.compile(r"[A-Za-z]|-?[\d.]+")
ROUND = 0.5523
"""Length of the handles of a quarter of a circle as a curve, over its radius."""
Look = dict[str, str]
INHERITED = ("fill", "stroke", "stroke-width", "font-size", "font-family", "font-weight")


def pdf(svg: str) -> bytes:
    """Return a drawing as one page.

    svg: in the colours of a theme; its width and height are points.
    """
    root = ET.fromstring(svg)
    wide, high = (float(root.get(name, "0")) for name in ("width", "height"))
    left, top, across, down = map(float, root.get("viewBox", f"0 0 {wide} {high}").split())
    scale = wide / across
    page = _Page()
    page.put(f"{scale:.5f} 0 0 {-scale:.5f} {-left * scale:.3f} {high + top * scale:.3f} cm")
    page.inside(root, {"width": f"{across}", "height": f"{down}"})
    return _file(page, wide, high)


class _Page:
    """Operators of a page, and the letters that it uses."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.used: dict[Face, set[str]] = {face: set() for face in FACES}

    def put(self, text: str) -> None:
        self.parts.append(text)

    def inside(self, node: ET.Element, look: Look) -> None:
        """Draw what an element holds."""
        for child in node:
            name = child.tag.rpartition("}")[2]
            draw = getattr(self, f"_{name}", None)
            if draw is not None:
                own = {key: look[key] for key in (*INHERITED, "width", "height") if key in look}
                draw(child, {**own, **{k: v for k, v in child.attrib.items() if k in INHERITED}})

    def _g(self, node: ET.Element, look: Look) -> None:
        self.put("q")
        for kind, text in re.findall(r"(translate|scale)\(([^)]*)\)", node.get("transform", "")):
            first, *more = (float(one) for one in TOKEN.findall(text))
            second = more[0] if more else first if kind == "scale" else 0.0
            moved = (1, 1, first, second) if kind == "translate" else (first, second, 0, 0)
            self.put("{:.5f} 0 0 {:.5f} {:.3f} {:.3f} cm".format(*moved))
        self.inside(node, look)
        self.put("Q")

    def _svg(self, node: ET.Element, look: Look) -> None:
        x, y = float(node.get("x", "0")), float(node.get("y", "0"))
        self.put(f"q 1 0 0 1 {x:.3f} {y:.3f} cm")
        self.inside(node, look)
        self.put("Q")

    def _a(self, node: ET.Element, look: Look) -> None:
        self.inside(node, look)

    def _line(self, node: ET.Element, look: Look) -> None:
        x1, y1, x2, y2 = (float(node.get(name, "0")) for name in ("x1", "y1", "x2", "y2"))
        self._painted(node, {**look, "fill": "none"}, f"{x1:.2f} {y1:.2f} m {x2:.2f} {y2:.2f} l")

    def _rect(self, node: ET.Element, look: Look) -> None:
        sizes = [node.get(name, "0") for name in ("width", "height")]
        wide, high = (
            float(look[name]) if size.endswith("%") else float(size)
            for name, size in zip(("width", "height"), sizes, strict=True)
        )
        x, y, turn = (float(node.get(name, "0")) for name in ("x", "y", "rx"))
        steps = f"{x:.2f} {y:.2f} {wide:.2f} {high:.2f} re" if not turn else _rounded(x, y, wide, high, turn)
        self._painted(node, look, steps)

    def _circle(self, node: ET.Element, look: Look) -> None:
        x, y, r = (float(node.get(name, "0")) for name in ("cx", "cy", "r"))
        self._painted(node, look, _rounded(x - r, y - r, 2 * r, 2 * r, r))

    def _path(self, node: ET.Element, look: Look) -> None:
        self._painted(node, look, " ".join(_steps(node.get("d", ""))))

    def _painted(self, node: ET.Element, look: Look, steps: str) -> None:
        fill, stroke = look.get("fill", "#000000"), look.get("stroke", "none")
        filled, stroked = fill.startswith("#"), stroke.startswith("#")
        if not (filled or stroked):
            return
        clear = float(node.get("opacity", node.get("fill-opacity", "1")))
        dashes = " ".join(TOKEN.findall(node.get("stroke-dasharray", "")))
        caps = int(node.get("stroke-linecap", "") == "round")
        self.put(
            f"q /G{round(100 * clear)} gs {_colour(fill, 'rg') if filled else ''} "
            f"{_colour(stroke, 'RG') if stroked else ''} {look.get('stroke-width', '1')} w {caps} J {caps} j "
            f"[{dashes}] 0 d {steps} {'B' if filled and stroked else 'f' if filled else 'S'} Q"
        )

    def _text(self, node: ET.Element, look: Look) -> None:
        runs = [(node.text or "", look)]
        for child in node:
            runs += [(child.text or "", {**look, **child.attrib}), (child.tail or "", look)]
        face, size = _face(look), float(look.get("font-size", "14"))
        wide = width("".join(text for text, _ in runs), size, face)
        x = float(node.get("x", "0")) - {"middle": wide / 2, "end": wide}.get(
            node.get("text-anchor", ""), 0.0
        )
        y = float(node.get("y", "0"))
        halo = look.get("stroke", "none")
        if halo.startswith("#"):
            self.put(f"q {_colour(halo, 'RG')} {look.get('stroke-width', '1')} w 1 j 1 Tr")
            self._written(runs, face, size, x, y)
            self.put("Q")
        self._written(runs, face, size, x, y)

    def _written(self, runs: list[tuple[str, Look]], face: Face, size: float, x: float, y: float) -> None:
        for text, look in runs:
            if text:
                glyphs = _glyphs(face)
                codes = "".join(f"{glyphs.get(ord(letter), 0):04X}" for letter in text)
                self.used[face] |= set(text)
                place = f"/{face} {size:g} Tf 1 0 0 -1 {x:.3f} {y:.3f} Tm"
                self.put(f"BT {_colour(look.get('fill', '#000000'), 'rg')} {place} <{codes}> Tj ET")
                x += width(text, size, face)


def _face(look: Look) -> Face:
    if "Serif" in look.get("font-family", ""):
        return "serif"
    return "sans-bold" if look.get("font-weight", "") in ("600", "700", "bold") else "sans"


def _colour(text: str, operator: str) -> str:
    return " ".join(f"{int(text[k : k + 2], 16) / 255:.3f}" for k in (1, 3, 5)) + f" {operator}"


def _rounded(x: float, y: float, wide: float, high: float, turn: float) -> str:
    """A rectangle with round corners; a circle where these are as large as it."""
    r = min(turn, wide / 2, high / 2)
    near, far = r * (1 - ROUND), r
    right, bottom = x + wide, y + high
    corners = (
        ((right - far, y), (right - near, y), (right, y + near), (right, y + far)),
        ((right, bottom - far), (right, bottom - near), (right - near, bottom), (right - far, bottom)),
        ((x + far, bottom), (x + near, bottom), (x, bottom - near), (x, bottom - far)),
        ((x, y + far), (x, y + near), (x + near, y), (x + far, y)),
    )
    steps = [f"{x + far:.2f} {y:.2f} m"]
    for start, one, two, end in corners:
        steps.append("{:.2f} {:.2f} l".format(*start))
        steps.append("{:.2f} {:.2f} {:.2f} {:.2f} {:.2f} {:.2f} c".format(*one, *two, *end))
    return " ".join((*steps, "h"))


def _steps(text: str) -> Iterator[str]:
    """Operators of the data of a path: straight lines, absolute or relative."""
    tokens, x, y, kind = TOKEN.findall(text)[::-1], 0.0, 0.0, "M"
    while tokens:
        if tokens[-1].isalpha():
            kind = tokens.pop()
            if kind in "zZ":
                yield "h"
                continue
        moved = kind.islower()
        if kind in "hHvV":
            size = float(tokens.pop())
            x, y = (x * moved + size, y) if kind in "hH" else (x, y * moved + size)
        else:
            right, down = float(tokens.pop()), float(tokens.pop())
            x, y = x * moved + right, y * moved + down
        yield f"{x:.2f} {y:.2f} {'m' if kind in 'mM' else 'l'}"
        kind = {"M": "L", "m": "l"}.get(kind, kind)


def _tables(font: bytes) -> Mapping[bytes, tuple[int, int]]:
    count = struct.unpack(">H", font[4:6])[0]
    entries = (font[12 + 16 * k : 28 + 16 * k] for k in range(count))
    return {entry[:4]: struct.unpack(">II", entry[8:]) for entry in entries}


@cache
def _glyphs(face: Face) -> Mapping[int, int]:
    """Glyph of each letter of a font: its table cmap, format 4."""
    font = unpacked(face)
    at = _tables(font)[b"cmap"][0]
    start = at + struct.unpack(">I", font[at + 8 : at + 12])[0]
    count = struct.unpack(">H", font[start + 6 : start + 8])[0] // 2
    found = {}
    for k in range(count):
        end, begin, shift, offset = (
            struct.unpack(">H", font[place : place + 2])[0]
            for place in (start + 14 + 2 * k + part * 2 * count + 2 * (part > 0) for part in range(4))
        )
        for code in range(begin, min(end, 0xFFFE) + 1):
            glyph = code
            if offset:
                place = start + 16 + 6 * count + 2 * k + offset + 2 * (code - begin)
                glyph = struct.unpack(">H", font[place : place + 2])[0]
            found[code] = (glyph + shift) & 0xFFFF
    return found


def _stream(head: str, content: bytes) -> bytes:
    packed = zlib.compress(content, 9)
    return (
        f"<< {head} /Filter /FlateDecode /Length {len(packed)} >>\nstream\n".encode()
        + packed
        + b"\nendstream"
    )


def _font(face: Face, letters: set[str], first: int) -> list[bytes]:
    """Five objects of a font, the first of number ``first``."""
    data, glyphs, name = unpacked(face), _glyphs(face), f"Suasion-{face}"
    shown = sorted((glyphs.get(ord(letter), 0), letter) for letter in letters)
    wide = " ".join(f"{glyph} [{width(letter, 1000, face):.0f}]" for glyph, letter in shown)
    told = "".join(f"<{glyph:04X}> <{ord(letter):04X}>\n" for glyph, letter in shown)
    # No more than a hundred in one block, says the format.
    lines = told.splitlines(keepends=True)
    blocks = (lines[k : k + 100] for k in range(0, len(lines), 100))
    mapped = "".join(f"{len(block)} beginbfchar\n{''.join(block)}endbfchar\n" for block in blocks)
    cmap = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Own def /CMapType 2 def\n"
        f"1 begincodespacerange <0000> <FFFF> endcodespacerange\n{mapped}endcmap end end"
    )
    plain = f"/Type /Font /BaseFont /{name}"
    info = "<< /Registry (Adobe) /Ordering (Identity) /Supplement 0 >>"
    return [
        f"<< {plain} /Subtype /Type0 /Encoding /Identity-H /DescendantFonts [{first + 1} 0 R] "
        f"/ToUnicode {first + 4} 0 R >>".encode(),
        f"<< {plain} /Subtype /CIDFontType2 /CIDToGIDMap /Identity /CIDSystemInfo {info} "
        f"/FontDescriptor {first + 2} 0 R /W [{wide}] >>".encode(),
        f"<< /Type /FontDescriptor /FontName /{name} /Flags 4 /FontBBox [-200 -300 1200 1000] /ItalicAngle 0 "
        f"/Ascent 984 /Descent -273 /CapHeight 660 /StemV 80 /FontFile2 {first + 3} 0 R >>".encode(),
        _stream(f"/Length1 {len(data)}", data),
        _stream("", cmap.encode()),
    ]


def _file(page: _Page, wide: float, high: float) -> bytes:
    content = "\n".join(page.parts)
    states = sorted({int(one) for one in re.findall(r"/G(\d+) gs", content)})
    clear = " ".join(f"/G{one} << /ca {one / 100:g} /CA {one / 100:g} >>" for one in states)
    objects: list[bytes] = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    ]
    places: dict[Face, int] = {}
    fonts: list[bytes] = []
    for face, letters in page.used.items():
        if letters:
            places[face] = 5 + len(fonts)
            fonts += _font(face, letters, places[face])
    named = " ".join(f"/{face} {place} 0 R" for face, place in places.items())
    objects += [
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {wide:.3f} {high:.3f}] /Contents 4 0 R "
        f"/Resources << /Font << {named} >> /ExtGState << {clear} >> >> >>".encode(),
        _stream("", content.encode()),
        *fonts,
    ]
    body, starts = b"%PDF-1.7\n", []
    for number, one in enumerate(objects, start=1):
        starts.append(len(body))
        body += f"{number} 0 obj\n".encode() + one + b"\nendobj\n"
    table = "".join(f"{start:010d} 00000 n \n" for start in starts)
    count = len(objects) + 1
    return (
        body
        + (
            f"xref\n0 {count}\n0000000000 65535 f \n{table}trailer\n<< /Size {count} /Root 1 0 R >>\n"
            f"startxref\n{len(body)}\n%%EOF\n"
        ).encode()
    )
