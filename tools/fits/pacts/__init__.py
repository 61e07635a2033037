"""Forecasts of pacts: dyad-years to risk sets, the fit of rank and level, honest forecasts, and their scores."""
