"""Sphinx builds the documentation: pages in Markdown, notebooks with their output, the reference.

Nothing is fetched from elsewhere. ``make docs`` builds; warnings are errors.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path[:0] = [
    str(Path(__file__).resolve().parent / "_ext"),
    str(Path(__file__).resolve().parents[1] / "tools"),
]

from suasion import __version__  # noqa: E402 - the paths above come first

project = "Suasion"
author = "the authors of Suasion"
version = release = __version__
extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "sphinx_copybutton", "generated"]
exclude_patterns = ["_ext", "evidence/*.csv", "**/.ipynb_checkpoints"]
suppress_warnings = ["myst.xref_ambiguous", "ref.python"]

myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 4
nb_execution_mode = "off"  # their output is kept, and tests run them
napoleon_numpy_docstring = True
napoleon_google_docstring = False
napoleon_use_ivar = True
autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_typehints_format = "short"
autodoc_preserve_defaults = True

html_theme = "furo"
html_title = "Suasion"
html_static_path: list[str] = []
html_copy_source = False
html_theme_options = {"source_repository": "", "navigation_with_keys": True}
