"""The scoreboard: forecasts frozen before their questions open, and how good they were once these are resolved."""
