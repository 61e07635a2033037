"""How many threads linear algebra takes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def one_thread() -> Iterator[None]:
    """Cap the threads of linear algebra at one, for the whole process, while several threads or processes solve.

    They would fight for the cores otherwise, which costs half the time on two; and sums keep their order.
    """
    from threadpoolctl import threadpool_limits

    with threadpool_limits(limits=1, user_api="blas"):
        yield
