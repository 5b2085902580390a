"""What experiments need of PyTorch networks: a summary, a state that goes on exactly, a rate."""

import pytest

from kit.experiments import torch_models


def test_a_rate_rises_then_falls_to_zero():
    at = torch_models.cosine(1.0, 100, 0.1)
    rates = [at(step) for step in range(101)]
    assert rates[10] == 1.0 and rates[100] == 0.0
    assert rates[:11] == sorted(rates[:11]) and rates[10:] == sorted(rates[10:], reverse=True)
    assert rates[55] == pytest.approx(0.5)  # half of the way down
    assert torch_models.cosine(0.3, 10, 0.0)(0) == 0.3


@pytest.mark.slow  # imports torch
def test_a_summary_lists_what_an_input_passes():
    torch = pytest.importorskip("torch")
    nn = torch.nn
    layers = [nn.Conv2d(3, 2, 5), nn.Identity(), nn.Dropout(0.0), nn.Flatten(), nn.Dropout(0.5)]
    model = nn.Sequential(*layers, nn.Linear(32, 10))
    model[5].bias.requires_grad = False
    found = torch_models.summary(model, (3, 8, 8))
    assert [row["type"] for row in found["layers"]] == ["Conv2d", "Flatten", "Dropout", "Linear"]
    assert found["layers"][0]["shape"] == [2, 4, 4]
    assert [row["parameters"] for row in found["layers"]] == [152, 0, 0, 330]
    assert (found["trainable"], found["total"]) == (472, 482)
    assert model.training


@pytest.mark.slow  # imports torch
@pytest.mark.parametrize("name", ["SGD", "Adam"])
def test_a_restored_training_goes_on_as_if_it_had_not_stopped(name):
    torch = pytest.importorskip("torch")
    torch.manual_seed(0)
    inputs, targets = torch.randn(16, 3), torch.randn(16, 1)
    options = {"SGD": {"momentum": 0.9}, "Adam": {}}[name]

    def start():
        model = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.BatchNorm1d(4))
        model.append(torch.nn.Linear(4, 1))
        return model, getattr(torch.optim, name)(model.parameters(), lr=0.1, **options)

    def train(model, optimizer, steps):
        for _ in range(steps):
            optimizer.zero_grad()
            ((model(inputs) - targets) ** 2).mean().backward()
            optimizer.step()

    first = start()
    train(*first, 3)
    kept = {name: array.copy() for name, array in torch_models.state(*first).items()}
    second = start()
    torch_models.restore(kept, *second)
    train(*first, 3)
    train(*second, 3)
    ends = [torch_models.state(*pair) for pair in (first, second)]
    assert ends[0].keys() == ends[1].keys()
    assert all((ends[0][name] == ends[1][name]).all() for name in ends[0])
