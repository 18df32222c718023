"""The data-driven strengths recover a simulated truth, and say so when they cannot."""

import numpy as np
import pytest

from orchestration.analytics.hazards import fit_hazards


def test_simulated_strengths_come_back():
    """Two touches of different channels at day 0; each converts on its own after an exponential delay with its own chance."""
    random = np.random.Generator(np.random.PCG64(9))
    truth, people, window = np.array([0.30, 0.10, 0.0]), 30_000, 30.0
    omega = np.log(2) / 7
    chosen = np.stack([random.integers(0, 3, people), random.integers(0, 3, people)])
    delay = random.exponential(1 / omega, (2, people))
    fires = random.random((2, people)) < 1 - np.exp(-truth[chosen])
    when = np.where(fires, delay, np.inf).min(axis=0)
    converted = when <= window
    conversion = np.tile(np.where(converted, np.arange(people), -1), 2)
    watched = np.tile(np.minimum(when, window), 2)
    fit = fit_hazards(3, chosen.ravel(), conversion, watched, watched)
    assert fit.strength == pytest.approx(truth, abs=0.02)


def test_too_few_conversions_are_said():
    nothing = fit_hazards(2, np.array([0, 1]), np.array([0, -1]), np.ones(2), np.ones(2))
    assert nothing.strength is None and "conversions" in nothing.why_null


def test_a_channel_that_never_converts_gets_no_strength_and_order_of_rows_keeps_the_result():
    channel = np.tile([0, 1, 2], 300)
    conversion = np.where(channel == 2, -1, np.repeat(np.arange(300), 3))
    age = np.linspace(0.1, 20, 900)
    fit = fit_hazards(3, channel, conversion, age, age)
    assert fit.strength[2] == 0 and (fit.strength[:2] > 0).all()
