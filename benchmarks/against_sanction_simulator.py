"""Embargoes on the 2022 input-output network, against sanction-simulator, which answers another question."""

from __future__ import annotations

from peers import Absent, ask
from suasion.coercion.outcomes import base_accounts
from suasion.equilibrium import Embargo, Scenario, compile_scenario, resolve, respond
from suasion.equilibrium.batch.many import job_of, respond_many
from suasion.equilibrium.economy import economy_on
from suasion.world import load_world
from table import Table, number, seconds

TITLE = "Against sanction-simulator, 80 x 50"
PARTNERS = (
    *("CHN", "CAN", "MEX", "DEU", "JPN", "GBR", "FRA", "KOR", "IND", "ITA"),
    *("BRA", "ESP", "NLD", "AUS", "CHE", "IRL", "VNM", "SGP", "TUR", "POL"),
)


def bench() -> Table:
    """Time one embargo and twenty, at both horizons of Suasion."""
    pairs = [("USA", partner) for partner in PARTNERS]
    try:
        theirs = ask("sanction-simulator", "peer_sanction.py", {"pairs": pairs})
        one, many, load = theirs["one"], theirs["many"], number(theirs["load"])
        name = f"sanction-simulator {theirs['version']}"
    except (Absent, RuntimeError) as error:
        one, many, load, name = None, None, str(error), "sanction-simulator"
    rows = [(name, load, _show(one), _show(many), "", "")]
    loading = seconds(load_world, 1, warm=False)  # once a process, as theirs
    world = load_world()
    for horizon in ("long", "short"):
        economy = economy_on(base_accounts(world, "balance"), resolve(world, horizon), "balance")
        shocks = [compile_scenario(world, Scenario("cut", [Embargo(*pair)])) for pair in pairs]
        single = seconds(lambda e=economy, s=shocks: respond(e, s[0]))
        twenty = seconds(lambda e=economy, s=shocks: respond_many(e, [job_of(e, one) for one in s]))
        ratios = ["" if t is None else number(t / own) for t, own in ((one, single), (many, twenty))]
        rows.append((f"Suasion, {horizon} run", number(loading), number(single), number(twenty), *ratios))
    head = ("who", "load, s", "one embargo, s", "20 embargoes, s", "ratio, one", "ratio, 20")
    note = (
        "The same network of 2022, another model: sanction-simulator re-routes inputs and rations quantities, without "
        "prices, wages, final trade or welfare; Suasion clears all markets and gives everybody's welfare. So this "
        "compares the wait for an answer, not two answers. Warm, by its own batch routine, diagnostics included."
    )
    return Table(TITLE, note, head, tuple(rows))


def _show(value: float | None) -> str:
    return "" if value is None else number(value)
