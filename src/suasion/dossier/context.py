"""The published context of one dossier: everything the page, the terminal and the JSON file show.

One frozen object per page. Charts, templates, the terminal text and ``to_dict`` read it and nothing else,
so that they cannot disagree. Version 3; a field may be added within a version, none renamed or removed.

Units: percent means percent (18.0, never 0.18); money is current million USD; a loss is positive, a gain
negative. A missing number is ``None``, never NaN and never zero; an answer without tables says why in ``absent``.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from suasion.answers.answer import Answer
from suasion.answers.catalogue import say
from suasion.dossier.chapter import Chapter, Conclusion
from suasion.errors import DataError


@dataclass(frozen=True, slots=True)
class PairState:
    """A state in the dossier.

    code: ISO 3166 alpha-3 code.
    name: English name, as printed.
    in_world: Whether the world's table has it; if not, nothing that needs the model can be computed.
    """

    code: str
    name: str
    in_world: bool = True


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One data set used: what, from whom, which version, under which terms."""

    name: str
    producer: str
    version: str
    used_for: str
    licence: str
    checksum: str = ""


@dataclass(frozen=True, slots=True)
class CertificateRow:
    """Independent check of one solved equilibrium (residuals are relative, dimensionless)."""

    run: str
    residual: float
    dropped_market: float
    certified: bool


SCHEMA = 3


@dataclass(frozen=True, slots=True)
class RunProvenance:
    """What made the numbers: enough to make them again.

    Attributes
    ----------
    run_id : str
        Hash of data checksum, parameters and package version.
    package_version, world_name, world_checksum : str
        Version of Suasion; name and checksum of the world.
    year : int or None
        Year of the world's table.
    deficits : str
        Deficit rule of the equilibrium ("balance", ...).
    parameters : mapping
        Horizon presets and own elasticities, as printed.
    command : str
        The command that gives this dossier again.
    draws : int
        Elasticity draws behind the bands; 0 without bands.
    """

    run_id: str
    package_version: str
    world_name: str
    world_checksum: str
    year: int | None
    deficits: str
    parameters: Mapping[str, str]
    command: str
    draws: int = 0


@dataclass(frozen=True, slots=True)
class DossierContext:
    """Everything one dossier shows, as every form of it reads it; ``to_dict`` gives it JSON-ready.

    Attributes
    ----------
    a, b : PairState
        The pair, in the order asked.
    audience : tuple of PairState
        The third parties whose markets are the other outlet.
    audience_name : str
        The audience as printed ("the United States and the European Union").
    question : str
        Title of the page.
    summary : tuple of Conclusion
        Conclusions; the first one answers the question.
    answers : mapping
        Name of a question to its answer; as :meth:`suasion.answers.answer.Answer.to_dict` gives it in JSON.
    front : mapping
        Further answers that the screens read.
    sources, caveats, certificates : tuple
        Data sets, cautions as full sentences, and checks of the solved equilibria.
    provenance : RunProvenance
        What made the numbers.
    names : mapping
        Printed name of every code and label.
    remarks : tuple of str
        How elasticities were filled and how the cut was read.
    chapters : tuple of Chapter
        What the other rooms say on the pair, in the order of the page.
    schema : int
        Version of this context.
    """

    a: PairState
    b: PairState
    audience: tuple[PairState, ...]
    audience_name: str
    question: str
    summary: tuple[Conclusion, ...]
    sources: tuple[SourceRow, ...]
    caveats: tuple[str, ...]
    certificates: tuple[CertificateRow, ...]
    provenance: RunProvenance
    answers: Mapping[str, Answer] = field(default_factory=dict)
    front: Mapping[str, Answer] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()
    chapters: tuple[Chapter, ...] = ()
    schema: int = SCHEMA

    def name(self, code: str) -> str:
        """Return the printed name of a code; the code itself where none is known."""
        return self.names.get(code, code)

    def answer(self, question: str) -> Answer | None:
        """Return the answer to a question, wherever it stands; None where it was not asked."""
        of_chapters = {one.answer.question: one.answer for one in self.chapters}
        return next(
            (part[question] for part in (self.answers, self.front, of_chapters) if question in part), None
        )

    @property
    def ranged(self) -> bool:
        """Whether what a break costs has ranges, drawn or as they ship."""
        tables = self.answers["exit_cost"].tables if "exit_cost" in self.answers else ()
        return any(column.name == "loss_percent_low" for table in tables for column in table.columns)

    def headline(self, topic: str, otherwise: str) -> str:
        """Return the verdict of the first claim on a topic, as a title; ``otherwise`` where there is none."""
        found = (claim.headline for claim in self.summary if claim.topic == topic)
        return next((words for words in found if words), otherwise)

    def to_dict(self) -> dict[str, Any]:
        """Plain dictionaries, lists, text and finite numbers: ready for ``json.dumps(allow_nan=False)``.

        Raises
        ------
        DataError
            If a number is NaN or infinite, naming its place.
        """
        bare = dataclasses.replace(self, answers={}, front={}, summary=(), chapters=())
        plain: dict[str, Any] = plain_data(bare, "dossier")
        for name in ("answers", "front"):
            plain[name] = {key: answer.to_dict() for key, answer in getattr(self, name).items()}
        plain["summary"] = [claim.to_dict() for claim in self.summary]
        plain["chapters"] = [{"key": one.key, "answer": one.answer.to_dict()} for one in self.chapters]
        return plain

    def __repr__(self) -> str:
        made, pair = self.provenance, f"{self.a.code} {self.b.code}"
        return f"<Dossier {pair}: {len(self.chapters)} chapters, {made.world_name}, run {made.run_id[:7]}>"

    def _repr_html_(self) -> str:
        """Return the findings for a notebook."""
        from html import escape

        lines = [escape(claim.sentence()) for claim in self.summary]
        rest = "".join(f"<li>{line}</li>" for line in lines[1:])
        run = say(
            "page.notebook", run=self.provenance.run_id[:12], command="<code>.write('dossier.html')</code>"
        )
        head = f"<h4>{escape(self.question)}</h4><p>{lines[0] if lines else ''}</p>"
        return f"{head}<ul>{rest}</ul><small>{run}</small>"


def plain_data(value: Any, where: str) -> Any:
    """Turn dataclasses, mappings and sequences into JSON-ready data; refuse NaN and infinity by name."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {
            f.name: plain_data(getattr(value, f.name), f"{where}.{f.name}") for f in dataclasses.fields(value)
        }
    if isinstance(value, Mapping):
        return {str(key): plain_data(item, f"{where}[{key}]") for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain_data(item, f"{where}[{index}]") for index, item in enumerate(value)]
    if value is None or isinstance(value, (str, bool, int)):
        return value
    number = float(value)
    if not math.isfinite(number):
        raise DataError(f"{where} is {number}: a dossier holds finite numbers; use None and a reason instead")
    return number
