"""What the pages of raw materials show: percent means per cent, money is million USD, a missing number is None."""

from __future__ import annotations

from dataclasses import dataclass

from suasion.dossier.site.rows import SCHEMA


@dataclass(frozen=True, slots=True)
class ProductRow:
    """One raw material in the world's trade of a year.

    Attributes
    ----------
    code, name, group : str
        HS 1992 code, short name, group.
    value : float
        World exports, million USD.
    suppliers : float or None
        Number of equal suppliers that would be as concentrated (1 / HHI).
    top, top_name : str
        Largest supplier.
    top_percent : float
        Its share of world exports.
    text : str
        World exports as printed.
    """

    code: str
    name: str
    group: str
    value: float
    suppliers: float | None
    top: str
    top_name: str
    top_percent: float
    text: str


@dataclass(frozen=True, slots=True)
class SupplierRow:
    """One supplier or buyer of a good.

    Attributes
    ----------
    code, name : str
        Country.
    value : float
        Million USD.
    percent : float
        Share of the total.
    stability : float or None
        Political stability, standard normal units, higher is more stable; None where unknown.
    text, value_text : str
        Share and value as printed.
    """

    code: str
    name: str
    value: float
    percent: float
    stability: float | None
    text: str
    value_text: str


@dataclass(frozen=True, slots=True)
class ReplacementRow:
    """A country that could step in for a supplier that stops.

    Attributes
    ----------
    code, name : str
        Country.
    elsewhere : float
        What it sells of the good to all other buyers, million USD.
    cover_percent : float
        That over the gap: 100 would fill it, if every other buyer were left without.
    already_percent : float
        Its share in what the buyer imports of the good today.
    stability : float or None
        As in :class:`SupplierRow`.
    text, value_text : str
        Cover and value as printed.
    """

    code: str
    name: str
    elsewhere: float
    cover_percent: float
    already_percent: float
    stability: float | None
    text: str
    value_text: str


@dataclass(frozen=True, slots=True)
class ProductsContext:
    """All raw materials.

    Attributes
    ----------
    question, sentence : str
        Title and answer.
    year : int
        Year of the trade.
    rows : tuple of ProductRow
        The fewest suppliers first.
    search : str
        What was searched for.
    source : str
        Data set.
    schema : int
        Version of this context.
    """

    question: str
    sentence: str
    year: int
    rows: tuple[ProductRow, ...]
    search: str
    source: str
    schema: int = SCHEMA


@dataclass(frozen=True, slots=True)
class ProductContext:
    """One raw material, for the world or for one buyer.

    Attributes
    ----------
    code, name, description, group : str
        The good.
    question, sentence : str
        Title and answer.
    year : int
        Year of the trade.
    buyer, buyer_name : str
        Whose imports are shown; empty for the world.
    stops, stops_name : str
        The supplier assumed to stop; empty for none.
    suppliers, buyers : tuple of SupplierRow
        Largest first.
    gap : float or None
        What the buyer would lack, million USD.
    replacements : tuple of ReplacementRow
        Who could step in, largest first.
    notes : tuple of str
        Definitions and cautions.
    source : str
        Data set.
    schema : int
        Version of this context.
    """

    code: str
    name: str
    description: str
    group: str
    question: str
    sentence: str
    year: int
    buyer: str
    buyer_name: str
    stops: str
    stops_name: str
    suppliers: tuple[SupplierRow, ...]
    buyers: tuple[SupplierRow, ...]
    gap: float | None
    replacements: tuple[ReplacementRow, ...]
    notes: tuple[str, ...]
    source: str
    schema: int = SCHEMA
