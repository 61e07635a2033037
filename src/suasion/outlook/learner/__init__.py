"""A learner of shares: quantiles learnt from all pairs, read where past outcomes fell."""
