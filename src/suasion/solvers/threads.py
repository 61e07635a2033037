"""How many threads linear algebra takes."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

ONE_THREAD = {
    f"{library}_THREADS": "1" for library in ("OPENBLAS_NUM", "OMP_NUM", "MKL_NUM", "VECLIB_MAXIMUM")
}
"""The same said in the environment of a process before its libraries load."""


class _Cap:
    """Who holds the cap: the first sets it, and the last lifts it, whatever the order in which threads come and go."""

    lock = threading.Lock()
    holders = 0
    lift = ExitStack()


@contextmanager
def one_thread() -> Iterator[None]:
    """Cap the threads of linear algebra at one, for the whole process, while several threads or processes solve.

    They would fight for the cores otherwise, which costs half the time on two; and sums keep their order.
    """
    from threadpoolctl import threadpool_limits

    with _Cap.lock:
        if not _Cap.holders:
            _Cap.lift.enter_context(threadpool_limits(limits=1, user_api="blas"))
        _Cap.holders += 1
    try:
        yield
    finally:
        with _Cap.lock:
            _Cap.holders -= 1
            if not _Cap.holders:
                _Cap.lift.close()
