"""A dossier with its forms: files, text, frames; made again from its JSON, every one of them is had without a model."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from suasion.answers.answer import Answer
from suasion.dossier.chapter import Chapter, summary_of
from suasion.dossier.context import (
    SCHEMA,
    CertificateRow,
    DossierContext,
    PairState,
    RunProvenance,
    SourceRow,
)
from suasion.errors import InputError

if TYPE_CHECKING:
    import pandas as pd


class Dossier(DossierContext):
    """Everything one dossier shows; ``to_dict`` gives it JSON-ready.

    Its attributes are those of :class:`suasion.dossier.context.DossierContext`; every form of it is a method.
    """

    __slots__ = ()

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> Dossier:
        """Return the dossier of what :meth:`to_dict` made: every file can be had of it without a model.

        Raises
        ------
        InputError
            If it has another version.
        """
        if plain["schema"] != SCHEMA:
            raise InputError(
                f"This context has version {plain['schema']}; this package reads version {SCHEMA}."
            )
        answers = {name: Answer.from_dict(one) for name, one in plain["answers"].items()}
        return cls(
            a=PairState(**plain["a"]),
            b=PairState(**plain["b"]),
            audience=tuple(PairState(**one) for one in plain["audience"]),
            audience_name=plain["audience_name"],
            question=plain["question"],
            summary=summary_of(answers),
            sources=tuple(SourceRow(**one) for one in plain["sources"]),
            caveats=tuple(plain["caveats"]),
            certificates=tuple(CertificateRow(**one) for one in plain["certificates"]),
            provenance=RunProvenance(**plain["provenance"]),
            answers=answers,
            front={name: Answer.from_dict(one) for name, one in plain["front"].items()},
            names=plain["names"],
            remarks=tuple(plain["remarks"]),
            chapters=tuple(Chapter(one["key"], Answer.from_dict(one["answer"])) for one in plain["chapters"]),
        )

    def to_html(self, path: str) -> None:
        """Write the dossier as one self-contained HTML file (atomically)."""
        from suasion.dossier.page import write_html

        write_html(self, path)

    def write(self, path: str) -> None:
        """Write the dossier in the form that the suffix names: html, pdf, md, json, txt, xlsx, dta or zip.

        Raises
        ------
        OutputError
            If there is no such form, or the file cannot be written.
        """
        from suasion.dossier.export import write

        write(self, path)

    def frames(self) -> dict[str, pd.DataFrame]:
        """Return every table as a data frame, by name; see :func:`suasion.dossier.tables.frames`."""
        from suasion.dossier.tables import frames

        return frames(self)

    def to_text(self, width: int = 80) -> str:
        """Return the dossier as plain text for a terminal, ``width`` columns wide."""
        from suasion.dossier.text import as_text

        return as_text(self, width)


def file_of(kept: bytes, form: str) -> bytes:
    """Return a file of a dossier that is kept, compressed.

    kept: Its JSON, gzip.
    form: Ending of a form of :data:`suasion.dossier.export.FORMS`, without the dot, or the name of a sheet.
    """
    from suasion.dossier.export import form_of

    return gzip.compress(form_of(form)(Dossier.from_dict(json.loads(gzip.decompress(kept)))), 6, mtime=0)
