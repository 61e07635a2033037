"""Supply networks: surplus against closed forms, coalitions, access, files and their messages, the shipped ones."""

from __future__ import annotations

import csv
import io
import json
import math
import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog
from tests.boxes import marks

from suasion.answers.answer import Answer
from suasion.answers.picture import picture_bytes
from suasion.answers.render.text import table_text
from suasion.cli.app import CANNOT, OK, UNWRITABLE, run
from suasion.errors import ConvergenceError, InputError, NetworkError
from suasion.games import (
    Customer,
    Producer,
    Route,
    SupplyNetwork,
    Unsolved,
    bargain,
    compare,
    game_of,
    nucleolus,
    parse_network,
    project,
    read_network,
    shapley,
    sweep,
    worth_of,
)
from suasion.games import coalitions as surplus_room
from suasion.games.network_file import annual_cost
from suasion.questions import bargain as bargain_question
from suasion.schema.judgements import ASSUMPTION

SOLVED = 1e-6  # the interior-point solver stops at a relative gap of 1e-10; surpluses below are near 1,000
PIECES = 400
SHIPPED = ("eurasian_gas", "three_pipelines")


def simple(**changes):
    """One producer at cost 10, one customer with price 100 - q, a route through T at 5 a leg."""
    parts = {
        "players": {"R": "Seller", "T": "Transit", "E": "Buyer"},
        "producers": (Producer("field", "R", 200, 10, "R"),),
        "customers": (Customer("city", "E", "E", 100, 1),),
        "routes": (Route("first leg", "R", "T", 200, 5), Route("second leg", "T", "E", 200, 5)),
    }
    return SupplyNetwork(**{**parts, **changes})


def test_surplus_of_one_market_in_closed_form():
    """Free capacity: q = (a - c) / b and surplus (a - c)^2 / 2b with a = 100, b = 1, c = 20."""
    game = game_of(simple())
    assert game.total == pytest.approx(3200, abs=SOLVED)
    assert game("R", "E") == 0
    made = bargain(simple())
    assert made.markets["quantity"][0] == pytest.approx(80, abs=1e-4)  # flat at the optimum: root of the gap
    assert made.markets["price"][0] == pytest.approx(20, abs=1e-4)
    assert not made.core_empty
    assert made.of("T") == pytest.approx(3200 / 3, abs=SOLVED)
    assert made.of("T", "pivotal") == pytest.approx(3200, abs=SOLVED)


def test_a_binding_capacity():
    """Capacity k below (a - c) / b: surplus (a - c) k - b k^2 / 2."""
    narrow = simple(routes=(Route("first leg", "R", "T", 30, 5), Route("second leg", "T", "E", 200, 5)))
    assert game_of(narrow).total == pytest.approx(80 * 30 - 450, abs=SOLVED)


def test_outside_supply_is_what_a_customer_can_do_alone():
    network = simple(producers=(Producer("field", "R", 200, 10, "R"), Producer("ships", "E", 200, 60)))
    game = game_of(network)
    assert game("E") == pytest.approx(40**2 / 2, abs=SOLVED)
    assert game.total == pytest.approx(3200, abs=SOLVED)


def test_demand_through_a_point():
    customer = Customer.through("c", "E", "E", price=300, quantity=50, elasticity=0.5)
    assert customer.intercept - customer.slope * 50 == pytest.approx(300)
    assert 300 / (customer.slope * 50) == pytest.approx(0.5)
    with pytest.raises(NetworkError, match="Customer c: price, quantity and elasticity must be above zero"):
        Customer.through("c", "E", "E", 300, 50, 0)


@pytest.mark.parametrize("cost", [0.0, 799.0, 801.0, 5000.0])
def test_a_route_is_built_if_it_pays(cost):
    """A bypass saves 10 a unit: surplus 90^2/2 = 4050 against 3200 over transit, worth 850 to all three."""
    bypass = Route("bypass", "R", "E", 200, 0, investment=cost)
    network = simple(routes=(*simple().routes, bypass))
    game = game_of(network)
    assert game("R", "E") == pytest.approx(max(4050 - cost, 0), abs=SOLVED)
    assert game.total == pytest.approx(max(3200, 4050 - cost), abs=SOLVED)
    assert bool(bargain(network).flows.set_index("name")["built"]["bypass"]) == (cost < 850)


def test_third_party_access_removes_the_veto_but_not_the_right_to_build():
    open_transit = simple().with_access(["T"])
    assert shapley(game_of(open_transit))[1] == pytest.approx(0, abs=SOLVED)
    assert shapley(game_of(open_transit))[0] == pytest.approx(1600, abs=SOLVED)
    first = simple().routes[0]
    planned = simple(routes=(first, Route("second leg", "T", "E", 200, 5, investment=100.0))).with_access(
        ["T"]
    )
    assert game_of(planned)("R", "E") == 0


def test_with_and_without_a_link_and_a_customer():
    both = simple(
        players={"R": "Seller", "T": "Transit", "E": "Buyer", "C": "Other buyer"},
        customers=(*simple().customers, Customer("port", "C", "C", 50, 1)),
        routes=(*simple().routes, Route("east", "R", "C", 100, 5)),
    )
    table = compare(
        {
            "all": both,
            "no east": both.without(routes=["east"], customers=["port"]),
            "no west": both.without(routes=["second leg"], customers=["city"]),
        }
    ).set_index(["case", "player"])
    # Two separate markets, so that each closes without touching the other: (50 - 15)^2 / 2 = 612.5.
    assert table.loc[("no east", "R"), "change"] == pytest.approx(-612.5 / 2, abs=SOLVED)
    assert table.loc[("no west", "R"), "change"] == pytest.approx(-3200 / 3, abs=SOLVED)
    assert table.loc[("no west", "C"), "share_percent"] == pytest.approx(50, abs=SOLVED)
    with pytest.raises(NetworkError, match="nothing to compare"):
        compare({})


def test_a_project_is_valued_by_its_promoters():
    """The bypass ends T's veto: R and E share 4050, where each had 3200/3."""
    network = simple(routes=(*simple().routes, Route("bypass", "R", "E", 200, 0, investment=500.0)))
    found = project(network, "bypass", ("R", "E"))
    assert found.gross == pytest.approx(4050 - 2 * 3200 / 3, abs=SOLVED)
    assert found.net == pytest.approx(found.gross - 500)
    assert found.surplus == pytest.approx(850, abs=SOLVED)
    assert found.changes["T"] == pytest.approx(-3200 / 3, abs=SOLVED)
    with pytest.raises(NetworkError, match="There is no planned route 'first leg'"):
        project(network, "first leg", ("R",))


numbers = st.floats(1, 50)


@st.composite
def networks(draw):
    """Two sellers, two transit states, two buyers, some of eight routes."""
    ends = [
        ("A", "T"),
        ("A", "U"),
        ("B", "T"),
        ("B", "U"),
        ("T", "E"),
        ("U", "E"),
        ("T", "F"),
        ("U", "F"),
        ("A", "E"),
    ]
    picked = draw(st.lists(st.sampled_from(ends), unique=True, max_size=9))
    routes = [Route(f"{a}-{b}", a, b, draw(numbers), draw(st.floats(0, 5))) for a, b in picked]
    if draw(st.booleans()) and routes:
        last = routes.pop()
        routes.append(
            Route(last.name, last.start, last.end, last.capacity, last.cost, None, draw(st.floats(0, 300)))
        )
    sellers = tuple(Producer(p, p, draw(numbers), draw(st.floats(0, 10)), p) for p in "AB")
    own = tuple(Producer(f"own {p}", p, draw(numbers), 30, p) for p in "EF")
    buyers = tuple(Customer(p, p, p, draw(st.floats(40, 90)), draw(st.floats(0.5, 3))) for p in "EF")
    return SupplyNetwork({p: p for p in "ABTUEF"}, sellers + own, buyers, tuple(routes))


def largest_surplus(network, who):
    """Independent solution by a general-purpose solver, every choice of building tried."""
    options = [r.investment for r in network.routes if r.investment is not None]
    worths = [0.0, surplus_without_building(network, who)]
    if options:
        standing = network.building(next(r.name for r in network.optional), None)
        worths.append(surplus_without_building(standing, who) - options[0])
    return max(worths)


def surplus_without_building(network, who):
    """Demand in many small steps makes it a linear programme, for another solver."""
    routes = [r for r in network.routes if {r.start, r.end} <= who and r.investment is None]
    producers = [p for p in network.producers if p.player in who]
    customers = [c for c in network.customers if c.player in who]
    if not producers or not customers:
        return 0.0
    at = {node: i for i, node in enumerate(network.nodes)}
    pieces = [(c, (k + 0.5) / PIECES) for c in customers for k in range(PIECES)]
    columns = [(x.start, x.end) for x in routes] + [(None, p.node) for p in producers]
    columns += [(c.node, None) for c, _ in pieces]
    balance = np.zeros((len(at), len(columns)))
    for j, (start, end) in enumerate(columns):
        for node, sign in ((start, -1.0), (end, 1.0)):
            if node is not None:
                balance[at[node], j] = sign
    cost = [x.cost for x in (*routes, *producers)] + [-c.intercept * (1 - share) for c, share in pieces]
    top = [x.capacity for x in (*routes, *producers)]
    top += [c.intercept / c.slope / PIECES for c, _ in pieces]
    found = linprog(cost, A_eq=balance, b_eq=np.zeros(len(at)), bounds=[(0, t) for t in top])
    return -found.fun


@given(networks())
@settings(max_examples=15, deadline=None)
def test_worths_agree_with_a_general_solver(network):
    game = game_of(network)
    codes = list(network.players)
    for mask in (0b111111, 0b010101, 0b110101, 0b101111, 0b011001):
        who = {p for i, p in enumerate(codes) if mask >> i & 1}
        # A step of w = (a/b) / pieces misses at most b w^2 / 8, here 90^2 / (0.5 x 8 x 400^2), at each customer.
        assert game.worth[mask] == pytest.approx(largest_surplus(network, who), abs=0.03)


@given(networks())
@settings(max_examples=30, deadline=None)
def test_owned_networks_reward_joining(network):
    """Every item has an owner: worths never fall with members, and two coalitions lose nothing by joining."""
    worth = game_of(network).worth
    masks = np.arange(worth.size)
    for s in range(0, worth.size, 5):
        apart = masks[(masks & s) == 0]
        assert (worth[apart | s] >= worth[apart] + worth[s] - SOLVED * 100).all()


def test_supply_without_an_owner_is_pointed_out():
    two = SupplyNetwork(
        {"E": "E", "F": "F"},
        (Producer("ships", "port", 10, 1),),
        (Customer("e", "E", "E", 10, 0, 10), Customer("f", "F", "F", 10, 0, 10)),
        (Route("port-E", "port", "E", 10), Route("port-F", "port", "F", 10)),
        {"port": None},
    )
    made = bargain(two)
    assert made.table["nucleolus"].isna().all()
    assert made.unsolved is Unsolved.ALONE
    assert (made.game.alone.sum(), made.game.total) == pytest.approx((180, 90))
    assert made.shared == ("E", "F")


def test_worth_of_some_coalitions():
    who = np.array([[True, True, True], [True, False, True]])
    np.testing.assert_allclose(worth_of(simple(), who), [3200, 0], atol=SOLVED)


def test_the_nucleolus_is_left_out_beyond_its_limit():
    crowd = {f"P{i}": f"P{i}" for i in range(17)}
    made = bargain(simple(players={**simple().players, **crowd}))
    assert made.unsolved is Unsolved.TOO_MANY
    assert made.table["nucleolus"].isna().all()
    assert made.of("T") == pytest.approx(3200 / 3, abs=1e-5)
    with pytest.raises(NetworkError, match="has 21 players"):
        game_of(simple(players={**simple().players, **crowd, "last": "last"}))
    with pytest.raises(NetworkError, match="There is no 'shapley' of 'X' here"):
        made.of("X")


# --- bad networks -----------------------------------------------------------------------------------------

ROUTES = simple().routes
FIELD = simple().producers[0]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"routes": (Route("x", "R", "E", -3),)}, "route x: capacity is -3; it must be finite and >= 0"),
        ({"routes": (Route("x", "R", "E", math.nan),)}, "route x: capacity is nan"),
        ({"producers": (Producer("f", "R", 1, -2, "R"),)}, "producer f: cost is -2"),
        ({"routes": ROUTES[:1]}, "customer city is disconnected: no route leads from a producer to E"),
        ({"producers": ()}, "customer city is disconnected"),
        (
            {"routes": (*ROUTES, Route("First  LEG", "R", "T", 7))},
            "route 'First  LEG' is there twice (first as 'first leg')",
        ),
        ({"routes": (*ROUTES, Route("x", "R", "R", 1))}, "route x leads from R to itself"),
        ({"routes": (*ROUTES, Route("x", "R", "Q", 1))}, "route x: no node 'Q'. Known: R, T, E"),
        ({"routes": (*ROUTES, Route("x", "R", "E", 1, needs=("Z",)))}, "route x: no player 'Z'"),
        ({"producers": (Producer("f", "R", 1, 1, "RR"),)}, "producer f: no player 'RR'"),
        ({"producers": (Producer("f", "Rr", 1, 1, "R"),)}, "producer f: no node 'Rr'. Did you mean 'R'?"),
        ({"nodes": {"sea": "X"}}, "node sea: no player 'X'"),
        ({"third_party": frozenset({"X"})}, "third_party: no player 'X'"),
        ({"customers": (Customer("city", "E", "E", 100, 0),)}, "customer city buys any quantity at 100"),
        ({"customers": ()}, "a network needs a customer"),
        ({"players": {}}, "a network needs players"),
        (
            {"customers": (Customer("city", "E", "E", 9, 0.1),)},
            "no customer pays what supply costs: city pays at most 9, the cheapest supply there costs 20. Are all",
        ),
        (
            {"routes": (*ROUTES, *(Route(f"o{i}", "R", "E", 1, investment=1.0) for i in range(9)))},
            "9 routes are yet to be built; at most 8",
        ),
    ],
)
def test_bad_networks(changes, message):
    with pytest.raises(NetworkError, match=re.escape(message)):
        simple(**changes)


def test_many_faults_are_counted():
    with pytest.raises(NetworkError, match=r"\.\.\. and 2 more"):
        simple(routes=tuple(Route(f"r{i}", "R", "E", -1) for i in range(7)))


def test_unknown_names_get_a_hint():
    with pytest.raises(NetworkError, match=r"There is no route 'first led'\. Did you mean 'first leg'"):
        simple().without(routes=["first led"])
    with pytest.raises(NetworkError, match="There is no route 'x'"):
        simple().building("x", 3.0)


def test_a_failing_solver_is_reported(monkeypatch):
    real = surplus_room.need("clarabel")

    class Stopped:
        def __init__(self, *arguments):
            pass

        def solve(self):
            return type("Answer", (), {"status": "MaxIterations"})

    class Library:
        DefaultSettings = real.DefaultSettings
        ZeroConeT = real.ZeroConeT
        NonnegativeConeT = real.NonnegativeConeT
        DefaultSolver = Stopped

    monkeypatch.setattr(surplus_room, "need", lambda name: Library)
    with pytest.raises(ConvergenceError, match=r"were not found \(MaxIterations\)"):
        game_of(simple())


# --- files ------------------------------------------------------------------------------------------------

GOOD = """\
name: Small
units: {quantity: bcm/year, price: USD/1000 m3}
players: {R: Seller, T: Transit, E: Buyer}
rate: 0.1
life: 20
producers:
  - {name: field, node: R, player: R, capacity: 200 bcm/year, cost: {value: 10, source: assumption, range: [5, 15]}}
customers:
  - name: city
    node: E
    player: E
    intercept: 100
    slope: 1
routes:
  - {name: first leg, from: R, to: T, capacity: 200, cost: 5}
  - {name: second leg, from: T, to: E, capacity: 200, cost: 5}
  - {name: bypass, from: R, to: E, capacity: 200, cost: 0, capital: {value: 5000, source: report}}
cases:
  - {name: no bypass, close: [bypass]}
sources:
  report: {title: A report, where: somewhere, locator: page 3, says: about 5000}
"""


def test_a_file_is_the_network_it_says():
    file = parse_network(GOOD)
    assert file.cases == ("as in the file", "no bypass")
    assert game_of(file.network("no bypass")).total == pytest.approx(3200, abs=SOLVED)
    (bypass,) = file.network().optional
    assert bypass.investment == pytest.approx(5000 * 0.1 / (1 - 1.1**-20))
    assert file.sources == {"report": "A report. somewhere, page 3"}
    ranged = [f for f in file.figures if f.high > f.low]
    assert [(f.place, f.low, f.high) for f in ranged] == [("producer field: cost", 5, 15)]
    other = file.network("no bypass", {ranged[0].path: 15.0})
    assert game_of(other).total == pytest.approx(75**2 / 2, abs=SOLVED)


def test_annual_cost():
    assert annual_cost(1000, 0.0, 20) == 50
    assert annual_cost(1000, 0.08, 25) == pytest.approx(93.68, abs=0.01)  # annuity table: .09368
    with pytest.raises(NetworkError, match="rate is -1 and life 20"):
        annual_cost(1000, -1, 20)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("capacity: 200, cost: 5}", "capacity: -200, cost: 5}", "line 15: route first leg: capacity is -200"),
        ("name: second leg", "name: first leg", "line 16: route 'first leg' is there twice"),
        (
            "cost: 0, capital",
            "cost: 2 USD/MMBtu, capital",
            "route bypass: cost is in USD/MMBtu, but this file has it in USD/1000 m3",
        ),
        (
            "price: USD/1000 m3",
            "price: USD/t",
            "line 2: quantities in bcm/year go with prices in USD/1000 m3, not in USD/t",
        ),
        ("quantity: bcm/year", "quantity: bcf", "line 2: unit 'bcf' is unknown; give one of bcm/year"),
        ("source: report", "source: rumour", "source 'rumour' is not listed under `sources`"),
        (", range: [5, 15]", "", "producer field: cost is an assumption without a range"),
        ("range: [5, 15]", "range: [15, 20]", "cost is 10, outside of its range 15 to 20"),
        (
            "    slope: 1\n",
            "",
            "line 9: customer city needs either price, quantity and elasticity, or intercept",
        ),
        ("rate: 0.1\n", "", "route bypass is to be built; give `rate` and `life`"),
        (
            "close: [bypass]",
            "close: [bypas]",
            "case no bypass: There is no route 'bypas'. Did you mean 'bypass'",
        ),
        ("name: no bypass", "name: as in the file", "line 19: case 'as in the file' is there twice"),
        ("name: Small", "nme: Small", "line 1: key `nme` is unknown; allowed: name, "),
        ("name: Small\n", "", "key `name` is missing"),
        (
            "slope: 1",
            "slope: steep",
            "line 13: key `slope` is the text 'steep'; it must be a number, with or without its unit",
        ),
        ("to: T", "to: X", "line 15: route first leg: no node 'X'"),
        ("name: Small", "name: [Small", "line 2: this is not valid YAML"),
        ("name: Small", "name: &a Small", "tags, anchors and aliases"),
    ],
)
def test_bad_files_say_what_and_where(old, new, message):
    assert old in GOOD
    with pytest.raises(NetworkError, match=re.escape(message)):
        parse_network(GOOD.replace(old, new, 1), "small.yaml")


def test_a_disconnected_customer_has_its_line():
    with pytest.raises(NetworkError, match=r"small\.yaml, line 9: customer city is disconnected"):
        parse_network(
            GOOD.replace("to: E", "to: R", 2).replace("from: R, to: R", "from: T, to: R"), "small.yaml"
        )


def test_a_price_that_is_not_positive():
    text = GOOD.replace("intercept: 100\n    slope: 1", "price: 0\n    quantity: 3\n    elasticity: 0.5")
    with pytest.raises(NetworkError, match="line 12: customer city: price is 0; it must be > 0"):
        parse_network(text)


def test_files_that_are_not_there(tmp_path):
    with pytest.raises(NetworkError, match="There is no network file"):
        read_network(tmp_path / "none.yaml")
    (tmp_path / "mine.yaml").write_text(GOOD, encoding="utf-8")
    assert read_network(tmp_path / "mine.yaml").name == "Small"
    with pytest.raises(NetworkError, match=r"There is no case 'nobypass'\. Did you mean 'no bypass'"):
        read_network(tmp_path / "mine.yaml").network("nobypass")


# --- ranges -----------------------------------------------------------------------------------------------


def test_a_sweep_covers_the_range():
    """The only uncertain number is the cost, 5 to 15: surplus (90 - c)^2 / 2 by a Latin hypercube."""
    made = sweep(parse_network(GOOD), ["no bypass"], draws=40, seed=2)
    assert made.rejected == 0
    cost = made.points[:, 0]
    assert 5 <= cost.min() < 5.25  # one point in each fortieth of the range
    assert 14.75 < cost.max() <= 15
    rows = made.draws.query("player == 'T' and draw > 0")
    np.testing.assert_allclose(rows["shapley"], (90 - cost) ** 2 / 6, atol=SOLVED)
    summary = made.summary().set_index("player")
    assert summary.loc["T", "value"] == pytest.approx(3200 / 3, abs=SOLVED)
    assert summary.loc["T", "least"] >= 75**2 / 6 - SOLVED
    drivers = made.drivers("no bypass", "T")
    assert drivers["figure"].tolist() == ["producer field: cost"]
    assert drivers["correlation"][0] == pytest.approx(-1)


def test_changes_are_between_the_same_draws():
    made = sweep(parse_network(GOOD), draws=10, seed=2)
    change = made.change("no bypass").set_index("player")
    # Free of T, R and E share all: they gain in every draw, T loses what it had.
    assert change.loc["R", "rises_percent"] == 100
    assert change.loc["T", "rises_percent"] == 0
    with pytest.raises(InputError, match="There is no case 'x' here"):
        made.change("x")
    with pytest.raises(InputError, match="There is no measure 'x'"):
        made.summary("x")


def test_sweeps_that_cannot_be():
    with pytest.raises(InputError, match="draws is 1"):
        sweep(parse_network(GOOD), draws=1)
    fixed = GOOD.replace("{value: 10, source: assumption, range: [5, 15]}", "10")
    with pytest.raises(NetworkError, match="No number of Small has a range"):
        sweep(parse_network(fixed), draws=4)


def test_draws_without_a_network_are_counted():
    """Where the cost exceeds what the city pays, there is nothing to divide."""
    text = GOOD.replace("{value: 10, source: assumption, range: [5, 15]}", "{value: 10, range: [0, 200]}")
    made = sweep(
        parse_network(text.replace("cost: 0, capital", "cost: 30, capital")), ["no bypass"], draws=20
    )
    assert made.rejected == 11  # costs of 90 and more: 11 of 20 strata of width 10
    assert len(made.points) == 9


# --- the shipped networks ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", SHIPPED)
def test_every_number_has_a_source_or_is_an_assumption_with_a_range(name):
    file = read_network(name)
    for figure in file.figures:
        assert figure.source, figure.place
        assert figure.source != ASSUMPTION or figure.high > figure.low, figure.place
    text = " ".join(f.source for f in file.figures) + json.dumps(file.model.model_dump())
    assert not [key for key in file.sources if text.count(key) < 2]  # listed, and used
    assert all(len(source.says) > 10 and source.locator for source in file.model.sources.values())


def test_the_gas_network_names_its_players_and_routes():
    file = read_network("eurasian_gas")
    assert set(file.model.players) == {"RUS", "UKR", "BLR", "POL", "DEU", "EUR", "TUR", "TKM", "KAZ", "CHN"}
    routes = " ".join(r.name for r in file.model.routes)
    for line in (
        "Yamal",
        "Brotherhood",
        "Nord Stream 1",
        "Nord Stream 2",
        "TurkStream",
        "Central Asia-China",
    ):
        assert line in routes
    (option,) = file.network().optional
    assert option.name == "Power of Siberia 2"


@pytest.fixture(scope="module")
def gas():
    return sweep(read_network("eurasian_gas"), draws=24, seed=1)


def test_closing_the_west_costs_russia_and_europe_and_not_china(gas):
    change = gas.change("open", "gain").set_index(["case", "player"])
    for player in ("RUS", "DEU", "POL", "UKR"):
        assert change.loc[("closed", player), "most"] < 0, player  # in every draw
    # The rest of the Union can gain where it has gas to spare for its neighbours: not as a rule.
    assert change.loc[("closed", "EUR"), "value"] < 0
    assert change.loc[("closed", "EUR"), "rises_percent"] < 10
    # Siberia's eastern fields have no western outlet: without a link China's bargain does not move at all.
    assert abs(change.loc[("closed", "CHN"), "value"]) < 1.0  # million USD of thirteen thousand


def test_the_second_pipeline_is_shared_with_china(gas):
    change = gas.change("closed", "gain").set_index(["case", "player"])
    russia, china = (change.loc[("closed with option", p)] for p in ("RUS", "CHN"))
    assert russia["least"] > 0
    assert russia["value"] == pytest.approx(china["value"], rel=1e-6)  # two vetoes over one link: equal parts
    lost = -gas.change("open", "gain").set_index(["case", "player"]).loc[("closed", "RUS"), "value"]
    assert 0.1 < russia["value"] / lost < 0.5  # it makes good a part of what the west was worth


def test_china_gains_more_from_the_second_pipeline_once_the_west_is_closed(gas):
    wide = gas.draws.pivot(index=["draw", "player"], columns="case", values="gain").xs("CHN", level="player")
    closed = wide["closed with option"] - wide["closed"]
    opened = wide["open with option"] - wide["open"]
    assert (closed > opened).all()


def test_the_gas_game_can_be_divided_stably_when_open():
    file = read_network("eurasian_gas")
    made = bargain(file.network("open"))
    assert not made.core_empty
    assert made.unsolved is None
    assert made.shared == ()
    assert made.table["nucleolus"].sum() == pytest.approx(made.game.total, rel=1e-9)
    assert np.isclose(nucleolus(made.game), made.table["nucleolus"]).all()


# --- pictures and the command -----------------------------------------------------------------------------


def test_a_picture_has_a_dot_a_player_and_case(small):
    """Three cases are three colours; more have a panel each, and none is left out."""
    for cases in (["as in the file", "no bypass"], ["as in the file", *(f"no bypass {n}" for n in range(3))]):
        path = Path(small).with_name(f"{len(cases)}.yaml")
        close = "".join(f"  - {{name: {name}, close: [bypass]}}\n" for name in cases[1:])
        text = GOOD.replace("  - {name: no bypass, close: [bypass]}\n", close)
        path.write_text(text, encoding="utf-8")
        table = bargain_question(path, cases=tuple(cases)).table()
        assert len(table.rows) == 3 * len(cases)
        assert marks(picture_bytes(table, ".svg").decode()) >= len(table.rows)


def test_a_veto_taken_away_is_a_case_beside_that_with_it(small):
    file = read_network(small)
    open_transit = bargain_question(small, third_party=("T",))
    assert set(open_transit.frame["case"]) == {"as in the file", "as in the file (changed)"}
    changed = open_transit.frame.query("case == 'as in the file (changed)'").set_index("player")["shapley"]
    assert changed["T"] == pytest.approx(bargain(file.network().with_access(["T"])).of("T"), abs=1e-6)


@pytest.fixture
def small(tmp_path):
    path = tmp_path / "small.yaml"
    path.write_text(GOOD, encoding="utf-8")
    return str(path)


def test_command_for_one_network(small, capsys):
    assert run(["bargain", small, "--format", "json"]) == OK
    out, err = capsys.readouterr()
    made = Answer.from_dict(json.loads(out))
    assert list(made.frame["player"]) == ["R", "T", "E"]
    assert made.findings[0].key == "bargain.core.some"
    assert made.findings[0].sentence() in err
    assert made.frame["shapley"].sum() == pytest.approx(bargain(read_network(small).network()).game.total)
    assert list(made.table("markets").frame) == ["market", "quantity", "price"]
    assert run(["bargain", small]) == OK
    assert table_text(made.table()).strip() in capsys.readouterr().out


def test_command_with_and_without_a_link(small, capsys):
    assert run(["bargain", small, "--without", "bypass", "--third-party", "T", "--format", "csv"]) == OK
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert {row["case"] for row in rows} == {"as in the file", "as in the file (changed)"}
    assert run(["bargain", small, "--cases", "no bypass,as in the file"]) == OK
    assert "no bypass" in capsys.readouterr().out


def test_command_over_ranges_and_its_picture(small, tmp_path, capsys):
    target = tmp_path / "shares.svg"
    assert run(["bargain", small, "--draws", "4", "--chart", str(target)]) == OK
    made = Answer.from_dict(bargain_question(small, draws=4).to_dict())
    assert table_text(made.table()).strip() in capsys.readouterr().out
    over = sweep(read_network(small), ["as in the file"], 4, 0).summary("gain")
    assert list(made.frame["gain_low"]) == list(over["low"])
    assert target.read_bytes().startswith(b"<svg")


@pytest.mark.parametrize(
    ("options", "code", "message"),
    [
        (["--without", "tunnel"], CANNOT, "There is no route 'tunnel'"),
        (["--cases", "east"], CANNOT, "There is no case 'east'"),
        (["--chart", "x.gif"], CANNOT, "give a file that ends in .svg or .png"),
        (["--chart", "nowhere/x.svg"], UNWRITABLE, "does not exist"),
        (["--draws", "3", "--without", "bypass"], CANNOT, "Ranges are swept over cases of the file"),
    ],
)
def test_command_says_what_is_wrong(small, options, code, message, capsys):
    assert run(["bargain", small, *options]) == code
    assert message in capsys.readouterr().err
