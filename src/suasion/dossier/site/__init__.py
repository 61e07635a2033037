"""Pages of the site, each made of answers: home, country, leverage, lists, and the search; no page computes a number."""
