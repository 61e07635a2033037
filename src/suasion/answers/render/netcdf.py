"""A table over its axes as NetCDF, with units and heads as attributes of each variable."""

from __future__ import annotations

from suasion.answers.language import DEFAULT_LANGUAGE, Language
from suasion.answers.render.lines import head_of
from suasion.answers.render.stata import plain_text
from suasion.answers.table import Table


def as_netcdf(table: Table, language: Language = DEFAULT_LANGUAGE) -> bytes:
    """Return the content of the file.

    Raises DataError if the table is a list, without axes.
    """
    dataset = table.xarray
    for column in table.columns:
        variable = dataset[column.name]
        if variable.dtype == object:
            words = [plain_text(cell) for cell in variable.values.ravel()]
            numeric = all(not word or _is_number(word) for word in words)
            cells = [float(word) if word else float("nan") for word in words] if numeric else words
            shaped = variable.copy(data=_shaped(cells, variable.shape))
            dataset = dataset.assign_coords({column.name: shaped}) if column.name in table.axes else dataset
            dataset[column.name] = shaped if column.name not in table.axes else dataset[column.name]
        dataset[column.name].attrs |= {"units": column.unit, "long_name": head_of(column, language)}
    dataset.attrs["title"] = table.title(language)
    return bytes(dataset.to_netcdf(engine="scipy"))


def _shaped(cells: list[float] | list[str], shape: tuple[int, ...]) -> object:
    import numpy as np

    return np.asarray(cells).reshape(shape)


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
