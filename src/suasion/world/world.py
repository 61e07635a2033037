"""The world: frozen, labelled, balanced accounts of countries and sectors for one year."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import cached_property
from html import escape
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

from suasion import schema
from suasion.errors import InputError
from suasion.files import path_of
from suasion.types import FloatArray
from suasion.world import arrays as acc
from suasion.world import checks
from suasion.world.align import Rest
from suasion.world.checks import Provenance
from suasion.world.uses import UseMatrix, load_use

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False)
class World:
    """Accounts of a world economy in million USD, checked when built and never changed afterwards.

    Parameters
    ----------
    countries, sectors
        Labels: ISO 3166 alpha-3 codes (or ``"ROW"``, or free labels), and sector codes.
    year
        Year of the accounts.
    arrays
        The stored arrays of :data:`suasion.world.arrays.STORED`, axes in the order given there.
        ``tariff`` and ``export_tax`` may be left out: they become zero and are marked ``missing``.
        ``factor_income`` may be (country, sector) when there is one factor.
    factors
        Names of the factors on the last axis of ``factor_income``.
    missing
        Names of arrays that are zero because they are unknown.
    provenance, notes, sector_names
        Origin, caveats that every dossier prints, and readable names of sectors.
    use_matrix
        The full matrix of who uses whose product for what, where known; see :attr:`use`.
    response
        How models answer in this world where it is not as the horizon says
        (:class:`suasion.equilibrium.elasticities.response.Response`); kept by copies, and not saved.

    Raises
    ------
    AlignmentError, MissingValueError, NegativeValueError, DuplicateLabelError, UnbalancedTableError
        When an array has the wrong shape, gaps or negatives, or an identity of
        :mod:`suasion.world.checks` fails.

    Examples
    --------
    >>> su.load_world("g20")
    <World 2019: 20 countries x 20 sectors, ...>
    """

    countries: tuple[str, ...]
    sectors: tuple[str, ...]
    year: int
    arrays: Mapping[str, FloatArray]
    factors: tuple[str, ...] = ("value added",)
    missing: frozenset[str] = frozenset()
    provenance: Provenance = field(default_factory=Provenance)
    notes: tuple[str, ...] = ()
    sector_names: Mapping[str, str] = field(default_factory=dict)
    use_matrix: UseMatrix | None = None
    response: Any = None

    def __post_init__(self) -> None:
        """Copy the input into read-only form and check every rule."""
        for name in ("countries", "sectors", "factors"):
            object.__setattr__(self, name, checks.as_labels(name, getattr(self, name)))
        checks.check_labels("countries", self.countries)
        checks.check_labels("sectors", self.sectors)
        checks.check_labels("factors", self.factors)
        checks.check_year(self.year)
        object.__setattr__(self, "year", int(self.year))
        checks.check_names(tuple(self.arrays), tuple(acc.STORED))
        zeros = {name for name in acc.RATES if name not in self.arrays}
        object.__setattr__(self, "missing", frozenset(self.missing) | zeros)
        object.__setattr__(self, "arrays", MappingProxyType(_complete(self.arrays)))
        names = {k: self.sector_names.get(k, k) for k in self.sectors}
        object.__setattr__(self, "sector_names", MappingProxyType(names))
        checks.check_accounts(self.arrays, self.labels)

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle as the plain fields, for processes that share the work; they are checked again on the other side."""
        plain = {one.name: getattr(self, one.name) for one in fields(self)}
        plain["arrays"], plain["sector_names"] = dict(self.arrays), dict(self.sector_names)
        return _unpickled, (plain,)

    def __repr__(self) -> str:
        """One line: size, year, origin."""
        size = f"{len(self.countries)} countries x {len(self.sectors)} sectors"
        return f"<World {self.year}: {size}, {self.provenance.dataset}>"

    def _repr_html_(self) -> str:
        """Size, year, origin, the largest economies and what is missing, for a notebook."""
        output = dict(zip(self.countries, self.array("output").sum(axis=1).tolist(), strict=True))
        order = sorted(output, key=lambda country: -output[country])[:5]
        largest = ", ".join(f"{country} {output[country] / 1e6:.1f}" for country in order)
        lines = {
            "size": f"{len(self.countries)} countries, {len(self.sectors)} sectors",
            "origin": self.provenance.dataset,
            "output, trillion USD": largest,
            "missing": ", ".join(sorted(self.missing)) or "nothing",
            "notes": " ".join(self.notes) or "none",
        }
        rows = "".join(f"<tr><th>{escape(k)}</th><td>{escape(v)}</td></tr>" for k, v in lines.items())
        return f"<table><caption>World {self.year}</caption>{rows}</table>"

    @cached_property
    def labels(self) -> checks.Labels:
        """Labels of every axis, by axis name."""
        return checks.axis_labels(self.countries, self.sectors, self.factors)

    def array(self, name: str) -> FloatArray:
        """Return a stored or derived quantity as a read-only array.

        Parameters
        ----------
        name
            A key of :data:`suasion.world.arrays.DIMS`, where its axes and their order are.
        """
        if name in self.arrays:
            return self.arrays[name]
        if name not in acc.DERIVE:
            schema.variable(name, "world")  # raises with close names
            raise InputError(f"`{name}` is not among the arrays; use `world.use`, which may be None.")
        return self._derived[name]

    @cached_property
    def _derived(self) -> Mapping[str, FloatArray]:
        return {name: acc.read_only(rule(self.arrays)) for name, rule in acc.DERIVE.items()}

    def __getitem__(self, name: str) -> xr.DataArray:
        """Return a quantity with labelled axes; ``attrs`` hold its unit, meaning and source."""
        values, dims = self.array(name), acc.DIMS[name]
        attrs = {**schema.variable(name, "world").attrs, "dataset": self.provenance.dataset}
        attrs["status"] = "missing" if name in self.missing else "known"
        coords = {d: list(self.labels[d]) for d in dims}
        return xr.DataArray(values, dims=dims, coords=coords, name=name, attrs=attrs)

    def __iter__(self) -> Iterator[str]:
        """Names of the arrays, stored and derived: a world is a mapping of them."""
        return iter(acc.DIMS)

    def __contains__(self, name: object) -> bool:
        """Whether there is an array of that name."""
        return name in acc.DIMS

    def __len__(self) -> int:
        """How many arrays there are."""
        return len(acc.DIMS)

    def keys(self) -> tuple[str, ...]:
        """Names of the arrays, stored and derived."""
        return tuple(acc.DIMS)

    def items(self) -> Iterator[tuple[str, xr.DataArray]]:
        """Names and arrays, one after the other."""
        return ((name, self[name]) for name in self)

    def to_xarray(self) -> xr.Dataset:
        """All arrays as one data set; see :func:`suasion.world.forms.to_xarray`."""
        from suasion.world.forms import to_xarray

        return to_xarray(self)

    def to_frame(self, name: str) -> pd.DataFrame:
        """One array as a tidy frame, a row a cell that is not zero; see :func:`suasion.world.forms.to_frame`."""
        from suasion.world.forms import to_frame

        return to_frame(self, name)

    def to_pymrio(self) -> Any:
        """The table as an ``IOSystem`` of pymrio; see :func:`suasion.world.forms.to_pymrio`."""
        from suasion.world.forms import to_pymrio

        return to_pymrio(self)

    @cached_property
    def use(self) -> FloatArray | None:
        """Full use matrix (exporter, input, importer, user) at basic prices, million USD; None where unknown.

        Loaded and checked at the first access. :attr:`use_kind` says whether it was observed.
        """
        if self.use_matrix is None:
            return None
        return load_use(self.use_matrix, self.arrays["intermediate"], self.countries, self.sectors)

    @property
    def use_kind(self) -> str:
        """``"observed"``, ``"moved"`` (observed earlier, scaled), ``"proportional"`` (one mix) or ``"none"``."""
        return "none" if self.use_matrix is None else self.use_matrix.kind

    @property
    def states(self) -> tuple[str, ...]:
        """Labels of single economies: all but ``"ROW"``, the rest of the world."""
        return tuple(code for code in self.countries if code != "ROW")

    @cached_property
    def checksum(self) -> str:
        """SHA-256 over year, labels, stored arrays and an own response, as hexadecimal digits."""
        head = [self.year, self.countries, self.sectors, self.factors, sorted(self.missing)]
        head += [] if self.response is None else [repr(self.response)]
        digest = hashlib.sha256(json.dumps(head).encode())
        for name in acc.STORED:
            digest.update(name.encode())
            digest.update(np.ascontiguousarray(self.arrays[name], dtype="<f8").data)
        return digest.hexdigest()

    def select(self, countries: Sequence[str] | None = None, sectors: Sequence[str] | None = None) -> World:
        """Keep these labels, merge the rest into ``"ROW"`` and ``"OTHER"``; see :func:`select`.

        Parameters
        ----------
        countries, sectors
            Labels to keep; None keeps all.
        """
        from suasion.world.aggregate import select

        return select(self, countries, sectors)

    def aggregate(
        self,
        countries: Mapping[str, str | Sequence[str]] | None = None,
        sectors: Mapping[str, Sequence[str]] | None = None,
    ) -> World:
        """Merge countries and sectors into named groups; labels not mentioned stay; see :func:`aggregate`.

        Parameters
        ----------
        countries
            Name to members: codes, or a group that is resolved in the world's year, ``{"EU": "EU"}``.
        sectors
            Name to members.
        """
        from suasion.world.aggregate import aggregate

        return aggregate(self, countries, sectors)

    def replace(self, **changes: Any) -> World:
        """Return a copy with other arrays (by their names) or fields, checked again."""
        from suasion.world.aggregate import replace

        return replace(self, changes)

    def with_tariffs(self, table: Any, rest: Rest = None) -> World:
        """Return a re-balanced copy with these tariffs; see :func:`suasion.world.tariffs.with_tariffs`.

        Parameters
        ----------
        table
            Rates (importer, exporter, sector), labelled or in the world's order.
        rest
            What cells that the table leaves out get: a rate, or ``"keep"``; None refuses them.
        """
        from suasion.world.tariffs import with_tariffs

        return with_tariffs(self, table, rest)

    def save(self, path: str | Path = "", use: bool = True) -> Path:
        """Write to one file, atomically; see :func:`suasion.world.forms.save`.

        Parameters
        ----------
        path
            The file: ``.npz``, or ``.nc`` for NetCDF, without the full use matrix.
        use
            Whether the full use matrix goes in as well.
        """
        target = path_of(path, "world.npz", "world.save")
        if target.suffix == ".nc":
            from suasion.world.forms import to_netcdf

            return to_netcdf(self, target)
        if target.suffix != ".npz":
            raise InputError(f"A world cannot be saved as {target.suffix!r}; use .npz or .nc.")
        from suasion.world.forms import save

        return save(self, target, use=use)

    @staticmethod
    def from_long(source: str | Path | pd.DataFrame, year: int, **options: Any) -> World:
        """Build a world from a table with a row a flow, or a CSV file; see :func:`suasion.world.from_long`.

        Parameters
        ----------
        source
            A frame, or a CSV file, with the columns ``exporter``, ``input``, ``importer``, ``user``, ``value``.
        year
            Year of the accounts.
        **options
            As for :func:`suasion.world.from_table`.
        """
        from suasion.world.table import from_long

        return from_long(source, year, **options)

    @staticmethod
    def load(path: str | Path = "") -> World:
        """Read a file written by :meth:`save` and verify its checksum."""
        source = path_of(path, "world.npz", "World.load")
        if source.suffix == ".nc":
            from suasion.world.forms import from_netcdf

            return from_netcdf(source)
        from suasion.world.forms import load

        return load(source)


def _complete(given: Mapping[str, FloatArray]) -> dict[str, FloatArray]:
    """Read-only copies of the arrays in standard order, absent rates as zeros, one factor as an axis."""
    ready = {name: acc.read_only(given[name]) for name in acc.STORED if name in given}
    for name in acc.STORED:
        if name not in ready:
            ready[name] = acc.read_only(np.zeros_like(ready["final"]))
    if ready["factor_income"].ndim == 2:
        ready["factor_income"] = acc.read_only(ready["factor_income"][:, :, None])
    return {name: ready[name] for name in acc.STORED}


def _unpickled(plain: dict[str, Any]) -> World:
    return World(**plain)
