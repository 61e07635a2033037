"""The frames of all model rooms that are recorded: each a function of the pinned world."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, is_dataclass
from importlib import resources
from typing import Any

import pandas as pd

DRAWS = 8
"""Of elasticities, where bands are recorded."""


def _rows(result: Any) -> pd.DataFrame:
    """Fields of one result, or of several, as a frame of one row each; nested ones as text."""
    listed = result if isinstance(result, list | tuple) else [result]
    return pd.DataFrame(
        [asdict(one) if is_dataclass(one) and not isinstance(one, type) else one for one in listed]
    )


def _scenario() -> Any:
    from suasion.equilibrium import Embargo, Scenario, Tariff

    return Scenario("mixed", (Embargo("RUS", "USA"), Tariff("USA", "CHN", 0.25)))


def _simulate(world: Any) -> pd.DataFrame:
    from suasion.equilibrium import simulate

    parts = [
        simulate(world, _scenario(), horizon, deficits=rule)
        .welfare.to_dataframe()
        .reset_index()
        .assign(horizon=str(horizon), deficits=rule)
        for horizon, rule in (("short", "balance"), ("long", "balance"), (3, "balance"), ("long", "world"))
    ]
    return pd.concat(parts, ignore_index=True)


def _many(world: Any) -> pd.DataFrame:
    from suasion.equilibrium import Embargo, Scenario, simulate_many

    scenarios = [
        Scenario(f"{a}-{b}", (Embargo(a, b),)) for a, b in (("RUS", "CHN"), ("USA", "MEX"), ("DEU", "POL"))
    ]
    return simulate_many(world, scenarios, ("short", "long")).welfare.to_dataframe("welfare").reset_index()


def _exit_cost(world: Any) -> pd.DataFrame:
    from suasion.coercion import exit_cost

    return exit_cost(world, "RUS", "CHN", draws=DRAWS).table


def _ratios(world: Any) -> pd.DataFrame:
    from suasion.coercion import exit_cost

    return exit_cost(world, "RUS", ["USA", "EU"], draws=DRAWS).ratios


def _leverage(world: Any) -> pd.DataFrame:
    from suasion.coercion import leverage_matrix

    return leverage_matrix(world, pairs=[("RUS", "CHN"), ("USA", "MEX"), ("DEU", "FRA")], cache=False).frame


def _critical(part: str) -> Callable[[Any], pd.DataFrame]:
    def made(world: Any) -> pd.DataFrame:
        from suasion.coercion import critical_levels

        frame: pd.DataFrame = getattr(critical_levels(world, "RUS", "CHN"), part)
        return frame.drop(columns=["reason", "level", "crossing", "at"], errors="ignore")

    return made


def _power(world: Any) -> pd.DataFrame:
    from suasion.coercion import power

    return power(world, "CHN", "RUS")


def _drivers(world: Any) -> pd.DataFrame:
    from suasion.coercion import drivers

    return drivers(world, "RUS", "CHN", rows=16).table


def _sensitivity(world: Any) -> pd.DataFrame:
    from suasion.coercion import Loss, sensitivity

    return sensitivity(world, Loss("RUS"), at=_scenario()).effect.to_dataframe("effect").reset_index()


def _dependence(world: Any) -> pd.DataFrame:
    from suasion.measures import dependence

    return dependence("RUS", "CHN", world).table


def _trade_power(world: Any) -> pd.DataFrame:
    from suasion.measures import trade_power

    return trade_power(world, 5.0).to_dataframe()


def _concentration(world: Any) -> pd.DataFrame:
    from suasion.measures import concentration

    return concentration(world)


def _materials(world: Any) -> pd.DataFrame:
    from suasion.measures import material_shares

    return material_shares("RUS", "CHN").table.drop(columns="gap")


def _replace(world: Any) -> pd.DataFrame:
    from suasion.products import embedded_store, replaceability

    return replaceability("RUS", "CHN", embedded_store()).table


def _technology(world: Any) -> pd.DataFrame:
    from suasion.products import technology_channels

    return technology_channels("RUS", "CHN", world)


def _growth(world: Any) -> pd.DataFrame:
    from suasion.outlook import growth_path

    made = growth_path(("RUS", "CHN", "USA"), 2022, 2030)
    return pd.DataFrame(made.levels(), index=pd.Index(made.years, name="year"), columns=list(made.countries))


def _defiance(world: Any) -> pd.DataFrame:
    from suasion.outlook import defiance

    return _rows(defiance("RUS", "CHN", world).rows)


def _outlook(world: Any) -> pd.DataFrame:
    from suasion.outlook import ProjectionOptions, outlook

    return outlook(world, "RUS", "CHN", to=2028, options=ProjectionOptions(draws=4)).rows.drop(
        columns="reason"
    )


def _alliance(world: Any) -> pd.DataFrame:
    from suasion.statecraft.alliance.number import CLOSES, PactEvent, pact_number

    pairs = (("RUS", "CHN"), ("FRA", "DEU"), ("BRA", "VNM"))
    found = [pact_number(a, b, year, pact=pact) for a, b in pairs for year in CLOSES for pact in PactEvent]
    kept = ("a", "b", "probability", "low", "high", "base", "place")
    return pd.DataFrame([{name: getattr(one, name) for name in kept} for one in found if one is not None])


def _alliance_moved(world: Any) -> pd.DataFrame:
    from suasion.statecraft.alliance.number import pact_number

    found = pact_number("RUS", "CHN", 2036)
    return pd.DataFrame([{"probability": one.probability} for one in (found.moved if found else ())])


def _alignment(world: Any) -> pd.DataFrame:
    from suasion.statecraft import alignment

    frame = _rows(alignment("RUS", "CHN").rows)
    return frame.drop(columns=["note", "basis", "measure", "by"], errors="ignore")


def _ladder(world: Any) -> pd.DataFrame:
    from suasion.statecraft import ladder

    return ladder("RUS", "CHN").frame[["year", "highest", "ceiling", "errors"]]


def _triangle(world: Any) -> pd.DataFrame:
    from suasion.statecraft import shipped_ideal_points, triangle_by_year

    return triangle_by_year(shipped_ideal_points(), ("USA", "RUS", "CHN"))


def _thresholds(world: Any) -> pd.DataFrame:
    from suasion.statecraft import shipped_ideal_points, triangle_thresholds

    return triangle_thresholds(shipped_ideal_points(), ("USA", "RUS", "CHN"), 2019)


def _example(name: str) -> Any:
    return resources.as_file(resources.files("suasion.statecraft").joinpath("examples", name))


def _ledger(kind: str) -> Callable[[Any], pd.DataFrame]:
    def made(world: Any) -> pd.DataFrame:
        from suasion import statecraft

        with _example("russia_china_2014_2026.yaml") as path:
            ledger = statecraft.read_ledger(path)
        frame: pd.DataFrame = getattr(statecraft, kind)(ledger)
        return frame

    return made


def _supplier(kind: str) -> Callable[[Any], pd.DataFrame]:
    def made(world: Any) -> pd.DataFrame:
        from suasion import statecraft

        with _example("russia_5g.yaml") as path:
            file = statecraft.read_suppliers(path)
        frame: pd.DataFrame = getattr(statecraft, kind)(file)
        return frame

    return made


def _network(world: Any) -> pd.DataFrame:
    from suasion.games import bargain, read_network

    with resources.as_file(
        resources.files("suasion.snapshot").joinpath("networks", "eurasian_gas.yaml")
    ) as path:
        return bargain(read_network(path).network()).table


def _arms(kind: str) -> Callable[[Any], pd.DataFrame]:
    """Of a made-up register: none may be shipped."""

    def made(world: Any) -> pd.DataFrame:
        from suasion.statecraft import arms_shares, self_reliance, share_drift

        years = range(2000, 2024)
        rows = [("RUS", "CHN", year, 900.0 - 30.0 * (year - 2000)) for year in years]
        rows += [("FRA", "CHN", year, 200.0 + 20.0 * (year - 2000)) for year in years]
        deliveries = pd.DataFrame(rows, columns=["supplier", "recipient", "year", "tiv"])
        single = arms_shares(deliveries, "CHN", "RUS", 1)
        if kind == "drift":
            return share_drift(single.set_index("year")["import_share"], 2030).table
        return single if kind == "shares" else self_reliance(deliveries, "CHN", 5)

    return made


FRAMES: Mapping[str, Callable[[Any], pd.DataFrame]] = {
    "equilibrium.simulate": _simulate,
    "equilibrium.simulate_many": _many,
    "coercion.exit_cost": _exit_cost,
    "coercion.ratios": _ratios,
    "coercion.leverage": _leverage,
    "coercion.curves": _critical("curves"),
    "coercion.thresholds": _critical("thresholds"),
    "coercion.power": _power,
    "coercion.drivers": _drivers,
    "coercion.sensitivity": _sensitivity,
    "measures.dependence": _dependence,
    "measures.trade_power": _trade_power,
    "measures.concentration": _concentration,
    "measures.materials": _materials,
    "products.replaceability": _replace,
    "products.technology": _technology,
    "outlook.growth": _growth,
    "outlook.defiance": _defiance,
    "outlook.outlook": _outlook,
    "statecraft.alliance": _alliance,
    "statecraft.alliance_moved": _alliance_moved,
    "statecraft.alignment": _alignment,
    "statecraft.ladder": _ladder,
    "statecraft.triangle": _triangle,
    "statecraft.triangle_thresholds": _thresholds,
    "statecraft.posterior": _ledger("posterior_path"),
    "statecraft.items": _ledger("item_values"),
    "statecraft.rectangle": _ledger("rectangle"),
    "statecraft.suppliers": _supplier("supplier_table"),
    "statecraft.supplier_drivers": _supplier("supplier_drivers"),
    "statecraft.arms_shares": _arms("shares"),
    "statecraft.arms_reliance": _arms("reliance"),
    "statecraft.arms_drift": _arms("drift"),
    "games.bargain": _network,
}
"""By room and what it holds; columns of words for people are dropped."""
