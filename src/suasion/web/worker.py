"""What a worker process of the web does: it holds the warm model and makes pages and answers."""

from __future__ import annotations

import math
import os
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from suasion.errors import SuasionWarning
from suasion.types import Progress
from suasion.worker import Run

LONG_NICE = 10
QUICK_ALLOWANCE = 6.0
"""Seconds that a quick question may be expected to take: some 28,000 quotas, 9 % of all flows. Assumption, 3 to 15."""


def make_parts(setup: tuple[str, dict[str, str], bool]) -> Run:
    """Prepare the tasks.

    setup: folder of the cache, addresses of static files, and whether it does slow and long jobs and so steps
      back behind the others.
    """
    folder, assets, background = setup
    if background:
        os.nice(LONG_NICE)
    from suasion.web.cache import ResultCache
    from suasion.web.tasks import WorkerTasks

    warnings.simplefilter("ignore", SuasionWarning)  # pages say them in words
    tasks = WorkerTasks(ResultCache(Path(folder)), assets, math.inf if background else QUICK_ALLOWANCE)

    def run(request: tuple[str, Mapping[str, Any]], tell: Progress) -> Any:
        task, arguments = request
        if task in ("facts", "warm"):
            return getattr(tasks, task)()
        return tasks.run(task, arguments, tell)

    return run
