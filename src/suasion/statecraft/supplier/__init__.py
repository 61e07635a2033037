"""Which supplier is chosen when each may be cut off."""
