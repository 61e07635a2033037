"""The dossier: one frozen context per page, and its renderings as HTML, terminal text and JSON.

``gather`` asks the other rooms for numbers and fills the context; ``claims`` turns numbers into sentences;
``charts`` draws the tables; ``page`` and ``text`` only render. Nothing is computed while rendering.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from suasion.dossier.context import RunProvenance as RunProvenance
    from suasion.dossier.forms import Dossier as Dossier
    from suasion.dossier.gather import dossier as dossier

__all__ = ["Dossier", "RunProvenance", "dossier"]


def __getattr__(name: str) -> Any:
    """Load on first use: another process must be able to start before the model is imported."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    modules = {"dossier": "gather", "Dossier": "forms", "RunProvenance": "context"}
    return getattr(import_module(f"suasion.dossier.{modules[name]}"), name)
