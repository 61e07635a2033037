"""Many shocks to one base at once.

Each is a patch of the base (`patch`); they are driven together (`drive`, `sweep`), with elasticities of their
own for draws (`draws`); the rest is solved singly (`many`).
"""
