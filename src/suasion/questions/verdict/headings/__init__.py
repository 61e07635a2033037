"""Headings of a front by rule: of all that is so of a pair, what is so of the fewest pairs.

A rule asks for what is rare first; the first form that fits is the heading, with its values. Where none fits the block
has its own. Bounds are assumptions, chosen on twenty pairs so that no form stands on more than three of them.
"""

from suasion.questions.verdict.headings.judged import on_doubt, on_path, on_use, others_shut
from suasion.questions.verdict.headings.losses import on_losses
from suasion.questions.verdict.headings.measured import on_goods, over_time

__all__ = ["on_doubt", "on_goods", "on_losses", "on_path", "on_use", "others_shut", "over_time"]
