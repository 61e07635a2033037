"""What the templates of a dossier and of an answer get."""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from urllib.parse import urlencode

from suasion.answers.answer import Answer
from suasion.answers.render.html import as_html
from suasion.answers.render.lines import title_of
from suasion.dossier import Dossier
from suasion.dossier.figure import Figure
from suasion.dossier.page import panels_of
from suasion.dossier.sections import PageSection, page_sections
from suasion.dossier.tables import PrintedTable, certificate_table, source_table
from suasion.extras import is_installed


@dataclass(frozen=True, slots=True)
class DossierView:
    """The dossier.

    context: What the JSON twin gives.
    figures: Its figures; each drawing has a picture at an address of its own, drawn when it is asked for.
    audience: As asked.
    bands, full: Whether bands, and the slow chapters, were asked for.
    """

    context: Dossier
    figures: tuple[Figure, ...]
    audience: tuple[str, ...] = ()
    bands: bool = False
    full: bool = False

    @property
    def sections(self) -> tuple[PageSection, ...]:
        """Figures and tables under their questions."""
        return page_sections(self.context, self.figures)

    @property
    def data_tables(self) -> tuple[PrintedTable, ...]:
        """Data sets, and checks."""
        return tuple(
            table for table in (source_table(self.context), certificate_table(self.context)) if table
        )

    @property
    def base(self) -> str:
        """Path of the dossier."""
        return f"/dossier/{self.context.a.code}/{self.context.b.code}"

    @property
    def pictures(self) -> dict[str, dict[str, str]]:
        """Addresses of static pictures by the key of the panel; none where the package that draws them is absent."""
        if not is_installed("vl_convert"):
            return {}
        asked = self.asked()
        return {one.key: {"src": f"{self.base}/{one.key}.svg?{asked}"} for one in panels_of(self.figures)}

    def asked(self, **changed: str) -> str:
        """Query string of the dossier, with parameters replaced."""
        given = {
            "audience": "~".join(self.audience) or "none",
            "bands": "1" if self.bands else "",
            "full": "1" if self.full else "",
        }
        return urlencode([(k, v) for k, v in {**given, **changed}.items() if v], safe="~")


def answer_view(kept: bytes, address: str) -> dict[str, str]:
    """Return an answer that is kept compressed, as JSON: its question, and all that it tells as markup.

    address: Of its other forms, with a place for the ``form``.
    """
    answer = Answer.from_dict(json.loads(gzip.decompress(kept)))
    return {"title": title_of(answer), "body": as_html(answer, heading="h1"), "address": address}
