"""Tables as somebody might give them by mistake: a wrong unit, a transposition, a mask, swapped columns, a scaled block, a lost row."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np


@dataclass(frozen=True)
class RawTable:
    """Blocks of a table with their labels, final sales by buyer."""

    inter: Any
    final: Any
    countries: tuple[str, ...]
    sectors: tuple[str, ...]
    year: int

    @property
    def arguments(self) -> tuple[Any, ...]:
        """As `from_table` takes them; output is the sum of the rows, so that rows tell nothing."""
        return self.inter, self.final, None, self.countries, self.sectors, self.year


def mutations(table: RawTable, draws: int, seed: int) -> Iterator[tuple[str, str, RawTable]]:
    """Kind, the country that was hit, and the table; so many of each kind."""
    rng = np.random.default_rng(seed)
    n, s = len(table.countries), len(table.sectors)
    use, last = table.inter.reshape(n, s, n, s), table.final.reshape(n, s, n)
    flow = use.sum(axis=(1, 3)) + last.sum(axis=1)
    output = use.sum(axis=(2, 3)) + last.sum(axis=2)
    for _ in range(draws):
        c = int(rng.integers(n))
        code, factor = table.countries[c], float(rng.choice([0.001, 0.1, 10.0, 1000.0]))

        def made(inter: Any, final: Any) -> RawTable:
            return replace(table, inter=inter.reshape(n * s, n * s), final=final.reshape(n * s, n))

        inter, final = use.copy(), last.copy()
        inter[c], final[c] = inter[c] * factor, final[c] * factor
        yield "a country's sales in another unit", code, made(inter, final)
        inter, final = use.copy(), last.copy()
        inter[c, :, c], final[c, :, c] = inter[c, :, c] * factor, final[c, :, c] * factor
        yield "a country's home block in another unit", code, made(inter, final)
        yield "final sales in another unit", code, made(use, last * factor)
        yield "transposed", code, replace(table, inter=table.inter.T.copy())
        where = rng.random(table.inter.shape) < 0.01
        yield "masked", code, replace(table, inter=np.ma.masked_array(table.inter, where))
        large = np.argsort(-output[c])[: min(10, s)]
        i, j = rng.choice(large, 2, replace=False)
        inter = use.copy()
        inter[:, :, c, [i, j]] = inter[:, :, c, [j, i]]
        yield "two columns swapped", code, made(inter, last)
        b = int(np.argsort(-np.where(np.arange(n) == c, 0.0, flow[c]))[rng.integers(3)])
        final = last.copy()
        final[:, :, [c, b]] = final[:, :, [b, c]]
        yield "two countries' final purchases swapped", code, made(use, final)
        inter, final = use.copy(), last.copy()
        block = float(rng.choice([0.1, 10.0, 100.0]))
        inter[c, :, b], final[c, :, b] = inter[c, :, b] * block, final[c, :, b] * block
        yield "a block between two countries scaled", code, made(inter, final)
        inter, final = use.copy(), last.copy()
        inter[c, i], final[c, i] = 0.0, 0.0
        yield "a row lost", code, made(inter, final)
