"""Costly signals between two states: who sends, who bluffs, who yields."""
