"""Doors of a room that load their part when they are first asked for: what a command does not need it does not pay for."""

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any


def lazily(room: str, doors: Mapping[str, str]) -> Callable[[str], Any]:
    """Give the `__getattr__` of the package `room` (dotted): each door comes from the module that `doors` names for it, and stays."""

    def door(name: str) -> Any:
        if name not in doors:
            raise AttributeError(f"module {room!r} has no attribute {name!r}")
        value = getattr(import_module(f"{room}.{doors[name]}"), name)
        setattr(import_module(room), name, value)
        return value

    return door
