"""Past disputes: what an exit cost tells of who yields, and the numbers of it that ship."""
