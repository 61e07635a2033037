"""What a coalition's sanctions cost it for the harm they do: the best policy for each weight on harm.

Moves on a prepared economy and exact slopes of what they do (`policy_space`), the climb to a side's best
policy (`ascent`), the curve along the weight (`path`), the answer of the other side (`response`), and who joins
(`coalition`, `secondary`). The tariff that a partner's alignment justifies (`alignment`, by the game of `offers`).
"""
