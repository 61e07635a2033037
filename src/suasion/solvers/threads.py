"""How many threads linear algebra takes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

ONE_THREAD = {
    f"{library}_THREADS": "1" for library in ("OPENBLAS_NUM", "OMP_NUM", "MKL_NUM", "VECLIB_MAXIMUM")
}
"""The same said in the environment of a process before its libraries load."""


@contextmanager
def one_thread() -> Iterator[None]:
    """Cap the threads of linear algebra at one, for the whole process, while several threads or processes solve.

    They would fight for the cores otherwise, which costs half the time on two; and sums keep their order.
    """
    from threadpoolctl import threadpool_limits

    with threadpool_limits(limits=1, user_api="blas"):
        yield
