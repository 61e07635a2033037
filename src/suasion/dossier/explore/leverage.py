"""Leverage of everybody over everybody, as a grid, as a searchable list, and from the side of one state."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from suasion import __version__
from suasion.answers import numbers as n
from suasion.answers.catalogue import say
from suasion.answers.picture import theme
from suasion.coercion import leverage_matrix
from suasion.dossier.explore.rows_pages import LeverageContext, LossRow, StateContext
from suasion.dossier.words import plain_name, printed_name
from suasion.errors import NotInWorldError
from suasion.questions.scenarios.address import digest
from suasion.questions.scenarios.warm_model import WarmModel
from suasion.sources import country_name, expand, is_group, resolve_country

MOST_PAIRS = 40


@dataclass(frozen=True, slots=True)
class Grid:
    """Losses of every economy when its tie with every other is cut; plain numbers.

    Attributes
    ----------
    codes : tuple of str
        Labels of rows and columns.
    percent, usd : float array (country, partner)
        Loss; NaN where there is none.
    horizon : str
        As printed.
    residual : float
        Largest gap.
    reasons : tuple of str
        Pairs without an equilibrium.
    source : str
        Data set and year.
    run_id : str
        Hash of data, horizon and version.
    """

    codes: tuple[str, ...]
    percent: np.ndarray[tuple[int, ...], np.dtype[np.float64]]
    usd: np.ndarray[tuple[int, ...], np.dtype[np.float64]]
    horizon: str
    residual: float
    reasons: tuple[str, ...]
    source: str
    run_id: str


def grid_key(desk: WarmModel) -> str:
    """Hash of everything the grid depends on."""
    return digest(["grid", 1, __version__, desk.world.checksum])


def solve_grid(desk: WarmModel, progress: Callable[[int, int, str], None]) -> bytes:
    """Solve all pairs in the long run; JSON that :func:`read_grid` reads back.

    Parameters
    ----------
    desk : WarmModel
        The warm model.
    progress : callable
        Called with (done, total, what).
    """
    matrix = leverage_matrix(desk.world, "long", progress=lambda done, total: progress(done, total, "pairs"))
    data = {
        "codes": list(desk.world.countries),
        "percent": _nested(matrix.loss_percent.values),
        "usd": _nested(matrix.loss_usd.values),
        "horizon": matrix.horizon,
        "residual": float(np.nanmax(matrix.residual.values)),
        "reasons": [f"{row.pair}: {row.reason}" for row in matrix.reasons.itertuples()],
        "source": f"{desk.world.provenance.dataset}, {desk.world.year}",
        "run_id": grid_key(desk),
    }
    return json.dumps(data, allow_nan=False).encode()


def _nested(values: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> list[list[float | None]]:
    return [[None if v != v else float(v) for v in row] for row in values]


def read_grid(content: bytes) -> Grid:
    """Grid from the JSON of :func:`solve_grid`."""
    data = json.loads(content)
    arrays = {key: np.array(data[key], dtype=np.float64) for key in ("percent", "usd")}
    return Grid(**{**data, **arrays, "codes": tuple(data["codes"]), "reasons": tuple(data["reasons"])})


def leverage_context(grid: Grid, search: str = "") -> LeverageContext:
    """The page on all pairs, with the largest losses that a search finds.

    Parameters
    ----------
    grid : Grid
        Solved pairs.
    search : str
        Empty for all; else states or groups, comma-separated: one restricts either end, two restrict both.
    """
    ends = _ends(grid, search)
    size = len(grid.codes)
    pairs = [(r, c) for r in range(size) for c in range(size) if r != c and _fits(grid, ends, r, c)]
    pairs = [(r, c) for r, c in pairs if np.isfinite(grid.percent[r, c])]
    pairs.sort(key=lambda pair: -grid.percent[pair])
    rows = tuple(_row(grid, r, c) for r, c in pairs[:MOST_PAIRS])
    return LeverageContext(
        question=say("leverage.question"),
        sentence=_sentence(rows, search),
        horizon=grid.horizon,
        codes=grid.codes,
        names=tuple(country_name(code) for code in grid.codes),
        grid=tuple(tuple(row) for row in _nested(grid.percent)),
        pairs=rows,
        search=search,
        found=len(pairs),
        residual=grid.residual,
        reasons=grid.reasons,
        source=grid.source,
        run_id=grid.run_id,
    )


def _ends(grid: Grid, search: str) -> list[set[str]]:
    """Codes meant by each part of a search."""
    parts = [part.strip() for part in search.replace("~", ",").split(",") if part.strip()][:2]
    return [set(expand([p], 2022)) if is_group(p) else {resolve_country(p)} for p in parts]


def _fits(grid: Grid, ends: list[set[str]], row: int, column: int) -> bool:
    a, b = grid.codes[row], grid.codes[column]
    if not ends:
        return True
    if len(ends) == 1:
        return a in ends[0] or b in ends[0]
    return (a in ends[0] and b in ends[1]) or (a in ends[1] and b in ends[0])


def _row(grid: Grid, row: int, column: int) -> LossRow:
    loss, other = _known(grid.percent[row, column]), _known(grid.percent[column, row])
    usd = _known(grid.usd[row, column])
    ratio = None if loss is None or other is None or n.sign_of(other) <= 0 else loss / other
    a, b = grid.codes[row], grid.codes[column]
    return LossRow(
        country=a,
        partner=b,
        country_name=country_name(a),
        partner_name=country_name(b),
        loss_percent=loss,
        loss_usd=usd,
        partner_loss_percent=other,
        ratio=ratio,
        text=n.signed_percent(None if loss is None else -loss),
        partner_text=n.signed_percent(None if other is None else -other),
        ratio_text=_ratio(ratio, other),
    )


def _ratio(ratio: float | None, other: float | None) -> str:
    if ratio is None:
        return say("leverage.partner_gains") if other is not None else n.NO_DATA
    if ratio >= 1:
        return n.ratio(ratio)
    return say("leverage.one_to", size=n.significant(1 / ratio)) if ratio > 0 else say("leverage.gains")


def _known(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _sentence(rows: Sequence[LossRow], search: str) -> str:
    if not rows:
        return say("leverage.nothing_found")
    top = rows[0]
    name, partner = printed_name(top.country, top.country_name), printed_name(top.partner, top.partner_name)
    words = {"name": name, "partner": partner, "loss": n.percent(top.loss_percent or 0.0)}
    return say("leverage.found" if search else "leverage.of_all", **words, other=top.partner_text)


def state_context(grid: Grid, token: str) -> StateContext:
    """The page on one state: its own losses by partner, and the losses of others from the cut with it.

    Parameters
    ----------
    grid : Grid
        Solved pairs.
    token : str
        Code or name.

    Raises
    ------
    NotInWorldError
        The state is outside the world's table.
    """
    code = resolve_country(token)
    if code not in grid.codes:
        raise NotInWorldError(
            f"{country_name(code)} ({code}) is outside the table of {len(grid.codes)} economies, so that no exit cost "
            "can be computed. Raw materials are still available, in the dossier and under /products."
        )
    own = grid.codes.index(code)
    others = [k for k in range(len(grid.codes)) if k != own]
    mine = sorted((_row(grid, own, k) for k in others), key=lambda row: -(row.loss_percent or -1e9))
    theirs = sorted((_row(grid, k, own) for k in others), key=lambda row: -(row.loss_percent or -1e9))
    name = printed_name(code, country_name(code))
    first, last = mine[0], theirs[0]
    return StateContext(
        code=code,
        name=plain_name(name),
        question=say("leverage.state", name=name),
        sentence=say(
            "leverage.both_ways",
            name=name,
            first=printed_name(first.partner, first.partner_name),
            loss=n.percent(first.loss_percent or 0.0),
            last=printed_name(last.country, last.country_name),
            theirs=n.percent(last.loss_percent or 0.0),
        ),
        horizon=grid.horizon,
        squeezed_by=tuple(mine),
        squeezes=tuple(theirs),
        source=grid.source,
        run_id=grid.run_id,
    )


def class_of(loss_percent: float | None) -> int:
    """Colour class of a loss in the fixed classes of every map; -1 without a number."""
    if loss_percent is None:
        return -1
    return int(np.searchsorted(theme.CHANGE_BOUNDS, -loss_percent, side="right"))


def grid_paths(context: LeverageContext) -> tuple[tuple[int, str], ...]:
    """Cells of the grid as one path for each colour class, in units of one cell.

    Parameters
    ----------
    context : LeverageContext
        The page; row and column follow its codes.

    Returns
    -------
    tuple of (int, str)
        Class, and the data of an SVG path.
    """
    parts: dict[int, list[str]] = {}
    for r, row in enumerate(context.grid):
        for c, loss in enumerate(row):
            if r != c:
                parts.setdefault(class_of(loss), []).append(f"M{c} {r}h1v1h-1z")
    return tuple((kind, "".join(path)) for kind, path in sorted(parts.items()))


def leverage_csv(grid: Grid) -> str:
    """All ordered pairs as CSV: country, partner, loss_percent, loss_musd.

    Parameters
    ----------
    grid : Grid
        Solved pairs.
    """
    lines = ["country,partner,loss_percent,loss_musd"]
    for r, a in enumerate(grid.codes):
        for c, b in enumerate(grid.codes):
            if r != c:
                cells = (_known(grid.percent[r, c]), _known(grid.usd[r, c]))
                lines.append(f"{a},{b}," + ",".join("" if cell is None else repr(cell) for cell in cells))
    return "\n".join(lines) + "\n"
