"""What outsiders can change on a tie, within red lines.

Files of levers (`file`) become columns of moves (`columns`); `influence` has outcomes and their exact
derivatives, `plan` the best plan within `redlines`, verified at the exact solution, and the signs that
hold over draws, `response` the pair's answer.
"""
