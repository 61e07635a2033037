"""A world of every state: the rest of the world of a reconciled year, divided among the economies that make it up."""
