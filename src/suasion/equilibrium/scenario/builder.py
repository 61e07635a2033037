"""The workbench on which a scenario's instruments lay their cells, one after the other."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np

from suasion.equilibrium.scenario.places import Party, pairs, party, sector_mask
from suasion.equilibrium.types import FLOWS, FlowTerms, Limit, Shock, Use
from suasion.equilibrium.uses import touched
from suasion.errors import Doubt, ImplausibleInputWarning, ScenarioError
from suasion.remarks import Remark, Topic
from suasion.types import BoolArray, FloatArray

if TYPE_CHECKING:
    from suasion.world import World

Direction = Literal["both", "imports", "exports"]
Mode = Literal["add", "set"]
Tax = Literal["tariff", "export_tax"]
USES: tuple[Use, ...] = get_args(Use)

#: Rate above which per cent may have been meant, and factor above or below which a change in per cent may have been.
#: Assumptions: the tariffs of the trade war of 2025 reached 1.45, and no cost or endowment on record moved fivefold.
_UNUSUAL_RATE, _UNUSUAL_FACTOR = 2.0, 5.0
#: Part of what the senders earn above which dollars may have been meant. Assumption: reparations stayed below.
_UNUSUAL_PART = 0.2


@dataclass(slots=True)
class ShockBuilder:
    """Arrays of a shock in the making; arrays that no instrument touches stay None.

    world: labels and base values.
    year: year that dates the groups.
    own: arrays of rates made here, by identity; held, so that no identity is used again.
    """

    world: World
    year: int
    terms: dict[Use, FlowTerms] = field(default_factory=lambda: dict.fromkeys(USES, FlowTerms()))
    productivity: FloatArray | None = None
    endowments: FloatArray | None = None
    transfer: FloatArray | None = None
    limits: list[Limit] = field(default_factory=list)
    labels: list[Remark] = field(default_factory=list)
    notes: list[Remark] = field(default_factory=list)
    doubts: list[ImplausibleInputWarning] = field(default_factory=list)
    rated: dict[tuple[Tax, Use], BoolArray] = field(default_factory=dict)
    own: dict[int, FloatArray] = field(default_factory=dict)
    sides: dict[tuple[str, ...], Party] = field(default_factory=dict)
    sectors: dict[tuple[str, ...] | None, BoolArray] = field(default_factory=dict)

    @property
    def shape(self) -> tuple[int, int, int]:
        """Size of (importer, exporter, sector)."""
        size = len(self.world.countries)
        return size, size, len(self.world.sectors)

    def say(self, note: Remark) -> None:
        """Add a note once."""
        if note not in self.notes:
            self.notes.append(note)

    def doubt(self, about: Doubt, **values: float) -> None:
        """Add a question once."""
        question = ImplausibleInputWarning(about, values)
        if question not in self.doubts:
            self.doubts.append(question)

    def _doubt_factor(self, factor: float) -> None:
        if not 1.0 / _UNUSUAL_FACTOR <= factor <= _UNUSUAL_FACTOR:
            part = factor / 100
            self.doubt(Doubt.FACTOR, factor=factor, left=100 * factor, more=1 + part, less=1 - part)

    def _side(self, tokens: Sequence[str]) -> Party:
        """One side, read once: laws name the same states thousands of times."""
        key = tuple(tokens)
        if key not in self.sides:
            self.sides[key] = party(tokens, self.world, self.year)
        return self.sides[key]

    def economies(self, tokens: Sequence[str]) -> BoolArray:
        """Mask (country,) of one side."""
        side = self._side(tokens)
        for note in side.notes:
            self.say(note)
        return side.mask

    def pairs(self, senders: Sequence[str], targets: Sequence[str]) -> BoolArray:
        """Mask (sender, target) without trade of an economy with itself."""
        sides = [self._side(tokens) for tokens in (senders, targets)]
        mask, overlap = pairs(sides[0], sides[1], self.world)
        for note in (*sides[0].notes, *sides[1].notes, *overlap):
            self.say(note)
        return mask

    def cells(
        self,
        senders: Sequence[str],
        targets: Sequence[str],
        sectors: Sequence[str] | None,
        direction: Direction,
    ) -> BoolArray:
        """Mask (importer, exporter, sector) of what senders buy from targets, sell to them, or both."""
        mask = self.pairs(senders, targets)
        flow = {"imports": mask, "exports": mask.T, "both": mask | mask.T}[direction]
        key = None if sectors is None else tuple(sectors)
        if key not in self.sectors:
            self.sectors[key] = sector_mask(sectors, self.world)
        return flow[:, :, None] & self.sectors[key]

    def _change(self, use: Use | None, change: Callable[[FlowTerms], FlowTerms]) -> None:
        """Change the terms of one use, or of both; what is the same for both is kept once."""
        if use is None and self.terms["inputs"] is self.terms["final"]:
            self.terms = dict.fromkeys(USES, change(self.terms["inputs"]))
            return
        new = {which: change(self.terms[which]) for which in USES if use in (which, None)}
        self.terms = {**self.terms, **new}

    def _scale(
        self, name: Literal["trade_cost", "left"], cells: BoolArray, factor: float, use: Use | None
    ) -> None:
        def change(terms: FlowTerms) -> FlowTerms:
            base = np.ones(self.shape) if getattr(terms, name) is None else getattr(terms, name)
            return _with(terms, name, np.where(cells, base * factor, base))

        self._change(use, change)

    def add_cut(self, cells: BoolArray, use: Use | None = None) -> None:
        """Set flows to exactly zero."""
        self._change(use, lambda t: replace(t, cut=cells if t.cut is None else t.cut | cells))

    def scale_trade_cost(self, cells: BoolArray, factor: float, use: Use | None = None) -> None:
        """Multiply iceberg costs."""
        self._doubt_factor(factor)
        self._scale("trade_cost", cells, factor, use)

    def remove_share(self, cells: BoolArray, share: float, use: Use | None = None) -> None:
        """Take a part of flows away, on top of what others took of the rest; all of it is a cut."""
        if share == 1.0:
            self.add_cut(cells, use)
        else:
            self._scale("left", cells, 1.0 - share, use)

    def change_rate(
        self,
        name: Tax,
        cells: BoolArray,
        rate: float,
        mode: Mode,
        use: Use | None = None,
        coverage: float = 1.0,
    ) -> None:
        """Add to, or set, a tax rate on a part of flows; the base is the world's own."""

        def known(terms: FlowTerms) -> FlowTerms:
            rates: FloatArray | None = getattr(terms, name)
            return terms if rates is not None else _with(terms, name, self.world.array(name))

        def change(terms: FlowTerms) -> FlowTerms:
            # An array that this builder made, and that no other use reads, is changed in place: a schedule has
            # hundreds of rates, and each copy is of all flows.
            rates: FloatArray = getattr(terms, name)
            new = rates if id(rates) in self.own and (alike or not shared) else rates.copy()
            self.own[id(new)] = new
            base = new[cells]
            new[cells] = coverage * rate + (base if mode == "add" else (1.0 - coverage) * base)
            return _with(terms, name, new)

        self._change(None, known)  # of the other use too: its rates are then told from none
        self._doubt_replaced(name, cells, rate, mode, use)
        ends = [self.terms[one] for one in USES]
        alike = use is None and ends[0] is ends[1]
        shared = getattr(ends[0], name) is getattr(ends[1], name)
        self._change(use, change)
        if rate > _UNUSUAL_RATE:
            self.doubt(Doubt.RATE, rate=rate, percent=100 * rate, meant=rate / 100)
        if name in self.world.missing:
            self.say(Remark(Topic.RATES_UNKNOWN, {"tax": name.replace("_", " ")}))

    def _doubt_replaced(self, name: Tax, cells: BoolArray, rate: float, mode: Mode, use: Use | None) -> None:
        """Ask about cells whose rate another instrument changed already and this one sets anew."""
        twice: BoolArray = np.zeros(int(cells.sum()), bool)
        for one in USES if use is None else (use,):
            before = self.rated.setdefault((name, one), np.zeros(self.shape, bool))
            if mode == "set":
                twice |= before[cells] & (getattr(self.terms[one], name)[cells] != rate)
            before |= cells
        if count := int(twice.sum()):
            self.doubt(Doubt.REPLACED, count=count, percent=100 * rate)

    def scale_productivity(self, cells: BoolArray, factor: float) -> None:
        """Multiply productivity of (country, sector)."""
        self._doubt_factor(factor)
        base = np.ones(self.shape[1:]) if self.productivity is None else self.productivity
        self.productivity = np.where(cells, base * factor, base)

    def scale_endowments(self, economies: BoolArray, factor: float) -> None:
        """Multiply endowments of (country,)."""
        self._doubt_factor(factor)
        base = np.ones(self.shape[0]) if self.endowments is None else self.endowments
        self.endowments = np.where(economies, base * factor, base)

    def add_transfer(self, pairs: BoolArray, amount: float) -> None:
        """Move million USD of income, each side of (sender, target) sharing by its value added."""
        size = self.world.array("value_added").sum(axis=1)
        sides = (pairs.sum(axis=1) > 0, pairs.sum(axis=0) > 0)
        give, take = (np.where(side, size, 0.0) / size[side].sum() for side in sides)
        if amount > _UNUSUAL_PART * size[sides[0]].sum():
            part = amount / size[sides[0]].sum()
            self.doubt(Doubt.AMOUNT, amount=amount, part=100 * part, meant=amount / 1e6)
        base = np.zeros(self.shape[0]) if self.transfer is None else self.transfer
        self.transfer = base + amount * (take - give)

    def add_limit(self, new: Limit) -> None:
        """Add a quota or price cap; of two quotas on a flow the tighter holds."""
        if new.kind == "quota" and new.bound == 0.0:
            self.add_cut(new.cells, new.use)
            self.say(Remark(Topic.ZERO_QUOTA, {}))
            return
        kept: list[Limit] = []
        for old in self.limits:
            looser, new = _tighter(old, new)
            kept.extend([looser] if looser.cells.any() else [])
        self.limits = [*kept, new] if new.cells.any() else kept

    def shock(self) -> Shock:
        """Finished shock, read-only; cut flows carry no quota and no tax change."""
        limits = tuple(limit for limit in map(self._without_cut, self.limits) if limit.cells.any())
        inputs, final = self.terms["inputs"], self.terms["final"]
        for terms, name in itertools.product((inputs, final), ("tariff", "export_tax")):
            _check_rates(name, getattr(terms, name), self.world)
        arrays = {name: getattr(inputs, name) for name in FLOWS}
        arrays |= {name: getattr(self, name) for name in ("productivity", "endowments", "transfer")}
        frozen = [
            *arrays.values(),
            *(getattr(final, name) for name in FLOWS),
            *(limit.cells for limit in limits),
        ]
        for array in frozen:
            if array is not None:
                array.flags.writeable = False
        found = Shock(
            **arrays,
            limits=limits,
            labels=(*self.labels, *self.notes),
            doubts=tuple(self.doubts),
            final=None if final is inputs else final,
        )
        _check_limits(found, self.world)
        return found

    def _without_cut(self, limit: Limit) -> Limit:
        cells = limit.cells
        cuts = [self.terms[use].cut for use in USES if limit.use in (use, None)]
        gone = [np.zeros_like(cells) if cut is None else cut for cut in cuts]
        return replace(limit, cells=cells & ~np.logical_and.reduce(gone))


def _with(terms: FlowTerms, name: str, array: FloatArray) -> FlowTerms:
    """FlowTerms with one array replaced."""
    changed: dict[str, Any] = {name: array}
    return replace(terms, **changed)


def _check_limits(shock: Shock, world: World) -> None:
    """Refuse a bound on all purchases of a good whose terms differ by use: one wedge cannot hold it."""
    if not shock.by_use:
        return
    goods = touched(shock)
    for limit in shock.limits:
        shared = limit.cells[..., goods].any((0, 1))
        if limit.use is None and shared.any():
            raise ScenarioError(
                f"Another measure sets terms for one use of {world.sectors[goods[shared.argmax()]]}, while this one "
                f'bounds all purchases of it: "{limit.label}" Say with `use` which purchases are bound.'
            )


def _tighter(old: Limit, new: Limit) -> tuple[Limit, Limit]:
    """Take from each limit the flows where the other is tighter; raise where one wedge cannot meet both."""
    if None not in (old.use, new.use) and old.use != new.use:
        return old, new
    if old.use != new.use and (old.cells & new.cells).any():
        raise ScenarioError(
            "One limit binds all purchases of a flow and another those of one use. Keep one of them."
        )
    if old.kind == new.kind == "quota":
        both = old.cells & new.cells
        keeps_old = old.bound <= new.bound
        left = old if keeps_old else replace(old, cells=old.cells & ~both)
        right = replace(new, cells=new.cells & ~both) if keeps_old else new
        return left, right
    if old.kind == new.kind and (old.cells.any(axis=0) & new.cells.any(axis=0)).any():
        raise ScenarioError(
            "Two price caps bind the same seller and sector: its producer price can have one bound only. "
            "Join their senders in one cap."
        )
    if old.kind != new.kind and (old.cells & new.cells).any():
        raise ScenarioError("A quota and a price cap bind the same flow. Keep one, or split their sectors.")
    return old, new


def _check_rates(name: str, rates: FloatArray | None, world: World) -> None:
    """Raise where instruments together bring a rate to -100 % or below."""
    if rates is None or bool((rates > -1.0).all()):
        return
    n, i, k = (int(x) for x in np.argwhere(rates <= -1.0)[0])
    raise ScenarioError(
        f"The instruments together bring the {name.replace('_', ' ')} of {world.sectors[k]} from "
        f"{world.countries[i]} to {world.countries[n]} to {rates[n, i, k]:g}; a rate must stay above -1."
    )
