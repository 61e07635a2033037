"""No answer without a finite certificate, and none to a question that nobody means: hostile numbers, as users type them.

Every case runs the real command line. Where the code of before answered, the case says so (``was``).
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass

import harness
import pytest

OK, CANNOT, USAGE = 0, 1, 2
FILE = f"{harness.WORK}/scenario.yaml"


@pytest.fixture(scope="module")
def place() -> Iterator[harness.Box]:
    """One private namespace for all cases: they only read."""
    if harness.why_not():
        pytest.skip(f"cases of the fault bench need a private mount namespace: {harness.why_not()}")
    with harness.Box() as made:
        yield made


def scenario(*instruments: str) -> str:
    return "name: hostile\ninstruments:\n" + "".join(f"  - {{{item}}}\n" for item in instruments)


def tariff(rate: str) -> str:
    return scenario(f"type: tariff, senders: [USA], targets: [CHN], rate: {rate}")


#: Scenario files that are refused, and what the line must hold.
REFUSED = {
    **{
        f"tariff of {rate}": (tariff(rate), "rate")
        for rate in (".nan", ".inf", "-.inf", "-1", "-2", "'0.25'", "x", "")
    },
    "tariff of 60 for 60 %": (tariff("60"), "write 0.6"),
    "tariff of 1e30": (tariff("1.0e+30"), "use a ban"),
    "tariff of a huge whole number": (tariff("9" * 400), "rate"),
    "export tax of 11": (
        scenario("type: export_tax, senders: [USA], targets: [CHN], rate: 11"),
        "write 0.11",
    ),
    "trade cost of zero": (scenario("type: trade_cost, senders: [USA], targets: [CHN], factor: 0"), "factor"),
    "trade cost of 1e30": (
        scenario("type: trade_cost, senders: [USA], targets: [CHN], factor: 1.0e+30"),
        "use a ban",
    ),
    "quota of 40": (scenario("type: quota, senders: [USA], targets: [CHN], share: 40"), "write 0.4"),
    "quota below zero": (scenario("type: quota, senders: [USA], targets: [CHN], share: -0.1"), "share"),
    "price cap of zero": (scenario("type: price_cap, senders: [EU], targets: [RUS], share: 0"), "share"),
    "endowments of -1": (scenario("type: endowments, targets: [RUS], factor: -1"), "factor"),
    "productivity of nan": (scenario("type: productivity, targets: [RUS], factor: .nan"), "factor"),
    "transfer of inf": (scenario("type: transfer, senders: [USA], targets: [RUS], amount: .inf"), "amount"),
    "transfer beyond the world": (
        scenario("type: transfer, senders: [USA], targets: [RUS], amount: 1.0e+12"),
        "amount",
    ),
    "an empty file": ("", "scenario.yaml"),
    "a list of nothing": ("name: a\ninstruments: {}\n", "instruments"),
    "an unknown key": (scenario("type: embargo, senders: [USA], targets: [CHN], rate: 1"), "rate"),
    "one country on both sides": (scenario("type: embargo, senders: [RUS, CHN], targets: [RUS]"), "RUS"),
    "a country that is none": (scenario("type: embargo, senders: [XXX], targets: [CHN]"), "XXX"),
    "a year that is none": ("name: a\nyear: 99999\ninstruments: []\n", "year"),
    "rates that add up to -100 %": (
        scenario(*2 * ["type: tariff, senders: [USA], targets: [CHN], rate: -0.5"]),
        "rate must stay above -1",
    ),
    "a transfer of all that is earned": (
        scenario("type: transfer, senders: [RUS], targets: [CHN], amount: 9.0e+6"),
        "give a smaller one",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_scenario_that_nobody_means_is_one_line(
    place: harness.Box, ran: dict[str, harness.Run], name: str
) -> None:
    says, run = REFUSED[name][1], place.check(ran[name], CANNOT)
    assert says in run.err, run.err
    assert run.out == ""


@dataclass(frozen=True)
class Asked:
    """Scenario that is answered with a warning: file, further arguments, what the warning holds."""

    text: str
    says: str
    more: tuple[str, ...] = ()


WARNED = {
    "tariff of 5 for 5 %": Asked(tariff("5"), "5 % would be 0.05"),
    "endowments of 0.02 for 2 % less": Asked(
        scenario("type: endowments, targets: [LAO], factor: 0.02"), "0.02 % less 0.9998"
    ),
    "the end of imbalances": Asked(tariff("0.1"), "the answer holds both", ("--deficits", "eliminate")),
    "a century": Asked(tariff("0.1"), "hardly higher", ("--horizon", "100")),
    "a horizon beyond all years": Asked(tariff("0.1"), "hardly higher", ("--horizon", "1e30")),
    "a loss beyond the model": Asked(
        scenario("type: embargo, senders: [BLR], targets: [RUS]"), "cannot measure", ("--horizon", "short")
    ),
}


@pytest.mark.parametrize("name", WARNED)
def test_what_is_rarely_meant_is_answered_with_a_warning(
    place: harness.Box, ran: dict[str, harness.Run], name: str
) -> None:
    asked, run = WARNED[name], place.check(ran[name], OK)
    assert [line for line in run.lines if line.startswith("warning: ") and asked.says in line], run.err
    assert run.err.count(asked.says) == 1


#: Arguments of other commands: code, and what is said.
ARGUMENTS = {
    "horizon of nan": (("simulate", FILE, "--horizon", "nan"), CANNOT, "Horizon"),
    "horizon of inf": (("simulate", FILE, "--horizon", "inf"), CANNOT, "Horizon"),
    "horizon of zero": (("simulate", FILE, "--horizon", "0"), CANNOT, "Horizon"),
    "horizon of a word": (("simulate", FILE, "--horizon", "soon"), CANNOT, "Horizon"),
    "a rule that is none": (("simulate", FILE, "--deficits", "none"), USAGE, "balance"),
    "a gain from the end of imbalances": (
        ("dyad", "RUS", "CHN", "--deficits", "eliminate"), CANNOT, "no cost of the tie",
    ),
    "leverage at the end of imbalances": (("leverage", "--deficits", "eliminate"), CANNOT, "no cost of the tie"),
    "leverage at a rate of 60": (("leverage", "--instrument", "tariff", "--rate", "60"), CANNOT, "write 0.6"),
    "leverage at a rate of nan": (("leverage", "--instrument", "tariff", "--rate", "nan"), CANNOT, "rate"),
    "leverage at a rate of -1": (("leverage", "--instrument", "tariff", "--rate", "-1"), CANNOT, "rate"),
    "drivers at the end of imbalances": (
        ("drivers", "RUS", "CHN", "--deficits", "eliminate"), CANNOT, "no cost of the tie",
    ),
    "fewer than no draws": (("bargain", "eurasian_gas", "--draws", "-1"), USAGE, "draws"),
    "a rate in words": (("leverage", "--rate", "much"), USAGE, "rate"),
}  # fmt: skip


@pytest.fixture(scope="module")
def ran(place: harness.Box) -> dict[str, harness.Run]:
    """What became of all cases, run one after the other in forks of one process."""
    place.write(FILE, tariff("0.1"))
    asked: dict[str, tuple[str, ...]] = {name: one[0] for name, one in ARGUMENTS.items()}
    for number, (name, (text, _)) in enumerate(REFUSED.items()):
        place.write(file := f"{harness.WORK}/{number}/scenario.yaml", text)
        asked[name] = ("simulate", file)
    for number, (name, one) in enumerate(WARNED.items()):
        place.write(file := f"{harness.WORK}/warned-{number}.yaml", one.text)
        asked[name] = ("simulate", file, "--format", "json", *one.more)
    assert len(asked) == len(ARGUMENTS) + len(REFUSED) + len(WARNED)
    return dict(zip(asked, place.many(list(asked.values()), seconds=900), strict=True))


@pytest.mark.parametrize("name", ARGUMENTS)
def test_an_argument_that_nobody_means_is_refused(
    place: harness.Box, ran: dict[str, harness.Run], name: str
) -> None:
    _, code, says = ARGUMENTS[name]
    run = place.check(ran[name], code)
    assert says in run.err, run.err
    assert run.out == ""


_TABLE = """
import numpy as np, suasion as su
from suasion.equilibrium import simulate
rng = np.random.default_rng(0)
inter, final = rng.uniform(1, 10, (9, 9)), rng.uniform(20, 60, (9, 3))
final[:, 0] = 0
try:
    world = su.from_table(inter, final, None, ["C1", "C2", "C3"], ["S1", "S2", "S3"], 2020)
    made = simulate(world, su.Scenario("none"), su.Elasticities(sigma=4.0), deficits="eliminate")
    print(made.welfare.values)
except su.SuasionError as error:
    print(type(error).__name__, error)
"""


def test_a_table_without_final_demand_has_no_welfare(place: harness.Box) -> None:
    """It had an infinite one."""
    run = place.check(place.run("-c", _TABLE, program=[sys.executable]), OK)
    assert run.out.startswith("DataError Nothing is spent on final goods in C1"), run.out
