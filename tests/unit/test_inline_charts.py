"""Charts inside pages: labels keep apart and inside, every number has its mark, and what is drawn twice is the same."""

from __future__ import annotations

import re
from html import unescape

import pytest
from tests.boxes import MARK, TEXT, apart

from suasion.answers.catalogue import catalogue
from suasion.answers.numbers import Printer
from suasion.answers.picture.inline import canvas, world_map
from suasion.answers.picture.inline.canvas import NARROW, Box, Drawing, LinearAxis, box_of, step_of
from suasion.answers.picture.inline.chokepoints import Good, chokepoints
from suasion.answers.picture.inline.dumbbell import CostRow, Mark, _fitting, dumbbell
from suasion.answers.picture.inline.lollipop import MOST, RankedRow, lollipop
from suasion.answers.picture.inline.series import DatedEvent, Series, series, years_at
from suasion.answers.picture.inline.slope import SlopePanel, slope
from suasion.answers.picture.inline.strip import Past, cases, dots, ladder
from suasion.answers.style import painted

SAID = "What is seen."


def losses() -> Drawing:
    first = Mark(
        "a",
        5.3,
        "Russia",
        "5.3 %",
        3.1,
        8.1,
        "3.1–8.1",
        ((3.7, "imports-only formula"), (6.0, "with stocks")),
        "112 bn USD",
        "66–170",
    )
    second = Mark("b", 0.3, "China", "0.3 %", 0.2, 0.4, "0.2–0.4", (), "51 bn USD", "33–82")
    closed = Mark("a", 40.0, "Russia", "over 40 %", 11, 61, "11–61")
    return dumbbell(
        (
            CostRow("First year", (first, second)),
            CostRow("First year,", (closed, second), "if the West is closed too"),
        ),
        SAID,
        "In money",
        41,
    )


def gains() -> Drawing:
    return dumbbell(
        [
            CostRow(
                "First year",
                (Mark("a", -0.7, "Viet Nam", "gains 0.7 %", -1.4, 0.1, "x"), Mark("b", 0.1, "US", "0.1 %")),
            )
        ],
        SAID,
    )


def ranked() -> Drawing:
    names = ("Kyrgyzstan", "Democratic Republic of the Congo", "Laos", *"ABCDEFGHIJ")
    return lollipop(
        [RankedRow(n, 9.0 - k / 2, f"{9 - k / 2} %", 7.0 - k / 2, 12.0, "7–12") for k, n in enumerate(names)],
        SAID,
        wide=540,
    )


def shares() -> Drawing:
    rising = tuple((float(year), 5 + (year - 2000) ** 2 / 24) for year in range(2000, 2025))
    flat = tuple((float(year), 4.0) for year in range(2000, 2025))
    events = [
        DatedEvent(2014.2, "2014", "Crimea, first sanctions"),
        DatedEvent(2019.9, "2019", "Gas flows east"),
        DatedEvent(2022.1, "2022", "Invasion, Western embargoes"),
    ]
    lines = (
        Series("a", "China in Russia’s trade", rising, "29 %", "Russian customs", 2020),
        Series("b", "Russia in China’s trade", flat, "4 %", strokes=((2018.0, 4.2),)),
    )
    return series(lines, SAID, events=events)


def dated() -> Drawing:
    """An event whose words have no room on either side of their line on a phone."""
    rows = tuple((float(year), 6.0 - year % 3) for year in range(2000, 2024))
    event = DatedEvent(2014.6, "2014", "Russland verbietet westliche Lebensmittel")
    return series((Series("a", "Russland", rows, "2,4 %"),), SAID, events=[event])


def bought() -> Drawing:
    return chokepoints(
        [
            Good(
                "Computer, electronic and optical products",
                0.68,
                "68 %",
                "15 bn USD",
                "Vietnam 12, Germany* 13",
            ),
            Good("Machinery", 0.31, "31 %", "9.9 bn USD"),
        ],
        "a",
        SAID,
    )


def opened() -> Drawing:
    ends = (
        ((5.3, "5.3 %", 3.1, 8.1), (6.6, "6.6 %", None, None)),
        ((0.3, "0.3 %", 0.2, 0.4), (0.3, "0.3 %", None, None)),
    )
    return slope(
        [
            SlopePanel(str(year), "trade of a year", (("a", *ends[0]), ("b", *ends[1])))
            for year in (2022, 2024, 2036)
        ],
        SAID,
        ("open", "closed"),
    )


def past() -> Drawing:
    named = [
        Past(9.2, "Australia, from China, 2020", "9.2 %, did not give in"),
        Past(17, "Russia, from the EU, 2014", "17 %"),
        Past(16, "Iran, 2012", "16 %, gave in", True),
    ]
    return cases(
        [*named, Past(11.3, "Russia today, from China", "11 % (7–20)", today=True, low=7, high=20)], SAID
    )


def steps() -> Drawing:
    return ladder(
        [(name, ["yes", "no", "unknown"] * 11) for name in ("Defence pact", "Consultation")],
        (1993, 2025),
        SAID,
        [("yes", "yes"), ("no", "no"), ("unknown", "not known")],
    )


def effects() -> Drawing:
    """Small numbers with long ranges beside a large one: neither side of their marks has room on a phone."""
    rows = [
        ("all of it", -2.0, -6.0, -0.7),
        ("part of it", -0.0011, -0.0022, -0.00062),
        ("nothing", 3e-4, 6e-5, 9e-4),
    ]
    return lollipop([RankedRow(n, v, f"{v} ({low} to {high})", low, high) for n, v, low, high in rows], SAID)


ALL = [losses, gains, ranked, shares, dated, bought, opened, past, steps, effects]


def labels(svg: str) -> list[tuple[str, Box]]:
    """Labels of a drawing with their boxes, from its text alone."""
    found = []
    for x, y, size, look, text in TEXT.findall(svg):
        anchor = next((one for one in ("middle", "end") if f'"{one}"' in look), "start")
        face = "sans-bold" if 'font-weight="700"' in look else "sans"
        found.append((unescape(text), box_of(float(x), float(y), unescape(text), anchor, float(size), face)))  # type: ignore[arg-type]
    return found


@pytest.mark.parametrize("make", ALL, ids=lambda make: make.__name__)
@pytest.mark.parametrize("size", ["wide", "narrow"])
def test_labels_keep_apart_and_inside(make, size) -> None:
    svg = getattr(make(), size)
    room = float(re.search(r'viewBox="0 0 (\d+) (\d+)"', svg)[1])  # type: ignore[index]
    assert (room == NARROW) == (size == "narrow")
    placed = labels(svg)
    assert placed
    for place, (text, box) in enumerate(placed):
        assert box.left >= -2, text
        assert box.right <= room + 2, text
        for other, second in placed[place + 1 :]:
            assert apart(box, second), f"{text!r} meets {other!r}"


def inked(svg: str) -> list[Box]:
    """Boxes of discs and of bars of ranges."""
    discs = [
        tuple(map(float, one))
        for one in re.findall(r'<circle cx="([-\d.]+)" cy="([-\d.]+)" r="([\d.]+)"', svg)
    ]
    bars = re.findall(
        r'<rect x="([-\d.]+)" y="([-\d.]+)" width="([\d.]+)" height="([\d.]+)" fill="var\(--\w+-band', svg
    )
    sizes = [tuple(map(float, one)) for one in bars]
    return [
        *(Box(x - r, y - r, x + r, y + r) for x, y, r in discs),
        *(Box(x, y, x + w, y + h) for x, y, w, h in sizes),
    ]


@pytest.mark.parametrize("make", [losses, gains, ranked, opened, effects], ids=lambda make: make.__name__)
@pytest.mark.parametrize("size", ["wide", "narrow"])
def test_no_label_stands_on_a_mark_or_a_range(make, size) -> None:
    svg = getattr(make(), size)
    for text, box in labels(svg):
        assert all(apart(box, mark) for mark in inked(svg)), text


@pytest.mark.parametrize("make", ALL, ids=lambda make: make.__name__)
def test_a_drawing_says_what_is_seen_and_takes_its_colours_from_the_page(make) -> None:
    for svg in (make().wide, make().narrow):
        assert f'role="img" aria-label="{SAID}"' in svg
        assert not re.search(r'(?:fill|stroke)="#', svg)
        # An id would be twice on a page, and a pattern in a hidden drawing does not paint.
        assert " id=" not in svg
        assert " style=" not in svg
        assert "var(" not in painted(svg, "dark")


def test_a_group_that_is_written_out_fits_a_phone() -> None:
    name = "Saudi Arabia, United Arab Emirates, Egypt and Bahrain"
    fitted = _fitting(Mark("b", 0.1, name, "0.1 %", span="0.1-0.3"), 300.0)
    assert fitted.name == "Saudi Arabia, \N{HORIZONTAL ELLIPSIS}"
    assert _fitting(fitted, 900.0).name == fitted.name


def test_every_number_has_its_mark() -> None:
    for make, count in ((losses, 4), (gains, 2), (ranked, MOST), (opened, 12), (past, 4)):
        for svg in (make().wide, make().narrow):
            assert len(MARK.findall(svg)) == count, make.__name__


def test_a_bar_has_the_length_of_its_share() -> None:
    found = re.findall(r'width="([\d.]+)" height="10.0" fill="var\(--(grid|a)\)"', bought().wide)
    (track, _), (bar, _), *_ = found
    # A tenth of a pixel is the drawing's own rounding.
    assert float(bar) == pytest.approx(0.68 * float(track), abs=0.15)


def test_dots_are_full_to_the_centre_and_outlined_to_the_end() -> None:
    svg = dots(0.02, 0.05, SAID).wide
    assert svg.count('fill="var(--ink)"') == 2
    assert svg.count('fill="none"') == 3
    assert svg.count("<circle") == 100


def test_keys_and_ticks_have_the_signs_of_the_language(monkeypatch) -> None:
    german = Printer(catalogue("de"))
    for room in (canvas, world_map):
        monkeypatch.setattr(room, "signs", german.signs)
    assert world_map.class_words() == ("<0,5", "0,5–1", "1–2", "2–5", "5–10", "10+")
    rows = [RankedRow("x", 0.9, "0,9 %"), RankedRow("y", 0.4, "0,4 %")]
    told = [text for text, _ in labels(lollipop(rows, SAID).wide)]
    assert "0,5\N{NO-BREAK SPACE}%" in told
    assert not [text for text in told if "." in text]


def test_axes() -> None:
    assert [step_of(least) for least in (0.3, 2.1, 11, 100)] == pytest.approx([0.5, 5, 20, 100])
    assert LinearAxis(0, 10, 0, 100)(25) == 100
    assert LinearAxis(-1.5, 8, 0, 100).ticks() == pytest.approx((0, 2, 4, 6, 8))
    assert years_at(2000, 2024, 7) == [2000, 2005, 2010, 2015, 2020, 2024]
