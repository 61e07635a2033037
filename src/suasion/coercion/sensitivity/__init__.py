"""What an outcome depends on: every flow, tax and endowment behind it.

Outcomes with their slopes (`outcomes`), derivatives by one transposed solve (`gradient`), exact cut-offs of the
flows that matter most (`exact`).
"""
