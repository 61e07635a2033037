"""``suasion sweep``: a grid of scenarios into a Parquet data set."""

from __future__ import annotations

import sys
from pathlib import Path

import typer

from suasion.cli.console import CANNOT, STOPPED, Format, Tell, check_stdout, print_rows, progress, tell
from suasion.sweep import SweepReport, run_sweep

COLUMNS = ("tasks", "chunks", "kept", "solved", "failed", "no answer", "seconds")
_LINES = 20  # of progress where stderr is no terminal, as in the log of a batch system


def run_sweep_command(
    grid: Path,
    out: Path,
    workers: int | None,
    cluster: str | None,
    *,
    resume: bool,
    into: bool,
    chunk: int | None,
    form: Format,
) -> None:
    """Run or resume a sweep, and print what was done; exit code 1 if chunks failed, 130 if it was interrupted.

    Raises OutputError if the folder cannot be written; what is done is kept.
    """
    check_stdout()
    try:
        with progress("Sweep") as step:
            report = run_sweep(
                grid,
                out,
                workers=workers,
                cluster=cluster,
                resume=resume,
                into=into,
                chunk=chunk,
                progress=step if sys.stderr.isatty() else lines(step),
            )
    except KeyboardInterrupt:
        tell(f"stopped; finished chunks are in {out}. Go on with the same command and --resume.")
        raise typer.Exit(STOPPED) from None
    print_report(report, form)
    if not report.complete:
        raise typer.Exit(CANNOT)


def lines(step: Tell) -> Tell:
    """Return a progress function that also writes a line now and then."""
    told = [-1]

    def both(done: int, total: int, what: str) -> None:
        step(done, total, what)
        mark = done // max(1, total // _LINES)
        if mark > told[0]:
            told[0] = mark
            tell(f"{done:,} of {total:,} tasks, {what}")

    return both


def print_report(report: SweepReport, form: Format) -> None:
    """Print the counts of a run; on stderr the chunks that failed and the parts that were damaged."""
    for name in report.damaged:
        tell(f"{name} was damaged or foreign, and was made anew")
    for one in report.failed:
        tell(
            f"chunk {one.chunk} (tasks {one.first_task} to {one.last_task}) failed {one.attempts} times: {one.reason}"
        )
    if report.failed:
        tell(f"{len(report.failed)} chunks failed; --resume tries them again")
    row = (
        report.tasks,
        report.chunks,
        report.kept,
        report.solved,
        len(report.failed),
        report.unsolved,
        round(report.seconds, 1),
    )
    print_rows(COLUMNS, [row], form, f"Sweep in {report.folder}")
