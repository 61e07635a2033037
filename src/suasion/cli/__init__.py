"""The command line: parse, call, print. It holds no arithmetic.

Data go to stdout and messages to stderr. Exit codes: 0 done; 1 the question cannot be answered (the message
says why); 2 wrong usage; 3 a file cannot be written.
"""

from suasion.cli.app import main
from suasion.cli.base import app

__all__ = ["app", "main"]
