"""The guard function as code: what makes its layer, and what puts it into an account; one format a file, found by its folder."""

from typing import Any

import msgspec

from undeny import dropins

FORMATS = "undeny.emit.guard.function"


class FunctionCode(msgspec.Struct, frozen=True, kw_only=True):
    """The function to be written. `principals` are paged for any refusal; `reads` lets it read policies, `asks` ask AWS Health."""

    region: str
    version: str
    principals: tuple[str, ...] = ()
    topic: str | None = None
    reads: tuple[dict[str, Any], ...] = ()
    asks: bool = False

    @property
    def name(self) -> str:
        """The name of the function and of what is around it."""
        return "undeny-guard"


def names() -> tuple[str, ...]:
    """Give the names of the formats."""
    return tuple(str(module.NAME) for module in dropins.load_all(FORMATS))


def file_name(name: str) -> str:
    """Give the name of the file of that format."""
    return str(_format(name).FILE)


def render(name: str, code: FunctionCode) -> str:
    """Write the function in the format `name`."""
    return str(_format(name).render(code))


def _format(name: str) -> Any:
    return next(module for module in dropins.load_all(FORMATS) if name == module.NAME)
