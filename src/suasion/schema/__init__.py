"""Every labelled variable of Suasion: its name, dimensions, unit, sign, meaning and source.

The rows live in ``variables.toml``, the one place where a unit or a sign convention is written down. Labelled
arrays take their ``attrs`` from here, charts their axis titles, and the notation page of the documentation is
generated from it. A variable that a result carries without a row here fails a contract test.
"""

from __future__ import annotations

from suasion.schema.variables import OWNERS, Variable, describe, variable, variables

__all__ = ["OWNERS", "Variable", "describe", "variable", "variables"]
