"""Counters of the server in the text format of Prometheus; nothing in them comes from what users type."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
"""Upper bounds of the classes of response times, seconds."""


class Metrics:
    """Requests by route and status, their times, and results by where they came from."""

    def __init__(self) -> None:
        self.requests: Counter[tuple[str, str, int]] = Counter()
        self.classes: Counter[float] = Counter()
        self.seconds = 0.0
        self.count = 0
        self.results: Counter[str] = Counter()

    def note(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one answered request.

        Parameters
        ----------
        method : str
            Of the request.
        route : str
            Pattern of its path, never the path itself.
        status : int
            Of the answer.
        seconds : float
            Time it took.
        """
        self.requests[method, route, status] += 1
        self.seconds += seconds
        self.count += 1
        self.classes.update(bound for bound in BOUNDS if seconds <= bound)

    def text(self, gauges: Mapping[str, float]) -> str:
        """All counters, and gauges given by name."""
        lines = ["# TYPE suasion_requests_total counter"]
        lines += [
            f'suasion_requests_total{{method="{method}",route="{route}",status="{status}"}} {count}'
            for (method, route, status), count in sorted(self.requests.items())
        ]
        lines.append("# TYPE suasion_request_seconds histogram")
        lines += [
            f'suasion_request_seconds_bucket{{le="{bound:g}"}} {self.classes[bound]}' for bound in BOUNDS
        ]
        lines += [
            f'suasion_request_seconds_bucket{{le="+Inf"}} {self.count}',
            f"suasion_request_seconds_sum {self.seconds:.6f}",
            f"suasion_request_seconds_count {self.count}",
            "# TYPE suasion_results_total counter",
        ]
        lines += [
            f'suasion_results_total{{from="{name}"}} {count}' for name, count in sorted(self.results.items())
        ]
        for name, value in gauges.items():
            lines += [f"# TYPE suasion_{name} gauge", f"suasion_{name} {value:g}"]
        return "\n".join(lines) + "\n"
