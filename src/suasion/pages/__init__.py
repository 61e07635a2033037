"""Answers laid out as pages: no sentence, no number, no model.

What stands on a page is data (``pages.toml``), and one template draws it.
"""
