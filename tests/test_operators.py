"""Generated mutants: what each operator makes, what is chosen, and how an edit is known again."""

import ast

import pytest

from kit.authoring import edits, equivalents, generated
from kit.authoring.equivalents import Equivalent
from kit.authoring.operators import OPERATORS
from kit.errors import UsageError
from kit.paths import Workspace


def made(body: str, operator: str | None = None, most: int = 10**6) -> set[str]:
    """The statements that operators put in the place of `body`, the last of a function."""
    text = "def f(x, w, rank, p, model, optimizer):\n" + "".join(
        f"    {line}\n" for line in body.splitlines()
    )
    found = generated.generate("m", text, most=most)
    return {
        mutant.text.partition(":\n")[2].strip()
        for mutant in found
        if operator in (None, mutant.operator)
    }


EXAMPLES = [
    ("dropped_term", "return x + w", {"return x", "return w"}),
    ("dropped_term", "return x @ w + 0.0", {"return 0.0"}),
    ("dropped_factor", "return x / w", {"return x"}),
    ("sign", "return x - w", {"return x + w"}),
    ("sign", "return -x", {"return x"}),
    ("swapped_operands", "return 1 - p", {"return p - 1"}),
    ("swapped_operands", "return x @ w", {"return w @ x"}),
    ("swapped_arguments", "return f(x, w)", {"return f(w, x)"}),
    ("swapped_pair", "return x, w", {"return (w, x)"}),
    ("axis", "return x.sum(axis=1)", {"return x.sum(axis=0)"}),
    ("axis", "return x.mean(dim=-1)", {"return x.mean(dim=0)"}),
    ("axis", "return tf.concat(x, 0)", {"return tf.concat(x, 1)"}),
    ("transpose", "return x @ w.T", {"return x @ w"}),
    ("transpose", "return x[:, :rank]", {"return x[:rank, :]"}),
    ("off_by_one", "return x[rank]", {"return x[rank + 1]", "return x[rank - 1]"}),
    ("comparison", "return x < w", {"return x <= w"}),
    ("other_function", "return np.mean(x)", {"return np.sum(x)"}),
    ("other_function", "model.train()", {"model.eval()"}),
    ("dropped_call", "return np.sqrt(x)", {"return x"}),
    ("dropped_call", "return x.detach()", {"return x"}),
    ("dropped_call", "return tf.stop_gradient(x)", {"return x"}),
    ("dropped_call", "return x ** 2", {"return x"}),
    ("dropped_cast", "return x.astype(np.float32)", {"return x"}),
    ("flag", "return model(x, training=True)", {"return model(x, training=False)"}),
    ("constant", "return Dropout(0.3)", {"return Dropout(0.7)"}),
    ("constant", "return Conv(padding='same')", {"return Conv(padding='valid')"}),
    ("dropped_keyword", "return x.sum(keepdims=True)", {"return x.sum()"}),
    ("dropped_layer", "return [x, w]", {"return [w]", "return [x]"}),
    ("condition", "return x if p else w", {"return x if not p else w", "return x", "return w"}),
    ("deleted", "optimizer.zero_grad()\nreturn x", {"return x"}),
    ("deleted", "with torch.no_grad():\n    return x", {"return x"}),
    ("deleted", "if p:\n    x = w\nreturn x", {"x = w\n    return x", "return x"}),
]  # fmt: skip


@pytest.mark.parametrize(("operator", "body", "expected"), EXAMPLES)
def test_what_an_operator_makes(operator, body, expected):
    assert made(body, operator) == expected


def test_every_operator_has_an_example():
    assert {operator for operator, _, _ in EXAMPLES} == set(OPERATORS)


def test_what_says_nothing_is_left_alone():
    assert made('"""x + 1"""\nraise ValueError(f"{1 + 2} is {x}", 3)') == set()
    text = "@cache(1)\ndef f(x: int = 1 + 2) -> 3:\n    y: 4\n    return Layer(name='sum')\n"
    assert generated.generate("m", text) == []
    assert made("loss, count = 0.0, 0", "swapped_pair") == set()
    assert made("return zip(x, w, strict=True)") == {"return zip(w, x, strict=True)"}


def test_no_mutant_is_the_program_itself_or_one_that_is_there_already():
    text = "def f(x):\n    return x + x\n"
    assert {m.text for m in generated.generate("m", text)} == {
        "def f(x):\n    return x",  # either term dropped: one program
        "def f(x):\n    return x - x",
    }
    known = generated.functions_of("def f(x):\n    return x - x\n")
    assert len(generated.generate("m", text, known)) == 1


SOURCE = """
def first(x, rank):
    y = x[:rank] * 2.0
    return y.sum(axis=0) / rank

class Net:
    def forward(self, x):
        return x.mean(dim=1) + 1
"""


def test_the_choice_is_bounded_the_same_every_time_and_varied():
    chosen = generated.generate("m", SOURCE, most=5)
    assert chosen == generated.generate("m", SOURCE, most=5)
    counts = {name: sum(m.function == name for m in chosen) for name in ("first", "Net")}
    assert counts == {"first": 5, "Net": 5}
    assert len({m.operator for m in chosen if m.function == "first"}) == 5
    every = generated.generate("m", SOURCE)
    assert {m.key for m in chosen} < {m.key for m in every}


def test_a_mutant_is_known_by_its_text_when_lines_have_moved():
    moved = generated.generate("m", "import math\n\n\n" + SOURCE)
    here = generated.generate("m", SOURCE)
    assert [m.key for m in moved] == [m.key for m in here]
    assert [m.line - 3 for m in moved] == [m.line for m in here]


def test_a_mutant_is_applied_to_its_function_alone():
    for mutant in generated.generate("m", SOURCE):
        before, after = ast.parse(SOURCE).body, ast.parse(generated.apply(mutant, SOURCE)).body
        changed = [
            getattr(old, "name", "")
            for old, new in zip(before, after, strict=True)
            if ast.dump(old) != ast.dump(new)
        ]
        assert changed == [mutant.function]


def test_long_texts_are_cut_to_where_they_differ():
    layers = ", ".join(f"Dense({n})" for n in range(30))
    found = generated.generate("m", f"def f():\n    return [{layers}]\n")
    dropped = next(m for m in found if m.operator == "dropped_layer")
    assert len(dropped.find) < 100
    assert dropped.find.startswith("... ") or dropped.find.endswith(" ...")


def survivor(**changed) -> generated.Generated:
    values = {"module": "m", "function": "f", "operator": "sign", "line": 3}
    return generated.Generated(
        **{**values, "find": "x + 1", "replace": "x - 1", "text": ""} | changed
    )


def listed(**changed) -> Equivalent:
    values = {"function": "f", "operator": "sign", "find": "x + 1", "replace": "x - 1"}
    return Equivalent(**values | {"reason": "symmetric in x"} | changed)


def test_a_survivor_must_be_listed_and_a_line_of_the_list_must_be_needed(tmp_path):
    path, alive = tmp_path / "equivalent.toml", survivor()
    (said,) = equivalents.problems(path, [], [alive], {alive})
    assert said.startswith("m.py:3: no test of f fails on 'x - 1' in the place of 'x + 1' (sign)")
    assert equivalents.problems(path, [listed()], [alive], {alive}) == []
    (said,) = equivalents.problems(path, [listed()], [alive], set())
    assert said.endswith("a test fails on it; remove the entry")
    (said,) = equivalents.problems(path, [listed(find="y + 1")], [alive], set())
    assert said.endswith("no operator makes it any more; remove the entry")


def test_an_entry_without_a_reason_is_refused(tmp_path):
    course = Workspace(tmp_path, released=False)
    path = equivalents.file(course, "t1_toy")
    path.parent.mkdir(parents=True)
    path.write_text('[[equivalent]]\nfunction = "f"\noperator = "sign"\nfind = "x"\nreplace = ""\n')
    with pytest.raises(UsageError, match=r"equivalent\.toml:\d+: equivalent.0.reason"):
        equivalents.load(course, "t1_toy")


TWO = """
class Near:
    def forward(self, x):
        return x + 1

class Far:
    def forward(self, x):
        return x + 2
"""


def test_an_edit_of_a_method_is_made_in_the_class_that_it_names(tmp_path):
    edit = edits.FunctionEdit("m", "Far", "less", ((" + ", " - "),), "forward", tmp_path)
    assert edits.apply(edit, TWO) == TWO.replace("x + 2", "x - 2")
    assert edits.owner(edit, TWO) == "Far"
    helper = edits.FunctionEdit("m", "anything", "less", ((" + 1", ""),), "forward", tmp_path)
    assert edits.owner(helper, TWO) == "Near"
