"""The embedded data: compact files built from pinned packages, and typed tables.

Nothing here is code; ``tools/build_snapshot.py`` builds it. ``PROVENANCE.md`` says for each file where it
comes from, under which licence and how it was changed; ``manifest.json`` has the checksums. The rooms read
the files through ``suasion.sources``.
"""
