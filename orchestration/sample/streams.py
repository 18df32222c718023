"""Named random streams: one concern's numbers never depend on how many another concern drew.

Belongs here: seeds and generators. Does not: what is drawn from them.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Streams:
    """The random numbers of one chunk of people."""

    seed: int
    chunk: int

    def of(self, concern: str) -> np.random.Generator:
        """A fresh generator for a concern. The same (seed, chunk, concern) always starts the same sequence."""
        sequence = np.random.SeedSequence(entropy=self.seed, spawn_key=(zlib.crc32(concern.encode()), self.chunk))
        return np.random.Generator(np.random.PCG64(sequence))
