"""Write estimates of states to the file that ships."""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path

import numpy as np
import pyarrow as pa

from snapshot.materials import write_table
from suasion.sources.quantised import encode
from suasion.sources.state_estimates import COLUMN, META, UNIT, UNITS
from suasion.world.every_state import RestMembers

LEAST = 1e-3
"""Million USD below which a flow is nought; all of these together are 1.5e-5 of the trade."""


def write(members: RestMembers, classes: dict[str, str], path: Path) -> None:
    """Write what is estimated, industry by industry, as codes of amounts."""
    parts, shapes = [], {}
    for one in fields(RestMembers):
        values = getattr(members, one.name)
        if not isinstance(values, np.ndarray):
            continue
        turned = np.moveaxis(values, -1, 0) if values.ndim == 3 else values
        unit = UNITS.get(one.name, UNIT)
        amounts = np.round(np.where(turned < (0.0 if one.name in UNITS else LEAST), 0.0, turned) / unit)
        largest = int(amounts.max()) + 1
        parts.append(encode(amounts.ravel(), largest))
        shapes[one.name] = [list(turned.shape), largest]
    meta = {"codes": members.codes, "classes": classes, "taken": round(members.taken, 6), "arrays": shapes}
    table = pa.table({COLUMN: pa.array(np.concatenate(parts))})
    write_table(path, table.replace_schema_metadata({META: json.dumps(meta).encode()}))
