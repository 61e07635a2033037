"""The production network behind a world: who feeds whom, directly and through all stages.

``Z[ik, ns]`` is what sector ``s`` of country ``n`` buys of input ``k`` from ``i`` (basic prices), ``x``
output, ``A = Z diag(x)^-1`` and ``L = (I - A)^-1``. Only products of L with a few vectors are ever needed,
so L is never formed: the systems are solved by iteration, the domestic blocks (which hold most of A)
inverted exactly.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from suasion.errors import ConvergenceError
from suasion.quotient import over
from suasion.solvers.threads import one_thread
from suasion.types import FloatArray
from suasion.world.prepared import Prepared

if TYPE_CHECKING:
    from suasion.world import World

TOLERANCE = 1e-12
"""Largest residual relative to the right-hand side; the error of a share is at most a few times that."""
MAX_ITERATIONS = 2000
ACCELERATED = 60
"""Most steps of the accelerated start; tables of national accounts need about 13."""
MEMORY = 5
"""Earlier steps kept to make a new one conjugate; more did not save steps on tables of 80 economies."""


Operator = Callable[[FloatArray], FloatArray]


@dataclass(frozen=True, slots=True)
class FullLinks:
    """Use matrix Z stored in full: ``use`` (exporter, input, importer, user), million USD.

    Vectors are (country x sector, m).

    A few rows times the matrix are read from memory in 60 per cent of the time of the matrix times a few columns.
    """

    use: FloatArray

    def _matrix(self) -> FloatArray:
        size = self.use.shape[0] * self.use.shape[1]
        return self.use.reshape(size, size)

    def bought(self, y: FloatArray) -> FloatArray:
        """Return Z' y: for each user, purchases weighted by ``y`` of the supplier."""
        return np.ascontiguousarray((y.T @ self._matrix()).T)

    def sold(self, y: FloatArray) -> FloatArray:
        """Return Z y: for each supplier, sales weighted by ``y`` of the user."""
        return np.ascontiguousarray((y.T @ self._matrix().T).T)

    def domestic(self) -> FloatArray:
        """Return the own-country blocks (country, input, user), million USD."""
        n = np.arange(self.use.shape[0])
        return self.use[n, :, n, :]


@dataclass(frozen=True, slots=True)
class ProportionalLinks:
    """Use matrix by assumption: all users of an input in a country buy it from the same mix of origins.

    ``mix`` (importer, exporter, input) is basic value per unit of spending at user prices, ``spending``
    (country, user, input) that spending. Z is their product and never stored.
    """

    mix: FloatArray
    spending: FloatArray

    def bought(self, y: FloatArray) -> FloatArray:
        """Return Z' y."""
        n, s, _ = self.spending.shape
        priced = np.einsum("nik,ikm->nkm", self.mix, y.reshape(n, s, -1))
        return np.asarray(np.matmul(self.spending, priced).reshape(n * s, -1))

    def sold(self, y: FloatArray) -> FloatArray:
        """Return Z y."""
        n, s, _ = self.spending.shape
        spent = np.matmul(self.spending.transpose(0, 2, 1), y.reshape(n, s, -1))
        return np.asarray(np.einsum("nik,nkm->ikm", self.mix, spent).reshape(n * s, -1))

    def domestic(self) -> FloatArray:
        """Return the own-country blocks (country, input, user)."""
        n = np.arange(self.mix.shape[0])
        return self.mix[n, n][:, :, None] * self.spending.transpose(0, 2, 1)


Links = FullLinks | ProportionalLinks
"""Products with the use matrix, whatever its storage."""


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Network:
    """Input-output system of a world, ready to be solved.

    Attributes
    ----------
    links : Links
        Products with the use matrix.
    output, value_added : ndarray
        (country, sector), million USD.
    final : ndarray
        (importer, exporter, sector), million USD at basic prices.
    domestic_inverse : ndarray
        (country, input, user): (I - A_nn)^-1 of each country's own block.
    kind : str
        ``"observed"``: the table tells the origin of inputs user by user. ``"proportional"``: one mix of
        origins for all users of an input in a country.
    """

    links: Links
    output: FloatArray
    value_added: FloatArray
    final: FloatArray
    domestic_inverse: FloatArray
    kind: str

    def embodied(self, weights: FloatArray) -> FloatArray:
        """Return L' weights: content of each product, through all stages, of what ``weights`` counts.

        Parameters
        ----------
        weights : ndarray
            (country x sector, m): what is counted per unit of each supplier's output.

        Returns
        -------
        ndarray
            (country x sector, m): content per unit of each product.
        """
        scale = _inverse(self.output)
        transposed = self.domestic_inverse.transpose(0, 2, 1)
        return _solve(lambda y: scale * self.links.bought(y), transposed, weights)

    def required(self, demand: FloatArray) -> FloatArray:
        """Return L demand: output that final purchases ``demand`` need at all stages.

        Parameters
        ----------
        demand : ndarray
            (country x sector, m), million USD.

        Returns
        -------
        ndarray
            (country x sector, m), million USD.
        """
        scale = _inverse(self.output)
        return _solve(lambda y: self.links.sold(scale * y), self.domestic_inverse, demand)


_NETWORKS: Prepared[Network] = Prepared(1)


def network(world: World) -> Network:
    """Prepare the production network of a world, once.

    Parameters
    ----------
    world : World
        Its full use matrix serves where it has one, else the proportional assumption.

    Returns
    -------
    Network

    Raises
    ------
    ConvergenceError
        If a country's own block has no inverse: its sectors buy from each other without adding value.
    """
    return _NETWORKS.get(world, "network", lambda: _network(world))


@one_thread()
def _network(world: World) -> Network:
    use = world.use
    links: Links = _proportional(world) if use is None else FullLinks(np.ascontiguousarray(use))
    output = world.array("output")
    block = links.domestic() * _inverse(output).reshape(len(world.countries), 1, -1)
    try:
        inverse: FloatArray = np.asarray(np.linalg.inv(np.eye(len(world.sectors)) - block))
    except np.linalg.LinAlgError as error:
        raise ConvergenceError(
            "A country's sectors buy from each other without adding value: input content has no answer."
        ) from error
    return Network(
        links=links,
        output=output,
        value_added=world.array("value_added"),
        final=world.array("final"),
        domestic_inverse=inverse,
        kind="proportional" if use is None else world.use_kind,
    )


def _proportional(world: World) -> ProportionalLinks:
    spending = world.array("input_use")
    flow = world.array("intermediate")
    mix = over(flow, spending.sum(axis=1)[:, None, :])
    return ProportionalLinks(mix=mix, spending=spending)


def _inverse(output: FloatArray) -> FloatArray:
    """Return 1 / output as a column, zero where nothing is produced."""
    return over(1.0, output.reshape(-1, 1))


@one_thread()
def _solve(apply: Operator, blocks: FloatArray, rhs: FloatArray) -> FloatArray:
    """Solve ``y - apply(y) = rhs``, correcting by the exact solution within each country.

    For a table whose sectors all add value this splitting always converges (A is non-negative with spectral
    radius below 1). It starts from an accelerated guess, which mostly leaves it only the residual to check.
    """
    scale = np.abs(rhs).max(axis=0)
    y = _accelerated(apply, blocks, rhs)
    for _ in range(MAX_ITERATIONS):
        residual = rhs - y + apply(y)
        if (np.abs(residual).max(axis=0) <= TOLERANCE * scale).all():
            return y
        y = y + _correct(blocks, residual)
    raise ConvergenceError(
        f"Input content did not settle in {MAX_ITERATIONS} steps: some sectors add almost no value. "
        "Look for sectors whose purchases nearly equal their output."
    )


def _accelerated(apply: Operator, blocks: FloatArray, rhs: FloatArray) -> FloatArray:
    """Return a guess by conjugate residuals with a short memory, each column on its own.

    It takes about 60 per cent of the plain splitting's steps, but is not proved to converge: hence a guess.
    """
    scale = np.abs(rhs).max(axis=0)
    y, residual = np.zeros_like(rhs), rhs.copy()
    memory: deque[tuple[FloatArray, FloatArray]] = deque(maxlen=MEMORY)
    for _ in range(ACCELERATED):
        if (np.abs(residual).max(axis=0) <= 0.5 * TOLERANCE * scale).all():
            break
        step = _correct(blocks, residual)
        fall = step - apply(step)  # by how much the residual falls along `step`
        for old_step, old_fall in memory:
            overlap = over((fall * old_fall).sum(axis=0), (old_fall**2).sum(axis=0))
            step, fall = step - overlap * old_step, fall - overlap * old_fall
        length = over((residual * fall).sum(axis=0), (fall**2).sum(axis=0))
        y, residual = y + length * step, residual - length * fall
        memory.append((step, fall))
    return y


def _correct(blocks: FloatArray, residual: FloatArray) -> FloatArray:
    n, s, _ = blocks.shape
    return np.asarray(np.matmul(blocks, residual.reshape(n, s, -1)).reshape(n * s, -1))
