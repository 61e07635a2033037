"""The flexible rival of the logit: boosted trees whose signs are held where theory is sure.

It is there for comparison. If it does no better out of sample, the logit's simple form costs nothing.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from suasion.extras import need

FloatArray = npt.NDArray[np.float64]

SIGNS = {
    "rivals_shared": 1,
    "allies_shared": 1,
    "promises": 1,
    "ideal_distance": -1,
    "distance": -1,
    "trade_dependence": 1,
}
"""Directions in which the hazard of forming may move; for ending, the reverse of those that it shares."""


def fit_trees(
    x: FloatArray, y: npt.NDArray[np.bool_], weights: FloatArray, names: tuple[str, ...], ending: bool
) -> Any:
    """Fit boosted trees of depth 3.

    Parameters
    ----------
    x : (n, K)
        Raw covariates; NaN goes its own way at each split.
    y : (n,) bool
    weights : (n,)
    names : tuple of str
        Names of the covariates.
    ending : bool
        Whether the event is the end of a pact.

    Returns
    -------
    object
        With ``predict_proba``.

    Raises
    ------
    MissingPackageError
        If scikit-learn is not installed.
    """
    ensemble = need("sklearn.ensemble")
    signs = [SIGNS.get(n, 0) * (-1 if ending else 1) for n in names]
    trees = ensemble.HistGradientBoostingClassifier(
        learning_rate=0.05,
        max_iter=80,
        max_depth=3,
        min_samples_leaf=40,
        l2_regularization=5.0,
        max_bins=63,
        monotonic_cst=signs,
        early_stopping=False,
        random_state=0,
    )
    return trees.fit(x, y, sample_weight=weights)
