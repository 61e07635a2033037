"""Views of what is solved: a scenario, several side by side, a dossier."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from suasion.answers.table import Table
from suasion.dossier import Dossier
from suasion.dossier.charts.figure import Figure
from suasion.dossier.explore.map import pictures
from suasion.dossier.sections import PageSection
from suasion.dossier.tables import Table as PageTable
from suasion.dossier.tables import certificate_table, source_table
from suasion.web.scenario_view import ScenarioPage, change_of, records


@dataclass(frozen=True, slots=True)
class Embed:
    """One figure of a scenario, to stand in another page.

    Attributes
    ----------
    scenario : ScenarioPage
        The scenario with its answer.
    figure : {"sides", "map"}
        Which figure.
    """

    scenario: ScenarioPage
    figure: str


@dataclass(frozen=True, slots=True)
class Compare:
    """Scenarios side by side.

    Attributes
    ----------
    scenarios : tuple of ScenarioPage
        Each with its answer, in the order asked.
    table : Table
        Their parties, as the JSON twin has them.
    """

    scenarios: tuple[ScenarioPage, ...]
    table: Table

    @property
    def rows(self) -> tuple[dict[str, Any], ...]:
        """Each party with its changes in every scenario."""
        made: dict[str, dict[str, Any]] = {}
        names = self.table.words("party")
        for row, name in zip(records(self.table), names, strict=True):
            one = made.setdefault(row["party"], {"name": name, "side": row["side"], "changes": []})
            one["changes"].append({**change_of(row, []), "place": row["place"]})
        return tuple(made.values())

    def without(self, place: int) -> str:
        """Address of the comparison without one of its scenarios (counted from 1)."""
        left = [one.address for k, one in enumerate(self.scenarios, start=1) if k != place]
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
    data_tables : tuple of PageTable
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
    data_tables: tuple[PageTable, ...]
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
