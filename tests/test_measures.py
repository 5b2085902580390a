"""The measures of generated images, against closed forms and a well-kept library."""

from pathlib import Path

import numpy as np
import pytest

from kit.experiments import image_scores, torchvision_ops
from kit.files import load_module

REPORTS = Path(__file__).resolve().parent.parent / "report_templates"
measures = load_module(REPORTS / "a1_compression_gan" / "measures.py", "measures")


def test_the_frechet_distance_of_known_gaussians():
    rng = np.random.default_rng(0)
    base = rng.normal(size=(4000, 3))
    base = (base - base.mean(0)) @ np.linalg.inv(np.linalg.cholesky(np.cov(base, rowvar=False))).T
    assert measures.frechet_distance(base, base) == pytest.approx(0, abs=1e-8)
    assert measures.frechet_distance(base, base + [3, 4, 0]) == pytest.approx(25)
    assert measures.frechet_distance(base, 3 * base) == pytest.approx(3 * (3 - 1) ** 2)


@pytest.mark.slow  # imports torch
def test_the_frechet_distance_is_that_of_torchmetrics():
    torch = pytest.importorskip("torch")
    torchvision_ops.datasets()  # torchmetrics imports torchvision
    image = pytest.importorskip("torchmetrics.image.fid")
    rng = np.random.default_rng(1)
    first, second = rng.normal(size=(500, 8)), rng.normal(0.3, 2, size=(400, 8))

    class Flat(torch.nn.Module):
        def forward(self, x):
            return x.flatten(1)

    fid = image.FrechetInceptionDistance(feature=Flat(), input_img_size=(1, 1, 8), normalize=True)
    fid.set_dtype(torch.float64)
    for features, real in ((first, True), (second, False)):
        fid.update(torch.tensor(features).reshape(-1, 1, 1, 8), real=real)
    assert measures.frechet_distance(first, second) == pytest.approx(float(fid.compute()))


def test_class_balance_and_score():
    even = measures.class_balance(np.repeat(np.arange(10), 5), 10)
    assert even["covered"] == 10 and even["total_variation"] == pytest.approx(0)
    one = measures.class_balance(np.zeros(50, int), 10)
    assert one["covered"] == 1 and one["total_variation"] == pytest.approx(0.9)
    assert measures.inception_score(np.eye(10)) == pytest.approx(10)
    assert measures.inception_score(np.full((5, 10), 0.1)) == pytest.approx(1)


def test_neighbours_and_class_gaussians():
    rng = np.random.default_rng(0)
    among = rng.integers(0, 256, (20, 4, 4)).astype(np.uint8)
    rows, distances = measures.nearest(among[[7, 3]], among)
    assert rows.tolist() == [7, 3] and distances.max() < 0.1
    assert measures.nearest(np.zeros((1, 4, 4)), np.full((1, 4, 4), 3))[1][0] == pytest.approx(12)
    images = np.repeat(np.array([20, 200], np.uint8), 30)[:, None, None] * np.ones((1, 4, 4))
    images = np.clip(images + rng.normal(size=images.shape), 0, 255).astype(np.uint8)
    made = measures.class_gaussians(images, np.repeat([0, 1], 30), 3, 10, rng)
    assert made.dtype == np.uint8 and made.shape == (10, 4, 4)
    assert np.abs(made[::2].mean() - 20) < 3 and np.abs(made[1::2].mean() - 200) < 3


@pytest.mark.slow  # imports torch
def test_the_scores_of_known_features_and_logits():
    rng = np.random.default_rng(0)
    base = rng.normal(size=(400, 3))
    shifted = base + [3, 4, 0]
    assert image_scores.frechet_distance(base, base) == pytest.approx(0, abs=1e-8)
    assert image_scores.frechet_distance(base, shifted) == pytest.approx(25)
    first, second = rng.normal(size=(500, 8)), rng.normal(0.3, 2, size=(400, 8))
    ours = measures.frechet_distance(first, second)
    assert image_scores.frechet_distance(first, second) == pytest.approx(ours)
    assert image_scores.inception_score(100 * np.eye(10))[0] == pytest.approx(10)
    assert image_scores.inception_score(np.zeros((20, 10)), splits=2) == pytest.approx((1, 0))
    rows, distances = image_scores.nearest(base[[7, 3]], base)
    assert rows.tolist() == [7, 3] and distances.max() < 1e-3
