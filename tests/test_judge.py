"""The judge in the real jail: each failure gets its verdict and costs only its question."""

import dataclasses
import json
import sys
import textwrap

import pytest

from kit.authoring import mutants
from kit.bridge.errors import CellDied
from kit.errors import JailError, KitError, UsageError
from kit.grading.judging.judge import judge, question_seed
from kit.grading.judging.outcomes import LIMIT, sentence
from kit.grading.judging.tests_on_disk import TestSet, TestSource
from kit.grading.results import (
    CaseResult,
    Finding,
    QuestionResult,
    SubmissionResult,
    Verdict,
    worst,
)

SECRET = b"a course's secret"
TOKEN = "tok3n-of-the-student"

RUNNING_MEAN = """
def make_running_mean():
    seen = []

    def add(value):
        seen.append(value)
        return sum(seen) / len(seen)

    return add
"""


@pytest.fixture
def verdicts(jail, toy_assignment, toy_tests, toy_solution):
    """Judge the solution with some files replaced; the results by question."""

    def run(**replaced: str | bytes | None) -> dict[str, QuestionResult]:
        files = dict(toy_solution)
        for module, text in replaced.items():
            if text is None:
                del files[f"{module}.py"]
            else:
                data = text if isinstance(text, bytes) else textwrap.dedent(text).encode()
                files[f"{module}.py"] = data
        results = judge(toy_assignment, files, jail, SECRET, toy_tests)
        return {result.id: result for result in results}

    return run


def hidden_text(results: dict[str, QuestionResult]) -> str:
    return "\n".join(c.message for r in results.values() for c in r.cases if c.hidden)


# --- honest work ----------------------------------------------------------------------------------


def test_the_solution_earns_every_point(verdicts):
    results = verdicts()
    assert [(r.verdict, r.points, r.max_points) for r in results.values()] == [
        (Verdict.PASS, 4.0, 4.0),
        (Verdict.PASS, 3.0, 3.0),
        (Verdict.PASS, 3.0, 3.0),
    ]
    assert [case.hidden for case in results["q1"].cases] == [False] * 3 + [True] * 2
    assert results["q1"].cases[0].title == "unit of (3, 4) is (0.6, 0.8)"


def test_the_template_is_not_attempted(jail, toy_assignment, toy_tests, toy_template):
    for result in judge(toy_assignment, toy_template, jail, SECRET, toy_tests):
        assert (result.verdict, result.points) == (Verdict.NOT_ATTEMPTED, 0)
        assert {case.verdict for case in result.cases} == {Verdict.NOT_ATTEMPTED}


def test_every_mutant_loses_what_it_should(toy, jail, toy_assignment, toy_tests, toy_solution):
    for mutant in mutants.load(toy, toy_assignment):
        name = f"{mutant.module}.py"
        wrong = mutants.apply(mutant, toy_solution[name].decode()).encode()
        results = judge(toy_assignment, toy_solution | {name: wrong}, jail, SECRET, toy_tests)
        lost = {r.id: r.max_points - r.points for r in results if r.points < r.max_points}
        assert lost == mutant.loses, mutant.label


def test_the_same_files_give_the_same_results(verdicts):
    assert verdicts() == verdicts()


def test_one_question_can_be_judged_alone(jail, toy_assignment, toy_tests, toy_solution):
    (result,) = judge(toy_assignment, toy_solution, jail, SECRET, toy_tests, ["q2"])
    assert (result.id, result.points) == ("q2", 3)


def test_inputs_depend_on_secret_assignment_and_question():
    seeds = {
        question_seed(secret, slug, question)
        for secret in (b"a", b"b")
        for slug in ("x", "y")
        for question in ("q1", "q2")
    }
    assert len(seeds) == 8
    assert {len(seed) for seed in seeds} == {32}


# --- one failure costs one question ---------------------------------------------------------------

DEATHS = {
    "infinite loop": ("while True: pass", Verdict.TIMEOUT),
    "os._exit": ("import os; os._exit(0)", Verdict.CRASH),
    "segmentation fault": ("import ctypes; ctypes.string_at(0)", Verdict.CRASH),
    "abort": ("import os; os.abort()", Verdict.CRASH),
    "memory": ("x = bytearray(3 << 30); x[::4096] = b'1' * len(x[::4096])", Verdict.MEMORY),
    "SystemExit": ("raise SystemExit(0)", Verdict.ERROR),
    "KeyboardInterrupt": ("raise KeyboardInterrupt", Verdict.ERROR),
    "exception": ("return 1 / 0", Verdict.ERROR),
    "recursion": ("return moving_average(signal, width)", Verdict.ERROR),
    "nothing": ("pass", Verdict.FAIL),
    "text": ("return 'a'", Verdict.FAIL),
    "wrong shape": ("return signal", Verdict.FAIL),
    "NaN": ("import numpy; return signal[width - 1:] * numpy.nan", Verdict.FAIL),
    "not written": ("raise NotImplementedError", Verdict.NOT_ATTEMPTED),
}


@pytest.mark.parametrize("kind", DEATHS)
def test_one_failure_costs_one_question(verdicts, kind):
    body, expected = DEATHS[kind]
    source = f"def moving_average(signal, width):\n    {body}\n{RUNNING_MEAN}"
    results = verdicts(averages=source)
    assert (results["q1"].verdict, results["q1"].points) == (Verdict.PASS, 4)
    assert (results["q3"].verdict, results["q3"].points) == (Verdict.PASS, 3)
    assert results["q2"].verdict is expected
    assert results["q2"].points == 0
    assert all(case.message for case in results["q2"].cases)


def test_a_function_that_is_not_there_is_missing(verdicts):
    results = verdicts(averages=RUNNING_MEAN)
    assert results["q2"].verdict is Verdict.MISSING
    assert results["q2"].cases[0].message == "averages.py has no function moving_average"
    assert results["q3"].points == 3


def test_a_file_that_is_not_there_is_missing(verdicts):
    results = verdicts(averages=None)
    assert [r.verdict for r in results.values()] == [Verdict.PASS, *[Verdict.MISSING] * 2]
    assert results["q3"].cases[0].message == "averages.py was not handed in"


def test_a_function_in_another_module_is_found(verdicts, toy_solution):
    together = toy_solution["vectors.py"] + b"\n\n" + toy_solution["averages.py"]
    assert sum(r.points for r in verdicts(vectors=together, averages=None).values()) == 10


def test_a_syntax_error_costs_its_module_and_names_the_line(verdicts):
    results = verdicts(averages="x = 1\ndef f(:\n    pass\n")
    assert results["q1"].points == 4
    assert results["q2"].verdict is results["q3"].verdict is Verdict.ERROR
    assert results["q2"].cases[0].message.startswith("averages.py:2: importing it raised Syntax")
    assert "averages.py cannot be imported (SyntaxError)" in results["q2"].cases[1].message


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("while True: pass", Verdict.TIMEOUT),
        ("import os; os._exit(1)", Verdict.CRASH),
        ("raise SystemExit", Verdict.ERROR),
        ("import no_such_thing", Verdict.ERROR),
    ],
)
def test_an_import_that_fails_costs_its_module(verdicts, source, expected):
    results = verdicts(averages=source)
    assert results["q1"].points == 4
    assert results["q2"].verdict is results["q3"].verdict is expected
    assert results["q2"].points == results["q3"].points == 0


# --- cheating -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "returned",
    [
        "Yes()",
        "[Yes(), Yes(), Yes()]",
        "Array(3)",
        "np.array([Yes()] * 3, dtype=object)",
    ],
)
def test_an_object_that_equals_everything_earns_nothing(verdicts, returned):
    source = f"""
        import numpy as np

        class Yes:
            def __eq__(self, other): return True
            def __array__(self, *a, **k): return np.zeros(3)
            def __float__(self): return 0.0
            def __sub__(self, other): return 0.0
            __rsub__ = __le__ = __ge__ = __eq__
            __hash__ = object.__hash__
            shape = (3,)

        class Array(np.ndarray):
            def __new__(cls, n): return np.zeros(n).view(cls)
            def __eq__(self, other): return np.ones(3, bool)
            def __array_ufunc__(self, *a, **k): return np.zeros(3)
            def __array_function__(self, *a, **k): return True

        def moving_average(signal, width):
            return {returned}
        """
    results = verdicts(averages=source)
    assert results["q1"].points == 4
    assert results["q2"].points == 0
    assert results["q2"].verdict in (Verdict.FAIL, Verdict.ERROR)


def test_patching_the_libraries_earns_nothing(verdicts):
    source = """
        import builtins, sys
        import numpy as np

        np.allclose = np.isclose = np.array_equal = lambda *a, **k: True
        np.abs = np.max = lambda *a, **k: np.float64(0)
        np.testing.assert_allclose = lambda *a, **k: None
        for name, module in list(sys.modules.items()):
            if name.startswith(("otter", "kit")):
                for key, value in list(vars(module).items()):
                    if callable(value) and not isinstance(value, type):
                        try:
                            setattr(module, key, lambda *a, **k: None)
                        except Exception:
                            pass

        def moving_average(signal, width):
            return signal
        """
    results = verdicts(averages=source)
    assert results["q2"].points == 0
    assert results["q2"].verdict in (Verdict.FAIL, Verdict.CRASH)
    # The process is the student's own to break: what it broke for itself is its own loss.
    assert results["q3"].points == 0


def test_the_tests_are_not_where_the_code_runs(verdicts):
    source = """
        import os, sys

        def moving_average(signal, width):
            found = [n for n in sys.modules if "otter" in n or n in ("oracle", "kit.grading")]
            for folder in [*sys.path, "."]:
                for at, _, files in os.walk(folder or "."):
                    if "site-packages" in at:
                        continue
                    found += [f for f in files if f in ("oracle.py", "assignment.toml", "q2.py")]
            raise ValueError(f"found {sorted(set(found))}")
        """
    message = verdicts(averages=source)["q2"].cases[0].message
    assert message == "ValueError: found []"


# --- what hidden cases say ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        f"raise ValueError('{TOKEN}')",
        f"print('{TOKEN}'); return '{TOKEN}'",
        f"raise type('{TOKEN}', (Exception,), {{}})",
        f"raise type('{TOKEN}', (NotImplementedError,), {{}})('{TOKEN}')",
        f"import sys; sys.exit('{TOKEN}')",
        f"import os; os.write(1, b'{TOKEN}'); os.write(2, b'{TOKEN}'); os.abort()",
        f"return type('{TOKEN}', (), {{}})()",
    ],
)
def test_hidden_messages_quote_nothing_of_the_student(verdicts, body):
    source = f"def moving_average(signal, width):\n    {body}\n{RUNNING_MEAN}"
    results = verdicts(averages=source)
    text = hidden_text(results)
    assert TOKEN not in text
    assert "Try a width of 3" in text  # the author's hint


def test_public_messages_know_no_hidden_input(verdicts, toy_solution):
    """Code that remembers what it was called with tells its author of public calls only."""
    spying = (
        toy_solution["vectors.py"]
        + b"""
honest, seen = unit, []
def unit(x):
    seen.append(len(x))
    return honest(x)
"""
    )
    telling = f"""
import vectors
def moving_average(signal, width):
    raise ValueError(f"seen {{vectors.seen}}")
{RUNNING_MEAN}"""
    results = verdicts(vectors=spying, averages=telling)
    assert (results["q1"].verdict, results["q3"].verdict) == (Verdict.PASS, Verdict.PASS)
    assert results["q2"].cases[0].message == "ValueError: seen [2, 3]"  # hidden: one of length 6
    assert "seen" not in hidden_text(results)


def test_a_modules_error_is_not_quoted_in_hidden_messages(verdicts):
    results = verdicts(averages=f"raise ValueError('{TOKEN}')\n")
    assert TOKEN not in hidden_text(results)
    assert TOKEN in results["q2"].cases[0].message  # public


def test_public_messages_quote_and_are_cut(verdicts):
    body = f"raise ValueError('{TOKEN}\\n\\x1b[31m' + 'x' * 5000)"
    results = verdicts(averages=f"def moving_average(signal, width):\n    {body}\n")
    message = results["q2"].cases[0].message
    assert message.startswith(f"ValueError: {TOKEN}")
    assert len(message) <= LIMIT
    assert message.isprintable()


def test_a_failed_check_is_a_sentence(verdicts):
    source = f"def moving_average(signal, width):\n    return signal\n{RUNNING_MEAN}"
    public, random, widths = verdicts(averages=source)["q2"].cases
    assert public.message == "the result has shape (4,); expected (3,)"
    assert random.message == "Try a width of 3 on values that are no line."
    assert "(" not in widths.message


# --- faults of ours -------------------------------------------------------------------------------

BROKEN = {
    "import": "import no_such_thing\n",
    "syntax": "def (\n",
    "exit": "raise SystemExit\n",
    "name in a case": """
        from otter.test_files import test_case
        OK_FORMAT = False
        name = "q2"
        points = None
        @test_case(points=2, hidden=True)
        def test_a(moving_average):
            undefined_name
        """,
    "unknown parameter": """
        from otter.test_files import test_case
        OK_FORMAT = False
        name = "q2"
        points = None
        @test_case(points=2, hidden=True)
        def test_a(movin_average):
            pass
        """,
    "public case in a hidden file": """
        from otter.test_files import test_case
        OK_FORMAT = False
        name = "q2"
        points = None
        @test_case(points=2, hidden=False)
        def test_a(moving_average):
            pass
        """,
    "two cases of one name": """
        from otter.test_files import test_case
        OK_FORMAT = False
        name = "q2"
        points = None
        @test_case(points=1, hidden=True)
        def test_a(moving_average):
            pass
        @test_case(points=1, hidden=True)
        def test_a(moving_average):
            pass
        """,
    "wrong sum": """
        from otter.test_files import test_case
        OK_FORMAT = False
        name = "q2"
        points = None
        @test_case(points=1, hidden=True)
        def test_a(moving_average):
            pass
        """,
    "oracle": """
        from oracle import window_means
        from otter.test_files import test_case
        OK_FORMAT = False
        name = "q2"
        points = None
        @test_case(points=2, hidden=True)
        def test_a(moving_average):
            window_means(None, 3)
        """,
}


@pytest.mark.parametrize("kind", BROKEN)
def test_a_fault_of_the_tests_is_nobodys_zero(
    jail, toy_assignment, toy_tests, toy_solution, kind, caplog
):
    files = tuple(
        dataclasses.replace(file, text=textwrap.dedent(BROKEN[kind]))
        if file.label == "hidden/q2.py"
        else file
        for file in toy_tests.files
    )
    tests = dataclasses.replace(toy_tests, files=files)
    results = {r.id: r for r in judge(toy_assignment, toy_solution, jail, SECRET, tests)}
    assert results["q2"].verdict is Verdict.GRADER_ERROR
    assert results["q2"].points is None
    assert results["q2"].max_points == 3
    failed = [c for c in results["q2"].cases if c.verdict is Verdict.GRADER_ERROR]
    assert failed and all("costs you nothing" in case.message for case in failed)
    assert not any("hint" in case.message for case in failed)
    assert results["q1"].points == 4
    assert results["q3"].points == 3
    assert "oracle" not in sys.modules
    told = len(caplog.records)
    judge(toy_assignment, toy_solution, jail, SECRET, tests, ["q2"])
    assert len(caplog.records) == told  # once, and not for every submission


MISFIT = {
    "stops": "next(iter(()))",
    "stops within": "list(next(iter(())) for _ in 'a')",
    "recurses": "def again(): again()\n            again()",
    "takes memory": "raise MemoryError",
    "cannot be sent back": "moving_average([0] * 600_000, 1)",
    "is no array": "moving_average(np.array(['a']), 1)",
}


@pytest.mark.parametrize("kind", MISFIT)
def test_what_a_student_can_make_a_test_raise_is_no_fault_of_ours(
    jail, toy_assignment, toy_tests, toy_solution, kind
):
    text = f"""
        import numpy as np
        from otter.test_files import test_case
        OK_FORMAT = False
        name = "q2"
        points = None
        @test_case(points=2, hidden=True)
        def test_a(moving_average):
            {MISFIT[kind]}
        """
    files = tuple(
        dataclasses.replace(file, text=textwrap.dedent(text))
        if file.label == "hidden/q2.py"
        else file
        for file in toy_tests.files
    )
    tests = dataclasses.replace(toy_tests, files=files)
    (result,) = judge(toy_assignment, toy_solution, jail, SECRET, tests, ["q2"])
    assert (result.verdict, result.points) == (Verdict.FAIL, 1)
    assert "another form" in result.cases[-1].message


FROM_WITHIN = """
import sys
frame = sys._getframe()
while frame:
    for found in frame.f_locals.values():
        if type(found).__name__ == "Server":
            server = found
    frame = frame.f_back
honest = server.operations["{operation}"]
server.operations["{operation}"] = {lie}
"""


@pytest.mark.parametrize(
    ("operation", "lie"),
    [
        ("names", "lambda pairs: []"),
        ("names", "lambda pairs: 2 * honest(pairs)"),
        ("names", "lambda pairs: [1, 2]"),
        ("load", "lambda names: {names[0]: {'names': [1]}}"),
        ("load", "lambda names: {names[0]: {'error': {'kind': 1, 'text': 2, 'line': 3}}}"),
        ("ping", "lambda: 1 / 0"),
        ("ping", "lambda: open"),
        ("call", "lambda *a: 10 ** 400"),
        ("call", "lambda *a: [[[]]] * 300_000"),
        ("value", "lambda target: server"),
    ],
)
def test_a_patched_server_is_the_students_loss_only(verdicts, toy_solution, operation, lie):
    patch = FROM_WITHIN.format(operation=operation, lie=lie).encode()
    results = verdicts(averages=toy_solution["averages.py"] + patch)
    assert Verdict.GRADER_ERROR not in {result.verdict for result in results.values()}


def test_a_generator_that_cannot_be_seeded_is_the_students_loss(verdicts, toy_solution):
    patch = b"\nimport random\nrandom.seed = None\n"
    results = verdicts(averages=toy_solution["averages.py"] + patch)
    assert {result.verdict for result in results.values()} == {Verdict.ERROR}
    assert {result.points for result in results.values()} == {0}


def test_a_question_without_tests_is_a_fault_of_ours(jail, toy_assignment, toy_solution):
    empty = TestSet("t1_toy", (), None)
    for result in judge(toy_assignment, toy_solution, jail, SECRET, empty):
        assert (result.verdict, result.points) == (Verdict.GRADER_ERROR, None)


class _DeadJail:
    """A jail of which every process is dead on arrival."""

    def start(self, files, limits):
        return self

    dead = "CRASH"

    def ping(self):
        raise CellDied("CRASH", "dead on arrival")

    def close(self):
        pass


def test_a_jail_that_does_not_work_is_an_error_of_ours(toy_assignment, toy_tests, toy_solution):
    with pytest.raises(JailError, match="ended before anything was imported: dead on arrival"):
        judge(toy_assignment, toy_solution, _DeadJail(), SECRET, toy_tests)


def test_a_wall_clock_timeout_is_tried_once_more(
    jail, toy_assignment, toy_tests, toy_solution, monkeypatch
):
    short = toy_assignment.limits.model_copy(update={"wall_seconds": 3.0})
    assignment = toy_assignment.model_copy(update={"limits": short})
    starts = []
    start = jail.start
    monkeypatch.setattr(jail, "start", lambda *a: starts.append(1) or start(*a))
    source = f"import time\ndef moving_average(s, w):\n    time.sleep(600)\n{RUNNING_MEAN}"
    files = toy_solution | {"averages.py": source.encode()}
    results = judge(assignment, files, jail, SECRET, toy_tests)
    assert [r.verdict for r in results] == [Verdict.PASS, Verdict.TIMEOUT, Verdict.PASS]
    assert len(starts) == 4  # q1 and q2's, q3's, and both once more


# --- the tests on disk ----------------------------------------------------------------------------


def test_the_hash_covers_every_file_and_the_oracle(toy_tests):
    hashes = {toy_tests.sha256}
    for index, file in enumerate(toy_tests.files):
        files = list(toy_tests.files)
        files[index] = dataclasses.replace(file, text=file.text + "\n")
        hashes.add(dataclasses.replace(toy_tests, files=tuple(files)).sha256)
    hashes.add(dataclasses.replace(toy_tests, oracle="").sha256)
    assert len(hashes) == len(toy_tests.files) + 2
    assert TestSource("q1", False, "public/q1.py", "") not in toy_tests.files


def test_a_test_file_of_no_question_is_refused(toy, tmp_path):
    import shutil

    shutil.copytree(toy.root / "autograder", tmp_path / "autograder")
    (tmp_path / "autograder/t1_toy/public/q7.py").write_text("")
    with pytest.raises(UsageError, match=r"q7.py belongs to no question"):
        TestSet.load(dataclasses.replace(toy, root=tmp_path), "t1_toy")


# --- results --------------------------------------------------------------------------------------


def result(**changes) -> SubmissionResult:
    case = CaseResult("test_a", "a title", 1.0, 1.0, False, Verdict.PASS, "")
    hidden = CaseResult("test_b", "é", None, 1.0, True, Verdict.GRADER_ERROR, "our fault")
    question = QuestionResult("q1", "Q", None, 2.0, Verdict.GRADER_ERROR, (case, hidden))
    fields = {
        "student": "ada",
        "assignment": "t1_toy",
        "verdict": Verdict.GRADER_ERROR,
        "points": None,
        "max_points": 2.0,
        "questions": (question,),
        "findings": (Finding("import", "imports os", "a.py", 3), Finding("late", "one day")),
        "tier": "namespaces",
        "seed_id": "ab12",
        "submission_sha256": "0" * 64,
        "tests_sha256": "1" * 64,
        "kit_version": "0.1.0",
    }
    return SubmissionResult(**{**fields, **changes})


def test_results_survive_json():
    before = result()
    text = before.to_json()
    assert SubmissionResult.from_json(text) == before
    assert SubmissionResult.from_json(text).to_json() == text
    assert json.loads(text)["schema"] == 1


@pytest.mark.parametrize(
    "spoil",
    [
        lambda t: "not json",
        lambda t: "[]",
        lambda t: "null",
        lambda t: json.dumps({**t, "schema": 2}),
        lambda t: json.dumps({k: v for k, v in t.items() if k != "student"}),
        lambda t: json.dumps({**t, "extra": 1}),
        lambda t: json.dumps({**t, "verdict": "GREAT"}),
        lambda t: json.dumps({**t, "points": 3.0}),
        lambda t: json.dumps({**t, "points": -1.0}),
        lambda t: json.dumps({**t, "points": "2"}),
        lambda t: json.dumps({**t, "points": float("nan")}),
        lambda t: json.dumps({**t, "questions": [{**t["questions"][0], "points": 1.0}]}),
        lambda t: json.dumps({**t, "findings": [{"kind": 1, "text": "x"}]}),
    ],
)
def test_nonsense_is_refused_with_a_sentence(spoil):
    table = json.loads(result().to_json())
    with pytest.raises(KitError, match=r"^ada.json cannot be used: .*grade again$"):
        SubmissionResult.from_json(spoil(table), "ada.json")


def test_the_worst_verdict_counts():
    assert worst([]) is Verdict.PASS
    assert worst([Verdict.PASS, Verdict.PASS]) is Verdict.PASS
    assert worst([Verdict.NOT_ATTEMPTED] * 2) is Verdict.NOT_ATTEMPTED
    assert worst([Verdict.NOT_ATTEMPTED, Verdict.FAIL, Verdict.PASS]) is Verdict.FAIL
    assert worst([Verdict.TIMEOUT, Verdict.ERROR]) is Verdict.TIMEOUT
    assert worst([Verdict.GRADER_ERROR, Verdict.CRASH]) is Verdict.GRADER_ERROR


def test_a_sentence_is_one_short_line():
    assert sentence("a\n\tb\x00\x1b[0m") == "a b??[0m"
    assert len(sentence("y" * 1000)) == LIMIT
