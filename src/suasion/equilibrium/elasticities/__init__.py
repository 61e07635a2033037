"""Elasticities of a world at a horizon.

Published values and stated fills (`sigma`), years since the shock (`schedule`), own values (`own`), and what a
horizon resolves to, with draws (`horizon`).
"""
