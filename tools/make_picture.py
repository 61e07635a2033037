"""Draw the picture of the README from the embedded data: what a break would cost Russia and China."""

from __future__ import annotations

from pathlib import Path

import suasion as su

TARGET = Path(__file__).resolve().parent.parent / "docs" / "images" / "exit-costs.svg"


def main() -> None:
    """Write docs/images/exit-costs.svg."""
    su.exit_cost("RUS", "CHN").write(TARGET)


if __name__ == "__main__":
    main()
