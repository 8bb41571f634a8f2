"""What was seen: denials read from a text, an event, a document or a file. Nothing is guessed; secrets are masked on reading.

The doors load their parts when they are first called, so that `import undeny.denial` costs next to nothing.
"""

import os
from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from undeny.denial.files import Reading
    from undeny.denial.model import Denial

__all__ = ["parse", "read_bytes"]


def parse(source: str | Mapping[str, Any] | os.PathLike[str]) -> "tuple[Denial, ...]":
    """Give the denials that `source` tells of, in its order; none for what speaks of no failure.

    A text is a message, a log, or JSON; a mapping is a CloudTrail event or something that holds events, an SDK's error response
    or an authorization-details document; a path is a file of any of these. Only a path can fail: with an `UndenyError` where
    nothing in the file could be read.
    """
    if isinstance(source, str):
        from undeny.denial.sources import read_source  # noqa: PLC0415 - loaded when first needed

        return read_source(source)
    if isinstance(source, Mapping):
        from undeny.denial.mappings import read_mapping  # noqa: PLC0415 - loaded when first needed

        return read_mapping(source)
    from undeny.denial.files import read_path  # noqa: PLC0415 - loaded when first needed

    return read_path(source)


def __getattr__(name: str) -> Any:
    if name == "secrets":
        return import_module("undeny.denial.secrets")
    raise AttributeError(f"module 'undeny.denial' has no attribute {name!r}")


def read_bytes(data: bytes, name: str | None = None) -> "Reading":
    """Read a file's bytes: a text, JSON, JSON lines, a trail file, any of them in gzip.

    What is broken in it is in the reading's `problems`, and all that is whole is read; raises `UndenyError` only where there is
    nothing to read. `name` is how messages call the file.
    """
    from undeny.denial.files import read  # noqa: PLC0415 - loaded when first needed

    return read(data, name)
