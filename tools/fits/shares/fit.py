"""Fit quantiles of the change of shares, and the places at which they are read; needs scikit-learn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from suasion.extras import need
from suasion.outlook.learner.fan import SHORTEST, able, features, size_class
from suasion.outlook.learner.kept import Learner, Trees
from suasion.outlook.learner.record import RAW, ShareRecord, bands_of, places
from suasion.types import FloatArray

AGE = 0.93
"""Weight of an example for each year of age."""
MOST = 20_000
"""Examples from which trees are fitted, at most: more change little and cost time."""
FOLDS = 2
SETTINGS: dict[str, Any] = {
    "max_iter": 50,
    "max_leaf_nodes": 8,
    "learning_rate": 0.12,
    "min_samples_leaf": 80,
    "l2_regularization": 1.0,
    "early_stopping": False,
}


@dataclass(frozen=True, slots=True)
class Examples:
    """Examples of a horizon: features (n, F), change of the log odds (n,), class, weight, economy and origin."""

    x: FloatArray
    y: FloatArray
    classes: NDArray[np.intp]
    weights: FloatArray
    of: NDArray[np.str_]
    origin: NDArray[np.intp]


def examples(record: ShareRecord, horizon: int, last: int) -> Examples | None:
    """Examples whose outcome was known at the position ``last`` among the years; None where there are none."""
    parts = []
    for at in range(SHORTEST - 1, last - horizon + 1):
        rows = able(record, at)
        rows = rows[record.known[rows, at] & record.known[rows, at + horizon]]
        if rows.size:
            y = record.odds[rows, at + horizon] - record.odds[rows, at]
            age = np.full(rows.size, AGE ** (last - horizon - at))
            parts.append(
                (
                    features(record, rows, at),
                    y,
                    size_class(record, rows, at),
                    age,
                    record.panel.of[rows],
                    np.full(rows.size, at),
                )
            )
    if not parts:
        return None
    return Examples(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def fit(found: Examples, seed: int = 0) -> Learner:
    """Fit, and learn from economies left out where outcomes fall."""
    rng = np.random.default_rng(seed)
    chosen = rng.permutation(found.y.size)[:MOST]
    x, y, w = found.x[chosen], found.y[chosen], found.weights[chosen]
    economies, group = np.unique(found.of[chosen], return_inverse=True)
    fold = rng.permutation(economies.size)[group] % FOLDS
    scores = np.empty(y.size)
    for k in range(FOLDS):
        apart = fold == k
        made = _models(x[~apart], y[~apart], w[~apart])
        raw = np.sort(np.column_stack([one.predict(x[apart]) for one in made]), axis=1)
        scores[apart] = places(raw, y[apart])
    bands = bands_of(scores, found.classes[chosen], w, _wider(scores, found.origin[chosen]))
    return Learner(tuple(_trees_of(one) for one in _models(x, y, w)), bands)


def _wider(scores: FloatArray, origin: NDArray[np.intp]) -> float:
    ends = [np.quantile(np.abs(scores[origin == at]), 0.9) for at in np.unique(origin)]
    return 1.0 + float(np.std(ends) / np.mean(ends))


def _models(x: FloatArray, y: FloatArray, w: FloatArray) -> list[Any]:
    ensemble = need("sklearn.ensemble")
    return [
        ensemble.HistGradientBoostingRegressor(loss="quantile", quantile=q, random_state=0, **SETTINGS).fit(
            x, y, sample_weight=w
        )
        for q in RAW
    ]


def _upwards(limits: FloatArray) -> NDArray[np.float32]:
    """Limits as single numbers that are not below: a value on its limit goes left as before."""
    single = limits.astype(np.float32)
    return np.asarray(np.where(single < limits, np.nextafter(single, np.float32(np.inf)), single))


def _trees_of(model: Any) -> Trees:
    """Arrays of a fitted model."""
    nodes = [one[0].nodes for one in model._predictors]
    size = max(len(part) for part in nodes)

    def laid(name: str, kind: type, empty: float) -> NDArray[Any]:
        out: NDArray[Any] = np.full((len(nodes), size), empty, dtype=kind)
        for t, part in enumerate(nodes):
            out[t, : len(part)] = part[name]
        return out

    leaf = laid("is_leaf", bool, True)
    feature = np.where(leaf, -1, laid("feature_idx", np.int8, -1)).astype(np.int8)
    base = float(np.ravel(model._baseline_prediction)[0])
    return Trees(
        base,
        feature,
        _upwards(laid("num_threshold", np.float64, 0)),
        laid("left", np.int8, 0),
        laid("right", np.int8, 0),
        laid("value", np.float32, 0),
    )
