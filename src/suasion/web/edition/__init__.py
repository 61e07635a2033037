"""An edition: the pages of the web application on chosen pairs as files, which any file server, or none, hands out."""

from suasion.web.edition.plan import parse_pairs
from suasion.web.edition.write import Written, write_edition

__all__ = ["Written", "parse_pairs", "write_edition"]
