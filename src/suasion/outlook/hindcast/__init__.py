"""What forecasts of a share would have said in the past, from every origin, and how good that was."""
