"""The server's counters, in the text format of Prometheus."""

from __future__ import annotations

from collections.abc import Mapping

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)

BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
"""Upper bounds of the classes of response times, seconds."""


class Metrics:
    """Requests by route and status, their times, results by where they came from, and gauges."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "suasion_requests", "Answered.", ("method", "route", "status"), registry=self._registry
        )
        self._seconds = Histogram(
            "suasion_request_seconds", "Time to answer.", buckets=BOUNDS, registry=self._registry
        )
        self._results = Counter(
            "suasion_results", "Where they came from.", ("from",), registry=self._registry
        )
        self._gauges: dict[str, Gauge] = {}

    def note(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one answered request.

        method: of the request.
        route: Pattern of its path, never the path itself.
        status: of the answer.
        seconds: time it took.
        """
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.observe(seconds)

    def note_result(self, origin: str) -> None:
        """Count one result, ``made`` or from the ``cache``."""
        self._results.labels(origin).inc()

    def text(self, gauges: Mapping[str, float]) -> bytes:
        """All counters, and gauges given by name."""
        for name, value in gauges.items():
            if name not in self._gauges:
                self._gauges[name] = Gauge(f"suasion_{name}", "Now.", registry=self._registry)
            self._gauges[name].set(value)
        return generate_latest(self._registry)
