"""Values to frames and back: JSON for the structure, raw buffers for the arrays, no pickle.

Decoding builds None, bool, int, float, complex, str, bytes, list, tuple, dict and plain NumPy
arrays, and references to objects that stay in the jail; nothing of it runs code. Both sides use
this file, so it knows nothing of the kit beside the frame.
"""

import json
import math
import sys
from collections.abc import Callable
from typing import Any

import numpy as np

from kit.bridge.frame import LIMITS, MAGIC, PREFIX, Frame, Reference, WireError, WireLimits, padded

INTEGER_BITS = 1024  # str() of it stays below Python's own limit of 4,300 digits
NUMBER_CHARACTERS = 400
DIMENSIONS = 32
TYPE_NAME_CHARACTERS = 200
DTYPES = {
    name: np.dtype(name).newbyteorder("<")
    for name in (
        *("bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"),
        *("float16", "float32", "float64", "complex64", "complex128"),
    )
}
NAMES = {d.str: name for name, dtype in DTYPES.items() for d in (dtype, dtype.newbyteorder(">"))}
Park = Callable[[Any], Reference]
Resolve = Callable[[Reference], Any]


def encode(value: Any, park: Park | None = None, *, detach: bool = False) -> list[Any]:
    """Turn `value` into the buffers of one frame.

    Args:
        value: what to send.
        park: called with every object that does not travel by value; it keeps the object and
            returns a reference to it.
        detach: send a torch tensor that requires grad by value, too.

    Raises:
        WireError: `value` holds something that cannot travel, or is too large.
    """
    encoder = _Encoder(park, detach)
    node = encoder.node(value, 0)
    table = {"b": [buffer.nbytes for buffer in encoder.buffers], "v": node}
    header = _TO_JSON.encode(table).encode()
    body = sum(padded(size) for size in table["b"])
    if len(header) > LIMITS.header or body > LIMITS.body:
        raise WireError(f"a value of {(len(header) + body) >> 20} MB is too large to send")
    parts: list[Any] = [PREFIX.pack(MAGIC, len(header), body) + header]
    for buffer in encoder.buffers:
        parts += [buffer, bytes(padded(buffer.nbytes) - buffer.nbytes)]
    return parts if body > 1 << 16 else [b"".join(parts)]


def decode(frame: Frame, resolve: Resolve | None = None, limits: WireLimits = LIMITS) -> Any:
    """Build the value of a frame; `resolve` turns a reference into an object.

    Raises:
        WireError: the frame breaks a rule or a limit.
    """
    try:
        table = _FROM_JSON.decode(frame.header.decode("ascii"))
        if type(table) is not dict or set(table) != {"b", "v"}:
            raise WireError("the header is not a frame's header")
        decoder = _Decoder(_slices(table["b"], frame.body, limits), resolve, limits)
        value = decoder.value(table["v"], 0)
    except WireError:
        raise
    except (ValueError, TypeError, OverflowError, RecursionError, MemoryError) as error:
        raise WireError(f"{type(error).__name__} while reading a frame") from None
    if decoder.used != len(decoder.buffers):
        raise WireError("a buffer belongs to nothing")
    return value


def _short(text: str) -> str:
    if len(text) > NUMBER_CHARACTERS:
        raise WireError("a number is too long")
    return text


_TO_JSON = json.JSONEncoder(separators=(",", ":"))
_FROM_JSON = json.JSONDecoder(
    parse_int=lambda text: int(_short(text)), parse_float=lambda text: float(_short(text))
)


def _slices(sizes: Any, body: np.ndarray, limits: WireLimits) -> list[np.ndarray]:
    if type(sizes) is not list or len(sizes) > limits.buffers:
        raise WireError("the table of buffers is not right")
    slices, offset = [], 0
    for size in sizes:
        if type(size) is not int or not 0 <= size <= body.nbytes - offset:
            raise WireError("a buffer is longer than the frame")
        slices.append(body[offset : offset + size])
        offset += padded(size)
    if offset != body.nbytes:
        raise WireError("the buffers do not fill the frame")
    return slices


class _Encoder:
    """Walks one value; collects its buffers in order."""

    def __init__(self, park: Park | None, detach: bool) -> None:
        self.park = park
        self.detach = detach
        self.nodes = 0
        self.buffers: list[memoryview] = []

    def node(self, value: Any, depth: int) -> Any:
        """The JSON node of `value`."""
        self.nodes += 1
        if depth > LIMITS.depth:
            raise WireError("a value is nested too deeply to send")
        if self.nodes > LIMITS.nodes:
            raise WireError("a value has too many parts to send")
        if value is None or type(value) in (bool, float, str):
            return value
        if type(value) is int:
            return value if value.bit_length() <= INTEGER_BITS else self.reference(value)
        if isinstance(value, Reference):
            return {"ref": list(value)}
        if isinstance(value, (list, tuple, dict)):
            return self.container(value, depth + 1)
        return self.leaf(value)

    def container(self, value: Any, depth: int) -> Any:
        if isinstance(value, dict):
            items = list(value.items())
            if all(_is_key(key) for key, _ in items):
                return {"dict": [[self.key(k), self.node(v, depth)] for k, v in items]}
            return self.reference(value)
        if isinstance(value, tuple):
            return {"tuple": [self.node(part, depth) for part in value]}
        return [self.node(part, depth) for part in value]

    def key(self, value: Any) -> Any:
        return self.node(value.item() if isinstance(value, np.generic) else value, LIMITS.depth - 4)

    def leaf(self, value: Any) -> Any:
        if isinstance(value, (bytes, bytearray)):
            return {"bytes": self.buffer(memoryview(bytes(value)))}
        if type(value) is complex:
            return {"complex": [value.real, value.imag]}
        if isinstance(value, (np.str_, np.bytes_)):
            return self.node(value.item(), 0)
        if isinstance(value, np.generic):
            value = np.asarray(value)
        array = value if type(value) is np.ndarray else _tensor_array(value, self.detach)
        name = None if array is None else NAMES.get(array.dtype.str)
        if array is None or name is None:
            return self.reference(value)
        return self.array(array, name)

    def array(self, array: np.ndarray, name: str) -> dict[str, Any]:
        shape = list(array.shape)
        flat = np.ascontiguousarray(array, dtype=DTYPES[name]).reshape(-1)
        return {"array": [name, shape, self.buffer(memoryview(flat.view(np.uint8)))]}  # type: ignore[arg-type]

    def buffer(self, view: memoryview) -> int:
        if len(self.buffers) >= LIMITS.buffers:
            raise WireError(f"a value holds more than {LIMITS.buffers} arrays")
        self.buffers.append(view)
        return len(self.buffers) - 1

    def reference(self, value: Any) -> dict[str, Any]:
        if self.park is None:
            raise WireError(f"a value of type {type(value).__name__} cannot be sent")
        reference = self.park(value)
        return {"ref": [reference.id, reference.type[:TYPE_NAME_CHARACTERS]]}


def _is_key(key: Any) -> bool:
    if type(key) is tuple:
        return len(key) <= 32 and all(_is_key(part) and type(part) is not tuple for part in key)
    if type(key) is int:
        return key.bit_length() <= INTEGER_BITS
    numeric = isinstance(key, (np.bool_, np.integer, np.floating))
    return key is None or type(key) in (bool, float, str, bytes) or numeric


def _tensor_array(value: Any, detach: bool) -> np.ndarray | None:
    """The array in a TensorFlow, Keras or torch tensor; None for anything else."""
    torch = sys.modules.get("torch")
    if torch is not None and isinstance(value, torch.Tensor):
        if value.requires_grad and not detach:
            return None
        value = value.detach()
        value = value.float() if value.dtype is torch.bfloat16 else value
        return np.asarray(value.cpu().numpy())
    keras, tensorflow = sys.modules.get("keras"), sys.modules.get("tensorflow")
    if keras is not None and isinstance(value, keras.Variable):
        return _tensor_array(value.value, detach=True)  # the backend's own variable
    if tensorflow is not None and isinstance(value, (tensorflow.Tensor, tensorflow.Variable)):
        if not hasattr(value, "numpy"):
            return None  # a symbolic tensor has no value
        array = np.asarray(value.numpy())
        return array.astype(np.float32) if array.dtype.name == "bfloat16" else array
    return None


class _Decoder:
    """Builds one value; every buffer is used once and in order, so no two arrays share memory."""

    def __init__(
        self, buffers: list[np.ndarray], resolve: Resolve | None, limits: WireLimits
    ) -> None:
        self.buffers = buffers
        self.resolve = resolve
        self.limits = limits
        self.used = 0
        self.nodes = 0
        self.references = 0

    def value(self, node: Any, depth: int) -> Any:
        self.nodes += 1
        if depth > self.limits.depth or self.nodes > self.limits.nodes:
            raise WireError("a value is nested too deeply or has too many parts")
        if type(node) is str:
            return node if node.isascii() else node.encode("utf-8", "replace").decode()
        if type(node) is int and node.bit_length() > INTEGER_BITS:
            raise WireError("an integer is too long")
        if type(node) is list:
            return [self.value(part, depth + 1) for part in node]
        if type(node) is dict:
            return self.tagged(node, depth + 1)
        return node

    def tagged(self, node: dict[str, Any], depth: int) -> Any:
        if len(node) != 1:
            raise WireError("a node has not exactly one tag")
        ((tag, body),) = node.items()
        if tag == "tuple" and type(body) is list:
            return tuple(self.value(part, depth) for part in body)
        if tag == "dict" and type(body) is list:
            return self.dictionary(body, depth)
        if tag == "bytes":
            return self.buffer(body).tobytes()
        if tag == "array" and type(body) is list and len(body) == 3:
            return self.array(*body)
        if tag == "ref" and type(body) is list and len(body) == 2:
            return self.reference(*body)
        if tag == "complex" and type(body) is list and [type(part) for part in body] == [float] * 2:
            return complex(*body)
        raise WireError("a node has an unknown tag")

    def dictionary(self, body: list[Any], depth: int) -> dict[Any, Any]:
        pairs = [self.item(pair, depth) for pair in body]
        if len(pairs) - len({hash(key) for key, _ in pairs}) > self.limits.collisions:
            raise WireError("the keys of a dict collide")
        return dict(pairs)

    def item(self, pair: Any, depth: int) -> tuple[Any, Any]:
        if type(pair) is not list or len(pair) != 2:
            raise WireError("an entry of a dict is not a pair")
        key = self.value(pair[0], depth)
        if not _is_key(key):
            raise WireError("a key of a dict is not a plain value")
        return key, self.value(pair[1], depth)

    def buffer(self, index: Any) -> np.ndarray:
        if type(index) is not int or index != self.used or index >= len(self.buffers):
            raise WireError("a buffer is missing or used twice")
        self.used += 1
        return self.buffers[index]

    def array(self, name: Any, shape: Any, index: Any) -> np.ndarray:
        if type(name) is not str or name not in DTYPES:
            raise WireError("an array has an unknown dtype")
        if type(shape) is not list or len(shape) > DIMENSIONS:
            raise WireError("an array has a wrong shape")
        if not all(type(size) is int and 0 <= size <= self.limits.body for size in shape):
            raise WireError("an array has a wrong shape")
        raw, dtype = self.buffer(index), DTYPES[name]
        if math.prod(size or 1 for size in shape) * dtype.itemsize > self.limits.body:
            raise WireError("an array has a wrong shape")  # empty, but a sum over it is not
        if math.prod(shape) * dtype.itemsize != raw.nbytes:
            raise WireError("an array's shape does not match its bytes")
        if dtype.kind == "b":  # a boolean byte other than 0 and 1 has no defined meaning
            raw, dtype = (raw != 0).view(np.uint8), np.dtype(bool)
        array: np.ndarray = raw.view(dtype).reshape(shape)
        return array

    def reference(self, number: Any, type_name: Any) -> Any:
        self.references += 1
        if self.references > self.limits.references:
            raise WireError("a value holds too many objects")
        if type(number) is not int or not 0 < number < 1 << 63 or type(type_name) is not str:
            raise WireError("a reference is not right")
        if self.resolve is None:
            raise WireError("a reference where none may be")
        return self.resolve(Reference(number, type_name[:TYPE_NAME_CHARACTERS]))
