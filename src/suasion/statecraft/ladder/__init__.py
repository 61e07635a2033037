"""On which rungs between nothing and alliance a pair stands, year by year, and on what evidence."""
