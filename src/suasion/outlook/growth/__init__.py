"""Growth of every economy by year, and how the model's real GDP and capital are brought onto it."""
