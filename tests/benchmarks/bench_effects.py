"""How long the indices and the strengths of channels take on 10 million touches, from sufficient statistics to answers."""

from __future__ import annotations

import resource
import time

import numpy as np

from orchestration.analytics.effects import channel_indices
from orchestration.analytics.hazards import fit_hazards
from orchestration.analytics.markov import Journeys

TOUCHES, CHANNELS, CONVERTING = 10_000_000, 12, 0.2


def simulated(touches: int = TOUCHES, seed: int = 1) -> tuple[Journeys, tuple[np.ndarray, ...]]:
    """Ways of 1 to 9 touches without repeats running, counted where equal as dbt does, and the exposures of their touches."""
    random = np.random.Generator(np.random.PCG64(seed))
    lengths = np.minimum(random.geometric(0.35, touches // 2), 9)
    lengths = lengths[: np.searchsorted(np.cumsum(lengths), touches)]
    owner = np.repeat(np.arange(len(lengths)), lengths)
    first = np.append(0, np.cumsum(lengths)[:-1])
    moved = random.integers(1, CHANNELS, len(owner))
    moved[first] = random.integers(0, CHANNELS, len(lengths))
    walked = np.cumsum(moved)
    before = np.append(0, walked[:-1])[first]
    channel = (walked - before[owner]) % CHANNELS  # every step goes to another channel than the one before
    won = random.random(len(lengths)) < CONVERTING
    code = np.zeros(len(lengths), dtype=np.int64)
    np.add.at(code, owner, (channel + 1) * (CHANNELS + 1) ** (np.arange(len(owner)) - first[owner]))
    known, example, way = np.unique(code, return_index=True, return_inverse=True)
    size = lengths[example]
    starts = np.append(0, np.cumsum(size))
    steps = channel[np.arange(starts[-1]) - np.repeat(starts[:-1], size) + np.repeat(first[example], size)]
    conversions = np.bincount(way, won, len(known))
    journeys = Journeys(CHANNELS, steps, starts, conversions, np.bincount(way, ~won, len(known)))
    age = np.round(random.exponential(7.0, len(owner)), 3)
    leads = won[owner]
    hours = np.ceil(np.minimum(age, 30.0)[~leads] * 24)
    equal, count = np.unique(channel[~leads] * 1_000 + hours.astype(np.int64), return_counts=True)
    order = np.concatenate([owner[leads], np.full(len(equal), -1)])
    watched = np.concatenate([age[leads], (equal % 1_000) / 24])
    rows = np.concatenate([channel[leads], equal // 1_000]), order, np.concatenate([age[leads], np.zeros(len(equal))]), watched
    return journeys, (*rows, np.concatenate([np.ones(leads.sum()), count]))


def test_indices_and_strengths_of_ten_million_touches() -> None:
    journeys, (channel, order, age, watched, touches) = simulated()
    said = [f"{TOUCHES:,} touches, {len(journeys.lengths):,} distinct ways, {len(channel):,} distinct exposures"]
    started = time.perf_counter()
    for found in channel_indices(journeys):
        said.append(f"{found.method} {time.perf_counter() - started:.1f} s")
        started = time.perf_counter()
        assert abs(found.index.sum() - 1) < 1e-9
    fit = fit_hazards(CHANNELS, channel, order, age, watched, touches=touches)
    said.append(f"strengths {time.perf_counter() - started:.1f} s in {fit.rounds} rounds")
    said.append(f"peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20:.1f} GB")
    print("\n" + ", ".join(said))
    assert fit.strength is not None
