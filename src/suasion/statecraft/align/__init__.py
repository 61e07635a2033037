"""How aligned two states are: pacts, organizations, votes, ideal points, and issue by issue."""
