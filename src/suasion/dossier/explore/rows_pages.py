"""Typed rows and contexts of the pages on leverage, raw materials, data, and of the front page.

Percent means percent; money is million USD. A missing number is ``None``, never zero.
"""

from __future__ import annotations

from dataclasses import dataclass

SCHEMA = 1


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


@dataclass(frozen=True, slots=True)
class DataFile:
    """One embedded data file.

    Attributes
    ----------
    name, source, licence, package, checksum : str
        File, source, terms, what carried it, SHA-256.
    """

    name: str
    source: str
    licence: str
    package: str
    checksum: str


@dataclass(frozen=True, slots=True)
class DataContext:
    """Where every number comes from.

    Attributes
    ----------
    question, sentence : str
        Title and answer.
    world : mapping of str to str
        The world's table: data set, year, size, checksum, licence, citation.
    steps, notes : tuple of str
        What was done to the table; cautions.
    files : tuple of DataFile
        Embedded files.
    version : str
        Of Suasion.
    schema : int
        Version of this context.
    """

    question: str
    sentence: str
    world: dict[str, str]
    steps: tuple[str, ...]
    notes: tuple[str, ...]
    files: tuple[DataFile, ...]
    version: str
    schema: int = SCHEMA


@dataclass(frozen=True, slots=True)
class Lead:
    """A question to begin with.

    Attributes
    ----------
    words : str
        The question, or the pair.
    address : str
        Path and query string of its page.
    """

    words: str
    address: str


@dataclass(frozen=True, slots=True)
class FrontContext:
    """The front page.

    Attributes
    ----------
    question, sentence : str
        Title and answer.
    countries : mapping of str to str
        States that can be named, code to name; those of the world's table first.
    in_world : tuple of str
        Codes of the economies of the world's table.
    groups : tuple of str
        Groups that can be an audience or a coalition.
    scenarios, dyads : tuple of Lead
        Leading questions and pairs.
    vintage : str
        Data set and year.
    version : str
        Of Suasion.
    schema : int
        Version of this context.
    """

    question: str
    sentence: str
    countries: dict[str, str]
    in_world: tuple[str, ...]
    groups: tuple[str, ...]
    scenarios: tuple[Lead, ...]
    dyads: tuple[Lead, ...]
    vintage: str
    version: str
    schema: int = SCHEMA
