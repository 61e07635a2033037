"""The world of every state of 2023: 80 economies of the reconciled world, those of its rest, and what is left.

What is sold to and bought from the rest of the world is divided among the 115 economies that make it up; accounts of
the 80 stay as they are. Each estimated economy has a class of doubt, which every range of its losses holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

from suasion.errors import InputError
from suasion.files import shipped_checksum
from suasion.sources import icio2022
from suasion.sources.embedded import ROOM
from suasion.sources.published_flows import REST, regions
from suasion.sources.state_estimates import FILE, YEAR, state_estimates
from suasion.types import Citation
from suasion.world import reconciled
from suasion.world.load_embedded import embedded_words
from suasion.world.members import RestMembers, divided
from suasion.world.provenance import Provenance
from suasion.world.world import World

DATASET: Citation = "OECD ICIO, 2025 release, reconciled, every state"
DOUBT = {"A": 0.42, "B": 0.6, "C": 1.0}
"""Deviation of the log of a loss by class: A measured on hidden economies, B and C judged (assumption)."""
PARTNER_DOUBT = 0.45
"""The same of what a known economy loses without an estimated one, measured likewise."""


@lru_cache(maxsize=1)
def state_world() -> World:
    """Return the world of every state, without tariffs."""
    found = state_estimates()
    members = RestMembers(codes=found.codes, taken=found.taken, **found.arrays)
    table = divided(reconciled.reconciled_table(YEAR), members)
    words = embedded_words()["note"]
    return World(
        countries=(*regions()[:-1], *found.codes),
        sectors=icio2022.icio2022_arrays().sectors,
        year=YEAR,
        arrays={
            "intermediate": table.inputs,
            "final": table.final,
            "input_use": table.use,
            "factor_income": table.earned[:, :, None],
        },
        provenance=_origin(),
        notes=tuple(words[name] for name in ("reconciled", "every_state", "tariffs")),
        sector_names=icio2022.icio2022_sectors(),
    )


@lru_cache(maxsize=1)
def taxed_state_world() -> World:
    """Return the world of every state, balanced at applied tariffs."""
    from suasion.world.applied import with_applied

    return with_applied(state_world())


def every_state(states: str, year: int | None = None, tariffs: str | None = None) -> World:
    """Return the world of every state.

    Parameters
    ----------
    states : ``"all"``
    year : 2023, or None
    tariffs : ``"applied"``, or ``"zero"``

    Returns
    -------
    World

    Raises
    ------
    InputError
        If another world is asked for.
    """
    if states != "all":
        raise InputError(f"states is {states!r}; give 'all', or nothing for the 80 economies of the table.")
    if tariffs not in (None, "applied", "zero"):
        raise InputError("The world of every state is embedded: leave `name` and `path` out, or `states`.")
    if year not in (None, YEAR):
        raise InputError(f"The world of every state is of {YEAR}, not {year}: leave `year` out, or `states`.")
    return state_world() if tariffs == "zero" else taxed_state_world()


def _origin() -> Provenance:
    words, base = embedded_words()["every_state"], reconciled.origin(YEAR)
    return Provenance(
        dataset=DATASET,
        version=str(YEAR),
        checksum=shipped_checksum(ROOM, FILE),
        transformations=(*base.transformations, *words["steps"]),
        licence=base.licence,
        citation=words["credit"],
    )


def estimated_states() -> Mapping[str, str]:
    """Return the class of doubt of each estimated economy, by code, what is left of the rest among them."""
    return state_estimates().classes


def beyond_the_table(codes: Iterable[str]) -> tuple[str, ...]:
    """Return which of these economies only the world of every state has."""
    return tuple(code for code in codes if code != REST and code in estimated_states())


def doubt_of(world: World, country: str, partners: Iterable[str]) -> float:
    """Return the deviation in logs of what a country loses by a tie, for what is estimated of it; nought if nothing is.

    partners: codes of the other side.
    """
    if world.provenance.dataset != DATASET:
        return 0.0
    classes = estimated_states()
    found = [DOUBT[classes[code]] for code in (country, *partners) if code in classes]
    known = () if country in classes else (PARTNER_DOUBT,)
    return max((*found, *known)) if found else 0.0


def is_usual(world: World) -> bool:
    """Whether a world is that of every state as it is usual: at applied tariffs, and nothing of it changed."""
    if world.provenance.dataset != DATASET:
        return False
    usual = taxed_state_world()
    return world is usual or world.checksum == usual.checksum
