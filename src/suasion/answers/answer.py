"""An answer: what a question found, with all its forms."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from suasion.answers.content import AnswerContent, R
from suasion.answers.language import DEFAULT_LANGUAGE, Language
from suasion.files import path_of

if TYPE_CHECKING:
    import pandas as pd


class Plot(str):
    """The picture of a table as SVG, which a notebook shows; what it is drawn of is the table."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"<Plot: SVG of {len(self)} characters>"

    def _repr_svg_(self) -> str:
        return str(self)


class Answer(AnswerContent[R]):
    """What a question found; ``Answer[Result]`` where the model's own is a :class:`suasion.Result`.

    Its attributes are those of :class:`suasion.answers.content.AnswerContent`; every form of it is a method.
    """

    __slots__ = ()

    def head(self, rows: int = 0) -> pd.DataFrame:
        """Return what is printed of the main table: its digest, where it has one.

        Parameters
        ----------
        rows : int
            How many at most; those that are printed without.
        """
        from suasion.answers.render.text import UNASKED_ROWS, as_printed

        return as_printed(self.table(), rows or UNASKED_ROWS).frame

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """Every row of the main table as a stream of Arrow, with units: polars, DuckDB and pyarrow read it."""
        from suasion.answers.render.data import as_arrow

        return as_arrow(self.whole()).__arrow_c_stream__(requested_schema)

    def plot(self, table: str = "", language: Language = DEFAULT_LANGUAGE) -> Plot:
        """Return the picture of a table as SVG, which a notebook shows; to draw it otherwise, take the table's frame.

        Raises
        ------
        InputError
            If the table has no picture.
        """
        from suasion.answers.picture import svg

        return Plot(svg(self.drawn(table), language))

    def write(self, path: str | Path = "", table: str = "", language: Language = DEFAULT_LANGUAGE) -> Path:
        """Write it to a file of the form that the ending names; see :data:`suasion.answers.render.FORMS`.

        Raises
        ------
        InputError
            If no file is named, its ending is not known, or the table has no picture.
        OutputError
            If the file cannot be written.
        """
        from suasion.answers.render import write

        return write(self, path_of(path, "answer.csv", "answer.write"), table, language)

    def to_dict(self, language: Language = DEFAULT_LANGUAGE) -> dict[str, Any]:
        """Return everything as plain values, ready for JSON; see :mod:`suasion.answers.render.json`."""
        from suasion.answers.render.json import as_dict

        return as_dict(self, language)

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> Answer:
        """Return the answer of what :meth:`to_dict` made: every form can be had of it without a model.

        Raises
        ------
        DataError
            If it was written by a later version.
        """
        from suasion.answers.render.json import from_dict

        return from_dict(plain, cls)

    def __str__(self) -> str:
        """Return it as text for a terminal."""
        from suasion.answers.render.text import UNASKED_ROWS, as_text

        return as_text(self, most=UNASKED_ROWS)

    def _repr_html_(self) -> str:
        """Return it as a part of a page, for a notebook."""
        from suasion.answers.render.html import as_html

        return as_html(self)
