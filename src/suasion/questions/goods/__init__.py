"""What two states sell each other: raw materials, published totals, and who would take the place of either."""
