"""The script that draws Vega-Lite where a page is read: shipped, because making it takes seconds at every start.

``tools/make_engine.py`` writes it; ``PROVENANCE.md`` and ``LICENSES.txt`` beside it say what is in it.
"""

from __future__ import annotations

import base64
import gzip
from functools import cache

from suasion.files import shipped_bytes


@cache
def packed() -> str:
    """Return the shipped script as gzip in base64: a third of its size."""
    return base64.b64encode(shipped_bytes(__name__, "vega.js.gz")).decode()


@cache
def script() -> str:
    """Return the shipped script."""
    return gzip.decompress(shipped_bytes(__name__, "vega.js.gz")).decode()
