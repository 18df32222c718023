"""Numerics that SQL cannot say well: removal effects, Shapley values, lifetime fits, conflict replay.

Belongs here: pure functions from arrays to arrays. Does not: files, databases, Dagster, the environment.
"""
