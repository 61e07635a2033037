"""Straits that close: whose trade passes them by geography, and what that takes or adds."""
