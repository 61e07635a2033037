"""What Ctrl-C does to a command that keeps what it solves: says what is kept, and how to go on."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import typer

from suasion.cli.console import STOPPED, tell


@contextmanager
def stopped_in_words(folder: Path | None) -> Iterator[None]:
    """Say on Ctrl-C what is kept and how to go on, and end with exit code 130; at once when it is pressed again."""
    told = (
        f"stopped; finished blocks of draws are in {folder}. Go on with the same command: it takes what is there."
        if folder is not None
        else "stopped; nothing is kept. With --folder FOLDER finished blocks of draws stay, and the same command goes "
        "on."
    )

    def again(*_: object) -> None:
        tell(told)
        os._exit(STOPPED)  # threads at work would be waited for

    def pressed(*_: object) -> None:
        signal.signal(signal.SIGINT, again)
        tell("stopping after the blocks at work; press again to stop at once, without them")
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, pressed)
    try:
        yield
    except KeyboardInterrupt:
        tell(told)
        raise typer.Exit(STOPPED) from None
    finally:
        signal.signal(signal.SIGINT, before)
