"""Drivers: which uncertain elasticities the spread of an answer comes from.

Declared groups of draws (`draws`), their Sobol indices (`indices`), and the answer (`spread`).
"""
