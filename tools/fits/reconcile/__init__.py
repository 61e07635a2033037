"""One adjustment of all evidence on goods flows, 2011 to 2024; what ships of it is ``reconciled_flows.parquet``."""
