"""The structural outlook: equilibria chained year by year to the mid-2030s.

A path's course (`chain`), draws solved together (`together`) and by processes (`worker`), kept in blocks
(`store`), read for a pair (`reading`, `exits`) and told (`result`, `rows`, `chart`).
"""
