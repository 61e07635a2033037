"""Briefing and card: one page and one picture, complete, inside their edges, for pairs of every kind."""

from __future__ import annotations

import importlib
import json
import re
import struct
import xml.etree.ElementTree as ET

import pytest
from tests.boxes import apart

import suasion as su
from suasion.answers.catalogue import catalogue
from suasion.answers.language import DEFAULT_LANGUAGE
from suasion.answers.picture.inline.canvas import Box, box_of
from suasion.answers.style import FACES, tokens, unpacked, width
from suasion.cli.app import OK, run
from suasion.dossier.export import as_json
from suasion.dossier.forms import Dossier
from suasion.dossier.screens import parts_of, screens
from suasion.dossier.screens.answer import cost_rows
from suasion.dossier.screens.words import said
from suasion.dossier.sheet import (
    EDGE,
    HALF,
    LEAST,
    LEFT,
    PAGE_HEIGHT,
    PAGE_WIDTH,
    briefing,
    briefing_svg,
    card,
    card_svg,
)

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def pairs():
    """A pair with ranges, one outside the table, and the first one as if its first state gained."""
    few = su.load_world().select(["RUS", "CHN", "DEU", "FRA", "USA"])
    usual = su.dossier("DEU", "FRA", world=few, bands=True, draws=4)
    plain = json.loads(as_json(usual))
    table = next(one for one in plain["answers"]["exit_cost"]["tables"] if one["key"] == "exit-costs")
    names = [column["name"] for column in table["columns"]]
    state, losses = names.index("country"), [names.index(f"loss_{unit}") for unit in ("percent", "musd")]
    for row in (row for row in table["rows"] if row[state] == "DEU"):
        for at in losses:  # low and high stand beside the loss
            row[at : at + 3] = [-row[at], -row[at + 2], -row[at + 1]]
    return {"usual": usual, "gain": Dossier.from_dict(plain), "unknown": su.dossier("RUS", "IRN", world=few)}


KINDS = ("usual", "gain", "unknown")


def placed(svg: str) -> list[tuple[str, Box, float]]:
    """Every line of text on a sheet with its box in pixels of the sheet and its size."""
    found: list[tuple[str, Box, float]] = []

    def walk(node: ET.Element, x: float, y: float) -> None:
        if node.tag == f"{SVG}text":
            text = "".join(node.itertext())
            size = float(node.get("font-size", "14"))
            face = "serif" if node.get("font-family") else "sans-bold" if node.get("font-weight") else "sans"
            at = x + float(node.get("x", "0")), y + float(node.get("y", "0"))
            box = box_of(*at, text, node.get("text-anchor", "start"), size, face)  # type: ignore[arg-type]
            found.append((text, box, size))
            return
        inner = node.tag == f"{SVG}svg" and node.get("x") is not None
        for child in node:
            walk(child, x + float(node.get("x", "0")) * inner, y + float(node.get("y", "0")) * inner)

    walk(ET.fromstring(svg), 0.0, 0.0)
    return found


def words(svg: str) -> str:
    """All text of a sheet, one run after the other."""
    return " ".join(text.replace("\N{NO-BREAK SPACE}", " ") for text, _, _ in placed(svg))


@pytest.mark.parametrize("kind", KINDS)
def test_the_briefing_is_one_page_of_a4(pairs, kind) -> None:
    pdf = briefing(pairs[kind])
    assert pdf.startswith(b"%PDF-")
    assert re.findall(rb"/Count (\d+)", pdf) == [b"1"]
    sides = [float(one) for one in re.search(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", pdf).groups()]  # type: ignore[union-attr]
    # A point is 1/72 inch; a hundredth of one is rounding.
    assert sides == pytest.approx([210 / 25.4 * 72, 297 / 25.4 * 72], abs=0.01)


@pytest.mark.parametrize("kind", KINDS)
def test_the_card_has_its_size(pairs, kind) -> None:
    assert struct.unpack(">4sII", card(pairs[kind])[12:24]) == (b"IHDR", 1200, 630)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_card_has_the_colours_of_a_theme(pairs, theme) -> None:
    svg = card_svg(pairs["usual"], theme)
    assert "var(" not in svg
    assert set(re.findall(r'"(#[0-9A-F]{6})"', svg)) <= set(tokens(theme).values())


def keeps_apart(svg: str, wide: float, high: float, edge: float) -> None:
    """No text of a sheet leaves it or meets another one."""
    found = placed(svg)
    assert len(found) > 4
    for place, (text, box, _) in enumerate(found):
        assert box.left >= edge - 1, text
        assert box.right <= wide - edge + 1, text
        assert box.top >= 0, text
        assert box.bottom <= high, text
        for other, second, _ in found[place + 1 :]:
            assert apart(box, second), f"{text!r} meets {other!r}"


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_leaves_the_sheet_or_meets_another_text(pairs, kind) -> None:
    keeps_apart(briefing_svg(pairs[kind]), PAGE_WIDTH, PAGE_HEIGHT, LEFT)
    keeps_apart(card_svg(pairs[kind]), 1200, 630, EDGE)


@pytest.mark.parametrize("language", ["en", "de"])
def test_the_question_of_a_screen_has_room_beside_its_light(language) -> None:
    words = catalogue(language)
    asked = [key for key in words if re.fullmatch(r"word\.topic\.\w+", key)]
    assert len(asked) > 6
    # 39 for the three discs; the light's name stands there only where it has room too.
    assert [key for key in asked if width(words[key], 12, "sans-bold") > HALF - 39] == []


def test_the_name_of_a_light_gives_way_to_a_long_question(pairs, monkeypatch) -> None:
    room = importlib.import_module("suasion.dossier.sheet")
    monkeypatch.setattr(room, "question_of", lambda *_: "A question that is as long as a line may be, and")
    keeps_apart(briefing_svg(pairs["usual"]), PAGE_WIDTH, PAGE_HEIGHT, LEFT)


@pytest.mark.parametrize("kind", KINDS)
def test_both_tell_the_headline_and_every_loss_with_its_range(pairs, kind) -> None:
    made = pairs[kind]
    page, picture = words(briefing_svg(made)), words(card_svg(made))
    seven = screens(made)
    for text in (page, picture):
        assert said(seven[0].block.heading).replace("\N{NO-BREAK SPACE}", " ") in text
    marks = [mark for row in cost_rows(parts_of(made)) for mark in row.marks]
    assert len(marks) == (0 if kind == "unknown" else 6)
    for mark in marks:
        assert mark.span
        assert f"{mark.label} {mark.span}".replace("\N{NO-BREAK SPACE}", " ") in page
    for mark in (*marks[:3],):
        assert mark.label.replace("\N{NO-BREAK SPACE}", " ") in picture
        assert mark.span in picture
    for one in seven:
        title = one.charts[0].title if one.key == "why" and one.charts else one.block.heading
        assert said(title).replace("\N{NO-BREAK SPACE}", " ") in page, one.key


@pytest.mark.parametrize("kind", KINDS)
def test_no_type_of_the_card_is_small(pairs, kind) -> None:
    assert min(size for _, _, size in placed(card_svg(pairs[kind]))) >= LEAST == 20


def test_every_letter_of_names_is_in_the_fonts(world) -> None:
    # A run with a letter that the font lacks is drawn in another one, whose widths are not known.
    held = {name: width("m", 10, name) for name in FACES}
    assert all(held.values())
    letters = set(
        "".join(
            DEFAULT_LANGUAGE.country(code, "plain") for code in (*world.countries, "CIV", "CUW", "STP", "ALA")
        )
    )
    for face in FACES:
        assert letters <= mapped(unpacked(face)), face


def mapped(font: bytes) -> set[str]:
    """Letters that a TrueType font maps to glyphs (table cmap, format 4)."""
    count = struct.unpack(">H", font[4:6])[0]
    tables = {
        font[12 + 16 * k : 16 + 16 * k]: struct.unpack(">II", font[20 + 16 * k : 28 + 16 * k])
        for k in range(count)
    }
    at, _ = tables[b"cmap"]
    start = at + struct.unpack(">I", font[at + 8 : at + 12])[0]
    assert struct.unpack(">H", font[start : start + 2]) == (4,)
    pairs_of = struct.unpack(">H", font[start + 6 : start + 8])[0] // 2
    ends = struct.unpack(f">{pairs_of}H", font[start + 14 : start + 14 + 2 * pairs_of])
    begins = struct.unpack(f">{pairs_of}H", font[start + 16 + 2 * pairs_of : start + 16 + 4 * pairs_of])
    return {chr(one) for low, high in zip(begins, ends, strict=True) for one in range(low, high + 1)}


def test_the_command_writes_both(tmp_path, capsys) -> None:
    page, picture = tmp_path / "f.pdf", tmp_path / "f.png"
    command = ["dyad", "ISL", "COK", "--briefing", str(page), "--card"]
    assert run([*command, str(picture)]) == OK, capsys.readouterr().err
    assert page.read_bytes().startswith(b"%PDF-")
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert run([*command, "f.doc"]) != OK
    assert "f.doc" in capsys.readouterr().err
