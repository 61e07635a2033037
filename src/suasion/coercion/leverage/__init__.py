"""Leverage of everybody over everybody.

Which ties, solved in batches (`solve`), kept (`cache`), as a matrix (`matrix`), and ranges (`intervals`).
"""
