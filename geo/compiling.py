"""Compiled loops: numba's decorator typed, kept on disk where that is possible, and asked whether it would wait."""

import inspect
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import numba
from numba.core.caching import FunctionCache
from numba.core.dispatcher import Dispatcher
from numba.core.registry import cpu_target
from numba.core.types import Type

_Loop = TypeVar("_Loop", bound=Callable[..., Any])


def inlined(function: _Loop) -> _Loop:
    """A small part of compiled loops, of the same file or another."""
    loop: _Loop = numba.njit(function, nogil=True, error_model="numpy", forceinline=True)
    return loop


class Compiled:
    """A loop for one signature: nothing happens before `load`, which reads it from disk or compiles it (seconds).

    Runs without Python's lock, so that threads run it side by side. Where nothing can be kept on disk (read-only
    everywhere) it is compiled anew in every process.
    """

    def __init__(self, function: Callable[..., Any], signature: tuple[Type, ...]) -> None:
        self._function, self._signature = function, signature
        self._loop: Callable[..., Any] | None = None

    def __call__(self, *arguments: Any) -> Any:
        if self._loop is None:
            self.load()
        assert self._loop is not None
        return self._loop(*arguments)

    def load(self) -> None:
        """Make the loop ready to run."""
        try:
            self._loop = self._compiled(cache=True)
        except (RuntimeError, OSError):
            # No folder to keep it in, or a full disk: the loop itself is as good.
            self._loop = self._compiled(cache=False)

    def is_quick(self) -> bool:
        """Whether `load` would only read from disk, or has been done."""
        if self._loop is not None:
            return True
        try:
            cache = _Kept(self._function)
            kept = cache.load_overload(self._signature, cpu_target.target_context)  # type: ignore[no-untyped-call]
        except (RuntimeError, OSError):
            return False
        return kept is not None

    def _compiled(self, cache: bool) -> Callable[..., Any]:
        loop = numba.njit(self._function, nogil=True, error_model="numpy")
        if cache:
            loop._cache = _Kept(self._function)
        loop.compile(self._signature)
        loop.disable_compile()
        compiled: Callable[..., Any] = loop
        return compiled


def cores() -> int:
    """Processors that this process may use."""
    return int(numba.config.NUMBA_NUM_THREADS)  # type: ignore[attr-defined]


class _Kept(FunctionCache):
    """What is kept of a loop. numba itself would not notice that a part of it in another file has changed."""

    def __init__(self, function: Callable[..., Any]) -> None:
        super().__init__(function)  # type: ignore[no-untyped-call]
        self._made_of = tuple(_made_of(function))

    def _index_key(self, sig: Any, codegen: Any) -> tuple[Any, ...]:
        return (*super()._index_key(sig, codegen), self._made_of)  # type: ignore[no-untyped-call]


def _made_of(function: Callable[..., Any]) -> Iterator[str]:
    """The parts and numbers that a loop or a part of it names, in words that change when these do."""
    for name in function.__code__.co_names:
        value = function.__globals__.get(name)
        if isinstance(value, Dispatcher):
            yield inspect.getsource(value.py_func)
            yield from _made_of(value.py_func)
        elif isinstance(value, int | float):
            yield f"{name} = {value}"
