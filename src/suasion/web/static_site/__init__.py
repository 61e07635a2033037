"""A site of files: the pages of the web application on chosen pairs, which any file server, or none, hands out."""

from suasion.web.static_site.site import parse_pairs, write_site

__all__ = ["parse_pairs", "write_site"]
