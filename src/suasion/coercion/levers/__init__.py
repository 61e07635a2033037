"""What outsiders can change on a tie, within red lines.

Files of levers (`file`, `models`) become columns of moves (`columns`); `influence` has outcomes and their exact
derivatives, `plan` the best plan within `redlines`, verified at the exact solution, `stability` the signs that
hold over draws, `response` the pair's answer.
"""
