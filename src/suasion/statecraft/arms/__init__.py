"""Who arms whom: shares of deliveries both ways, a break, a drift."""
