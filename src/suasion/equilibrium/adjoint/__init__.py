"""Derivatives backwards: one transposed solve for every cost, tax and endowment at once."""
