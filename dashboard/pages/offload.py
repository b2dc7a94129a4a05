"""Callbacks run beside the event loop: one slow query must not hold up every other reader."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from starlette.concurrency import run_in_threadpool

Given = ParamSpec("Given")
Found = TypeVar("Found")


async def off_loop(function: Callable[Given, Found], *args: Given.args, **named: Given.kwargs) -> Found:
    """What `function` returns, worked out in a thread."""
    return await run_in_threadpool(function, *args, **named)
