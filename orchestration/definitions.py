"""What Dagster loads: everything in `orchestration/defs/`. Nothing else belongs here."""

import warnings
from pathlib import Path

import dagster as dg


@dg.definitions
def defs() -> dg.Definitions:
    """The folder alone: `load_from_defs_folder` would also describe every kind of component that is installed, and import dbt for it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", dg.PreviewWarning)  # of Dagster's own calls within
        return dg.ComponentTree.for_project(Path(__file__).parent).build_defs(Path("."))
