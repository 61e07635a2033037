"""Where final sales go, from what else is known of a table: two logits, one for the share sold abroad, one for where.

The table says what every industry sells to industries and to whom, and what it sells for final use in all. The first
logit says how much of the latter leaves the country, the second which countries take it. Both are fitted on tables
whose destinations are known (``fit_destinations.py``) and applied to one whose destinations are not.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]

RIDGE, SLOPE_RIDGE = 1e-4, 3e-3
"""Penalties on main effects and on the slopes of single industries, where the weights of a year sum to one. Between
1e-5 and 1e-3 for the first the fits on WIOD differ by half a point of pairs (design study)."""
STEPS = 60
"""Newton steps at most; a dozen are enough."""


@dataclass(frozen=True)
class Known:
    """What is known of a table beside the destinations wanted, million USD; n buys, i sells, k is the industry.

    Parameters
    ----------
    intermediate : (n, i, k) sales to industries
    final : (i, k) all other sales of a seller, those outside the table included
    trade : (n, i) goods trade by customs, for countries without any the pattern of their sales to industries
    outside : (i,) exports outside the table over exports inside, by customs
    goods : (k,) whether the industry makes goods
    group : (k,) industry whose slopes it takes, as a position in the fitted list
    absorption : (n,) final purchases inside the table
    """

    intermediate: FloatArray
    final: FloatArray
    trade: FloatArray
    outside: FloatArray
    goods: npt.NDArray[np.bool_]
    group: npt.NDArray[np.int64]
    absorption: FloatArray

    @cached_property
    def abroad(self) -> FloatArray:
        """Sales to industries abroad, (n, i, k); home cells are zero."""
        found = self.intermediate.copy()
        size = np.arange(len(found))
        found[size, size] = 0.0
        return found


def _share(values: FloatArray, axis: int | tuple[int, ...] = 0) -> FloatArray:
    total = values.sum(axis=axis, keepdims=True)
    return np.asarray(np.divide(values, total, out=np.zeros_like(values), where=total > 0))


def _logit(share: FloatArray) -> FloatArray:
    kept = np.clip(share, 1e-4, 1 - 1e-4)
    return np.asarray(np.log(kept / (1 - kept)))


def _over(part: FloatArray, whole: FloatArray) -> FloatArray:
    return np.asarray(np.divide(part, whole, out=np.zeros_like(part), where=whole > 0))


def leaving_features(known: Known) -> FloatArray:
    """Return what the share sold abroad depends on, (i, k, feature); the first is one."""
    sold, out = known.intermediate.sum(0), known.abroad.sum(0)
    bought, imported = known.intermediate.sum(1), known.abroad.sum(1)
    output = sold + known.final
    weight = known.absorption / known.absorption.sum()
    shape = sold.shape
    special = _share(known.final) / weight[:, None]
    columns = [
        np.ones(shape),
        _logit(_over(out, sold)),
        _logit(_over(imported, bought)),
        _logit(_over(known.final, output)),
        np.log(np.clip(special, 1e-3, 1e3)),
        np.broadcast_to(np.log(weight)[:, None], shape),
        np.broadcast_to(_logit(_over(out.sum(1), sold.sum(1)))[:, None], shape),
        np.broadcast_to(_logit(_over(imported.sum(1), bought.sum(1)))[:, None], shape),
        np.broadcast_to(np.log1p(known.outside)[:, None], shape),
        np.broadcast_to(np.log(known.trade.sum(0) / known.absorption)[:, None], shape),
    ]
    return np.stack(columns, axis=-1)


def whither_features(known: Known) -> FloatArray:
    """Return what the choice of a buyer depends on, (n, i, k, feature)."""
    goods, services = known.abroad[:, :, known.goods].sum(2), known.abroad[:, :, ~known.goods].sum(2)
    shape = known.abroad.shape
    bought, imported = known.intermediate.sum(1), known.abroad.sum(1)

    def spread(values: FloatArray, axes: str) -> FloatArray:
        place = {
            "ni": (slice(None), slice(None), None),
            "nk": (slice(None), None),
            "n": (slice(None), None, None),
        }
        return np.broadcast_to(values[place[axes]], shape)

    columns = [
        np.log(_share(known.abroad) + 1e-5),
        spread(np.log(_share(known.trade) + 1e-4), "ni"),
        spread(np.log(_share(known.absorption)), "n"),
        spread(np.log(_share(imported) + 1e-5), "nk"),
        spread(np.log(_share(known.final) + 1e-5), "nk"),
        spread(np.log(_share(goods) + 1e-4), "ni"),
        spread(np.log(_share(services) + 1e-4), "ni"),
        spread(np.log(_share(bought) + 1e-5), "nk"),
        spread(np.log(_share(imported.sum(1))), "n"),
    ]
    return np.stack(columns, axis=-1)


LEAVING_SLOPES, WHITHER_SLOPES = 6, 6
"""Leading features that every industry has a slope of its own for (the constant of the first counted in)."""


@dataclass(frozen=True, slots=True)
class Logits:
    """Fitted coefficients of both logits.

    Parameters
    ----------
    leaving, leaving_goods : (feature,) main effects, and what goods add
    leaving_slopes : (industry, slope) what an industry adds
    whither, whither_goods, whither_slopes : the same for the choice of a buyer
    outside : (2,) constant of the alternative outside, and what goods add, before the log of the outside's size
    outside_slopes : (industry,)
    industries : names of the fitted list
    """

    leaving: FloatArray
    leaving_goods: FloatArray
    leaving_slopes: FloatArray
    whither: FloatArray
    whither_goods: FloatArray
    whither_slopes: FloatArray
    outside: FloatArray
    outside_slopes: FloatArray
    industries: tuple[str, ...]

    def to_json(self) -> str:
        """Return the coefficients as text, six digits each."""
        plain: dict[str, Any] = {"industries": list(self.industries)}
        for name in self.__dataclass_fields__:
            if name != "industries":
                plain[name] = [
                    [float(f"{x:.6g}") for x in row] if np.ndim(row) else float(f"{row:.6g}")
                    for row in getattr(self, name)
                ]
        return json.dumps(plain, indent=1) + "\n"

    @classmethod
    def read(cls, path: Path) -> Logits:
        """Read a file of coefficients."""
        plain = json.loads(path.read_text(encoding="utf-8"))
        arrays = {name: np.array(value) for name, value in plain.items() if name != "industries"}
        return cls(industries=tuple(plain["industries"]), **arrays)

    def share_abroad(self, known: Known) -> FloatArray:
        """Share of final sales that leaves the country, (i, k)."""
        x = leaving_features(known)
        score = x @ self.leaving + np.where(known.goods, x @ self.leaving_goods, 0.0)
        score += np.einsum("ikf,kf->ik", x[:, :, :LEAVING_SLOPES], self.leaving_slopes[known.group])
        return np.asarray(1.0 / (1.0 + np.exp(-score)))

    def scores(self, known: Known) -> tuple[FloatArray, FloatArray]:
        """Scores of buyers, (n, i, k), minus infinity at home, and of the outside, (i, k)."""
        x = whither_features(known)
        score = x @ self.whither + np.where(known.goods, x @ self.whither_goods, 0.0)
        score += np.einsum("nikf,kf->nik", x[..., :WHITHER_SLOPES], self.whither_slopes[known.group])
        size = np.arange(len(score))
        score[size, size] = -np.inf
        fixed = (
            self.outside[0] + np.where(known.goods, self.outside[1], 0.0) + self.outside_slopes[known.group]
        )
        return score, fixed[None, :] + np.log(np.maximum(known.outside, 1e-3))[:, None]


@dataclass(frozen=True, slots=True)
class Seed:
    """Final sales before any total is met, million USD: inside the table (n, i, k), and outside (i, k)."""

    inside: FloatArray
    outside: FloatArray


def seed(known: Known, logits: Logits, rho: FloatArray | None = None) -> Seed:
    """Spread final sales over buyers and the outside.

    Parameters
    ----------
    known : Known
    logits : Logits
    rho : ndarray, shape (industry,), optional
        All sales outside, inputs and final, over ``outside`` times all sales abroad inside; without it the fitted
        outside of the second logit holds.
    """
    leaving = logits.share_abroad(known) * known.final
    score, out = logits.scores(known)
    top = np.maximum(score.max(0), out)
    weight, away = np.exp(score - top), np.exp(out - top)
    if rho is None:
        total = weight.sum(0) + away
        inside, outside = leaving * weight / total, leaving * away / total
    else:
        # Sales outside are part of what leaves, and hold inputs too: x inside with x + rho o (Z + x) = what leaves.
        reach = rho[None, :] * known.outside[:, None]
        sold = known.abroad.sum(0)
        x = np.maximum((leaving - reach * sold) / (1 + reach), 0.1 * leaving)
        inside, outside = x * weight / weight.sum(0), np.minimum(reach * (sold + x), 0.9 * known.final)
    size = np.arange(len(inside))
    inside[size, size] = np.maximum(known.final - inside.sum(0) - outside, 0.02 * known.final)
    return Seed(inside, outside)


# --- fitting ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Truth:
    """A table with known destinations: final sales inside (n, i, k) and all sales outside (i, k)."""

    known: Known
    final: FloatArray
    outside: FloatArray


def fit(truths: Sequence[Truth], industries: Sequence[str]) -> Logits:
    """Fit both logits by weighted likelihood with a ridge; a row weighs as the root of its total."""
    leaving = _fit_leaving(truths, len(industries))
    whither = _fit_whither(truths, len(industries))
    return Logits(**leaving, **whither, industries=tuple(industries))


def _weights(truth: Truth, rows: FloatArray) -> FloatArray:
    root = np.sqrt(np.maximum(rows, 0.0))
    return np.asarray(root / root.sum())


def _blocks(features: FloatArray, goods: bool, slopes: FloatArray) -> FloatArray:
    """Design of one industry: main effects, what goods add, slopes of its own."""
    return np.concatenate([features, features if goods else np.zeros_like(features), slopes], axis=-1)


class _Fit:
    """Newton on a sum over industries, each with the shared columns first and columns of its own after them."""

    def __init__(self, shared: int, own: int, industries: int) -> None:
        self.shared, self.own = shared, own
        self.size = shared + own * industries
        self.penalty = np.concatenate([np.full(shared, RIDGE), np.full(own * industries, SLOPE_RIDGE)])

    def columns(self, industry: int) -> npt.NDArray[np.int64]:
        """Positions of an industry's coefficients."""
        start = self.shared + self.own * industry
        return np.concatenate([np.arange(self.shared), np.arange(start, start + self.own)])

    def run(self, pieces: Sequence[Any], step: Any) -> FloatArray:
        """Newton with halved steps; ``step`` gives loss, gradient and Hessian of a piece at its coefficients."""
        beta = np.zeros(self.size)
        loss, slope, curve = self._sum(beta, pieces, step)
        for _ in range(STEPS):
            move = np.linalg.solve(curve, slope)
            scale = 1.0
            while True:
                trial = beta - scale * move
                found = self._sum(trial, pieces, step)
                if found[0] <= loss + 1e-15 or scale < 1e-3:
                    break
                scale /= 2
            gain, beta = loss - found[0], trial
            loss, slope, curve = found
            if gain < 1e-13:
                break
        return beta

    def _sum(
        self, beta: FloatArray, pieces: Sequence[Any], step: Any
    ) -> tuple[float, FloatArray, FloatArray]:
        loss = 0.5 * float((self.penalty * beta**2).sum())
        slope, curve = self.penalty * beta, np.diag(self.penalty)
        for industry, piece in pieces:
            at = self.columns(industry)
            one, first, second = step(piece, beta[at])
            loss += one
            slope[at] += first
            curve[np.ix_(at, at)] += second
        return loss, slope, curve


def _fit_leaving(truths: Sequence[Truth], industries: int) -> dict[str, FloatArray]:
    pieces = []
    for truth in truths:
        known = truth.known
        x = leaving_features(known)
        size = np.arange(len(truth.final))
        away = truth.final.sum(0) - truth.final[size, size] + truth.outside
        share, weight = np.clip(_over(away, known.final), 0, 1), _weights(truth, known.final)
        for k, group in enumerate(known.group):
            design = _blocks(x[:, k], bool(known.goods[k]), x[:, k, :LEAVING_SLOPES])
            pieces.append((group, (design, share[:, k], weight[:, k])))
    count = x.shape[-1]
    newton = _Fit(2 * count, LEAVING_SLOPES, industries)
    beta = newton.run(pieces, _binary)
    return {
        "leaving": beta[:count],
        "leaving_goods": beta[count : 2 * count],
        "leaving_slopes": beta[2 * count :].reshape(industries, LEAVING_SLOPES),
    }


def _binary(piece: Any, beta: FloatArray) -> tuple[float, FloatArray, FloatArray]:
    design, share, weight = piece
    score = design @ beta
    chance = 1 / (1 + np.exp(-score))
    loss = float((weight * (np.logaddexp(0, score) - share * score)).sum())
    return (
        loss,
        design.T @ (weight * (chance - share)),
        (design * (weight * chance * (1 - chance))[:, None]).T @ design,
    )


def _fit_whither(truths: Sequence[Truth], industries: int) -> dict[str, FloatArray]:
    pieces = []
    for truth in truths:
        known, final = truth.known, truth.final.copy()
        x = whither_features(known)
        size = np.arange(len(final))
        final[size, size] = 0.0
        away = final.sum(0) + truth.outside
        weight = _weights(truth, away)
        for k, group in enumerate(known.group):
            pieces.append(
                (
                    group,
                    _choice_piece(known, x[:, :, k], final[:, :, k], truth.outside[:, k], weight[:, k], k),
                )
            )
    count = x.shape[-1]
    newton = _Fit(2 * count + 2, WHITHER_SLOPES + 1, industries)
    beta = newton.run(pieces, _choice)
    slopes = beta[2 * count + 2 :].reshape(industries, WHITHER_SLOPES + 1)
    return {
        "whither": beta[:count],
        "whither_goods": beta[count : 2 * count],
        "whither_slopes": slopes[:, :WHITHER_SLOPES],
        "outside": beta[2 * count : 2 * count + 2],
        "outside_slopes": slopes[:, WHITHER_SLOPES],
    }


def _choice_piece(
    known: Known, x: FloatArray, final: FloatArray, outside: FloatArray, weight: FloatArray, k: int
) -> tuple[FloatArray, ...]:
    """Design (i, n + 1, column), offsets and shares of an industry; the last alternative is the outside."""
    goods, (buyers, sellers, count) = bool(known.goods[k]), x.shape
    inside = _blocks(x, goods, x[..., :WHITHER_SLOPES])
    design = np.zeros((sellers, buyers + 1, 2 * count + 2 + WHITHER_SLOPES + 1))
    design[:, :buyers, : 2 * count] = inside[..., : 2 * count].transpose(1, 0, 2)
    design[:, :buyers, 2 * count + 2 : -1] = inside[..., 2 * count :].transpose(1, 0, 2)
    design[:, buyers, [2 * count, -1]] = 1.0
    design[:, buyers, 2 * count + 1] = float(goods)
    offset = np.zeros((sellers, buyers + 1))
    offset[np.arange(sellers), np.arange(sellers)] = -np.inf
    offset[:, buyers] = np.log(np.maximum(known.outside, 1e-3))
    flows = np.concatenate([final, outside[None]]).T
    return design, offset, _share(flows, 1), weight


def _choice(piece: Any, beta: FloatArray) -> tuple[float, FloatArray, FloatArray]:
    design, offset, share, weight = piece
    score = design @ beta + offset
    top = score.max(1, keepdims=True)
    chance = np.exp(score - top)
    total = chance.sum(1, keepdims=True)
    chance /= total
    logs = np.where(np.isfinite(score), score - top - np.log(total), 0.0)
    used = weight * share.sum(1)
    loss = -float((weight[:, None] * share * logs).sum())
    slope = np.einsum("in,inc->c", used[:, None] * chance - weight[:, None] * share, design)
    mean = np.einsum("in,inc->ic", chance, design)
    curve = np.einsum("in,inc,ind->cd", used[:, None] * chance, design, design, optimize=True)
    return loss, slope, curve - (mean * used[:, None]).T @ mean


def positions(
    names: Sequence[str], mapped: Mapping[str, str], fitted: Sequence[str]
) -> npt.NDArray[np.int64]:
    """Positions in the fitted list of the industries of a table."""
    place = {name: k for k, name in enumerate(fitted)}
    return np.array([place[mapped[name]] for name in names])
