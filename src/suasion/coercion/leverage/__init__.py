"""Leverage of everybody over everybody.

Which ties (`ties`), solved in batches (`solve`), kept (`cache`), as a matrix and a picture (`matrix`, `chart`).
"""
