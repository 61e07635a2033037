"""Questions on where a pair goes, and on how good such forecasts have been."""
