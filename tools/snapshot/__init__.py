"""Builders of the embedded data: one module per source, driven by ``tools/build_snapshot.py``."""
