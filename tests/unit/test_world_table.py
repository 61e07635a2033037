"""Worlds from multi-country input-output tables: orientation, the rules for awkward cells, wrong tables."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from suasion.equilibrium import Scenario, simulate
from suasion.errors import (
    AlignmentError,
    DataError,
    InputError,
    MissingValueError,
    NegativeValueError,
    UnbalancedTableError,
)
from suasion.world import Provenance, from_table

COUNTRIES, SECTORS = ("A", "B"), ("farm", "shop")

# rows sell, columns buy: A farm, A shop, B farm, B shop
INTER = np.array(
    [
        [10.0, 20.0, 5.0, 0.0],
        [15.0, 30.0, 0.0, 10.0],
        [0.0, 4.0, 8.0, 12.0],
        [6.0, 0.0, 9.0, 25.0],
    ]
)
# two final categories in each country: A use, A stocks, B use, B stocks
FINAL = np.array(
    [
        [50.0, -5.0, 20.0, 0.0],
        [40.0, 5.0, 0.0, 0.0],
        [10.0, 0.0, 60.0, 6.0],
        [5.0, 0.0, 45.0, 10.0],
    ]
)
OUTPUT = INTER.sum(axis=1) + FINAL.sum(axis=1)


def table(inter=INTER, final=FINAL, output=OUTPUT, **kw):
    return from_table(inter, final, output, COUNTRIES, SECTORS, 2011, **kw)


def test_rows_sell_and_columns_buy():
    world = table()
    assert world["intermediate"].sel(importer="B", exporter="A", sector="farm") == 5.0
    assert world["intermediate"].sel(importer="A", exporter="B", sector="shop") == 6.0
    assert world["input_use"].sel(country="A", user="shop", input="farm") == 24.0
    assert world["final"].sel(importer="A", exporter="A", sector="farm") == 45.0
    assert world["final"].sel(importer="A", exporter="B", sector="shop") == 5.0
    np.testing.assert_array_equal(world.array("output").ravel(), OUTPUT)
    np.testing.assert_allclose(world.array("value_added").ravel(), OUTPUT - INTER.sum(axis=0))


def test_the_table_is_kept_as_observed_use():
    world = table()
    assert world.use_kind == "observed"
    assert world.use[0, 0, 1, 0] == 5.0  # A's farm product used by B's farms
    np.testing.assert_array_equal(world.use.reshape(4, 4), INTER)
    assert world.aggregate(sectors={"all": list(SECTORS)}).use.shape == (2, 1, 2, 1)


def test_the_table_given_is_not_shared():
    inter = INTER.copy()
    world = table(inter)
    inter[:] = 0.0
    assert world.use.sum() == INTER.sum()


def test_labelled_tables_are_put_in_order():
    pairs = pd.MultiIndex.from_product([COUNTRIES, SECTORS])
    order = [3, 0, 2, 1]
    inter = pd.DataFrame(INTER, pairs, pairs).iloc[order, order[::-1]]
    final = pd.DataFrame(FINAL, pairs).iloc[order]
    output = pd.Series(OUTPUT, pairs).iloc[order]
    assert table(inter, final, output).checksum == table().checksum
    with pytest.raises(
        AlignmentError, match=r"`inter` lacks \('A', 'farm'\),.* and has unknown \('Z', 'farm'\)"
    ):
        table(inter.rename(index={"A": "Z"}), final, output)
    with pytest.raises(AlignmentError, match="`final` has labels twice"):
        table(inter, pd.concat([final, final.iloc[:1]]), output)


def test_output_may_be_left_to_the_rows():
    assert table(output=None).checksum == table().checksum


def test_a_negative_final_sale_is_taken_from_the_sellers_others():
    """A's farms draw 15 from stocks in B: 65 of final sales shrink to 50, output stays."""
    final = FINAL.copy()
    final[0] = [50.0, 15.0, 0.0, -15.0]
    world = table(final=final, output=None)
    assert world["final"].sel(exporter="A", sector="farm").values == pytest.approx([50.0, 0.0])
    assert world["output"].sel(country="A", sector="farm") == pytest.approx(85.0)
    assert "1 negative final sales (15 million USD" in world.provenance.transformations[0]


def test_final_sales_negative_overall_raise_output():
    final = FINAL.copy()
    final[2] = [0.0, 0.0, 2.0, -6.0]
    world = table(final=final, output=None)
    assert world["output"].sel(country="B", sector="farm") == pytest.approx(INTER[2].sum())
    assert "output raised by 4 million USD" in world.provenance.transformations[1]


def test_rounding_goes_into_final_sales_and_output_stays():
    output = OUTPUT + np.array([0.001, -0.001, 0.0, 0.0])
    world = table(output=output)
    np.testing.assert_allclose(world.array("output").ravel(), output, rtol=1e-14)
    assert world["final"].sel(importer="A", exporter="A", sector="farm") == pytest.approx(45.001, abs=1e-12)
    assert "0.002 million USD of rounding" in world.provenance.transformations[-1]


def test_inputs_beyond_output_raise_final_sales_at_home():
    inter = INTER.copy()
    inter[1, 2] = 80.0  # B's farms buy more than they sell
    world = table(inter, output=None)
    assert world["value_added"].sel(country="B", sector="farm") == 0.0
    assert "1 industries used more inputs than they produced" in world.provenance.transformations[-1]


def test_tariffs_and_origin_go_in_at_once():
    world = table(tariffs={("A", "B", k): 0.1 for k in SECTORS} | {("B", "A", k): 0.2 for k in SECTORS})
    assert world.missing == {"export_tax"}
    assert world.use.sum() == INTER.sum()  # the matrix stays at basic prices
    assert table(provenance=Provenance("mine"), notes=("n",)).provenance.dataset == "mine"


def test_wrong_tables_raise():
    with pytest.raises(UnbalancedTableError, match=r"Sales differ from output in 1 rows: \(A, shop\) by 9"):
        table(output=OUTPUT + np.array([0, 9.0, 0, 0]))
    with pytest.raises(UnbalancedTableError, match="Sales differ"):
        table(output=OUTPUT * 1.001)
    assert table(output=OUTPUT * 1.00001).year == 2011  # rounding is let pass
    with pytest.raises(
        AlignmentError, match=r"`inter` has shape \(3, 3\); 2 countries x 2 sectors need \(4, 4\)"
    ):
        table(INTER[:3, :3])
    with pytest.raises(
        AlignmentError, match=r"`final` has shape \(4, 3\); it needs 4 rows and a multiple of 2"
    ):
        table(final=FINAL[:, :3])
    with pytest.raises(AlignmentError, match="`output` has 3 values; the table has 4 rows"):
        table(output=OUTPUT[:3])
    gap, negative = INTER.copy(), INTER.copy()
    gap[2, 1], negative[3, 3] = np.nan, -1.0
    with pytest.raises(MissingValueError, match=r"`inter` has NaN .* rows \(B, farm\)"):
        table(gap)
    with pytest.raises(NegativeValueError, match=r"`inter` has negative cells in the rows \(B, shop\)"):
        table(negative)


PAIRS = pd.MultiIndex.from_product([COUNTRIES, SECTORS])
BY_BUYER = FINAL.reshape(4, 2, 2).sum(axis=2)


@pytest.mark.parametrize(
    "final",
    [
        pd.DataFrame(BY_BUYER[:, ::-1], PAIRS, ["B", "A"]),
        pd.DataFrame(BY_BUYER[::-1, ::-1], PAIRS[::-1], ["B", "A"]),
        pd.DataFrame(FINAL[:, [2, 0, 3, 1]], PAIRS, ["B", "A", "B", "A"]),
        pd.DataFrame(
            FINAL[:, [3, 1, 2, 0]],
            PAIRS,
            pd.MultiIndex.from_tuples([("B", "stocks"), ("A", "stocks"), ("B", "use"), ("A", "use")]),
        ),
    ],
    ids=["reversed", "rows and columns", "labels twice", "country and category"],
)
def test_columns_of_final_sales_go_by_their_labels(final):
    """Labels decide, position never."""
    np.testing.assert_allclose(table(final=final).array("final"), table().array("final"), atol=1e-12)


def test_numbered_columns_of_final_sales_go_by_position():
    plain = table(final=pd.DataFrame(FINAL, PAIRS))
    np.testing.assert_array_equal(plain.array("final"), table().array("final"))


def test_unknown_columns_of_final_sales_are_refused():
    with pytest.raises(AlignmentError, match=r"Columns of `final` lack A and have unknown Z"):
        table(final=pd.DataFrame(BY_BUYER, PAIRS, ["Z", "B"]))


def test_inputs_far_beyond_output_are_another_fault():
    inter = INTER.copy()
    inter[0, 1] *= 60.0
    with pytest.raises(UnbalancedTableError, match=r"Inputs exceed output by .*\(A, shop\).*Mend them"):
        table(inter, output=None)


def test_a_country_that_spends_nothing_is_refused():
    of_a = np.array([1.0, 1.0, 0.0, 0.0])
    idle = table(INTER * np.outer(of_a, of_a), FINAL * np.outer(of_a, of_a), None)
    assert idle["final"].sel(importer="B").sum() == 0.0  # as accounts they stand, for measures of trade
    with pytest.raises(DataError, match=r"Nothing is spent on final goods in B"):
        simulate(idle, Scenario("as it is"))


@pytest.mark.parametrize("year", ["2020", 2020.7, True, -5])
def test_a_year_is_a_whole_number(year):
    with pytest.raises(InputError, match=r"year is .*whole number"):
        from_table(INTER, FINAL, OUTPUT, COUNTRIES, SECTORS, year)


def test_labels_are_a_list():
    with pytest.raises(InputError, match=r"`countries` is the text 'AB'"):
        from_table(INTER, FINAL, OUTPUT, "AB", SECTORS, 2011)


@pytest.mark.parametrize("inter", [sparse.csr_matrix(INTER), [["ten"] * 4] * 4])
def test_a_table_holds_numbers(inter):
    with pytest.raises(InputError, match=r"`inter` is no table of numbers.*toarray"):
        from_table(inter, FINAL, OUTPUT, COUNTRIES, SECTORS, 2011)
