"""Hold the API to its OpenAPI document: schemathesis with all its checks on a server of its own, on the loopback.

    python benchmarks/contract.py [--examples 30]

starts a server with an empty cache, runs the checks (examples, boundary cases, generated requests that fit the
document and others), and ends with the exit code of schemathesis: 1 where anything does not match. Dossiers take
seconds each and are left out; their addresses are fuzzed in the tests.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from load import started


def main() -> int:
    """Run and print what schemathesis says."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--examples", type=int, default=30, help="generated requests for each operation and mode"
    )
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        child, address = started(folder, workers=2)
        try:
            done = subprocess.run(
                [
                    str(Path(sys.executable).with_name("schemathesis")),
                    "run",
                    f"{address}/api/openapi.json",
                    "--checks=all",
                    f"--max-examples={given.examples}",
                    f"--seed={given.seed}",
                    "--exclude-path-regex=dossier",
                    "--continue-on-failure",
                    "--request-timeout=120",
                    "--no-color",
                ],
                check=False,
                cwd=folder,
                env={**os.environ, "PYTHONHASHSEED": "0"},
            )
        finally:
            child.send_signal(signal.SIGTERM)
            child.wait(timeout=60)
    return done.returncode


if __name__ == "__main__":
    raise SystemExit(main())
