"""The run store: what makes a key, what an interrupted run leaves, who may write."""

import json
import os
import platform
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from kit.experiments.fingerprint import bare, names_written, parse, stage_code
from kit.experiments.stage import Context, Stage
from kit.experiments.store import RunStore, key_of, locked, process_exists

SOURCE = '''
"""A file of experiments."""
import numpy as np
RATE = 0.5
UNUSED = 1

def step(x: float) -> float:
    """Halve."""
    return x * RATE

def other(ctx):
    return ctx.code.second(1)

def train(ctx):
    # a comment
    return step(ctx.code.first(2))
'''


@pytest.fixture
def code(tmp_path: Path):
    """A function that writes the three files and returns the fingerprints of both stages."""
    texts = {
        "experiments": SOURCE,
        "one": "def first(x):\n    return x\n",
        "two": "import one\n\ndef second(x):\n    return one.first(x)\n",
    }

    def fingerprints(**changed: tuple[str, str]) -> tuple[dict[str, str], dict[str, str]]:
        for name, text in texts.items():
            old, new = changed.get(name, ("", ""))
            assert old in text
            (tmp_path / f"{name}.py").write_text(text.replace(old, new) if old else text)
        owners = {"first": tmp_path / "one.py", "second": tmp_path / "two.py"}
        path = tmp_path / "experiments.py"
        return stage_code("train", path, owners), stage_code("other", path, owners)

    return fingerprints


SIDE = """
def halved(ctx, x):
    return half(ctx.code.second(x))

def half(x):
    return x / 2
"""


def test_a_stage_depends_on_what_the_files_beside_it_name(tmp_path):
    texts = {
        "experiments": 'side = beside(__file__, "side")\n\ndef go(ctx):\n    side.halved(ctx, 1)\n',
        "side": SIDE,
        "one": "def first(x):\n    return x\n",
        "two": "import one\n\ndef second(x):\n    return one.first(x)\n",
    }
    for name, text in texts.items():
        (tmp_path / f"{name}.py").write_text(text)
    owners = {"first": tmp_path / "one.py", "second": tmp_path / "two.py"}
    before = stage_code("go", tmp_path / "experiments.py", owners)
    assert set(before) == {"experiments", "side", "one", "two"}
    (tmp_path / "two.py").write_text(texts["two"].replace("(x)\n", "(-x)\n"))
    after = stage_code("go", tmp_path / "experiments.py", owners)
    assert {name for name in before if before[name] != after[name]} == {"two"}


def test_the_fingerprint_is_the_same_on_every_python():
    """What 3.12 and 3.13 say otherwise of this tree is said as 3.11 does."""
    assert bare(parse_text("def f(x: int = 1) -> int:\n    return [x, *()]\n")) == (
        "Module(body=[FunctionDef(name='f', args=arguments(posonlyargs=[], args=[arg(arg='x')], "
        "kwonlyargs=[], kw_defaults=[], defaults=[Constant(value=1)]), body=[Return(value=List("
        "elts=[Name(id='x', ctx=Load()), Starred(value=Tuple(elts=[], ctx=Load()), ctx=Load())], "
        "ctx=Load()))], decorator_list=[])], type_ignores=[])"
    )


def test_words_for_people_change_no_key(code):
    before = code()
    for old, new in [
        ("# a comment", "# another"),
        ('"""Halve."""', '"""Divide by two."""'),
        ('"""A file of experiments."""', '"""Experiments."""'),
        ("x: float) -> float", "x)"),
        ("return x * RATE", "return (x *\n        RATE)"),
    ]:
        assert code(experiments=(old, new)) == before
    assert code(one=("return x", '"""The same."""\n    return x  # x')) == before


def test_an_edit_changes_only_what_depends_on_it(code):
    train, other = code()
    assert set(train) == {"experiments", "one"}
    assert set(other) == {"experiments", "one", "two"}
    assert code(experiments=("UNUSED = 1", "UNUSED = 2")) == (train, other)
    changed = code(experiments=("RATE = 0.5", "RATE = 0.25"))
    assert changed[0] != train and changed[1] == other
    changed = code(two=("first(x)", "first(x + 1)"))
    assert changed[0] == train and changed[1] != other
    changed = code(one=("return x", "return -x"))
    assert changed[0] != train and changed[1] != other


def test_what_a_module_imports_is_not_its_own(tmp_path):
    path = tmp_path / "gan.py"
    path.write_text("import keras\nfrom keras import layers\nSIZE = 3\ndef build():\n    pass\n")
    assert names_written(path) == {"SIZE", "build"}


def test_a_docstring_that_is_the_whole_body_leaves_a_function():
    assert bare(parse_text('def f():\n    """Doc."""')) == bare(parse_text('def f():\n    "D"'))


def parse_text(text: str):
    import ast

    return ast.parse(text)


def test_a_module_that_is_not_python_names_its_line(tmp_path):
    (tmp_path / "bad.py").write_text("x = 1\ndef f(:\n")
    with pytest.raises(Exception, match=r"bad\.py:2: "):
        parse(tmp_path / "bad.py")


def test_keys_depend_on_values_and_not_on_order():
    assert key_of({"a": 1, "b": [2]}) == key_of({"b": [2], "a": 1})
    assert key_of({"a": 1}) != key_of({"a": 2})


def walk(ctx: Context) -> None:
    """A toy training whose state is an array and a random generator seeded by epoch."""
    resumed = ctx.resume()
    first, weights = (resumed[0] + 1, resumed[1]["weights"]) if resumed else (1, np.zeros(3))
    for epoch in range(first, ctx.params["epochs"] + 1):
        weights = weights + np.random.default_rng([ctx.seed, epoch]).normal(size=3)
        ctx.epoch(epoch, ctx.params["epochs"], norm=np.linalg.norm(weights), epochs_seen=epoch)
        ctx.save(f"weights-{epoch}", weights)
        ctx.record("last", epoch)
        if epoch == ctx.params.get("lost"):
            raise KeyboardInterrupt  # after the metrics, before the checkpoint
        ctx.checkpoint(epoch, {"weights": weights})
        if epoch == ctx.params.get("stop"):
            raise KeyboardInterrupt


def attempt(folder: Path, **params: int) -> Context:
    stage = Stage("walk", "toy", walk, {"epochs": 4, "seed": 3, **params})
    context = Context(stage, folder, None, None, {})
    try:
        walk(context)
    except KeyboardInterrupt:
        return context
    context.finish()
    return context


@pytest.mark.parametrize("how", [{"stop": 2}, {"lost": 3}])
def test_two_and_two_epochs_are_four(tmp_path, how):
    attempt(tmp_path / "whole")
    attempt(tmp_path / "parts", **how)
    assert not (tmp_path / "parts" / "arrays.npz").exists()
    attempt(tmp_path / "parts")
    for name in ("arrays.npz", "metrics.jsonl"):
        whole, parts = ((tmp_path / side / name).read_bytes() for side in ("whole", "parts"))
        assert whole == parts
    rows = (tmp_path / "parts" / "metrics.jsonl").read_text().splitlines()
    assert [json.loads(row)["epoch"] for row in rows] == [1, 2, 3, 4]


def test_a_metrics_row_cut_short_by_a_crash_is_dropped(tmp_path):
    attempt(tmp_path, stop=2)
    with (tmp_path / "metrics.jsonl").open("a") as stream:
        stream.write('{"epoch": 3, "no')
    context = attempt(tmp_path)
    assert [row["epoch"] for row in context.history] == [1, 2, 3, 4]


def test_without_a_checkpoint_no_row_is_left_not_even_that_of_epoch_0(tmp_path):
    first = Context(Stage("walk", "toy", walk), tmp_path, None, None, {})
    first.epoch(0, 4, norm=1.0)
    again = Context(Stage("walk", "toy", walk), tmp_path, None, None, {})
    again.epoch(0, 4, norm=2.0)
    assert again.history == [{"epoch": 0, "norm": 2.0}]


def test_a_run_is_found_only_when_its_result_is_written(tmp_path):
    store = RunStore(tmp_path)
    spec = {"stage": "walk", "params": {"epochs": 4}, "versions": {"numpy": "2"}}
    folder = store.begin(spec)
    assert store.find(spec, "toy") is None
    context = Context(Stage("walk", "toy", walk, {"epochs": 4}), folder, None, None, {})
    walk(context)
    result = {"records": context.finish(), "seconds": 1.0, "hardware": {}, "dataset": None}
    store.finish(spec, result)
    run = store.find(spec, "toy")
    assert run is not None and run.result == {"last": 4} and run.part == "toy"
    assert run.key == key_of(spec) and len(run.history) == 4
    assert run.array("weights-4").shape == (3,) and not (folder / "checkpoint.npz").exists()
    with pytest.raises(KeyError, match="weights-1"):
        run.array("nothing")
    assert store.find({**spec, "params": {"epochs": 5}}, "toy") is None


def test_a_lock_keeps_others_out_and_goes_with_its_holder(tmp_path):
    order: list[str] = []

    def second() -> None:
        with locked(tmp_path, order.append, poll=0.01):
            order.append("second")

    with locked(tmp_path, order.append):
        thread = threading.Thread(target=second)
        thread.start()
        time.sleep(0.1)
        order.append("first")
    thread.join(5)
    assert len(order) == 3 and order[1:] == ["first", "second"]
    assert str(os.getpid()) in order[0] and str(tmp_path / "lock") in order[0]
    assert not (tmp_path / "lock").exists()


def test_the_lock_of_a_process_that_ended_is_taken_over(tmp_path):
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    owner = {"pid": ended.pid, "machine": platform.node(), "id": "x"}
    (tmp_path / "lock").write_text(json.dumps(owner))
    assert not process_exists(ended.pid) and process_exists(os.getpid())
    told: list[str] = []
    with locked(tmp_path, told.append, poll=0.01):
        assert json.loads((tmp_path / "lock").read_text())["pid"] == os.getpid()
    assert told == [] and list(tmp_path.iterdir()) == []


def test_a_lock_of_another_machine_is_respected(tmp_path):
    owner = {"pid": 1, "machine": "elsewhere", "id": "x"}
    (tmp_path / "lock").write_text(json.dumps(owner))

    def give_up(sentence: str) -> None:
        raise TimeoutError(sentence)

    with pytest.raises(TimeoutError, match="elsewhere"), locked(tmp_path, give_up, poll=0.01):
        pass
