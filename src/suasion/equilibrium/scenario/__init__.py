"""What is done to the world: instruments, composed in a scenario.

Instruments with senders, targets and sizes (`instruments`, `places`, `checks`), compiled cell by cell
(`builder`), in code (`scenario`) or in a typed file (`file`, `models`).
"""
