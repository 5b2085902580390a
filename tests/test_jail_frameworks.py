"""What honest code does with the frameworks works in every tier that confines."""

import textwrap

import numpy as np
import pytest

from kit.assignment import Limits
from kit.bridge.errors import RemoteError
from kit.bridge.proxies import Handle, make_environment
from kit.jail import TIERS, Jail, available

pytestmark = pytest.mark.slow
LIMITS = Limits(memory_mb=1500, cpu_seconds=120, call_seconds=90, wall_seconds=180)


@pytest.fixture(scope="module", params=TIERS[:-1])
def tier(request):
    if (reason := available(request.param)) is not None:
        pytest.skip(f"{request.param}: {reason}")
    return request.param


@pytest.fixture(scope="module")
def torch_jail(tier):
    with Jail(["numpy", "torch", "torch._dynamo", "matplotlib.pyplot"], LIMITS, tier=tier) as jail:
        yield jail


@pytest.fixture
def functions(torch_jail):
    """The functions of a source, in a fresh child."""
    sessions = []

    def load(source):
        session = torch_jail.start({"work.py": textwrap.dedent(source).encode()})
        sessions.append(session)
        return make_environment(session, session.load(["work"])["work"]["names"])

    yield load
    for session in sessions:
        session.close()


def test_torch_trains_saves_and_loads(functions):
    work = functions(
        """
        import os, tempfile, torch
        from torch import nn
        def train(steps):
            torch.manual_seed(0)
            model = nn.Sequential(nn.Conv2d(1, 4, 3), nn.ReLU(), nn.Flatten(), nn.Linear(144, 3))
            optimiser = torch.optim.Adam(model.parameters(), lr=0.01)
            images, labels = torch.randn(64, 1, 8, 8), torch.randint(0, 3, (64,))
            losses = []
            for _ in range(steps):
                optimiser.zero_grad()
                loss = nn.functional.cross_entropy(model(images), labels)
                loss.backward()
                optimiser.step()
                losses.append(loss.item())
            torch.save(model.state_dict(), "model.pt")
            again = torch.load("model.pt")
            with tempfile.NamedTemporaryFile() as stream:
                stream.write(b"x")
            with tempfile.TemporaryDirectory() as folder:
                os.rename("model.pt", os.path.join(folder, "moved.pt"))
            same = all(again[name].equal(value) for name, value in model.state_dict().items())
            return losses[0], losses[-1], same
        def product():
            torch.set_num_threads(2)
            ones = torch.ones(600, 600)
            return (ones @ ones)[0, 0].item()
        """
    )
    first, last, same = work["train"](30)
    assert last < first / 2
    assert same
    assert work["product"]() == 600


def test_a_loader_with_workers(functions, tier):
    work = functions(
        """
        import torch
        from torch.utils.data import DataLoader, TensorDataset
        def total(workers):
            data = TensorDataset(torch.arange(40.0).reshape(20, 2), torch.arange(20))
            loader = DataLoader(data, batch_size=4, num_workers=workers)
            return sum(x.sum().item() + y.sum().item() for _ in range(2) for x, y in loader)
        """
    )
    assert work["total"](0) == 2 * (780 + 190)
    if tier == "landlock":
        with pytest.raises(RemoteError):  # at once: no process is started in this tier
            work["total"](2)
    else:
        assert work["total"](2) == 2 * (780 + 190)


def test_processes_of_its_own(functions, tier):
    work = functions(
        """
        import multiprocessing, subprocess, sys
        def square(x): return x * x
        def pool():
            with multiprocessing.get_context("fork").Pool(2) as workers:
                return workers.map(square, range(5))
        def run(): return subprocess.run(["/bin/echo", "hello"], capture_output=True).stdout
        """
    )
    if tier == "landlock":
        for name in ("pool", "run"):
            with pytest.raises(RemoteError):
                work[name]()
    else:
        assert list(work["pool"]()) == [0, 1, 4, 9, 16]
        assert work["run"]() == b"hello\n"


def test_a_picture(functions):
    work = functions(
        """
        import matplotlib.pyplot as plt
        def draw():
            plt.plot([1, 2, 3])
            plt.title("losses")
            plt.savefig("losses.png")
            return open("losses.png", "rb").read(4)
        """
    )
    assert work["draw"]() == b"\x89PNG"


@pytest.fixture(scope="module")
def keras_jail(tier):
    with Jail(["numpy", "tensorflow", "keras"], LIMITS, tier=tier) as jail:
        yield jail


def test_tensorflow_and_keras(keras_jail):
    source = """
    import keras, tensorflow as tf
    def build():
        return keras.Sequential([keras.Input((4,)), keras.layers.Dense(3)])
    def fit(model, x):
        model.compile("sgd", "mse")
        model.fit(x, x[:, :3], epochs=1, verbose=0)
        return model.layers[0].kernel
    def loss(x): return tf.reduce_mean(tf.square(x))
    def pipeline():
        data = tf.data.Dataset.range(10).map(lambda x: x * 2, num_parallel_calls=2)
        return [int(x) for x in data.batch(5).prefetch(2).unbatch()]
    def saved(model):
        model.save("model.keras")
        again = keras.models.load_model("model.keras")
        return bool(tf.reduce_all(again.layers[0].kernel == model.layers[0].kernel))
    """
    for _ in range(2):
        with keras_jail.start({"work.py": textwrap.dedent(source).encode()}) as session:
            names = session.load(["work"])["work"]["names"]
            functions = make_environment(session, names)
            session.seed(3)
            model = functions["build"]()
            x = np.random.default_rng(0).normal(size=(32, 4)).astype(np.float32)
            out = model(x)
            assert (type(out), out.shape, out.dtype) == (np.ndarray, (32, 3), np.float32)
            kernel = functions["fit"](model, x)
            assert kernel.shape == (4, 3)
            np.testing.assert_array_equal(session.fetch(model.layers[0].kernel), kernel)
            assert functions["loss"](x) == pytest.approx(np.mean(x**2), rel=1e-5)
            assert list(functions["pipeline"]()) == list(range(0, 20, 2))
            assert functions["saved"](model)
            layer = session.library("keras").layers.Dense(2)
            assert session.fetch(layer(x)).shape == (32, 2)
            assert isinstance(model.layers[0], Handle)
