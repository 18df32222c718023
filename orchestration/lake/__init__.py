"""Contract → delivered file → typed Parquet.

Belongs here: contracts, deliveries, readers, cleaning, tokens, bronze, quarantine, releases on disk.
Does not: Dagster, dbt or Great Expectations.
"""
