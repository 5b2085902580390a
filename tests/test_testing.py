"""The checks of a test file: what fails, and the sentence a student reads."""

import math
import re

import numpy as np
import pytest

from kit import testing
from kit.testing import CheckFailed, close, dtype, equal, finite, raises, rng, shape, that, value
from kit.testing.meter import Meter, metered, within_case


def sentence(check, *arguments, **named) -> str:
    with pytest.raises(CheckFailed) as caught:
        check(*arguments, **named)
    return str(caught.value)


def test_close_names_the_first_and_the_largest_difference():
    said = sentence(close, [1.0, 2.5, 9.0], [1.0, 2.0, 3.0], rtol=1e-6, what="the sum")
    assert said == (
        "the sum differs at 2 of 3 places; first at [1]: 2.5, expected 2; largest difference 6"
    )


def test_close_says_both_shapes():
    said = sentence(close, np.zeros((2, 3)), np.zeros((3, 2)), rtol=1)
    assert said == "the result has shape (2, 3); expected (3, 2)"


@pytest.mark.parametrize("actual", [math.nan, [math.nan, 1.0], np.float32("nan")])
def test_nan_never_passes(actual):
    expected = np.asarray(actual)
    with pytest.raises(CheckFailed):
        close(actual, expected, rtol=1e9, atol=1e9)
    with pytest.raises(CheckFailed):
        equal(actual, expected)
    with pytest.raises(CheckFailed):
        finite(actual)


def test_infinities_agree_only_in_sign():
    close([math.inf], [math.inf], rtol=0)
    with pytest.raises(CheckFailed):
        close([math.inf], [-math.inf], rtol=1e9)
    with pytest.raises(CheckFailed):
        close([math.inf], [1.0], rtol=1e9)


class AlwaysEqual:
    def __eq__(self, other):
        return True

    def __array__(self, *_):
        return np.zeros(3)


class Sub(np.ndarray):
    def __array_function__(self, *_):
        return True


def test_an_object_that_claims_to_be_equal_is_not():
    with pytest.raises(CheckFailed, match="object of type AlwaysEqual"):
        equal(AlwaysEqual(), 3)
    with pytest.raises(CheckFailed):
        close(AlwaysEqual(), np.zeros(3), rtol=1)


def test_a_subclass_becomes_a_plain_array():
    assert type(value(np.ones(2).view(Sub))) is np.ndarray
    with pytest.raises(CheckFailed):
        close(np.ones(2).view(Sub), np.zeros(2), rtol=1e-3)


def test_object_arrays_none_and_ragged_lists_are_refused():
    assert "None" in sentence(close, None, 1.0, rtol=1)
    assert "object" in sentence(close, np.array([{}]), [1.0], rtol=1)
    assert "ragged" in sentence(close, [[1], [1, 2]], [1.0], rtol=1)


def test_equal_takes_numbers_text_and_none():
    equal(3, 3)
    equal(np.int64(3), 3)
    equal("a", "a")
    equal(None, None)
    assert sentence(equal, 3, 4, "the rank") == "the rank is 3; expected 4"
    assert "expected 'b'" in sentence(equal, "a", "b")
    assert "expected None" in sentence(equal, 0, None)


def test_shape_dtype_and_that():
    shape(np.zeros((2, 1)), (2, 1))
    dtype(np.zeros(1, np.float32), "float32")
    that(True, "no")
    assert sentence(that, 1, "exactly true is asked for") == "exactly true is asked for"
    assert sentence(dtype, np.zeros(1), "float32") == (
        "the result has dtype float64; expected float32"
    )


def test_raises_lets_the_template_through():
    def template():
        raise NotImplementedError

    def wrong():
        raise KeyError("x")

    raises(KeyError, wrong)
    raises(LookupError, wrong)  # a KeyError is one
    assert "raised KeyError; expected ValueError" in sentence(raises, ValueError, wrong)
    with pytest.raises(NotImplementedError):
        raises(ValueError, template)
    with pytest.raises(CheckFailed, match="raised nothing; expected ValueError"):
        raises(ValueError, len, [])


def test_inputs_repeat_and_differ_by_label():
    assert rng().normal() == rng().normal()
    assert rng("a").normal() != rng("b").normal()


def test_a_trust_mark_carries_its_reason():
    @testing.trusts("the weights are the model's word")
    def test():
        pass

    assert test.trusts == "the weights are the model's word"


def test_define_runs_a_tests_own_source():
    spy = testing.remote.define("calls = []\ndef spy(x):\n    calls.append(x)\n    return 2 * x\n")
    assert value(spy.spy(4)) == 8
    assert value(spy.calls) == [4]


# --- random numbers -------------------------------------------------------------------------------


def test_a_right_sample_passes_and_a_wrong_one_is_told_by_how_much():
    draws = np.random.default_rng(1).standard_normal((20_000, 3))
    testing.averages(draws, 0.0, variance=1, false_fail=1e-9)
    testing.averages(draws**2, 1.0, variance=2, tail=2, false_fail=1e-9)
    testing.normal(draws, false_fail=1e-9)
    said = sentence(testing.averages, draws + 0.2, 0.0, variance=1, false_fail=1e-9, what="it")
    assert re.fullmatch(r"it is off by 0\.\d+; by chance it would be up to 0\.0475", said)
    assert "no normal sample" in sentence(testing.normal, 1.1 * draws, false_fail=1e-9)
    uniform = np.random.default_rng(2).uniform(-(3**0.5), 3**0.5, 20_000)
    assert "no normal sample" in sentence(testing.normal, uniform, false_fail=1e-9)
    assert sentence(testing.averages, draws * np.nan, 0.0, variance=1, false_fail=1e-9)
    assert sentence(testing.normal, draws * np.nan, false_fail=1e-9)


@pytest.mark.parametrize("rate", [0.1, 0.5])
def test_a_statistical_check_fails_no_more_often_than_it_says(rate):
    """Bounds are inequalities: over 400 samples they fail at most as often, give or take."""

    def fails(check, *arguments, **named) -> bool:
        try:
            check(*arguments, false_fail=rate, **named)
        except CheckFailed:
            return True
        return False

    generator = np.random.default_rng(3)
    samples = [generator.standard_normal(500) for _ in range(400)]
    most = rate * 400 + 4 * (400 * rate * (1 - rate)) ** 0.5
    assert sum(fails(testing.averages, s, 0.0, variance=1) for s in samples) <= most
    assert sum(fails(testing.averages, s**2, 1.0, variance=2, tail=2) for s in samples) <= most
    products = [s[:250] * s[250:] for s in samples]
    assert sum(fails(testing.averages, p, 0.0, variance=1, tail=1) for p in products) <= most
    assert 0 < sum(fails(testing.normal, s) for s in samples) <= most


def test_checks_tell_a_meter_and_nobody_else():
    meter = Meter()
    close([1.0, 2.0], [1.0, 2.1], rtol=0, atol=0.2)  # nobody listens
    with metered(meter), within_case("case"):
        close([1.0, 2.0], [1.0, 2.1], rtol=0, atol=0.2)
        close(1.0, 1.0, rtol=0)  # no tolerance, nothing to calibrate
        with pytest.raises(CheckFailed):
            close(math.nan, 1.0, rtol=1e-3)
        with pytest.raises(CheckFailed):
            close([1.0], 1.0, rtol=1e-3)  # a wrong shape has no error
        testing.normal(np.random.default_rng(4).standard_normal(100), false_fail=1e-7)
    assert meter.errors == {"case": [pytest.approx(0.5), math.inf]}
    assert meter.chances == {"case": [1e-7]}


def test_a_statistical_mark_carries_its_rate_and_its_reason():
    @testing.statistical(1e-9, "two seeds may be one")
    def test() -> None: ...

    assert test.statistical == (1e-9, "two seeds may be one")
