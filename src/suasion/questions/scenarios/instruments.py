"""What the scenario builder offers: instruments with their sizes, bundles of goods, questions to begin with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from suasion.answers.language import DEFAULT_LANGUAGE, capital
from suasion.equilibrium.scenario.instrument import AtBorder, Offer
from suasion.equilibrium.scenario.instruments import INSTRUMENTS


@dataclass(frozen=True, slots=True)
class Kind:
    """How one instrument stands in an address and in the form.

    name: In scenario files.
    offer: Its size, with the argument that the size sets.
    how: Key and values of the variant; the first value is the usual one.
    two_sided: Whether it stands between two sides.
    """

    name: str
    offer: Offer
    how: tuple[str, ...]
    two_sided: bool

    @property
    def label(self) -> str:
        """As offered to the reader."""
        return DEFAULT_LANGUAGE.template(f"offer.{self.name}")

    @property
    def verb(self) -> str:
        """What the coalition does, as the middle of a sentence."""
        return DEFAULT_LANGUAGE.template(f"offer.verb.{self.name}")

    @property
    def unit(self) -> str:
        """What the size means; empty where there is none."""
        return DEFAULT_LANGUAGE.template(f"offer.unit.{self.name}") if self.offer.argument else ""


KINDS: dict[str, Kind] = {
    kind: Kind(kind, cls.offer, cls.variants(), issubclass(cls, AtBorder))
    for kind, cls in INSTRUMENTS.items()
}
"""Instruments by their name in scenario files."""
MEASURES: Mapping[str, Any] = {
    "description": "In words: China stops exports of machinery to Germany; 25 % tariff of the US on cars of Japan",
    "anyOf": [
        {"type": "string"},
        {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "do": {"enum": list(KINDS)},
                    **{one: {"type": "array", "items": {"type": "string"}} for one in ("by", "on", "in")},
                    "size": {"type": "number", "description": "per cent"},
                    **{one: {"type": "string"} for one in ("since", "until")},
                },
                "required": ["do", "on"],
            },
        },
    ],
}
"""A scenario: in plain words, or as measures whose instruments are a closed list."""

BUNDLES: dict[str, tuple[str, ...]] = {
    "all": (),
    "energy": ("B05", "B06", "C19"),
    "metals": ("B07", "B08", "C24A", "C24B"),
    "food": ("A01", "A03", "C10T12"),
    "chemicals": ("C20", "C21", "C22"),
    "electronics": ("C26", "C27"),
    "machinery": ("C28",),
    "vehicles": ("C29", "C301", "C302T309"),
    "textiles": ("C13T15",),
    "goods": ("A", "B", "C"),
    "services": (*"DEFG", "H49", "H50", "H51", "H52", "H53", "I", "J58T60", "J61", "J62_63", *"KLMNOPQRST"),
}
"""Groups of industries by the word in the address, in codes of the embedded world."""


@dataclass(frozen=True, slots=True)
class Starter:
    """A question to begin with.

    key: Of its words.
    address: Its query string.
    """

    key: str
    address: str

    @property
    def question(self) -> str:
        """In words."""
        return DEFAULT_LANGUAGE.template(f"starter.{self.key}")


STARTERS: tuple[Starter, ...] = (
    Starter("energy", "do=embargo&by=USA~EU&on=RUS&in=energy"),
    Starter("break", "do=embargo&by=G7~EU&on=CHN"),
    Starter("tariff", "do=tariff&by=USA&on=CHN&size=60"),
    Starter("electronics", "do=export_ban&by=CHN&on=G7&in=electronics"),
    Starter("ores", "do=import_ban&by=CHN&on=AUS&in=metals"),
    Starter("everybody", "do=tariff&by=USA&on=all&in=goods&size=25"),
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
    countries: Economies that can be named, code to name; where one is estimated, the world of every state answers.
    groups: Groups of countries.
    """

    kinds: dict[str, Kind] = field(default_factory=lambda: dict(KINDS))
    bundles: dict[str, str] = field(
        default_factory=lambda: {
            key: capital(DEFAULT_LANGUAGE.template(f"word.bundle.{key}")) for key in BUNDLES
        }
    )
    sectors: dict[str, str] = field(default_factory=dict)
    countries: dict[str, str] = field(default_factory=dict)
    groups: tuple[str, ...] = ()
