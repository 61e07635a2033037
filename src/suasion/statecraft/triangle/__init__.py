"""Triangles of three powers: types, pivot, balance, by year."""
