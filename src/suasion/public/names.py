"""Codes of states, one at a time or for a whole column."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING, Any, Literal, get_args, overload

from suasion.errors import (
    AmbiguousCountryError,
    Doubt,
    ImplausibleInputWarning,
    InputError,
    UnknownCountryError,
    warn,
)
from suasion.sources.countries import country_name, resolve_country

if TYPE_CHECKING:
    import pandas as pd

System = Literal["iso3", "iso2", "m49", "name"]


@overload
def code(text: str | int, *, to: System = "iso3") -> str: ...  # type: ignore[overload-overlap]  # a text is a name
@overload
def code(
    text: pd.Series, *, to: System = "iso3", errors: Literal["raise", "coerce"] = "raise"
) -> pd.Series: ...
@overload
def code(
    text: Iterable[object], *, to: System = "iso3", errors: Literal["raise", "coerce"] = "raise"
) -> list[str | None]: ...
def code(text: Any, *, to: System = "iso3", errors: Literal["raise", "coerce"] = "raise") -> Any:
    """Return the code of a state, or those of a list or column of names.

    Parameters
    ----------
    text : str, list or pandas.Series
        Codes (ISO 3166 alpha-3, alpha-2, M49) or English names, as the standard, the World Bank, the IMF, the United
        Nations, Comtrade or the Correlates of War write them, in any case. What is missing (None, NaN) stays so.
    to : {"iso3", "iso2", "m49", "name"}
        What is returned: alpha-3 codes, alpha-2 codes, M49 numbers of three digits, or short English names.
    errors : {"raise", "coerce"}
        Of a list: refuse what is no one state, or return None for it and warn with all that were not matched.

    Returns
    -------
    str, list of str or Series
        As the names were given; a Series keeps its index and name.

    Raises
    ------
    UnknownCountryError
        What is no state today, such as a group, a region or a state that ended.
    AmbiguousCountryError
        A name that fits several, such as Congo.
    InputError
        There is no such system of codes, or a state has none in it.

    Examples
    --------
    >>> import suasion as su
    >>> su.code("Russia"), su.code(["Korea, Rep.", "Viet Nam"]), su.code("Hong Kong SAR, China", to="iso2")
    ('RUS', ['KOR', 'VNM'], 'HK')
    """
    if to not in get_args(System) or errors not in ("raise", "coerce"):
        raise InputError(
            f"Codes are of {', '.join(get_args(System))}, and errors are to raise or coerce; got to={to!r}, "
            f"errors={errors!r}."
        )
    one = partial(_translated, to=to)
    if isinstance(text, str | int):
        return one(text)
    if not isinstance(text, Iterable):
        raise InputError(
            f'A name is a text, and names are a list or a column; got {text!r}. Write su.code("RUS")'
        )
    import pandas as pd

    held = list(text)
    given = [name for name in dict.fromkeys(held) if not pd.isna(name)]
    found = {name: one(name) for name in given} if errors == "raise" else _matched(given, one)
    codes = [None if pd.isna(name) else found[name] for name in held]
    return pd.Series(codes, text.index, object, text.name) if isinstance(text, pd.Series) else codes


def _matched(names: Iterable[Any], one: Callable[[Any], str]) -> dict[Any, str | None]:
    """The code of each name, None where it is no one state; those are warned of together."""
    found: dict[Any, str | None] = {}
    for name in names:
        try:
            found[name] = one(name)
        except (UnknownCountryError, AmbiguousCountryError):
            found[name] = None
    strange = [str(name) for name, code_found in found.items() if code_found is None]
    if strange:
        warn([ImplausibleInputWarning(Doubt.NO_STATE, {"named": "; ".join(strange)})])
    return found


def _translated(text: str | int, to: System) -> str:
    found = resolve_country(str(text))
    if to == "iso3":
        return found
    if to == "name":
        return country_name(found)
    import pycountry

    state = pycountry.countries.get(alpha_3=found)
    if state is None:
        raise InputError(
            f"{country_name(found)} ({found}) has no code of {to}: the standard does not list it."
        )
    return str(state.alpha_2 if to == "iso2" else state.numeric)
