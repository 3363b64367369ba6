"""Learning-rate schedules."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import keras
from keras.optimizers import schedules

SCHEDULES = {
    "exponential": schedules.ExponentialDecay(0.1, 1000, 0.96),
    "growing": schedules.ExponentialDecay(0.1, 10, 1.5),
    "stairs": schedules.ExponentialDecay(0.1, 1000, 0.96, staircase=True),
    "inverse": schedules.InverseTimeDecay(0.1, 10, 0.5),
    "polynomial": schedules.PolynomialDecay(0.1, 1000, 0.01, power=0.5),
    "cycle": schedules.PolynomialDecay(0.1, 7, 0.01, power=2.0, cycle=True),
    "pieces": schedules.PiecewiseConstantDecay([5, 2**33], [0.3, 0.2, 0.1]),
    "cosine": schedules.CosineDecay(0.1, 1000, alpha=0.1),
    "warm-up": schedules.CosineDecay(0.0, 1000, warmup_target=0.2, warmup_steps=10),
    "restarts": schedules.CosineDecayRestarts(0.1, 3, t_mul=1.5, m_mul=0.9),
    "equal restarts": schedules.CosineDecayRestarts(0.1, 3, t_mul=1.0),
}


@pytest.mark.parametrize("name", SCHEDULES)
@given(step=st.integers(0, 2**40))
def test_it_is_finite_far_out(name, step):
    rate = SCHEDULES[name].rate(step)
    assert math.isfinite(rate) and rate >= 0


@pytest.mark.parametrize("name", SCHEDULES)
def test_a_tensor_gives_what_a_number_gives(name, backend):
    schedule = SCHEDULES[name]
    for step in (0, 1, 2, 5, 6, 30, 999, 1000, 123456, 2**33, 2**33 + 1, 2**40):
        traced = schedule(keras.ops.convert_to_tensor(step, dtype="int64"))
        plain = schedule.rate(step)
        np.testing.assert_allclose(float(traced), plain, rtol=1e-4, atol=1e-7)


@pytest.mark.parametrize("name", SCHEDULES)
def test_its_config_makes_the_same_schedule(name):
    config = schedules.serialize(SCHEDULES[name])
    again = schedules.deserialize(config)
    assert again.get_config() == SCHEDULES[name].get_config()
    optimizer = keras.optimizers.SGD(again)
    same = keras.optimizers.deserialize(keras.optimizers.serialize(optimizer))
    assert same.get_config() == optimizer.get_config()


def test_written_out_values():
    assert SCHEDULES["pieces"].rate(5) == 0.3
    assert SCHEDULES["pieces"].rate(6) == 0.2
    assert SCHEDULES["warm-up"].rate(5) == pytest.approx(0.1)
    assert SCHEDULES["warm-up"].rate(510) == pytest.approx(0.1)
    assert SCHEDULES["equal restarts"].rate(3) == pytest.approx(0.1)
    assert SCHEDULES["inverse"].rate(20) == pytest.approx(0.05)


def test_impossible_arguments_are_refused():
    with pytest.raises(ValueError, match="positive number of steps"):
        schedules.CosineDecay(0.1, 0)
    with pytest.raises(ValueError, match="one value more than boundaries"):
        schedules.PiecewiseConstantDecay([1, 2], [0.1, 0.2])
    with pytest.raises(ValueError, match="expected at least 1"):
        schedules.CosineDecayRestarts(0.1, 10, t_mul=0.5)
