"""Contexts of the pages that answer a reader's own questions: a scenario, a state, a product, all pairs.

A question is an address (`query`); its answer is solved (`solve`), laid out (`answer`, `bars`, `map`, `rows`)
and put in words (`sentences`).
"""
