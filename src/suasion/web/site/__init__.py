"""The pages of the site: their addresses, and the tasks that make them."""
