"""A scenario as a question: its address, the warm model that solves it, and what an answer shows of it."""
