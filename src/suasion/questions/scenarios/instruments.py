"""What the scenario builder offers: instruments with their sizes, bundles of goods, questions to begin with."""

from __future__ import annotations

from dataclasses import dataclass, field

from suasion.answers import DEFAULT_LANGUAGE
from suasion.equilibrium.scenario.instrument import AtBorder, Instrument, Offer
from suasion.equilibrium.scenario.instruments import INSTRUMENTS


@dataclass(frozen=True, slots=True)
class Kind:
    """How one instrument stands in an address and in the form.

    label: As offered to the reader.
    verb: What the coalition does, as the middle of a sentence.
    offer: Its size, with the argument that the size sets.
    unit: What the size means; empty where there is none.
    how: Key and values of the variant; the first value is the usual one.
    two_sided: Whether it stands between two sides.
    """

    label: str
    verb: str
    offer: Offer
    unit: str
    how: tuple[str, ...]
    two_sided: bool


def _offered(kind: str, cls: type[Instrument]) -> Kind:
    unit = DEFAULT_LANGUAGE.template(f"offer.unit.{kind}") if cls.offer.argument else ""
    label, verb = (DEFAULT_LANGUAGE.template(f"offer.{part}{kind}") for part in ("", "verb."))
    return Kind(label, verb, cls.offer, unit, cls.variants(), issubclass(cls, AtBorder))


KINDS: dict[str, Kind] = {kind: _offered(kind, cls) for kind, cls in INSTRUMENTS.items()}
"""Instruments by their name in scenario files."""

BUNDLES: dict[str, tuple[str, tuple[str, ...]]] = {
    "all": ("All goods and services", ()),
    "energy": ("Energy: coal, oil and gas, refined fuels", ("B05", "B06", "C19")),
    "metals": ("Ores, minerals and metals", ("B07", "B08", "C24A", "C24B")),
    "food": ("Farming, fishing and food", ("A01", "A03", "C10T12")),
    "chemicals": ("Chemicals, medicines, plastics", ("C20", "C21", "C22")),
    "electronics": ("Electronics and electrical equipment", ("C26", "C27")),
    "machinery": ("Machinery", ("C28",)),
    "vehicles": ("Cars, ships, aircraft", ("C29", "C301", "C302T309")),
    "textiles": ("Textiles and clothing", ("C13T15",)),
    "goods": ("All goods", ("A", "B", "C")),
    "services": (
        "All services",
        (*"DEFG", "H49", "H50", "H51", "H52", "H53", "I", "J58T60", "J61", "J62_63", *"KLMNOPQRST"),
    ),
}
"""Groups of industries by the word in the address: what the reader sees, and codes of the embedded world."""


@dataclass(frozen=True, slots=True)
class Starter:
    """A question to begin with.

    question: In words.
    address: Its query string.
    """

    question: str
    address: str


STARTERS: tuple[Starter, ...] = (
    Starter(
        "What would a joint US-EU embargo on Russian energy cost each of us?",
        "do=embargo&by=USA~EU&on=RUS&in=energy",
    ),
    Starter("What would a break between the West and China cost both?", "do=embargo&by=G7~EU&on=CHN"),
    Starter(
        "Who pays for a US tariff of 60 % on China?",
        "do=tariff&by=USA&on=CHN&size=60",
    ),
    Starter(
        "What if China stopped selling electronics to the G7?",
        "do=export_ban&by=CHN&on=G7&in=electronics",
    ),
    Starter(
        "What would it cost if China stopped buying Australian ores?", "do=import_ban&by=CHN&on=AUS&in=metals"
    ),
    Starter(
        "What would a US tariff of 25 % on everybody do?",
        "do=tariff&by=USA&on=all&in=goods&size=25",
    ),
)
"""Questions that the front page opens with."""

EXAMPLE = STARTERS[3].address
"""The scenario that is shown where none is asked for."""


@dataclass(frozen=True, slots=True)
class BuilderOptions:
    """What the builder offers.

    kinds: Instruments.
    bundles: Groups of industries.
    sectors: Industries of the world, code to name.
    countries: Economies of the world, code to name.
    groups: Groups of countries.
    """

    kinds: dict[str, Kind] = field(default_factory=lambda: dict(KINDS))
    bundles: dict[str, str] = field(default_factory=lambda: {k: v[0] for k, v in BUNDLES.items()})
    sectors: dict[str, str] = field(default_factory=dict)
    countries: dict[str, str] = field(default_factory=dict)
    groups: tuple[str, ...] = ()
