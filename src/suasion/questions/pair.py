"""The pair and the audience of a question: names resolved, and who of them the world's table has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from suasion.answers.finding import Finding
from suasion.answers.values import Country, Quantity, Value
from suasion.errors import SameCountryError
from suasion.questions.sides import code_or_group

if TYPE_CHECKING:
    from suasion.world import World

BELLIGERENTS, WAR_SINCE = {"RUS", "UKR"}, 2022
"""A pair at war, and since when: what treaties promise is not kept."""
NOBODY = ("", "none")
"""What is written for an audience of nobody."""


@dataclass(frozen=True, slots=True)
class TiePair:
    """Two states, and the third parties whose markets are the other outlet of the first.

    a, b: Codes.
    tokens: Audience as codes and names of groups, without the pair, and without who has nobody in the table.
    """

    a: str
    b: str
    tokens: tuple[str, ...] = ()

    @property
    def audience(self) -> str:
        """Label of the audience in tables ("USA + EU"); empty without one."""
        from suasion.coercion.sides import side_name

        return side_name(self.tokens) if self.tokens else ""

    def missing(self, world: World) -> tuple[str, ...]:
        """Those of the two that the world's table has not."""
        return tuple(code for code in (self.a, self.b) if code not in world.countries)

    def members(self, world: World) -> tuple[str, ...]:
        """Codes of the audience's states that the table has, without the pair."""
        codes = _members(self.tokens, world)
        return tuple(code for code in codes if code in world.countries and code not in (self.a, self.b))

    def without(self, world: World) -> Iterator[tuple[str, tuple[Country, ...]]]:
        """Groups of the audience that hold one of the pair, and whom they are without here."""
        from suasion.sources.groups import is_group

        for token in self.tokens:
            out = [code for code in (self.a, self.b) if is_group(token) and code in _members((token,), world)]
            if out:
                yield token, tuple(map(Country, out))


def _members(tokens: Sequence[str], world: World) -> tuple[str, ...]:
    from suasion.sources.groups import expand

    return expand(list(tokens), world.year) if tokens else ()


def tie_pair(a: str, b: str, audience: Sequence[str] | None, world: World) -> TiePair:
    """Resolve all names of a pair and its audience.

    Raises SameCountryError if both names are one country.
    """
    from suasion.sources.countries import resolve_country

    pair = resolve_country(a), resolve_country(b)
    if pair[0] == pair[1]:
        raise SameCountryError(f"{a!r} and {b!r} are the same country ({pair[0]}). Name two different ones.")
    named = [token for token in audience or () if token.strip().lower() not in NOBODY]
    codes = dict.fromkeys(map(code_or_group, named))
    tokens = [code for code in codes if code not in pair]
    return TiePair(*pair, tuple(token for token in tokens if TiePair(*pair, (token,)).members(world)))


def outside(name: str, pair: TiePair, world: World) -> Finding:
    """Return why a question that needs the world's table has no answer on a pair."""
    missing = pair.missing(world)
    values: dict[str, Value] = {
        "a": Country(pair.a),
        "b": Country(pair.b),
        "missing": tuple(map(Country, missing)),
        "count": Quantity(len(world.countries), "count"),
        "year": world.year,
    }
    return Finding(f"{name}.outside_{'one' if len(missing) == 1 else 'both'}", values)
