"""A Bayesian ledger of signals: dated judgements with likelihood ratios, and what they come to."""
