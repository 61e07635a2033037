"""The shipped script is the one that the installed library makes, and its licences name what is in it."""

from __future__ import annotations

import base64
import gzip
from importlib import resources

import vl_convert

from make_engine import made_anew
from suasion.dossier import engine


def test_the_shipped_script_is_what_the_library_makes():
    assert engine.script() == made_anew(), "run tools/make_engine.py"


def test_packed_it_unpacks_to_itself():
    assert gzip.decompress(base64.b64decode(engine.packed())).decode() == engine.script()


def test_licences_name_the_versions_in_the_script():
    text = resources.files("suasion.dossier.engine").joinpath("LICENSES.txt").read_text(encoding="utf-8")
    assert f"vega {vl_convert.get_vega_version()} (BSD-3-Clause)" in text
    assert f"vega-lite {vl_convert.get_vegalite_versions()[-1]}." in text
    assert f"vega-embed {vl_convert.get_vega_embed_version()} (BSD-3-Clause)" in text
