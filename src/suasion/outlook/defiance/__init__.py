"""Revealed defiance: exit costs in past disputes, who yielded, and where a pair stands among them."""
