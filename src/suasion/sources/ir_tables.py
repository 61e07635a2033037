"""Published tables of international relations, and the Penn World Table: what each holds stands in ``layouts.toml``."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from suasion.errors import DataError
from suasion.sources.countries import resolve_country
from suasion.sources.cow_system import CowCrosswalk, read_by_state, with_countries
from suasion.sources.ir_files import layout, read_layout

PLEDGES = ("defence", "offence", "neutrality", "nonaggression", "consultation")
"""Kinds of promise in ATOP, as named here."""
TERRITORY = 1
"""Code of a wish to revise who holds a territory."""
REVISIONS = ("wish_1", "wish_1_more", "wish_2", "wish_2_more")


def read_atop(path: str | Path, states: CowCrosswalk | None = None) -> pd.DataFrame:
    """Read promises between states by year (Alliance Treaty Obligations and Provisions, 1815 to 2018).

    Directed: a row says what the first state promised the second; in 984 rows the promise of defence has no counterpart
    (France to Belgium in 1832), so neither direction may be dropped.

    path: directed dyad-years of ATOP 5.1 (``.dta``, ``.csv``, or the R file of peacesciencer), or a folder.
    states: adds ``country1`` and ``country2``.
    Returns: ``cow1`` (who promises), ``cow2`` (to whom), ``year``, and ``defence``, ``offence``,
      ``neutrality``, ``nonaggression``, ``consultation`` (bool). A dyad-year without a row has no alliance.
    Raises SourceFileError if the file is absent or another one.
    Raises DuplicateLabelError if a directed dyad-year occurs twice.
    """
    return read_by_state(path, layout("atop"), states)


def read_cow_alliances(path: str | Path, states: CowCrosswalk | None = None) -> pd.DataFrame:
    """Read formal alliances by dyad and year (Correlates of War, version 4.1, 1816 to 2012).

    The project's own dyad-years are alliances that a pair was in, so that a pair with two alliances has two rows in a
    year; they are merged here, promise by promise. Promises are recorded as mutual in every case. Some releases list
    each pair in one direction only: the missing direction is filled in, because leaving it out halves a state's allies.

    path: directed yearly alliances 4.1 (the project's ``.csv``, or the R file of peacesciencer), or a folder.
    states: adds ``country1`` and ``country2``.
    Returns: ``cow1`` < ``cow2``, ``year``, and ``defence``, ``neutrality``, ``nonaggression``, ``entente``
      (bool), one row a pair and year. Promises are mutual. A pair-year without a row has no alliance.
    Raises SourceFileError if the file is absent or another one.
    """
    table = read_layout(path, layout("alliances"))
    merged = table.groupby(["cow1", "cow2", "year"], as_index=False)[list(layout("alliances").yes)].any()
    return with_countries(merged, states)


def read_nmc(path: str | Path, states: CowCrosswalk | None = None) -> pd.DataFrame:
    """Read national material capabilities by state and year (Correlates of War: CINC and its six parts, from 1816).

    path: the project's abridged ``.csv``, or the R file of peacesciencer, or a folder.
    states: adds ``country``.
    Returns: ``cow``, ``year``, ``cinc`` (share of the world, 0 to 1), ``military_spending`` (thousand; pounds
      sterling to 1913, current USD from 1914), ``military_personnel`` (thousand), ``iron_and_steel``
      (thousand tons), ``energy`` (thousand coal-ton equivalents), ``population``, ``urban_population``
      (thousand). Missing values are NaN.
    Raises SourceFileError if the file is absent or another one.
    Raises DuplicateLabelError if a state has two rows in a year.
    Raises DataError if an index lies outside 0 to 1.
    """
    return read_by_state(path, layout("nmc"), states)


def read_cow_trade(path: str | Path, states: CowCrosswalk | None = None) -> pd.DataFrame:
    """Read trade by pair and year (Correlates of War, version 4.0, 1870 to 2014).

    The project counts imports as the importer reports them. A missing flow is missing, not zero.

    path: ``Dyadic_COW_4.0.csv``, or the R file of peacesciencer (rounded to a million), or a folder.
    states: adds ``country1`` and ``country2``.
    Returns: ``cow1`` < ``cow2``, ``year``, ``imports_1_from_2``, ``imports_2_from_1`` (million current USD).
    Raises SourceFileError if the file is absent or another one.
    Raises DuplicateLabelError if a pair has two rows in a year.
    Raises DataError if a flow is negative, or a pair is not in the order of its codes.
    """
    table = read_by_state(path, layout("cow_trade"), states)
    if (table["cow1"] >= table["cow2"]).any():
        raise DataError(f"Pairs must have the smaller code first. {layout('cow_trade').advice}")
    return table


def read_joint_igos(path: str | Path, states: CowCrosswalk | None = None) -> pd.DataFrame:
    """Read how many organizations two states are both full members of, by year (IGO 3.0, 1816 to 2014).

    path: ``cow_igo_ndy.rda``, or a folder.
    states: adds ``country1`` and ``country2``.
    Returns: ``cow1`` < ``cow2``, ``year``, ``joint`` (count). A pair-year without a row is unknown, not zero.
    Raises SourceFileError if the file is absent or another one.
    Raises DuplicateLabelError if a pair has two rows in a year.
    Raises DataError if a count is negative.
    """
    return read_by_state(path, layout("joint_igos"), states)


def read_mids(path: str | Path, states: CowCrosswalk | None = None) -> pd.DataFrame:
    """Read militarized disputes by directed dyad and year (Correlates of War, version 5.0, 1816 to 2014).

    The dyad-years are derived from participants: both sides of a dispute are paired whether or not the two ever met.
    Where a pair had several disputes in a year, the table keeps the one that is a new onset, then the gravest.

    path: ``cow_mid_ddydisps.rda``, or the Gibler-Miller-Little ``gml_mid_ddydisps.rda``, or a folder.
    states: adds ``country1`` and ``country2``.
    Returns: ``cow1``, ``cow2``, ``year``, ``dispute`` (number), ``ongoing`` and ``onset`` (bool), ``side_a``
      (True if the first state is on the side that took the first action) and ``originator`` (True if the
      first state was in from the first day), ``hostility_1`` (of the first state) and ``hostility`` (of the
      dispute; 1 none to 5 war), ``fatality`` (level 0 to 6). Both directions are there. A dyad-year without a
      row has no dispute.
    Raises SourceFileError if the file is absent or another one.
    Raises DuplicateLabelError if a directed dyad-year occurs twice.
    """
    return read_by_state(path, layout("disputes"), states)


def read_territorial_disputes(path: str | Path) -> pd.DataFrame:
    """Read the pairs and years with a dispute in which one of the two wants another hold on a territory.

    path: ``gml_dirdisp.rda`` of peacesciencer, or a folder.
    Returns: ``cow1`` < ``cow2``, ``year``; each once.
    Raises SourceFileError if the file is absent or another one.
    """
    table = read_layout(path, layout("territorial_disputes"))
    own = table[(table[list(REVISIONS)] == TERRITORY).any(axis=1) & (table["cow1"] < table["cow2"])]
    return own[["cow1", "cow2", "year"]].drop_duplicates(ignore_index=True)


def read_democracy(path: str | Path, states: CowCrosswalk | None = None) -> pd.DataFrame:
    """Read how democratic states are, by year: V-Dem's polyarchy and Polity's score.

    path: ``cw_democracy.rda`` of isard, ``hist_ccode_democracy.rda`` of peacesciencer, a CSV with the same
      columns, or a folder.
    states: adds ``country``.
    Returns: ``cow``, ``year``, ``polyarchy`` (V-Dem electoral democracy, 0 to 1), ``polity`` (Polity, -10 to
      10). Missing values are NaN.
    Raises SourceFileError if the file is absent or another one.
    Raises DuplicateLabelError if a state has two rows in a year.
    Raises DataError if a score is out of its range.
    """
    return read_by_state(path, layout("democracy"), states)


def read_exercises(path: str | Path, states: CowCrosswalk | None = None) -> pd.DataFrame:
    """Read how many joint military exercises a state took part in, by year, 1978 to 2016 (JME data).

    The file does not say with whom, so it cannot fill a pair of states.

    path: ``ctryYrData.rda``, or a folder.
    states: adds ``country``.
    Returns: ``cow``, ``year``, ``exercises`` (count), ``any`` (1 if there was one), ``multilateral`` (1 if
      one had more than two members). Missing values are NaN.
    Raises SourceFileError if the file is absent or another one.
    Raises DuplicateLabelError if a state has two rows in a year.
    Raises DataError if a count is negative.
    """
    return read_by_state(path, layout("exercises"), states)


def read_nuclear_agreements(path: str | Path, states: CowCrosswalk | None = None) -> pd.DataFrame:
    """Read agreements on civil nuclear cooperation by year of signature, 1951 to 2003 (NCA data set).

    path: ``nca_dataset.dta``, or a folder.
    states: adds ``country1`` and ``country2``.
    Returns: ``cow1`` < ``cow2``, ``year`` (of signature), ``kind`` (number as published; what the numbers
      mean is in the codebook, which is not read here), one row an agreement: a pair may sign several in a
      year.
    Raises SourceFileError if the file is absent or another one.
    Raises DataError if a row is no agreement.
    """
    table = read_by_state(path, layout("nuclear_agreements"), states)
    if (table.pop("signed") != 1).any():
        raise DataError(f"The file has rows without an agreement. {layout('nuclear_agreements').advice}")
    return table.sort_values(["cow1", "cow2", "year"], ignore_index=True)


def read_us_troops(path: str | Path) -> pd.DataFrame:
    """Read active-duty troops of the United States by host and year, 1950 to 2024 (troopdata).

    path: ``troopdata_rebuild_long.rda``, or a folder.
    Returns: ``cow`` (NaN where the place is no state), ``country`` (alpha-3, or missing), ``name``, ``year``,
      ``quarter``, ``troops`` (active duty; NaN where not reported). From 2006 there are several reports a
      year.
    Raises SourceFileError if the file is absent or another one.
    Raises DataError if a number is negative.
    """
    return read_layout(path, layout("us_troops"))


def read_gcdf_countries(path: str | Path) -> pd.DataFrame:
    """Read Chinese official lending and grants by recipient, 2000 to 2021 together (AidData, GCDF 3.0).

    The bilateral series by year is in AidData's own workbook, not read here.

    path: ``gcdf_country_commitments.rda``, or a folder.
    Returns: ``country`` (alpha-3; missing for groups of countries), ``name``, ``commitments_bn`` (billion
      constant USD, as published), ``interest_percent`` (weighted mean rate of loans; NaN where none is
      known).
    Raises SourceFileError if the file is absent or another one.
    Raises DuplicateLabelError if a recipient has two rows.
    Raises DataError if an amount is negative.
    """
    table = read_layout(path, layout("chinese_projects"))
    known = table["country"].notna() & (table["country"].astype("string") != "")
    table["country"] = [
        resolve_country(str(c)) if k else None for c, k in zip(table["country"], known, strict=True)
    ]
    return table


def read_pwt(path: str | Path) -> pd.DataFrame:
    """Read the Penn World Table 10.01: output, population, capital and prices of 183 economies, 1950 to 2019.

    ``rgdpe`` and ``rgdpo`` are in purchasing power and compare levels between economies; growth over time is that of
    ``rgdpna``, real output at constant national prices.

    path: ``pwt10.01.rda`` or ``pwt1001.dta``, or a folder.
    Returns: ``country`` (alpha-3), ``year``, ``gdp_national`` (million USD of 2017 at constant national
      prices), ``gdp_expenditure`` and ``gdp_output`` (million USD of 2017 in purchasing power),
      ``population`` and ``employment`` (million), ``human_capital`` (index), ``capital`` (million USD of
      2017), ``productivity`` (2017 = 1), ``labour_share`` (of output). Missing values are NaN.
    Raises SourceFileError if the file is absent or another one.
    Raises DuplicateLabelError if an economy has two rows in a year.
    Raises DataError if a level is negative.
    """
    return read_layout(path, layout("pwt")).astype({"country": str})
