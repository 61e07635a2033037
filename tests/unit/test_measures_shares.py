"""Trade shares, their comparison and concentration: hand-made economies, published worked numbers, wrong inputs."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from suasion.errors import (
    AlignmentError,
    ElasticityError,
    InputError,
    MissingValueError,
    NegativeValueError,
    NotInWorldError,
    SameCountryError,
    UnknownCountryError,
)
from suasion.measures import (
    concentration,
    dependence,
    effective_number,
    hhi,
    hirschman,
    normalised_hhi,
    share_matrix,
    trade,
    trade_power,
)
from suasion.measures.dependence import _compare
from suasion.measures.labels import find_country, sector_groups
from suasion.world import World
from suasion.world.testing import golden_world, random_world

ROUNDING = 1e-12  # a handful of additions and divisions in double precision


def shares_world(ab: float, ba: float) -> World:
    """Return A, B and C where B is ``ab`` of A's turnover, A ``ba`` of B's; no inputs, so all trade is final use."""
    link = 100.0
    a_rest, b_rest = link / ab - link, link / ba - link
    trade_with = {("A", "B"): link, ("A", "C"): a_rest, ("B", "C"): b_rest}
    names = ("A", "B", "C")
    final = np.zeros((3, 3, 1))
    for (one, two), value in trade_with.items():
        i, j = names.index(one), names.index(two)
        final[i, j], final[j, i] = 0.5 * value, 0.5 * value
    income = final.sum(axis=0)
    zeros = np.zeros_like(final)
    arrays = {
        "intermediate": zeros,
        "final": final,
        "input_use": np.zeros((3, 1, 1)),
        "factor_income": income,
    }
    return World(names, ("K",), 2022, arrays)


def test_ratio_of_two_published_shares() -> None:
    # China had 33 % of Russia's trade, Russia 4 % of China's: the ratio is 8.25
    world = shares_world(0.33, 0.04)
    made = share_matrix(world)
    indices = {
        name: made.copy(data=values) for name, values in _compare(made.to_numpy(), made.to_numpy().T).items()
    }
    at = {"country": "A", "partner": "B"}
    assert indices["ratio"].sel(at).item() == pytest.approx(8.25, rel=ROUNDING)
    assert indices["asymmetry"].sel(at).item() == pytest.approx(0.29, rel=ROUNDING)
    assert indices["salience"].sel(at).item() == pytest.approx(np.sqrt(0.33 * 0.04), rel=ROUNDING)
    assert indices["interdependence"].sel(at).item() == pytest.approx(
        np.sqrt(0.33 * 0.04) * 0.71, rel=ROUNDING
    )


def test_golden_economy_shares_follow_from_size() -> None:
    # every country buys abroad in proportion to value added (1, 8, 20), so C is 8/28 of R's trade and R 1/21 of C's
    result = dependence("R", "C", golden_world())
    assert result.share("R") == pytest.approx(8 / 28, rel=ROUNDING)
    assert result.share("C", "exports", "energy") == pytest.approx(1 / 21, rel=ROUNDING)
    assert result.pair.loc["turnover", "ratio"] == pytest.approx(6.0, rel=ROUNDING)
    assert result.pair.loc["gdp", "ratio"] == pytest.approx(
        8.0, rel=ROUNDING
    )  # same turnover, incomes 1 and 8
    assert [e.user for e in result.exposure] == ["R", "C"]


def test_table_has_both_directions_and_sectors_add_up() -> None:
    world = random_world(5, 4, seed=3)
    table = dependence("C1", "C4", world, look_through=False).table
    assert set(map(tuple, table[["country", "partner"]].drop_duplicates().to_numpy())) == {
        ("C1", "C4"),
        ("C4", "C1"),
    }
    for _, rows in table.groupby("country"):
        total, sectors = rows[rows["level"] == "total"], rows[rows["level"] == "sector"]
        for column in ("exports", "imports", "turnover", "contribution", "gdp_ratio"):
            assert sectors[column].sum() == pytest.approx(total[column].item(), rel=ROUNDING)
        assert total["contribution"].item() == pytest.approx(total["turnover_share"].item(), rel=ROUNDING)
    mirror = table.set_index(["country", "sector"])
    assert np.array_equal(mirror.loc["C1", "exports"], mirror.loc["C4", "imports"])


def test_own_groups_replace_the_default_ones() -> None:
    world = random_world(3, 3, seed=1)
    table = dependence("C1", "C2", world, groups={"first two": ("S1", "S2")}, look_through=False).table
    rows = table[table["country"] == "C1"].set_index("sector")
    assert rows.loc["first two", "exports"] == pytest.approx(
        rows.loc[["S1", "S2"], "exports"].sum(), rel=ROUNDING
    )
    assert rows.loc["first two", "level"] == "group"


def test_sector_groups_follow_isic_sections() -> None:
    groups = sector_groups(("A01", "B05", "C10T12", "D", "F", "K", "T"))
    assert groups["goods"] == ("A01", "B05", "C10T12", "D")
    assert groups["services"] == ("F", "K", "T")
    assert groups["mining"] == ("B05",)
    assert sector_groups(("A01", "energy")) == {}


def test_a_country_without_trade_has_no_share_rather_than_zero() -> None:
    final = np.zeros((3, 3, 1))
    final[0, 0] = final[1, 2] = final[2, 1] = 1.0
    arrays = {
        "intermediate": 0 * final,
        "final": final,
        "input_use": np.zeros((3, 1, 1)),
        "factor_income": final.sum(0),
    }
    world = World(("A", "B", "C"), ("K",), 2022, arrays)
    share = share_matrix(world)
    assert share.sel(country="A").isnull().all()
    assert share.sel(country="B", partner="C").item() == 1.0
    assert pd.isna(concentration(world).loc["A", "hhi"])
    assert trade_power(world, 4.0)["import_power"].sel(target="A").isnull().all()


def test_labelled_arrays_carry_units() -> None:
    world = golden_world()
    assert trade(world).attrs["unit"] == "million USD"
    assert share_matrix(world, "exports").name == "export_share"


def test_published_concentration_numbers() -> None:
    shares = [0.5, 0.3, 0.2]
    assert hhi(shares) == pytest.approx(0.38, rel=ROUNDING)
    assert hirschman(shares) == pytest.approx(61.644, abs=5e-4)  # printed with three digits
    assert effective_number(shares) == pytest.approx(2.6316, abs=5e-5)  # printed with four digits
    assert normalised_hhi(shares) == pytest.approx(0.07, rel=ROUNDING)
    assert hirschman([0.25] * 4) == pytest.approx(50.0, rel=ROUNDING)


def test_concentration_of_countries() -> None:
    table = concentration(golden_world(), "exports")
    assert table.loc["R", "top_partner"] == "W"
    assert table.loc["R", "top_share"] == pytest.approx(20 / 28, rel=ROUNDING)
    assert table.loc["R", "hhi"] == pytest.approx((8 / 28) ** 2 + (20 / 28) ** 2, rel=ROUNDING)
    assert table.loc["R", "effective_number"] == pytest.approx(1 / table.loc["R", "hhi"], rel=ROUNDING)


def test_trade_power_of_the_worked_example() -> None:
    # imports of j from i: 10 % of its imports with elasticity 5, 2 % with elasticity 1: .02 + .02 = .04
    final = np.zeros((3, 3, 2))
    final[1, 0] = [10.0, 2.0]
    final[1, 2] = [60.0, 28.0]
    final[0, 1] = final[2, 1] = 1.0
    arrays = {
        "intermediate": 0 * final,
        "final": final,
        "input_use": np.zeros((3, 2, 2)),
        "factor_income": final.sum(axis=0),
    }
    world = World(("I", "J", "K"), ("five", "one"), 2022, arrays)
    power = trade_power(world, {"five": 5.0, "one": 1.0})
    assert power["import_power"].sel(holder="I", target="J").item() == pytest.approx(0.04, rel=ROUNDING)
    over_i = 0.5 / 5 + 0.5 / 1  # I buys both goods from J alone, half and half
    assert power["net_power"].sel(holder="I", target="J").item() == pytest.approx(0.04 - over_i, rel=ROUNDING)
    by_income = (
        trade_power(world, [5.0, 1.0], denominator="gdp")["import_power"].sel(holder="I", target="J").item()
    )
    assert by_income == pytest.approx((10 / 5 + 2 / 1) / world.array("value_added")[1].sum(), rel=ROUNDING)


def test_a_country_outside_the_world_is_told_what_remains() -> None:
    with pytest.raises(NotInWorldError, match=r"IRN is not one of the 3 economies.*material_shares\('IRN'"):
        dependence("Iran", "R", golden_world())
    with pytest.raises(UnknownCountryError, match="Atlantis"):
        find_country("Atlantis", golden_world())


def test_wrong_inputs_say_what_is_allowed() -> None:
    world = golden_world()
    with pytest.raises(SameCountryError, match="same country"):
        dependence("R", "R", world)
    with pytest.raises(InputError, match="give one of turnover, exports, imports"):
        share_matrix(world, "turn")  # type: ignore[arg-type]
    with pytest.raises(InputError, match="not among the world's sectors"):
        share_matrix(world, sectors=["steel"])
    with pytest.raises(InputError, match="Group 'x' names steel"):
        dependence("R", "C", world, groups={"x": ("steel",)})
    with pytest.raises(InputError, match="names a sector twice"):
        dependence("R", "C", world, groups={"x": ("energy", "energy")})
    with pytest.raises(InputError, match="No row for country 'W'"):
        dependence("R", "C", world, look_through=False).share("W")
    with pytest.raises(InputError, match="give 'imports' or 'gdp'"):
        trade_power(world, 4.0, denominator="output")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("elasticity", "error", "match"),
    [
        ({"energy": 4.0}, AlignmentError, "No elasticity for other"),
        ([1.0, 2.0, 3.0], AlignmentError, "has shape"),
        ([4.0, 0.0], ElasticityError, "elasticity of other is 0.0"),
        (float("nan"), ElasticityError, "positive and finite"),
    ],
)
def test_trade_power_rejects_elasticities(elasticity: object, error: type[Exception], match: str) -> None:
    with pytest.raises(error, match=match):
        trade_power(golden_world(), elasticity)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("shares", "error", "match"),
    [
        ([0.5, 0.4], InputError, "sum to 1 within 0.1"),
        ([1.5, -0.5], NegativeValueError, "negative"),
        ([np.nan, 1.0], MissingValueError, "NaN"),
        ([], InputError, "no partners"),
    ],
)
def test_concentration_rejects_what_are_no_shares(
    shares: list[float], error: type[Exception], match: str
) -> None:
    with pytest.raises(error, match=match):
        hhi(shares)


def test_normalised_index_needs_two_partners() -> None:
    with pytest.raises(InputError, match="two possible partners"):
        normalised_hhi([1.0])
