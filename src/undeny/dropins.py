"""Finds the drop-in files of a folder: the folder is the registry, a new thing is a new file.

A drop-in may name literals that must be in a text before the file is worth loading, as a top-level tuple of strings on one
line: `NEEDS = ("not authorized to perform",)`. That line is read from the source without importing the file.
"""

import ast
import importlib
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from types import ModuleType

_TEXT = re.compile(r'"([^"]*)"')
_TUPLE = r"^{name}(?::[^=]+)? = (\(.+\)|\"[^\"]*\"|\((?s:$.*?^)\))\s*(?:#.*)?$"


def folder_of(package: str) -> Path:
    """Give the folder of a package (dotted)."""
    return Path(importlib.import_module(package).__path__[0])


@cache
def names(package: str) -> tuple[str, ...]:
    """Give the module names in `package` (dotted), sorted, without those that begin with an underscore."""
    folder = folder_of(package)
    found = {entry.name.split(".")[0] for entry in folder.iterdir() if entry.name.endswith((".py", ".pyc"))}
    return tuple(sorted(name for name in found if not name.startswith("_")))


@cache
def declared(package: str, name: str) -> Mapping[str, tuple[str, ...] | None]:
    """Give for each drop-in of `package` the texts of its top-level tuple `name`, read without importing it; `None` where it has none."""
    pattern = re.compile(_TUPLE.format(name=name), re.MULTILINE)
    folder = folder_of(package)
    found: dict[str, tuple[str, ...] | None] = {}
    for module in names(package):
        match = pattern.search((folder / f"{module}.py").read_text("utf-8"))
        found[module] = _texts(match.group(1)) if match else None
    return found


def _texts(written: str) -> tuple[str, ...]:
    if not any(sign in written for sign in "\\#'"):
        return tuple(_TEXT.findall(written))  # what nearly all are: ten times as fast as to parse it
    value = ast.literal_eval(written)
    return (value,) if isinstance(value, str) else tuple(value)


@cache
def needs(package: str) -> Mapping[str, tuple[str, ...]]:
    """Give for each drop-in of `package` the literals of which one must be in the text; `()` where it names none."""
    return {module: literals or () for module, literals in declared(package, "NEEDS").items()}


def load_naming(package: str, name: str, value: str) -> Iterator[ModuleType]:
    """Import the drop-ins whose tuple `name` holds `value`."""
    for module, values in declared(package, name).items():
        if values is not None and value in values:
            yield load(package, module)


@cache
def load(package: str, name: str) -> ModuleType:
    """Import one drop-in."""
    return importlib.import_module(f"{package}.{name}")


def load_all(package: str) -> Iterator[ModuleType]:
    """Import every drop-in of `package`, in the order of their names."""
    for name in names(package):
        yield load(package, name)


def load_for(package: str, folded: str) -> Iterator[ModuleType]:
    """Import the drop-ins that could fit `folded`, a text in lower case: one of their literals is in it, or they name none."""
    for name, literals in needs(package).items():
        if not literals or any(literal in folded for literal in literals):
            yield load(package, name)
