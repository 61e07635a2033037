"""Who gains how much: cooperative games, supply networks, lock-in and debt."""
