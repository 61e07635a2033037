"""Shares of trade: the learner fitted, and scored on rolling origins."""
