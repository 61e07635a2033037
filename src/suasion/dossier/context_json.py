"""A dossier made again from its JSON: every file of one that is kept is made of that, without a model."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from typing import Any

from suasion.answers.answer import Answer
from suasion.dossier.chapter import Chapter, summary_of
from suasion.dossier.context import SCHEMA, CertificateRow, Dossier, PairState, RunProvenance, SourceRow
from suasion.errors import InputError

Plain = Mapping[str, Any]


def dossier_of(plain: Plain) -> Dossier:
    """Return the dossier of what ``Dossier.to_dict`` made.

    Raises InputError if it has another version.
    """
    if plain["schema"] != SCHEMA:
        raise InputError(f"This context has version {plain['schema']}; this package reads version {SCHEMA}.")
    answers = {name: Answer.from_dict(one) for name, one in plain["answers"].items()}
    return Dossier(
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


def file_of(kept: bytes, form: str) -> bytes:
    """Return a file of a dossier that is kept, compressed.

    kept: Its JSON, gzip.
    form: Ending of a form of :data:`suasion.dossier.export.FORMS`, without the dot, or the name of a sheet.
    """
    from suasion.dossier.export import form_of

    return gzip.compress(form_of(form)(dossier_of(json.loads(gzip.decompress(kept)))), 6, mtime=0)
