"""The command line: parse, call, print. It holds no arithmetic.

Data go to stdout and messages to stderr. Exit codes: 0 done; 1 the question cannot be answered (the message
says why); 2 wrong usage; 3 a file cannot be written; 128 and the number of the signal that ended the program
(130 after Ctrl-C).
"""

import signal
import sys

from suasion.errors import SuasionError

__all__ = ["main"]

#: Signals that end the program in order: what is half written is taken away.
_ENDING = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name))


def main() -> None:
    """Run the command line; every error of Suasion becomes one clean line and an exit code."""
    try:
        for ending in _ENDING:
            if signal.getsignal(ending) is signal.SIG_DFL:  # `nohup` has it ignored
                signal.signal(ending, _end)
        from suasion.answers.catalogue import check_language
        from suasion.cli.app import run  # here, so that a key pressed meanwhile ends the program as later

        check_language()
        sys.exit(run(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(128 + signal.SIGINT)
    except (
        SuasionError
    ) as error:  # before the program could start: the language of the environment has no words
        sys.stderr.write(f"suasion: {error}\n")
        sys.exit(2)


def _end(number: int, _: object) -> None:
    sys.exit(128 + number)
