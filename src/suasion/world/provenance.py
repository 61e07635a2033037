"""Where a world's numbers come from and what was done to them."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any

from suasion.remarks import Remark
from suasion.types import Citation

Step = str
"""A sentence on what was done to the numbers of a world: kept in its file, and shown as that file has it."""


@dataclass(frozen=True, slots=True)
class Provenance:
    """Origin of a table and the steps applied to it.

    Parameters
    ----------
    dataset
        Name of the data set, for instance ``"OECD ICIO, 2025 release"``.
    version
        Release or file version; empty where there is none.
    checksum
        SHA-256 of the source file as published; empty where the table came from memory.
    transformations
        What was done to the numbers, in order, one sentence each.
    licence
        Terms of the data.
    citation
        How to cite the data.
    doubts
        What the certificate of the table found that no published table has; every answer says it.
    """

    dataset: Citation = "a table given by the user"
    version: str = ""
    checksum: str = ""
    transformations: tuple[str, ...] = ()
    licence: str = ""
    citation: str = ""
    doubts: tuple[Remark, ...] = ()

    def then(self, *steps: str) -> Provenance:
        """Return the provenance with further steps appended to ``transformations``."""
        return replace(self, transformations=(*self.transformations, *steps))

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        doubts = [{"key": one.key, "values": dict(one.values)} for one in self.doubts]
        return {**asdict(self), "transformations": list(self.transformations), "doubts": doubts}

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Provenance:
        """Build from the values of :meth:`to_dict`."""
        doubts = tuple(Remark(one["key"], one["values"]) for one in values.get("doubts", ()))
        steps = tuple(values.get("transformations", ()))
        return cls(**{**values, "transformations": steps, "doubts": doubts})
