"""What data must look like, and the one engine that checks it.

Belongs here: suites (`suites/*.yml`), suites made from contracts, running them on DuckDB with Great Expectations, results as plain
data. Does not: what follows from a result (the gate), where data comes from (the lake), Dagster, dbt.
"""
