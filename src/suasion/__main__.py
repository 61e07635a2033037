"""``python -m suasion`` is the command line."""

from suasion.cli import main

main()
