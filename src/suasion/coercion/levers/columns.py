"""From a file of levers to moves on an economy: one column for each lever of each member of the audience."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from suasion.coercion.frontier.policy_space import Move, country_mask, flows_between
from suasion.coercion.levers.file import LeverModel, LeversModel
from suasion.coercion.levers.redlines import Lines
from suasion.coercion.outcomes import Side, members, side_name
from suasion.equilibrium.accounts import Accounts
from suasion.equilibrium.scenario.places import sector_mask
from suasion.errors import InputError, NotInWorldError, SameCountryError
from suasion.sources.groups import is_group
from suasion.types import BoolArray
from suasion.world import World

LeftOut = tuple[str, tuple[str, ...]]
"""Somebody or something that is left out, and because of whom."""

#: Owner of a lever that all members of the audience must use together.
TOGETHER = "all together"


@dataclass(frozen=True, slots=True)
class Parties:
    """Who acts on whose tie.

    a, b: the pair.
    audience: those who act, as asked.
    owners: members of the audience that can act alone: those asked, and the largest state of each group among
      them.
    masks: of each owner, bool (N,); a group acts without the members of it that are one of the two.
    pair: masks of a and of b.
    left_out: groups that act without some members, whose tie it is, and those.
    """

    world: World
    a: str
    b: str
    audience: tuple[str, ...]
    owners: tuple[str, ...]
    masks: tuple[BoolArray, ...]
    pair: tuple[BoolArray, BoolArray]
    left_out: tuple[LeftOut, ...] = ()

    @property
    def whole(self) -> BoolArray:
        """Countries of the audience, bool (N,)."""
        return np.asarray(np.logical_or.reduce([self.mask(name) for name in self.audience]))

    def mask(self, owner: str) -> BoolArray:
        """Countries of an owner, bool (N,)."""
        return self.whole if owner == TOGETHER else self.masks[self.owners.index(owner)]

    def coalitions(self) -> tuple[tuple[str, ...], ...]:
        """Every owner alone, and the whole audience."""
        alone = tuple((owner,) for owner in self.owners)
        return alone if len(self.audience) == 1 else (*alone, self.audience)


def parties_of(world: World, a: str, b: str, audience: Sequence[str], base: Accounts) -> Parties:
    """Resolve the parties of a question.

    a, b: countries of the tie.
    audience: countries and groups that act.
    base: accounts, for the largest state of a group.
    Raises InputError: Nobody acts, or a party is named twice.
    Raises SameCountryError: A country of the pair is named in the audience, or the pair is one country.
    """
    if not audience or len(set(audience)) < len(audience):
        raise InputError("Name the audience: one or more countries or groups, each once.")
    pair = country_mask(world, a), country_mask(world, b)
    masks = {name: country_mask(world, name) for name in audience}
    left_out = []
    for name, mask in masks.items():
        inside = mask & (pair[0] | pair[1])
        if is_group(name) and inside.any() and not (mask == inside).all():
            masks[name] = mask = mask & ~inside
            codes = tuple(code for code, within in zip(world.countries, inside, strict=True) if within)
            left_out.append((name, codes))
        if is_group(name) and mask.sum() > 1:
            largest = world.countries[int(np.where(mask, base.income, -np.inf).argmax())]
            if largest not in masks:
                masks = {largest: country_mask(world, largest), **masks}
    named = [name for name, mask in masks.items() if (mask & (pair[0] | pair[1])).any()]
    if named or (pair[0] & pair[1]).any():
        raise SameCountryError(
            f"{', '.join(named) or a} is on two sides. Name a pair, and an audience outside it."
        )
    return Parties(world, a, b, tuple(audience), tuple(masks), tuple(masks.values()), pair, tuple(left_out))


@dataclass(frozen=True, slots=True)
class LeverColumn:
    """One lever in one hand.

    lever: name in the file.
    owner: who uses it.
    move: what it does to the economy at full use.
    low, high: range of use.
    discrete: a yes-or-no decision.
    least, most: effect at the ends of the range of its size, over the effect at its size, to the first order.
    basis: source or assumption.
    """

    lever: str
    owner: str
    move: Move
    low: float
    high: float
    discrete: bool
    least: float
    most: float
    basis: str


def columns_of(
    parties: Parties, model: LeversModel, base: Accounts
) -> tuple[tuple[LeverColumn, ...], tuple[LeftOut, ...]]:
    """Give each lever to each owner.

    parties: who acts on whose tie.
    model: levers of a file.
    base: accounts: flows that do not exist cannot be moved.
    Returns: Columns; and levers that are left out, each with who would have to act too: nobody for one
      without any flow in this world.
    """
    found: list[LeverColumn] = []
    unused: list[LeftOut] = []
    for lever in model.levers:
        owners = parties.owners if lever.each else (TOGETHER,)
        absent = [] if lever.each else _absent(parties, lever)
        tried = () if absent else owners
        made = [column for owner in tried if (column := _column(parties, lever, owner, base)) is not None]
        if not made:
            unused.append((lever.name, tuple(absent)))
        found += made
    if not found:
        raise InputError("No lever of the file moves a flow of this world. Check its parties and sectors.")
    return tuple(found), tuple(unused)


def _column(parties: Parties, lever: LeverModel, owner: str, base: Accounts) -> LeverColumn | None:
    share = 1.0 if "audience" in (*lever.buyers, *lever.sellers) else _stake(parties, lever, owner, base)
    if lever.kind == "transfer":
        move = _transfer(parties, lever, owner, base)
    else:
        buyers, sellers = (_side(parties, names, owner) for names in (lever.buyers, lever.sellers))
        where = flows_between(buyers, sellers, _sectors(parties.world, lever)) & (
            base.pi.transpose(1, 2, 0) > 0
        )
        move = Move(f"{owner}: {lever.name}", lever.kind, where, share * float(np.log1p(lever.size)))
    if not np.any(move.where):
        return None
    ends = _ends(lever)
    return LeverColumn(lever.name, owner, move, lever.low, lever.high, lever.discrete, *ends, lever.basis)


def _ends(lever: LeverModel) -> tuple[float, float]:
    """Effects at the ends of a size's range over that at the size; one where full use does nothing."""
    sizes = np.array([lever.size, *lever.range])
    size, *ends = sizes if lever.kind == "transfer" else np.log1p(sizes)
    low, high = sorted(float(end / size) if size else 1.0 for end in ends)
    return low, high


def _sectors(world: World, lever: LeverModel) -> BoolArray:
    try:
        return sector_mask(lever.sectors, world)
    except NotInWorldError as error:
        own = " Levers are written for the sectors of one world; give a file of your own for this one."
        raise type(error)(f"Lever {lever.name}: {error}{own}") from error


def _absent(parties: Parties, lever: LeverModel) -> list[str]:
    """Who would have to act too, for a lever that takes all together, and is not in the audience."""
    return [name for name in lever.whole or () if (_others(parties, name) & ~parties.whole).any()]


def _stake(parties: Parties, lever: LeverModel, owner: str, base: Accounts) -> float:
    """Share of an owner in b's sales to those whose joint use is full use: what it can threaten b with."""
    trade = base.receipts.sum(0)[:, parties.pair[1]].sum(1)
    mask = np.logical_or.reduce([parties.whole, *(_others(parties, name) for name in lever.whole or ())])
    whole = float(trade[mask].sum())
    return float(trade[parties.mask(owner)].sum()) / whole if whole > 0.0 else 0.0


def _side(parties: Parties, names: Sequence[str], owner: str) -> BoolArray:
    own = {"audience": parties.mask(owner), "a": parties.pair[0], "b": parties.pair[1]}
    masks = [own[name] if name in own else _others(parties, name) for name in names]
    return np.asarray(np.logical_or.reduce(masks))


def _others(parties: Parties, name: Side) -> BoolArray:
    """A third party; one that this world does not hold has no flows."""
    try:
        mask = np.isin(parties.world.countries, members(parties.world, name))
    except NotInWorldError:
        mask = np.zeros(len(parties.world.countries), dtype=bool)
    return np.asarray(mask & ~parties.pair[0] & ~parties.pair[1])


def _transfer(parties: Parties, lever: LeverModel, owner: str, base: Accounts) -> Move:
    """Income moved from sellers to buyers, in proportion to what they spend; an owner gives its share of the whole."""
    take, give = (_side(parties, names, owner) for names in (lever.buyers, lever.sellers))
    whole = parties.whole if "audience" in lever.sellers else give
    part = float(base.income[give].sum() / base.income[whole].sum()) if give.any() else 0.0
    amounts = np.zeros(base.income.size)
    if take.any() and give.any():
        amounts += lever.size * part * np.where(take, base.income, 0.0) / base.income[take].sum()
        amounts -= lever.size * part * np.where(give, base.income, 0.0) / base.income[give].sum()
    return Move(f"{owner}: {lever.name}", "transfer", amounts)


def available(columns: Sequence[LeverColumn], coalition: Sequence[str], audience: Sequence[str]) -> BoolArray:
    """Return the columns that a coalition has: those of its members, and what all do together if all are in it."""
    everybody = set(audience) <= set(coalition)
    return np.array([c.owner in coalition or (c.owner == TOGETHER and everybody) for c in columns])


def red_lines(model: LeversModel, columns: Sequence[LeverColumn]) -> Lines:
    """Return the red lines of a file on these columns; one on levers that nobody has binds nobody.

    model: file.
    columns: levers in hands.
    """
    rows = [[red.limits.get(column.lever, 0.0) for column in columns] for red in model.red_lines]
    return Lines(
        tuple(red.name for red in model.red_lines),
        np.array(rows).reshape(len(rows), len(columns)),
        np.array([red.at_most for red in model.red_lines]),
    )


def party_name(parties: Parties, coalition: Sequence[str]) -> str:
    """Name of a coalition as printed."""
    return side_name(list(coalition)) if coalition else "nobody"
