"""The wire: what travels comes back as it was, and bytes that are no honest frame are refused."""

import contextlib
import json
import math
import struct
from collections import OrderedDict, defaultdict

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from kit.bridge import frame, wire
from kit.bridge.frame import Frame, Reference, WireError


def joined(parts):
    return b"".join(bytes(part) for part in parts)


def reader(data):
    view = memoryview(data)

    def fill(target):
        nonlocal view
        if len(view) < len(target):
            raise EOFError
        target[:] = view[: len(target)]
        view = view[len(target) :]

    return fill


def receive(data, resolve=None):
    return wire.decode(frame.read_frame(reader(data)), resolve)


def there_and_back(value, **options):
    return receive(joined(wire.encode(value, **options)))


def header(node, *sizes):
    return Frame(
        json.dumps({"b": list(sizes), "v": node}).encode(), np.zeros(64 * len(sizes), "u1")
    )


PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**1023), 2**1023)
    | st.floats(allow_nan=False)
    | st.text()
    | st.binary(max_size=99)
    | st.complex_numbers(allow_nan=False),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.tuples(inner, inner)
        | st.dictionaries(st.text(max_size=5) | st.integers() | st.booleans(), inner, max_size=4)
    ),
    max_leaves=12,
)
ARRAYS = hnp.arrays(
    st.sampled_from(sorted(wire.DTYPES)), hnp.array_shapes(min_dims=0, min_side=0, max_side=4)
)


def clean(value):
    """`value` with the lone surrogates that cannot be stored replaced."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, dict):
        return {clean(key): clean(part) for key, part in value.items()}
    return type(value)(map(clean, value)) if isinstance(value, (list, tuple)) else value


@settings(deadline=None, max_examples=150)
@given(PLAIN)
def test_plain_values_come_back_as_they_were(value):
    result = there_and_back(value)
    assert result == clean(value)
    assert repr(type(result)) == repr(type(value))


@settings(deadline=None, max_examples=100)
@given(ARRAYS)
def test_arrays_come_back_bit_by_bit_and_writable(array):
    result = there_and_back([array, 1])[0]
    assert type(result) is np.ndarray
    assert result.dtype == array.dtype
    assert result.shape == array.shape
    assert result.flags.writeable
    assert result.tobytes() == array.tobytes()


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, -0.0])
def test_odd_floats(value):
    assert struct.pack("<d", there_and_back(value)) == struct.pack("<d", value)


def test_numpy_scalars_become_arrays_without_dimensions():
    result = there_and_back(np.float32(1.5))
    assert (type(result), result.dtype, result.shape) == (np.ndarray, np.float32, ())


def test_strided_and_big_endian_arrays():
    array = np.arange(24, dtype=">i4").reshape(4, 6)[::2, ::-1].T
    result = there_and_back(array)
    np.testing.assert_array_equal(result, array)
    assert result.dtype == np.dtype("<i4")


def test_containers_of_other_kinds_become_plain_ones():
    pair = defaultdict(list, {"a": [1]}), OrderedDict(b=2)
    assert there_and_back(pair) == ({"a": [1]}, {"b": 2})
    assert [type(part) for part in there_and_back(pair)] == [dict, dict]


def test_dict_keys_may_be_numpy_numbers_and_tuples():
    assert there_and_back({np.int64(3): 1, (0, "a"): 2}) == {3: 1, (0, "a"): 2}


class Odd(np.ndarray):
    """A subclass of an array."""


@pytest.mark.parametrize(
    "value",
    [
        object(),
        np.array([object()]),
        np.array(["text"]),
        np.zeros(2).view(Odd),
        np.zeros(2, np.longdouble),
        10**5000,
        {object(): 1},
        {1, 2},
        print,
        float,
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_is_no_plain_value_is_parked_or_refused(value):
    with pytest.raises(WireError):
        wire.encode(value)
    kept = []

    def park(what):
        kept.append(what)
        return Reference(7, "T" * 999)

    data = joined(wire.encode([value], park))
    assert receive(data, lambda reference: reference) == [Reference(7, "T" * 200)]
    assert kept[0] is value


def test_300_digit_integers_travel():
    assert there_and_back(10**300) == 10**300


def test_a_list_inside_itself_is_refused():
    value = []
    value.append(value)
    with pytest.raises(WireError, match="nested too deeply"):
        wire.encode(value)


def test_too_many_parts_and_too_many_arrays_are_refused():
    with pytest.raises(WireError, match="too many parts"):
        wire.encode([0] * 600_000)
    with pytest.raises(WireError, match="arrays"):
        wire.encode([np.zeros(1)] * 5000)


def test_a_huge_array_is_refused_before_it_is_copied():
    with pytest.raises(WireError, match="too large"):
        wire.encode([np.zeros(200 << 20, np.uint8), np.zeros(200 << 20, np.uint8)])


HOSTILE = {
    "depth": Frame(b"[" * 100_000, np.zeros(0, "u1")),
    "nested lists": header(json.loads("[" * 60 + "]" * 60)),
    "not json": Frame(b"\xff\xfe", np.zeros(0, "u1")),
    "no table": Frame(b"{}", np.zeros(0, "u1")),
    "long integer": Frame(b'{"b":[],"v":' + b"9" * 5000 + b"}", np.zeros(0, "u1")),
    "integer past the bits": header(10**399),
    "long float": Frame(b'{"b":[],"v":1.' + b"9" * 5000 + b"}", np.zeros(0, "u1")),
    "an empty array to sum over": header({"array": ["float64", [0, 1 << 28], 0]}, 0),
    "object dtype": header({"array": ["object", [8], 0]}, 64),
    "odd dtype": header({"array": ["V8", [8], 0]}, 64),
    "lying shape": header({"array": ["float64", [9], 0]}, 64),
    "negative shape": header({"array": ["float64", [-8, -1], 0]}, 64),
    "huge shape": header({"array": ["float64", [0, 2**62, 2**62], 0]}, 0),
    "40 dimensions": header({"array": ["uint8", [1] * 40, 0]}, 1),
    "boolean size": header({"array": ["uint8", [True], 0]}, 1),
    "buffer twice": header([{"array": ["uint8", [1], 0]}, {"array": ["uint8", [1], 0]}], 1),
    "buffer of nobody": header(None, 8),
    "missing buffer": header({"array": ["uint8", [1], 3]}, 1),
    "negative buffer": header({"array": ["uint8", [1], -1]}, 1),
    "buffer past the end": header({"bytes": 0}, 4096),
    "two tags": header({"tuple": [], "dict": []}),
    "unknown tag": header({"pickle": "gASV"}),
    "list as key": header({"dict": [[[1], 2]]}),
    "array as key": header({"dict": [[{"array": ["uint8", [1], 0]}, 2]]}, 1),
    "three in a pair": header({"dict": [[1, 2, 3]]}),
    "dict is no list": header({"dict": {"a": 1}}),
    "complex of text": header({"complex": ["1", "2"]}),
    "reference": header({"ref": [1, "T"]}),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_frames_are_refused(name):
    with pytest.raises(WireError):
        wire.decode(HOSTILE[name])


@pytest.mark.parametrize(
    "body", [[0, "T"], [-1, "T"], [2**64, "T"], [True, "T"], ["1", "T"], [1, 2]]
)
def test_forged_references_are_refused(body):
    with pytest.raises(WireError):
        wire.decode(header({"ref": body}), lambda reference: reference)


def test_a_flood_of_references_is_refused():
    with pytest.raises(WireError, match="too many objects"):
        wire.decode(header([{"ref": [1, "T"]}] * 10_001), lambda reference: reference)


def test_bytes_of_a_boolean_array_are_normalised():
    node = {"array": ["bool", [4], 0]}
    received = Frame(json.dumps({"b": [4], "v": node}).encode(), np.full(64, 7, np.uint8))
    result = wire.decode(received)
    assert result.tobytes() == b"\1\1\1\1"


def test_text_that_cannot_be_stored_is_replaced():
    received = Frame(b'{"b":[],"v":"a\\ud800b"}', np.zeros(0, "u1"))
    assert wire.decode(received) == "a?b"


@pytest.mark.parametrize(
    "prefix",
    [
        b"HTTP" + bytes(12),
        frame.PREFIX.pack(frame.MAGIC, 5 << 20, 0),
        frame.PREFIX.pack(frame.MAGIC, 10, 1 << 40),
    ],
)
def test_lengths_are_judged_before_anything_is_read(prefix):
    with pytest.raises(WireError):
        frame.read_frame(reader(prefix + bytes(100)))


def test_a_truncated_frame_is_the_end_of_the_file():
    data = joined(wire.encode([np.arange(100.0), "text"]))
    for cut in (3, 20, len(data) - 1):
        with pytest.raises(EOFError):
            receive(data[:cut])


SAMPLE = joined(wire.encode({"number": 3, "ok": [np.arange(9.0), (1, "a"), {2: b"xyz"}, 1 + 2j]}))


@settings(deadline=None, max_examples=400)
@given(st.data())
def test_mutated_frames_give_a_value_or_a_clean_refusal(data):
    changed = bytearray(SAMPLE)
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(0, len(changed) - 1))
        action = data.draw(st.sampled_from(["set", "insert", "delete"]))
        if action == "set":
            changed[place] = data.draw(st.integers(0, 255))
        elif action == "insert":
            changed[place:place] = data.draw(st.sampled_from([b"[", b"]", b"{", b"9" * 50, b"\0"]))
        else:
            del changed[place]
    with contextlib.suppress(WireError, EOFError):
        receive(bytes(changed), lambda reference: reference)
