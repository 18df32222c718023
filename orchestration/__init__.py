"""The Dagster code location, and the Python that it orchestrates."""
