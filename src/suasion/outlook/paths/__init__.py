"""Paths of trade costs and technology: what changes between whom, from which year to which, in typed files."""
