"""One table of pairs of states by year, aligned and dated, in which nothing unknown is a zero."""
