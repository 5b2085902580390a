"""q9: success rate, inception score, Fréchet distance (hidden)."""

import numpy as np
import oracle
from otter.test_files import test_case

from kit.testing import close, rng, shape, that, value

OK_FORMAT = False
name = "q9"
points = None


@test_case(
    points=0.5,
    hidden=True,
    failure_message="group by the class that was asked for, not by the one that was found",
)
def test_rates_by_class(success_rates):
    """Rates are counted by the class asked for, with absent classes NaN, also at the end"""
    draw = rng("rates")
    labels = draw.integers(0, 6, 80)
    labels[labels == 3] = 4
    predictions = np.where(draw.uniform(size=80) < 0.6, labels, draw.integers(0, 8, 80))
    rates = value(success_rates(labels, predictions, 8))
    shape(rates, (8,), "the rates")
    for label in range(8):
        asked = [found == label for at, found in zip(labels, predictions, strict=True)
                 if at == label]  # fmt: skip
        if asked:
            close(rates[label], sum(asked) / len(asked), rtol=1e-9, what=f"the rate of {label}")
        else:
            that(bool(np.isnan(rates[label])), f"class {label} was not asked for, but has a rate")


@test_case(
    points=0.25,
    hidden=True,
    failure_message="half the sum of |share - 1/classes|, classes that never come included",
)
def test_dropped_classes(total_variation):
    """Classes that never come count, and every share counts by its distance from the uniform one"""
    predictions = rng("classes").integers(0, 5, 60)
    for classes in (5, 9):
        shares = [np.mean(predictions == label) for label in range(classes)]
        expected = sum(max(0.0, share - 1 / classes) for share in shares)  # half of all gaps
        close(total_variation(predictions, classes), expected, rtol=1e-9, what="the distance")


@test_case(
    points=0.5,
    hidden=True,
    failure_message="exp of the mean of KL(p(y|x) || p(y)), natural logarithm, with 0 log 0 = 0",
)
def test_score_of_soft_answers(inception_score):
    """Soft and sure answers, zeros and unequal classes score exp(H(y) - H(y|x))"""
    draw = rng("score")
    for sharpness in (0.3, 3.0):
        probabilities = oracle.softmax(draw.normal(size=(30, 6)) * sharpness)
        probabilities[:5] = np.eye(6)[draw.integers(0, 3, 5)]
        probabilities[:, 5] = 0
        probabilities /= probabilities.sum(axis=1, keepdims=True)
        expected = oracle.inception_score(probabilities)
        close(inception_score(probabilities), expected, rtol=1e-6, what="the score")
    single = inception_score(np.array([[0.2, 0.8, 0.0]]))
    close(single, 1.0, rtol=1e-6, what="the score of a single image")
    floats = probabilities.astype(np.float32)
    close(inception_score(floats), expected, rtol=1e-4, what="the score of float32 answers")


@test_case(
    points=0.5,
    hidden=True,
    failure_message="|m1 - m2|² + tr(S1 + S2 - 2 (S1 S2)^(1/2)), the covariances over n - 1",
)
def test_known_covariances(frechet_distance):
    """Sets of 12 and 9 with given means and covariances have the distance of the formula"""
    draw = rng("frechet")
    for size in (1, 4):
        means = 2 * draw.normal(size=(2, size))
        factors = draw.normal(size=(2, size, size))
        covariances = [f @ f.T + 0.1 * np.eye(size) for f in factors]
        sets = [
            oracle.with_moments(draw, count, mean, covariance)
            for count, mean, covariance in zip((12, 9), means, covariances, strict=True)
        ]
        expected = oracle.frechet(means[0], covariances[0], means[1], covariances[1])
        close(frechet_distance(*sets), expected, rtol=1e-6, what=f"the distance in {size}d")


@test_case(
    points=0.25,
    hidden=True,
    failure_message="singular covariances are common (units that never fire): no inverse, no "
    "complex rest, nothing below 0",
)
def test_singular_covariances(frechet_distance):
    """With units that never fire, and fewer images than features, it is real and not below 0"""
    draw = rng("singular")
    features = np.maximum(draw.normal(size=(6, 10)), 0)
    features[:, 7:] = 0
    for _ in range(5):
        mixed = features[draw.permutation(6)] @ np.diag(draw.uniform(1, 2, 10))
        found = value(frechet_distance(mixed, mixed[::-1]))
        that(np.isreal(found) and 0 <= found < 1e-5, f"equal sets have the distance {found}")
    scale = np.array([2.0, 0.5, 1, 3, 1, 1, 4, 1, 1, 1])
    basis = np.linalg.qr(draw.normal(size=(8, 8)))[0]
    basis = np.linalg.qr(np.concatenate([np.ones((8, 1)), basis], axis=1))[0][:, 1:6]
    first, second = np.zeros((8, 10)), np.zeros((8, 10))
    first[:, :5], second[:, :5] = basis, basis * scale[:5]
    gaps = (np.ones(5) - scale[:5]) / np.sqrt(7)  # of the standard deviations
    close(frechet_distance(first, second), np.sum(gaps**2), rtol=1e-4, atol=1e-7, what="it")
