"""Read R data files into plain Python values."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from suasion.errors import InputError, SourceFileError
from suasion.extras import need
from suasion.files import is_file

_MAGIC = (b"\x1f\x8b\x08", b"BZh", b"\xfd7z", b"RDX", b"RDA", b"RDB")
"""First bytes of R data files: gzip, bzip2, xz, or not compressed."""


_UNREADABLE = (
    ValueError,
    NotImplementedError,
    EOFError,
    LookupError,
    OSError,
    AttributeError,
    AssertionError,
    TypeError,
)
"""What rdata raises on a file that it cannot read; a check of its own that fails is an AssertionError without words."""


def read_r(path: str | Path, plain_classes: tuple[str, ...] = ()) -> dict[str, Any]:
    """Return the objects of an R data file by name.

    path: File written by R's ``save``.
    plain_classes: R classes of the data set to read as the plain lists that they are.
    Raises SourceFileError if the file is absent or not an R data file.
    Raises MissingPackageError: The reader for R files is not installed.
    """
    source = Path(path)
    if not is_file(source):
        raise SourceFileError(f"There is no file {source}. Give the path of the R data file.")
    rdata = need("rdata")
    frame = rdata.conversion.dataframe_constructor
    known: dict[Any, Any] = {
        **dict(rdata.conversion.DEFAULT_CLASS_MAP),
        **dict.fromkeys(("tbl_df", "tbl", "data.table"), frame),
    }
    known |= dict.fromkeys(plain_classes, _as_it_is)
    if source.read_bytes()[:3] not in _MAGIC:
        raise SourceFileError(f"{source} is not an R data file. Download it again.")
    try:
        with warnings.catch_warnings():  # a text in another encoding ends in one of the errors below
            warnings.filterwarnings("ignore", message="Exception while decoding")
            objects = rdata.conversion.convert(rdata.parser.parse_file(source), known)
    except _UNREADABLE as error:
        why = f": {error}" if str(error) else ""
        raise SourceFileError(
            f"{source} cannot be read: it is damaged, or holds what the package rdata does not know{why}. Download it "
            "again, or take another file of the data set."
        ) from error
    return {str(k): v for k, v in dict(objects).items()}


def cube(table: Any, value: str, axes: dict[str, tuple[str, ...]]) -> npt.NDArray[np.float64]:
    """Arrange a column of a long table by its label columns.

    table: Data frame with one row a cell.
    value: Column of numbers.
    axes: Label column to the labels wanted, in the order of the axes returned.
    Returns: Every cell filled exactly once.
    Raises InputError if a cell is absent or there are other rows.
    """
    index = []
    for column, labels in axes.items():
        place = {x: j for j, x in enumerate(labels)}
        index.append(np.array([place.get(str(x), -1) for x in table[column]], dtype=np.intp))
    shape = tuple(len(labels) for labels in axes.values())
    whole = len(table) == np.prod(shape) and all((j >= 0).all() for j in index)
    if not whole or len(np.unique(np.ravel_multi_index(index, shape))) != len(table):
        raise InputError(
            f"The column {value!r} does not fill {' x '.join(axes)} once: wrong or missing labels."
        )
    cells = np.empty(shape)
    cells[tuple(index)] = table[value].to_numpy(dtype=np.float64)
    return cells


def _as_it_is(value: Any, _: Any) -> Any:
    return value
