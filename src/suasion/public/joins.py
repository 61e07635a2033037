"""An answer beside a table of one's own, by codes of states and years."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TYPE_CHECKING, Any

from suasion.answers.answer import Answer
from suasion.errors import (
    AmbiguousCountryError,
    Doubt,
    ImplausibleInputWarning,
    InputError,
    UnknownCountryError,
    warn,
)
from suasion.sources.countries import resolve_country
from suasion.sources.groups import group_code

if TYPE_CHECKING:
    import pandas as pd


def join(
    mine: pd.DataFrame,
    answer: Answer,
    *,
    country: str = "country",
    partner: str = "",
    year: str = "year",
    table: str = "",
) -> pd.DataFrame:
    """Put the columns of an answer beside a table of one's own, by state and year; every row of it stays, once.

    Parameters
    ----------
    mine : DataFrame
    answer : Answer
        One row a state and year, and partner where one is named, such as :func:`suasion.panel`.
    country, partner, year : str
        Columns of the own table: codes or names of states, and years; an empty one is not joined by. What is no state
        or group, such as a total of the source, is not matched.
    table : str
        Of the answer; all of its main one without.

    Returns
    -------
    DataFrame
        Of the shape of the own table with further columns; ``attrs["unmatched"]`` has the number of rows that the
        answer knows nothing of, ``attrs["no_state"]`` the names among them that are no state, which are warned of.

    Raises
    ------
    InputError
        If a column is lacking, a year is no number, or the answer has several rows for one of the own table.

    Examples
    --------
    >>> import pandas as pd
    >>> import suasion as su
    >>> own = pd.DataFrame({"land": ["Vietnam", "THA"], "year": [2019, 2020], "growth": [7.4, -6.1]})
    >>> both = su.join(own, su.panel("ASEAN", on="CHN", what=["shares"]), country="land")
    >>> bool(both["trade_share"].gt(0.1).all()), both.attrs["unmatched"]
    (True, 0)
    """
    if not hasattr(mine, "assign") or not isinstance(answer, Answer):
        raise InputError(
            'A join takes a DataFrame and an answer: su.join(mine, su.panel("ASEAN", on="CHN")).'
        )
    theirs = answer.to_frame(table)
    names = {"country": country, "partner": partner, "year": year}
    keys: Mapping[str, str] = {key: name for key, name in names.items() if name}
    lacking = [f"{name} of the own table" for name in keys.values() if name not in mine]
    lacking += [f"{key} of the answer" for key in keys if key not in theirs]
    if lacking:
        raise InputError(f"There is no column {', '.join(lacking)}; a join is by {', '.join(keys)}.")
    again = theirs.duplicated(list(keys))
    if again.any():
        row = theirs.loc[again, list(keys)].iloc[0].to_dict()
        raise InputError(f"The answer has several rows of {row}. Name partner, or ask for fewer.")
    left, strange = _left(mine, keys)
    more = theirs.rename(columns={key: f"_{key}" for key in keys})
    more = more.rename(columns={name: f"{name}_suasion" for name in more if name in mine})
    both = left.merge(more.assign(_known=True), "left", [f"_{key}" for key in keys])
    made = both.drop(columns=[*(f"_{key}" for key in keys), "_known"]).set_axis(mine.index)
    counted: dict[Hashable, Any] = {"unmatched": int(both["_known"].isna().sum()), "no_state": strange}
    made.attrs = {**mine.attrs, "units": theirs.attrs["units"], **counted}
    return made


def _left(mine: pd.DataFrame, keys: Mapping[str, str]) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """The own table with keys as the answer has them, and the names in it that are no state."""
    import pandas as pd

    left = mine.assign(**{f"_{key}": mine[name] for key, name in keys.items()})
    strange: dict[str, None] = {}
    for key in ("country", "partner"):
        if key in keys:
            known = {one: _code(str(one)) for one in left[f"_{key}"].dropna().unique()}
            strange |= dict.fromkeys(str(one) for one, code in known.items() if not code)
            left[f"_{key}"] = left[f"_{key}"].map(known)
    if "year" in keys:
        try:
            left["_year"] = pd.to_numeric(left["_year"])
        except (TypeError, ValueError) as error:
            raise InputError(
                f"The column {keys['year']!r} holds what is no calendar year: {error}."
            ) from None
    if strange:
        warn([ImplausibleInputWarning(Doubt.NO_STATE, {"named": ", ".join(strange)})])
    return left, tuple(strange)


def _code(name: str) -> str | None:
    """The code of a group or state; None of what is neither, or fits several."""
    try:
        return group_code(name) or resolve_country(name)
    except (UnknownCountryError, AmbiguousCountryError):
        return None
