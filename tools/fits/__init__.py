"""Fits whose results ship: run by tools, from data that may not be passed on, and never by the package."""
