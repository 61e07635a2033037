"""Charts as text inside a page: drawn twice, in the colours of its variables, without any script.

One module a form. Labels are printed before they come here; a form places them, by the known widths of the letters.
"""
