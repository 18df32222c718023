"""A simulated brand (鱼塘茶铺, a tea house) that writes exports in the real formats, with the ground truth beside them.

Belongs here: invented people, what reaches them, what they buy, and how each platform's files say so, quirks and all.
Does not: reading those files, contracts, the lake. Known by the command line and by tests alone. No person, number or id in it is real.
"""

from orchestration.sample.writing import SampleReport, write_sample

__all__ = ["SampleReport", "write_sample"]
