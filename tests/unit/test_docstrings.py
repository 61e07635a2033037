"""Docstrings become Markdown with nothing lost."""

from __future__ import annotations

from docstrings import to_markdown

DOC = """Return the share of ``partner``.

See :func:`suasion.measures.trade`.

    s = X / X_all

Parameters
----------
flow : {"exports", "imports"}
    Which trade;
    one of two.
sectors : sequence of str, optional
m : a factor
    that scales the tie

Returns
-------
DataArray
    (country, partner), 0 to 1.

Raises
------
InputError
    If ``flow`` is not known.

Examples
--------
>>> 1 + 1
2

That is all.
"""


def test_sections_become_lists():
    text = to_markdown(DOC)
    assert '**Parameters**\n\n- `flow` ({"exports", "imports"}): Which trade; one of two.\n' in text
    assert "- `sectors`: sequence of str, optional" in text
    assert "- `m`: a factor that scales the tie" in text
    assert "**Returns**\n\n- `DataArray`: (country, partner), 0 to 1." in text
    assert "**Raises**\n\n- `InputError`: If `flow` is not known." in text


def test_code_and_roles_become_code():
    text = to_markdown(DOC)
    assert text.startswith("Return the share of `partner`.\n\nSee `suasion.measures.trade`.")
    assert "```text\ns = X / X_all\n```" in text
    assert "```pycon\n>>> 1 + 1\n2\n```\n\nThat is all." in text


def test_a_plain_paragraph_stays():
    assert to_markdown("One line.") == "One line."
