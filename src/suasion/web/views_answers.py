"""Views of what is solved: a scenario, several side by side, a dossier."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

from suasion.dossier import Dossier
from suasion.dossier.charts.figure import Figure
from suasion.dossier.explore import bars as explore_bars
from suasion.dossier.explore.map import NOTE, map_alt, map_spec, pictures
from suasion.dossier.explore.rows import CompareContext, ScenarioAnswer
from suasion.dossier.explore.sides import PENDING
from suasion.dossier.sections import PageSection
from suasion.dossier.tables import Table, certificate_table, source_table
from suasion.questions.scenarios.address import MOST_MEASURES, Measure, Query, to_address
from suasion.questions.scenarios.instruments import Options

FORM_MEASURES = 3
OTHERS: tuple[dict[str, Any], ...] = ({"deficits": "world"}, {"ease": 0.5}, {"ease": 2.0})
"""Assumptions in use elsewhere: imbalances that stay in world money; suppliers that fit in half or twice as well."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """The scenario builder with its answer.

    Attributes
    ----------
    options : Options
        What can be chosen.
    query : Query
        What was chosen.
    context : ScenarioAnswer or None
        What the JSON twin gives; None before anything is asked.
    error : str
        Why there is no answer.
    """

    options: Options
    query: Query
    context: ScenarioAnswer | None = None
    error: str = ""

    @property
    def measures(self) -> tuple[Measure, ...]:
        """Rows of the form: what was chosen, then empty ones."""
        empty = Measure("embargo", (), ())
        rows = [*self.query.measures]
        while len(rows) < FORM_MEASURES or (
            len(rows) == len(self.query.measures) and len(rows) < MOST_MEASURES
        ):
            rows.append(empty)
        return tuple(rows)

    @property
    def map_spec(self) -> dict[str, Any] | None:
        """Specification of the map; None where the shown run has no number."""
        return map_spec(self.context) if self.context and self.known else None

    @property
    def known(self) -> bool:
        """Whether the shown run has an equilibrium."""
        found = self.context
        return found is not None and not any(run.reason for run in found.runs if run.key == found.shown)

    @property
    def map_alt(self) -> str:
        """Description of the map."""
        return map_alt(self.context) if self.context else ""

    @property
    def map_note(self) -> str:
        """Where the outlines come from, and what they do not say."""
        return NOTE

    @property
    def pending(self) -> bool:
        """Whether some run is still being solved."""
        found = self.context
        return found is not None and any(run.reason == PENDING for run in found.runs)

    @property
    def others_address(self) -> str:
        """Address of the comparison with the same measures under other assumptions that are in use."""
        usual = replace(self.query, ease=1.0, swap=1.0, deficits="balance", draws=0)
        others = (usual, *(replace(usual, **changed) for changed in OTHERS))
        return urlencode([("s", one.address) for one in others])

    @property
    def usual_address(self) -> str:
        """Address of the same measures under the usual assumptions."""
        return self.at(ease="", swap="", deficits="", bands="")

    @property
    def frozen(self) -> str:
        """Path and query of exactly this run."""
        return f"/result/{self.context.run_id[:16]}?{self.context.address}" if self.context else ""

    def at(self, **changed: str) -> str:
        """Address of the same question with single parameters replaced."""
        return to_address(self.query, **changed)

    @property
    def losers(self) -> tuple[explore_bars.Extreme, ...]:
        """Largest losses in the shown run."""
        return explore_bars.extremes(self.context.economies, self.context.shown, -1) if self.context else ()

    @property
    def gainers(self) -> tuple[explore_bars.Extreme, ...]:
        """Largest gains in the shown run."""
        return explore_bars.extremes(self.context.economies, self.context.shown, 1) if self.context else ()


@dataclass(frozen=True, slots=True)
class Embed:
    """One figure of a scenario, to stand in another page.

    Attributes
    ----------
    scenario : Scenario
        The scenario with its answer.
    figure : {"sides", "map"}
        Which figure.
    """

    scenario: Scenario
    figure: str


@dataclass(frozen=True, slots=True)
class Compare:
    """Scenarios side by side.

    Attributes
    ----------
    context : CompareContext
        What the JSON twin gives.
    """

    context: CompareContext

    def without(self, place: int) -> str:
        """Address of the comparison without one of its scenarios (counted from 1)."""
        left = [found.address for k, found in enumerate(self.context.answers, start=1) if k != place]
        return urlencode([("s", address) for address in left])


@dataclass(frozen=True, slots=True)
class DossierView:
    """The dossier.

    Attributes
    ----------
    context : Dossier
        What the JSON twin gives.
    sections : tuple of PageSection
        Figures and tables under their questions.
    data_tables : tuple of Table
        Data sets, and checks.
    pictures : mapping
        Static pictures by the key of the panel.
    islands : mapping
        Specifications by the key of the panel.
    audience : tuple of str
        As asked.
    bands, full : bool
        Whether bands, and the slow chapters, were asked for.
    """

    context: Dossier
    sections: tuple[PageSection, ...]
    data_tables: tuple[Table, ...]
    pictures: dict[str, dict[str, Any]] = field(default_factory=dict)
    islands: dict[str, dict[str, Any]] = field(default_factory=dict)
    audience: tuple[str, ...] = ()
    bands: bool = False
    full: bool = False

    @classmethod
    def of(
        cls,
        made: Dossier,
        figures: Sequence[Figure],
        sections: tuple[PageSection, ...],
        audience: tuple[str, ...],
        bands: bool,
        full: bool = False,
    ) -> DossierView:
        """View of a dossier with its drawings.

        Parameters
        ----------
        made : Dossier
            The context.
        figures : sequence of Figure
            Its figures.
        sections : tuple of PageSection
            The same under their questions.
        audience : tuple of str
            As asked.
        bands, full : bool
            Whether bands, and the slow chapters, were asked for.
        """
        panels = [panel for figure in figures for panel in figure.panels]
        specs = {p.key: {k: v for k, v in p.spec.items() if k not in ("config", "$schema")} for p in panels}
        tables = tuple(table for table in (source_table(made), certificate_table(made)) if table)
        return cls(made, sections, tables, pictures(figures), specs, audience, bands, full)

    @property
    def base(self) -> str:
        """Path of the dossier."""
        return f"/dossier/{self.context.a.code}/{self.context.b.code}"

    def asked(self, **changed: str) -> str:
        """Query string of the dossier, with parameters replaced."""
        given = {
            "audience": "~".join(self.audience) or "none",
            "bands": "1" if self.bands else "",
            "full": "1" if self.full else "",
        }
        return urlencode([(k, v) for k, v in {**given, **changed}.items() if v], safe="~")
