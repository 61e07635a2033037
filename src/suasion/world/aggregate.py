"""Build a world from arrays; merge and select countries and sectors so that every identity still holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from suasion.errors import DuplicateLabelError, InputError, expect
from suasion.quotient import over
from suasion.sources.groups import is_group
from suasion.sources.groups import members as members_in
from suasion.types import FloatArray
from suasion.world import arrays as acc
from suasion.world.align import aligned, find_labels
from suasion.world.checks import axis_labels, listed
from suasion.world.tariffs import rebalanced_inputs
from suasion.world.uses import UseMatrix
from suasion.world.world import World

REST_COUNTRY = "ROW"
REST_SECTOR = "OTHER"


@dataclass(frozen=True, slots=True)
class Grouping:
    """New labels and, for each old label, the position of the group it joins."""

    labels: tuple[str, ...]
    member_of: tuple[int, ...]

    @property
    def matrix(self) -> FloatArray:
        """Membership (new, old) of ones and zeros."""
        ones = np.zeros((len(self.labels), len(self.member_of)))
        ones[np.array(self.member_of), np.arange(len(self.member_of))] = 1.0
        return ones

    def sum(self, values: FloatArray, axis: int) -> FloatArray:
        """Sum ``values`` over the members of each group along one axis."""
        return np.moveaxis(np.tensordot(self.matrix, values, axes=(1, axis)), 0, axis)


def keep(labels: Sequence[str], kept: Sequence[str] | None, rest: str) -> Grouping:
    """Group that keeps some labels in the order given and merges all others into ``rest`` at the end."""
    if kept is None:
        return Grouping(tuple(labels), tuple(range(len(labels))))
    if len(set(kept)) < len(kept):
        raise DuplicateLabelError(f"Labels selected twice: {listed([x for x in kept if kept.count(x) > 1])}.")
    others = [x for x in labels if x not in set(kept)]
    new = tuple(kept) if not others or rest in kept else (*kept, rest)
    place = {x: j for j, x in enumerate(new)}
    return Grouping(new, tuple(place.get(x, place.get(rest, -1)) for x in labels))


def merge(labels: Sequence[str], groups: Mapping[str, Sequence[str]] | None) -> Grouping:
    """Group named labels; each group stands where its first member stood, other labels stay as they are."""
    home: dict[str, str] = {}
    for group, members in (groups or {}).items():
        if isinstance(members, str) or not members:
            raise InputError(f"Group {group!r} needs a non-empty list of labels, got {members!r}.")
        for label in members:
            if label in home:
                raise DuplicateLabelError(
                    f"{label} is in the groups {home[label]!r} and {group!r}; keep one."
                )
            home[label] = group
    clash = [g for g in groups or {} if g in labels and g not in home]
    if clash:
        raise DuplicateLabelError(f"Group names are labels of others: {listed(clash)}. Choose other names.")
    new = list(dict.fromkeys(home.get(x, x) for x in labels))
    return Grouping(tuple(new), tuple(new.index(home.get(x, x)) for x in labels))


def select(world: World, countries: Sequence[str] | None, sectors: Sequence[str] | None) -> World:
    """Keep some countries and sectors, merge the rest into ``"ROW"`` and ``"OTHER"``.

    Parameters
    ----------
    world
        The accounts to reduce.
    countries
        Codes or names to keep, in the order wanted; None keeps all.
    sectors
        Sector codes to keep, in the order wanted; None keeps all.

    Returns
    -------
    World
        Identities hold; aggregated tariff rates are revenue over border value.

    Raises
    ------
    NotInWorldError
        If a label is not in the world; the message says which are close.
    """
    kept_c = None if countries is None else find_labels("country", countries, world.countries)
    kept_s = None if sectors is None else find_labels("sector", sectors, world.sectors)
    by_country = keep(world.countries, kept_c, REST_COUNTRY)
    by_sector = keep(world.sectors, kept_s, REST_SECTOR)
    return regroup(world, by_country, by_sector)


def aggregate(
    world: World,
    countries: Mapping[str, str | Sequence[str]] | None = None,
    sectors: Mapping[str, Sequence[str]] | None = None,
) -> World:
    """Merge countries and sectors into named groups; labels that no group names stay as they are.

    Parameters
    ----------
    world
        The accounts to reduce.
    countries, sectors
        New label to the labels it merges, for instance ``{"BENELUX": ["BEL", "NLD", "LUX"]}``. A known group stands for
        its members in the world's year, as far as the world has them: ``{"EU": "EU"}``, ``{"Europe": ["EU", "GBR"]}``.

    Returns
    -------
    World
        Trade inside a group becomes the group's trade with itself.

    Raises
    ------
    NotInWorldError, DuplicateLabelError
        If a label is unknown or in two groups.
    """
    given = {"countries": (countries, '{"EU": "EU"}'), "sectors": (sectors, '{"FUELS": ["B05", "B06"]}')}
    for name, (groups, example) in given.items():
        expect({} if groups is None else groups, Mapping, name, f"Write world.aggregate({name}={example}).")
    meant = {g: _members(m, world) for g, m in (countries or {}).items()}
    named_c = {g: find_labels("country", m, world.countries) for g, m in meant.items()}
    named_s = {g: find_labels("sector", m, world.sectors) for g, m in (sectors or {}).items()}
    return regroup(world, merge(world.countries, named_c), merge(world.sectors, named_s))


def _members(given: str | Sequence[str], world: World) -> Sequence[str]:
    """Labels of a group's members; known groups among them as of the world's year."""
    tokens = [given] if isinstance(given, str) and is_group(given) else given
    if isinstance(tokens, str) or not any(is_group(one) and one not in world.countries for one in tokens):
        return tokens
    found = [
        label
        for one in tokens
        for label in (members_in(one, world.year) if is_group(one) and one not in world.countries else (one,))
        if label in world.countries or not is_group(one)
    ]
    return tuple(dict.fromkeys(found))


def regroup(world: World, countries: Grouping, sectors: Grouping) -> World:
    """Sum a world's accounts over groups of countries and sectors, the full use matrix included."""
    from suasion.world.world import World as Built

    if countries.labels == world.countries and sectors.labels == world.sectors:
        return world
    before, after = (len(world.countries), len(world.sectors)), (len(countries.labels), len(sectors.labels))
    step = f"merged {before[0]} countries x {before[1]} sectors into {after[0]} x {after[1]}"
    return Built(
        countries=countries.labels,
        sectors=sectors.labels,
        year=world.year,
        arrays=_summed(world.arrays, countries, sectors),
        factors=world.factors,
        missing=world.missing,
        provenance=world.provenance.then(step),
        notes=world.notes,
        sector_names=_names(world, sectors),
        use_matrix=_summed_use(world, countries, sectors),
    )


def _summed(arrays: acc.Arrays, countries: Grouping, sectors: Grouping) -> dict[str, FloatArray]:
    kinds = {"importer": countries, "exporter": countries, "country": countries}
    kinds |= {"sector": sectors, "user": sectors, "input": sectors}

    def total(values: FloatArray, name: str) -> FloatArray:
        for axis, dim in enumerate(acc.DIMS[name]):
            if dim in kinds:
                values = kinds[dim].sum(values, axis)
        return values

    result = {name: total(values, name) for name, values in arrays.items() if name not in acc.RATES}
    basic = arrays["intermediate"] + arrays["final"]
    border = acc.border_flows(basic, arrays["export_tax"])
    spread = total(np.ones_like(basic), "tariff")
    for name, base in (("export_tax", basic), ("tariff", border)):
        money, value = total(base * arrays[name], name), total(base, name)
        plain = total(arrays[name], name) / spread  # where nothing is traded the rates are averaged
        result[name] = over(money, value, plain)
    if any(arrays[name].any() for name in acc.RATES):
        return rebalanced_inputs(result, acc.output(result))
    return result


def _summed_use(world: World, countries: Grouping, sectors: Grouping) -> UseMatrix | None:
    if world.use_matrix is None:
        return None

    def load() -> FloatArray:
        values = world.use
        assert values is not None  # the world has a use matrix
        for axis, group in enumerate((countries, sectors, countries, sectors)):
            values = group.sum(values, axis)
        return values

    return UseMatrix(world.use_matrix.kind, load)


def _names(world: World, sectors: Grouping) -> dict[str, str]:
    known = {x: world.sector_names[x] for x in sectors.labels if x in world.sector_names}
    return {**({REST_SECTOR: "Other sectors"} if REST_SECTOR in sectors.labels else {}), **known}


def from_arrays(countries: Sequence[str], sectors: Sequence[str], year: int, **given: Any) -> World:
    """Build a world from its arrays, labelled or plain.

    Parameters
    ----------
    countries, sectors, year
        Labels and year.
    **given
        Arrays named as in :data:`suasion.world.arrays.STORED` (labelled arrays are aligned by label), and
        any other field of :class:`World`. ``factor_income`` may be left out: it is then output less inputs.

    Returns
    -------
    World

    Raises
    ------
    AlignmentError
        If a labelled array has other labels than the world.
    DataError
        Whatever :class:`World` raises.
    """
    labels = axis_labels(tuple(countries), tuple(sectors), given.get("factors", ("value added",)))
    arrays = {k: _plain(k, v, labels) for k, v in given.items() if k in acc.STORED}
    rest = {k: v for k, v in given.items() if k not in acc.STORED}
    unknown = set(rest) - {f.name for f in fields(World)}
    if unknown:
        raise InputError(
            f"A world has no {', '.join(sorted(unknown))}; its arrays are {', '.join(acc.STORED)}."
        )
    if "factor_income" not in arrays and {"intermediate", "final", "input_use"} <= set(arrays):
        arrays["factor_income"] = acc.output(arrays) - arrays["input_use"].sum(axis=2)
    return World(tuple(countries), tuple(sectors), year, arrays, **rest)


def _plain(name: str, values: Any, labels: Mapping[str, Sequence[str]]) -> FloatArray:
    if not hasattr(values, "dims"):
        return np.asarray(values, dtype=np.float64)
    dims = tuple(str(d) for d in values.dims if str(d) in acc.DIMS[name]) or acc.DIMS[name]
    full = acc.DIMS[name] if len(dims) == len(acc.DIMS[name]) else dims
    return aligned(name, values, full, labels, np.empty(tuple(len(labels[d]) for d in full)))


def replace(world: World, changes: Mapping[str, Any]) -> World:
    """Return a copy of ``world`` with other arrays or fields, checked again.

    A change of ``intermediate`` drops the full use matrix unless a new one is given.

    Parameters
    ----------
    world
        The world to copy.
    changes
        New arrays or fields by name.

    Returns
    -------
    World

    Raises
    ------
    InputError
        If a name is neither an array nor a field of a world.
    """
    names = [f.name for f in fields(world) if f.name != "arrays"]
    unknown = [x for x in changes if x not in acc.STORED and x not in names]
    if unknown:
        raise InputError(
            f"A world has no {', '.join(unknown)}; replace one of {', '.join([*acc.STORED, *names])}."
        )
    new = {k: _plain(k, v, world.labels) for k, v in changes.items() if k in acc.STORED}
    rest = {name: getattr(world, name) for name in names}
    rest["missing"] = world.missing - set(new)
    if "intermediate" in new and not np.array_equal(new["intermediate"], world.arrays["intermediate"]):
        rest["use_matrix"] = None
    rest.update({k: v for k, v in changes.items() if k in names})
    return World(arrays={**world.arrays, **new}, **rest)
