"""What a test holds in place of the student's functions and objects, which stay in the jail.

Every operation on a proxy is a request to the jail. A proxy never gives NumPy, pickle or copy
anything to work with, and a name with a leading underscore never crosses: it is refused here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from kit.bridge.session import Session

MOST_ITEMS = 10_000_000  # list() makes room for as many as `len` says


class Handle:
    """An object in the jail: attributes, calls, indexing, `len` and iteration happen there.

    A sticky handle (a library) gives handles only; any other gives plain values and arrays by
    value and handles for the rest.
    """

    __slots__ = ("__weakref__", "_number", "_session", "_sticky", "_type")
    __array_ufunc__ = None  # array + handle is a TypeError, not an array of handles

    def __init__(self, session: Session, number: int, type_name: str, sticky: bool = False) -> None:
        object.__setattr__(self, "_session", session)
        object.__setattr__(self, "_number", number)
        object.__setattr__(self, "_type", type_name)
        object.__setattr__(self, "_sticky", sticky)

    def _ask(self, operation: str, *arguments: Any) -> Any:
        return self._session.ask(operation, self, *arguments, keep=self._sticky)

    def __getattr__(self, name: str) -> Any:
        _refuse_private(name)
        return self._ask("get", name)

    def __setattr__(self, name: str, value: Any) -> None:
        _refuse_private(name)
        self._session.ask("set", self, name, value)

    def __call__(self, *arguments: Any, **keywords: Any) -> Any:
        """Call it in the jail."""
        return self._ask("call", list(arguments), keywords)

    def __getitem__(self, key: Any) -> Any:
        return self._ask("index", _plain_index(key))

    def __len__(self) -> int:
        return _whole(self._session.ask("len", self))

    def __iter__(self) -> Iterator[Any]:
        iterator = self._session.ask("iter", self, keep=True)
        while True:
            try:
                yield self._session.ask("next", iterator, keep=self._sticky)
            except StopIteration:
                return

    def __next__(self) -> Any:
        return self._ask("next")

    def __float__(self) -> float:
        return float(self._session.fetch(self))

    def __int__(self) -> int:
        return int(self._session.fetch(self))

    def __bool__(self) -> NoReturn:
        raise TypeError(f"{self!r} is neither true nor false; take value() of it first")

    def __array__(self, *_: Any, **__: Any) -> NoReturn:
        raise TypeError(f"{self!r} is not an array; take value() of it first")

    def __reduce_ex__(self, protocol: Any) -> NoReturn:
        raise TypeError(f"{self!r} stays in the jail; it cannot be copied or pickled")

    def __dir__(self) -> list[str]:
        return []

    def __repr__(self) -> str:
        return f"<remote {self._type} {self._number}>"

    def __del__(self) -> None:
        session = getattr(self, "_session", None)
        if session is not None:
            session.forget(self._number)


class RemoteFunction(Handle):
    """A student's function or class by its name."""

    __slots__ = ("_name",)

    def __init__(self, session: Session, number: int, name: str) -> None:
        super().__init__(session, number, "function")
        object.__setattr__(self, "_name", name)

    def __repr__(self) -> str:
        return f"<remote {self._name}>"


def make_environment(session: Session, names: Iterable[str]) -> dict[str, RemoteFunction]:
    """Proxies of the student's functions by name; a name that no module has is absent.

    The modules are searched in the order they were loaded.
    """
    pairs = []
    for name in names:
        homes = [module for module, offered in session.offered.items() if name in offered]
        pairs += [(homes[0], name)] if homes else []
    found = session.ask("names", [list(pair) for pair in pairs]) if pairs else []
    handles = isinstance(found, list) and all(isinstance(part, Handle) for part in found)
    if not handles or len(found) != len(pairs):
        raise session.broken("the names of the submission came back as something else")
    return {name: _named(handle, name) for (_, name), handle in zip(pairs, found, strict=True)}


def _named(handle: Handle, name: str) -> RemoteFunction:
    function = RemoteFunction(handle._session, handle._number, name)
    object.__setattr__(handle, "_session", None)  # the number lives on in the function
    return function


def _refuse_private(name: str) -> None:
    if name.startswith("_"):
        raise AttributeError(f"{name} is private; a test uses public names of a remote object only")


def _plain_index(key: Any) -> Any:
    parts = key if isinstance(key, tuple) else (key,)
    if any(isinstance(part, slice) or part is Ellipsis for part in parts):
        raise TypeError("a remote object cannot be sliced; take value() of it first")
    return key


def _whole(length: Any) -> int:
    if type(length) is not int or not 0 <= length <= MOST_ITEMS:
        raise TypeError("the length of a remote object is no number, or too large a one")
    return length
