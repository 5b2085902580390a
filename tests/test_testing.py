"""The checks of a test file: what fails, and the sentence a student reads."""

import math

import numpy as np
import pytest

from kit import testing
from kit.testing import CheckFailed, close, dtype, equal, finite, raises, rng, shape, that, value


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
