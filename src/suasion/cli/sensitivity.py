"""``suasion sensitivity`` and ``suasion drivers``: what an outcome depends on, and what its spread comes from."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import pandas as pd

from suasion.cli.console import Format, print_rows, progress, tell
from suasion.cli.worlds import chosen_world
from suasion.coercion.drivers.spread import Drivers, scenario_drivers
from suasion.coercion.drivers.spread import drivers as pair_drivers
from suasion.coercion.sensitivity.chart import check_ending, picture
from suasion.coercion.sensitivity.exact import CutOffs
from suasion.coercion.sensitivity.gradient import Prepared, Sensitivity, prepare_sensitivity
from suasion.coercion.sensitivity.outcomes import EquivalentVariation, Loss, Outcome, RealIncome, Welfare
from suasion.equilibrium import read_scenario
from suasion.equilibrium.adjoint.solve import Wrt
from suasion.equilibrium.problem import deficit_rule
from suasion.errors import InputError
from suasion.files import check_writable, write_bytes
from suasion.questions.bracket import horizon_of

_HEADS = {
    "importer": "buyer",
    "exporter": "seller",
    "country": "country",
    "sector": "sector",
    "effect": "effect",
    "flow_usd": "flow USD m",
    "share_percent": "share %",
    "first_order": "cut, about",
    "exact": "exactly",
}


def run_sensitivity(
    of: str,
    wrt: str,
    outcome: str,
    given: Path | None,
    horizon: str,
    deficits: str,
    *,
    top: int,
    exact: bool,
    chart: Path | None,
    out: Path | None,
    form: Format,
) -> None:
    """Differentiate, write the files asked for, print the ranking.

    Raises
    ------
    InputError
        An option has a value that it cannot have.
    OutputError
        A file cannot be written; found before the work starts.
    """
    asked = outcome_of(outcome, of)
    check_files(chart, out)
    scenario = None if given is None else read_scenario(given)
    with progress("Sensitivity") as step:
        step(0, 2, "equilibrium")
        prepared: Prepared = prepare_sensitivity(
            chosen_world(), scenario, horizon_of(horizon), deficits=deficit_rule(deficits)
        )
        step(1, 2, "derivatives")
        found = prepared.sensitivity(asked, cast(Wrt, wrt))
        cuts = found.exact(top) if exact else None
    whole = found.table() if cuts is None else cuts.table
    write_files(found.chart(top) if chart is not None else None, chart, whole, out)
    report(found, cuts)
    shown = found.table(top) if cuts is None else whole
    columns = [name for name in _HEADS if name in shown]
    printed = [[_cell(row[name], name) for name in columns] for row in shown.to_dict("records")]
    heads = [_HEADS[name] for name in columns]
    print_table(shown, heads, printed, form, f"What the {found.outcome.title} depends on")


def outcome_of(name: str, of: str) -> Outcome:
    """Outcome of that name.

    Raises
    ------
    InputError
        There is none.
    """
    kinds: dict[str, Any] = {
        "welfare": Welfare,
        "real_income": RealIncome,
        "usd": EquivalentVariation,
        "loss": Loss,
    }
    if name not in kinds:
        raise InputError(f"There is no outcome {name!r}. Choose one of {', '.join(kinds)}.")
    return cast(Outcome, kinds[name](of))


def report(found: Sensitivity, cuts: CutOffs | None) -> None:
    """Say on stderr what the numbers are and how well they were solved."""
    tell(f"effect: {found.effect.attrs['unit']}; positive raises it")
    tell(
        f"{found.horizon}, {found.given}, deficits {found.prepared.economy.deficits}, residual {found.residual:.0e}"
    )
    if cuts is not None:
        tell(
            f"cut-offs in {cuts.unit}; rank correlation with the exact ones: {cuts.effect_rank:.2f} of the effect, "
            f"{cuts.first_order_rank:.2f} of the first-order cut-off"
        )
        for row in cuts.table[cuts.table.reason != ""].itertuples():
            tell(f"{row.importer} from {row.exporter}, {row.sector}: {row.reason}")


def run_drivers(
    a: str,
    b: str | None,
    scenario: Path | None,
    given: Path | None,
    horizon: str,
    deficits: str,
    *,
    rows: int,
    seed: int,
    chart: Path | None,
    out: Path | None,
    form: Format,
) -> None:
    """Estimate Sobol indices, write the files asked for, print them.

    Raises
    ------
    InputError
        Neither or both of the other side and a scenario are given, or another option cannot be.
    OutputError
        A file cannot be written; found before the work starts.
    """
    if (b is None) == (scenario is None) or (scenario is not None and given is not None):
        raise InputError("Give two states (with or without --given), or one state and --scenario.")
    check_files(chart, out)
    options: dict[str, Any] = {"rows": rows, "seed": seed, "deficits": deficit_rule(deficits)}
    world, when = chosen_world(), horizon_of(horizon)
    with progress("Drivers") as step:
        if scenario is not None:
            what = read_scenario(scenario)
            found = scenario_drivers(world, what, [Welfare(a)], when, progress=step, **options)
        else:
            force = None if given is None else read_scenario(given)
            found = pair_drivers(world, a, str(b), when, given=force, progress=step, **options)
    write_files(found.chart() if chart is not None else None, chart, found.table, out)
    report_drivers(found)
    print_drivers(found, form)


def print_drivers(found: Drivers, form: Format) -> None:
    """Print the indices with their intervals."""
    printed = [
        [row["outcome"], row["group"], _share(row, "first"), _share(row, "total")]
        for row in found.table.to_dict("records")
    ]
    heads = ["outcome", "group", "first order (90 %)", "total (90 %)"]
    print_table(found.table, heads, printed, form, f"{found.question}: shares of the variance")


def report_drivers(found: Drivers) -> None:
    """Say on stderr what was answered, its spread, and which draws failed."""
    tell(
        f"{found.horizon}, {found.given}, deficits {found.deficits}, {found.solves} solves, {found.failed} failed"
    )
    for reason in found.reasons:
        tell(f"failed: {reason}")
    for row in found.answers.itertuples():
        tell(f"{row.outcome}: {row.central:.4g} {row.unit}, 90 % of draws {row.low:.4g} to {row.high:.4g}")


def check_files(chart: Path | None, out: Path | None) -> None:
    """Refuse files that cannot be written, before the work.

    Raises
    ------
    InputError
        An ending is not known.
    OutputError
        A folder is missing or closed.
    """
    if out is not None and out.suffix not in (".csv", ".parquet"):
        raise InputError(
            f"{out} ends in {out.suffix or 'nothing'}; give a file that ends in .csv or .parquet."
        )
    if chart is not None:
        check_ending(chart)
    for path in (chart, out):
        if path is not None:
            check_writable(path)


def write_files(
    spec: dict[str, Any] | None, chart: Path | None, table: pd.DataFrame, out: Path | None
) -> None:
    """Write the chart and the table where asked."""
    if spec is not None and chart is not None:
        write_bytes(chart, picture(spec, chart.suffix))
        tell(f"wrote {chart}")
    if out is not None:
        write_bytes(
            out, table.to_csv(index=False).encode() if out.suffix == ".csv" else table.to_parquet(index=False)
        )
        tell(f"wrote {out}: {len(table)} rows")


def print_table(table: pd.DataFrame, heads: list[str], rows: list[Any], form: Format, title: str) -> None:
    """Print the rows made for a page, or every column of the table as it is."""
    if form is Format.table:
        print_rows(heads, rows, form, title)
        return
    whole = table.astype(object).where(table.notna(), None)
    print_rows(list(whole.columns), whole.to_numpy().tolist(), form)


def _cell(value: Any, name: str) -> str | None:
    if isinstance(value, str):
        return value
    return None if pd.isna(value) else f"{value:,.0f}" if name == "flow_usd" else f"{value:.3g}"


def _share(row: dict[Any, Any], name: str) -> str | None:
    """Index with its interval; nothing where the outcome does not vary."""
    if pd.isna(row[name]):
        return None
    return f"{row[name]:.2f} ({row[f'{name}_low']:.2f} to {row[f'{name}_high']:.2f})"
