"""Typed rows of the tables in a dossier that no answer has, one class per table."""

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
