"""Numerical methods: arrays in, arrays and a verdict out.

This room knows nothing of countries or trade. Each method is a small file; all return a
:class:`Solution` whose status carries its own advice, so that a batch can count failures
instead of dying of the first one.
"""

from suasion.solvers.anderson import AndersonOptions, anderson
from suasion.solvers.newton import NewtonOptions, newton
from suasion.solvers.solution import Solution, Status

__all__ = ["AndersonOptions", "NewtonOptions", "Solution", "Status", "anderson", "newton"]
