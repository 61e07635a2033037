"""The command line: parse, call, print. It holds no arithmetic.

Data go to stdout and messages to stderr. Exit codes: 0 done; 1 the question cannot be answered (the message
says why); 2 wrong usage; 3 a file cannot be written.
"""

import sys

__all__ = ["main"]


def main() -> None:
    """Run the command line; every error of Suasion becomes one clean line and an exit code."""
    try:
        from suasion.cli.app import run  # here, so that a key pressed meanwhile ends the program as later

        sys.exit(run(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(1)
