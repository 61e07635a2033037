"""Colours have the contrast that text and marks need, fonts unpack to whole files, and widths are those of the fonts."""

from __future__ import annotations

import struct

import pytest

from suasion.answers import style

THEMES = ("light", "dark", "print")
TEXT, MARKS = 4.5, 3.0
"""Least contrast of the Web Content Accessibility Guidelines 2.2: 1.4.3 for text, 1.4.11 for what is drawn."""


def luminance(colour: str) -> float:
    parts = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_that_of_the_guidelines() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21.0)
    # 4.54 is the published ratio of the darkest grey that passes on white.
    assert contrast("#767676", "#FFFFFF") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("name", ["ink", "mute", "a", "b", "ok", "mid", "bad"])
@pytest.mark.parametrize("ground", ["paper", "card"])
def test_text_can_be_read(theme: style.Theme, name: str, ground: str) -> None:
    colours = style.tokens(theme)
    assert contrast(colours[name], colours[ground]) >= TEXT


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(
    ("mark", "ground"), [("third", "paper"), ("a", "a-band"), ("b", "b-band"), ("ink", "grid")]
)
def test_marks_can_be_seen(theme: style.Theme, mark: str, ground: str) -> None:
    colours = style.tokens(theme)
    assert contrast(colours[mark], colours[ground]) >= MARKS


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("place", range(6))
def test_a_value_can_be_read_in_every_class_of_a_map(theme: style.Theme, place: int) -> None:
    colours = style.tokens(theme)
    words = colours["on-light" if place < 4 else "on-dark"]

    assert contrast(words, colours[f"map-{place}"]) >= TEXT


def test_the_sides_differ_in_lightness_too() -> None:
    for theme in THEMES:
        colours = style.tokens(theme)
        assert set(colours) == set(style.tokens("light"))
        assert len({colours[name] for name in ("a", "b", "third", "ink")}) == 4
    assert luminance(style.tokens("light")["b"]) > 1.1 * luminance(style.tokens("light")["a"])


@pytest.mark.parametrize("face", style.FACES)
def test_a_font_unpacks_to_a_whole_file(face: style.Face) -> None:
    font = style.unpacked(face)
    count = struct.unpack(">H", font[4:6])[0]
    entries = [struct.unpack(">4sIII", font[12 + 16 * k : 28 + 16 * k]) for k in range(count)]
    assert {b"glyf", b"cmap", b"hmtx", b"name"} <= {tag for tag, *_ in entries}
    for tag, check, at, length in entries:
        part = font[at : at + length]
        assert len(part) == length
        words = struct.unpack(f">{(length + 3) // 4}I", part + b"\0" * (-length % 4))
        if tag != b"head":  # whose checksum leaves out a field of its own
            assert sum(words) % 2**32 == check


def test_a_drawing_takes_the_colours_of_a_theme() -> None:
    drawing = '<path fill="var(--a)" stroke="var(--a-band)"/>'
    assert style.painted(drawing, "dark") == '<path fill="#7FC1EE" stroke="#2C526C"/>'


def test_widths_add_up() -> None:
    assert style.width("11", 14) == pytest.approx(2 * style.width("1", 14))
    # Figures are tabular: one width, so that columns of numbers stand.
    assert len({style.width(str(figure), 14) for figure in range(10)}) == 1
    assert style.width("Russia", 14, "sans-bold") > style.width("Russia", 14)
