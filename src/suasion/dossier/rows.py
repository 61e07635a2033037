"""Typed rows of the tables in a dossier, one class per table.

Percent means percent (18.0, never 0.18); money is current million USD; a loss is positive, a gain negative
(only ``ElsewhereRow`` holds changes, where a loss is negative). A missing number is ``None``.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PairState:
    """A state in the dossier.

    code: ISO 3166 alpha-3 code.
    name: English name, as printed.
    in_world: Whether the world's table has it; if not, nothing that needs the model can be computed.
    """

    code: str
    name: str
    in_world: bool = True


@dataclass(frozen=True, slots=True)
class ElsewhereRow:
    """What the cut between the pair does to one economy (the pair included).

    country, name: Code and name.
    change_percent, change_usd: Change (negative = loss) of welfare, per cent of own real expenditure and
      million USD.
    """

    country: str
    name: str
    change_percent: float | None
    change_usd: float | None


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One data set used: what, from whom, which version, under which terms."""

    name: str
    producer: str
    version: str
    used_for: str
    licence: str
    checksum: str = ""


@dataclass(frozen=True, slots=True)
class CertificateRow:
    """Independent check of one solved equilibrium (residuals are relative, dimensionless)."""

    run: str
    residual: float
    dropped_market: float
    certified: bool
