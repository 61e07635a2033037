"""The pages of the site: drawings that keep their areas and classes, and pages that say what the answers say."""

from __future__ import annotations

import re

import numpy as np
import pytest

from suasion.answers.picture.inline.heat import FEW, MOST, heat
from suasion.answers.picture.inline.world_map import (
    CLASSES,
    MIDDLE,
    class_of,
    paths,
    projected,
    world_map,
)
from suasion.dossier.site import pages
from suasion.dossier.site.first import first_answer
from suasion.dossier.site.search import search_page
from suasion.pages import printed
from suasion.queries import mentioned
from suasion.questions import country, leverage
from suasion.sources.outline import dots, rings
from suasion.world import World, load_world


@pytest.fixture(scope="module")
def latest() -> World:
    """The embedded world whose ranges ship."""
    return load_world()


def area(ring: np.ndarray) -> float:
    """Area inside a closed line."""
    x, y = ring.T
    return 0.5 * abs(float(np.dot(x[:-1], y[1:]) - np.dot(x[1:], y[:-1])))


@pytest.mark.parametrize("latitude", [0.0, 30.0, -45.0, 60.0, 80.0])
def test_areas_of_the_map_are_equal(latitude):
    """A cell of two degrees has the area of the sphere, to one in two thousand: its sides are drawn as straight lines."""
    steps = np.linspace(0.0, 2.0, 21)
    south, east = [(x, latitude) for x in steps], [(2.0, latitude + y) for y in steps]
    north, west = [(2.0 - x, latitude + 2.0) for x in steps], [(0.0, latitude + 2.0 - y) for y in steps]
    drawn = area(projected(np.array([*south, *east, *north, *west])))
    low, high = np.radians([latitude, latitude + 2.0])
    assert drawn == pytest.approx(np.radians(2.0) * (np.sin(high) - np.sin(low)), rel=5e-4)


def test_no_outline_crosses_the_edge():
    """A step of more than half the world would draw a line across the map."""
    for code, parts in rings().items():
        for ring in parts:
            turned = (ring[:, 0] - MIDDLE + 180.0) % 360.0
            assert np.abs(np.diff(turned)).max() < 180.0, code


@pytest.mark.parametrize(
    ("loss", "kind"), [(-1.0, 0), (0.49, 0), (0.5, 1), (4.99, 3), (5.0, 4), (10.0, 5), (50.0, 5)]
)
def test_classes_are_fixed(loss, kind):
    assert class_of(loss) == kind
    assert CLASSES == (0.5, 1.0, 2.0, 5.0, 10.0)


def test_the_map_tells_holder_number_and_no_data_apart():
    drawn = world_map({"DEU": 3.0, "SGP": 8.0}, ("CHN",), "what is seen", {"DEU": "Germany: 3.0 %"})
    assert drawn.count('fill="var(--ink)"') == 1
    assert drawn.count('fill="var(--map-3)"') == drawn.count("Germany: 3.0 %") == 1
    assert "<circle" in drawn  # an economy without a shape
    assert (
        drawn.count("url(#hatch)") == len(paths()) - 2 + len(dots()) - 1
    )  # two shapes and a dot have a number


def test_the_matrix_is_filtered_and_smaller_on_a_phone():
    names = [f"N{k}" for k in range(30)]
    made = heat(names, lambda row, column: 1.5, "what is seen", lambda value: f"{value:.1f}")
    assert made.wide.count(">1.5<") == MOST * (MOST - 1)
    assert made.narrow.count(">1.5<") == FEW * (FEW - 1)


@pytest.mark.parametrize(
    ("value", "first", "text"),
    [(0.03, False, "<0.1 %"), (0.26, False, "0.3 %"), (9.94, False, "9.9 %"), (12.4, False, "12 %"), (45.0, True, "over 40 %"), (45.0, False, "45 %")],
)  # fmt: skip
def test_losses_are_printed_short(value, first, text):
    assert printed.loss(value, first=first).replace("\N{NO-BREAK SPACE}", " ") == text


def test_a_range_has_the_decimals_of_its_number():
    row = {"x": 12.3, "x_low": 7.36, "x_high": 20.4}
    assert printed.span(row, "x") == "7–20"
    assert printed.span({"x": 1.2}, "x") == ""


def test_pages_say_what_the_answers_say(latest):
    """The headline of the leverage page is the answer's sentence; each row of a list is a row of its table."""
    page = pages.leverage_page(latest, "RUS")
    answer = leverage(holder="RUS", world=latest)
    assert page.heading == answer.findings[0].sentence()
    ties = next(part for _, parts in page.sections for part in parts if part["table"] == "ties")
    lines = list(page.lines(ties, page.rows(ties)))
    assert [[cell.value for cell in line[:2]] for line in lines] == [
        [row["country"], row["partner"]] for row in answer.table("ties").frame.head(8).to_dict("records")
    ]
    assert page.level == 2


def test_a_dossier_that_is_being_made_says_what_the_start_page_says(latest):
    home = pages.home_page(latest, "RUS", "CHN")
    *told, drawn = first_answer(latest, "RUS", "CHN")[2:]
    assert told == [home[name] for name in ("headline", "span", "under")]
    low, high = re.findall(r"[\d.]+", home["span"])
    assert drawn.count(f">{low}\N{EN DASH}{high}<") == 2  # on the drawing for a desk and on that for a phone
    assert first_answer(latest, "RUS", "GRL") == ()  # nothing ships of a territory
    assert first_answer(latest, "RUS", "MNG")[:2] == ("Russia", "Mongolia")


def test_a_country_has_both_directions(latest):
    """All partners each way; the heading names the two whose loss matters most after ten years."""
    answer = country("KAZ", world=latest)
    mine = answer.table("depends-on").frame
    assert len(mine) == len(answer.table("depended-on-by").rows) == 194
    found = next(one for one in answer.findings if one.key == "country.depends")
    assert found.values["first"].code == mine.partner.iloc[0]
    page = pages.country_page(latest, "KAZ")
    charts = [part for _, parts in page.sections for part in parts if part["as"] == "chart"]
    assert [part["table"] for part in charts] == [
        *("depends-on", "depended-on-by", "partner-shares", "losses-by-year")
    ]
    assert [len(page.answer.rows(part["table"])) for part in charts[:2]] == [194, 194]
    assert all(page.drawing(part) for part in charts)
    lists = [part["table"] for _, parts in page.sections for part in parts if part["as"] == "list"]
    assert lists == ["raw-materials", "suppliers"]


def test_a_country_outside_the_table_has_its_trade(latest):
    """No loss is invented; raw materials and partners are there."""
    few = latest.select(["RUS", "CHN", "DEU"])  # a world of one's own stays as it is
    answer = country("Mongolia", world=few)
    assert {table.key for table in answer.tables} == {"raw-materials", "partner-shares"}
    shares = answer.table("partner-shares").frame
    assert shares.goods_share.between(0, 1).all()
    page = pages.country_page(few, "MNG")
    shown = {part["table"] for _, parts in page.sections for part in parts if part["table"]}
    assert shown == {"raw-materials", "partner-shares"}
    assert page.level == 0


@pytest.mark.parametrize("state", ["VUT", "MDV"])
def test_a_state_that_buys_little_of_everything_has_its_page(latest, state):
    """Raw materials below what is listed leave no list, and no word for an empty one is asked for."""
    page = pages.country_page(latest, state)
    assert page.answer.rows("raw-materials")
    lists = [part for _, parts in page.sections for part in parts if part["as"] == "list"]
    assert all(page.rows(part) or part["none"] for part in lists)


def test_shares_of_a_bloc_leave_out_its_members():
    from suasion.measures.history import partner_history, trade_history

    found = partner_history(("DEU", "FRA"), 4)
    assert not set(found.partner) & {"DEU", "FRA"}
    assert found.groupby("year").goods_share.sum().max() < 1
    # Years with late reporters are patched flow by flow, of a bloc as of a pair.
    last = found.year.max()
    assert set(found[found.year == last].series_form) == {"hollow"}
    pair = trade_history("DEU", "CHN").query("country == 'DEU' and flow == 'turnover' and form == 'hollow'")
    own = partner_history(("DEU",), 4).query("partner == 'CHN' and series_form == 'hollow'")
    assert list(own.goods_share) == pytest.approx(list(pair.share))


def test_the_search_hears_names_in_a_sentence():
    assert mentioned("what would germany lose without china?") == ("DEU", "CHN")
    assert mentioned("who are not in and can") == ()
    assert mentioned("EU, Holland and the USA") == ("EU", "NLD", "USA")
    assert mentioned("European Union without China") == ("EU", "CHN")
    built = search_page("oil embargo on Russia")["found"]["measures"][0]
    assert built.path == "/scenario?do=embargo&by=USA~EU&on=RUS&in=B06"
    assert search_page("price cap")["found"]["measures"]
    assert not search_page("")["found"]
