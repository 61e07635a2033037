"""Questions about all ties of a country, or of everybody."""
