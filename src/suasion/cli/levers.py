"""``suasion frontier``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypedDict, cast

import pandas as pd

from suasion.cli.console import Format, print_rows, progress, tell
from suasion.cli.worlds import chosen_world
from suasion.coercion.frontier.coalition import coalition_gains, credibility, equalise
from suasion.coercion.frontier.contest import LAMBDAS, Frontier, Means, contest_of
from suasion.coercion.frontier.contest import frontier as trace_frontier
from suasion.coercion.frontier.each import each_for_itself
from suasion.coercion.frontier.groups import chosen_groups
from suasion.coercion.frontier.response import nash_tariffs
from suasion.coercion.frontier.secondary import secondary_sanctions
from suasion.coercion.frontier.tolerance import most_harm
from suasion.equilibrium.problem import deficit_rule
from suasion.errors import InputError
from suasion.questions.losses import horizon_of
from suasion.world import World

_FRONTIER = (
    "points",
    "rates",
    "credibility",
    "burden",
    "secondary",
    "members",
    "nash",
    "apart",
    "tolerance",
)
#: Weights on harm where none are given and each sender acts for itself.
_APART = (0.0, 0.7, 2.0)
#: Numbers of the screen that stand for zero: equilibria are solved to about this.
_NOTHING = 1e-6
#: Columns that fit on a page; the other formats hold all.
_PAGE = {
    "points": "lambda own_usd target_usd own_percent target_percent harm_per_cost leakage embargoes",
    "rates": "lambda side means group rate_percent trade_change_percent",
    "credibility": "lambda own_loss_usd target_loss_usd concession_usd concession_log costless",
    "burden": "member before_percent after_percent transfer_usd",
    "members": "joined share_percent own_usd target_usd harm_per_cost alone_harm_usd",
    "secondary": "course own_usd target_usd bystander_usd bystander_percent",
    "nash": "player group optimal_percent nash_percent",
    "apart": "lambda sender means group rate_percent trade_change_percent",
    "tolerance": "member apart_percent shared_percent transfer_usd binds",
}


class Asked(TypedDict):
    """Texts of the options that say what sanctions on whom."""

    senders: str
    target: str
    means: str
    groups: str | None
    prized: str | None
    horizon: str
    deficits: str


def run_members(senders: str, target: str, means: str, horizon: str, form: Format) -> None:
    """Print what each further member adds to an embargo.

    Raises
    ------
    InputError
        There are fewer than two members.
    """
    kinds = cast(Sequence[Means], _names(means))
    found = coalition_gains(chosen_world(), _names(senders), _names(target), None, kinds, horizon_of(horizon))
    tell(f"together they do {found.together_over_alone:.3f} times the harm that they do each alone, added up")
    tell(f"in this order harm rises with the power {found.elasticity:.2f} of the share of trade")
    _print(found.table, form, f"What each member adds to an embargo on {target}", "members")


def run_nash(
    senders: str, target: str, groups: str | None, horizon: str, deficits: str, form: Format
) -> None:
    """Print the tariffs of a war of all parties against each other, and against everybody else."""
    world = chosen_world()
    with progress("Tariff war") as step:
        war = nash_tariffs(
            world,
            (*_names(senders), *_names(target)),
            _groups(world, groups),
            horizon_of(horizon),
            deficits=deficit_rule(deficits),
            progress=step,
        )
    for line in war.sentences():
        tell(line)
    _print(war.rates, form, f"Best and Nash tariffs of {senders},{target}", "nash")


def _question(asked: Asked) -> dict[str, Any]:
    """What sanctions on whom: arguments that all ways of choosing them share, from the texts of options."""
    world = chosen_world()
    return {
        "world": world,
        "senders": _names(asked["senders"]),
        "target": _names(asked["target"]),
        "means": _names(asked["means"]),
        "groups": _groups(world, asked["groups"]),
        "horizon": horizon_of(asked["horizon"]),
        "prized": _prized(world, asked["prized"]),
        "deficits": deficit_rule(asked["deficits"]),
    }


def run_apart(asked: Asked, weights: str | None, form: Format) -> None:
    """Print the sanctions of senders that each act for themselves.

    Raises
    ------
    InputError
        An option has a value that it cannot have.
    """
    lambdas, question = _APART if weights is None else _numbers(weights), _question(asked)
    with progress("Each for itself") as step:
        found = each_for_itself(**question, lambdas=lambdas, progress=step)
    for row in found.points.drop_duplicates("lambda").to_dict("records"):
        tell(
            f"lambda {row['lambda']:g}: the senders together {row['together_usd']:+,.4g} million USD, the target "
            f"{row['target_usd']:+,.4g} ({row['target_percent']:+.2f} per cent)"
        )
    tell(f"an exact embargo would add {found.corner_gain_usd:.1e} million USD to the aim of a sender")
    _print(found.rates, form, f"Sanctions on {asked['target']}, each for itself", "apart")


def run_tolerance(asked: Asked, tolerance: float, form: Format) -> None:
    """Print the most harm that members bear, with and without transfers between them.

    Raises
    ------
    InputError
        An option has a value that it cannot have.
    """
    found = most_harm(contest_of(**_question(asked)), tolerance)
    for line in found.sentences():
        tell(line)
    _print(found.table, form, f"Most harm to {asked['target']} that each member bears", "tolerance")


def run_frontier(
    asked: Asked,
    weights: str | None,
    show: str,
    bystander: str | None,
    form: Format,
    **options: Any,
) -> None:
    """Trace a frontier and print the table asked for.

    Raises
    ------
    InputError
        An option has a value that it cannot have.
    """
    _check_shown(show, _FRONTIER)
    if (show == "secondary") != (bystander is not None):
        raise InputError(
            "`--show secondary` needs `--bystander`, and only it does: say whom sanctions are to make join."
        )
    lambdas, question = _numbers(weights), _question(asked)
    with progress("Frontier") as step:
        found = trace_frontier(**question, lambdas=lambdas, progress=step, **options)
    _report(found)
    tables: dict[str, Callable[[], pd.DataFrame]] = {
        "points": lambda: found.points,
        "rates": lambda: found.rates,
        "credibility": lambda: credibility(found),
        "burden": lambda: equalise(found.contest, found.stands[-1]).table,
        "secondary": lambda: _secondary(found, bystander or ""),
    }
    _print(tables[show](), form, f"Sanctions of {asked['senders']} on {asked['target']}: {show}", show)


def _secondary(found: Frontier, bystander: str) -> pd.DataFrame:
    """Say whether a bystander can be made to join, and return its courses."""
    weight = float(found.points["lambda"].iloc[-1])
    made = secondary_sanctions(found.contest, found.stands[-1], _names(bystander), weight)
    for line in made.sentences():
        tell(line)
    return made.table


def _report(found: Frontier) -> None:
    """Say on stderr what was found and whether it checks."""
    checks = found.checks
    tell(f"{found.horizon}, deficits {found.deficits}, answer of the target: {found.response}")
    tell(
        f"monotone {checks.monotone}, concave envelope {checks.envelope}, both ends agree to "
        f"{checks.two_ways_usd:.1e} million USD, random starts gain {checks.restart_gain_usd:.1e}, embargoes gain "
        f"{checks.corner_gain_usd:.1e}; {checks.solves} equilibria, {checks.gradients} gradients"
    )
    for line in (*found.notes, *found.sentences()):
        tell(line)


def _check_shown(show: str, known: tuple[str, ...]) -> None:
    if show not in known:
        raise InputError(f"--show {show!r} is not one of {', '.join(known)}.")


def _names(text: str, mark: str = ",") -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(mark) if part.strip())


def _numbers(text: str | None) -> tuple[float, ...]:
    if text is None:
        return LAMBDAS
    try:
        return tuple(float(part) for part in _names(text))
    except ValueError as error:
        raise InputError(
            f"--lambda {text!r} must be numbers with commas between, such as 0,0.5,1."
        ) from error


def _groups(world: World, text: str | None) -> dict[str, tuple[str, ...]] | None:
    return None if text is None else chosen_groups(world, _names(text, ";"))


def _prized(world: World, text: str | None) -> tuple[str, ...] | None:
    """Sectors of the groups whose sales count as harm."""
    chosen = _groups(world, text)
    return None if chosen is None else tuple(code for codes in chosen.values() for code in codes)


def _print(table: pd.DataFrame, form: Format, title: str, name: str) -> None:
    """Print the columns that fit on a page, or all for a machine; infinite numbers as text."""
    shown = table[_PAGE[name].split()] if form is Format.table else table
    rows = [[_cell(value, form) for value in row] for row in shown.astype(object).to_numpy().tolist()]
    heads = (
        [head.replace("_", " ") for head in shown.columns] if form is Format.table else list(shown.columns)
    )
    print_rows(heads, rows, form, title)


def _cell(value: Any, form: Format) -> Any:
    if isinstance(value, float) and (pd.isna(value) or value in (float("inf"), float("-inf"))):
        return None if pd.isna(value) else "infinite"
    if form is not Format.table:
        return value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return "0" if abs(value) < _NOTHING else f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"
    return value
