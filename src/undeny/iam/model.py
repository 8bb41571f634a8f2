"""The policy language as values: documents kept as they came beside their parsed form."""

from collections.abc import Mapping
from typing import Any, Literal

import msgspec

Effect = Literal["Allow", "Deny"]
Principals = Mapping[str, tuple[str, ...]]
"""Principal type (`AWS`, `Service`, `Federated`, `CanonicalUser`) to values; the bare `"*"` is `{"*": ("*",)}`."""


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Where in a document's text: offset from 0, line and column from 1, `length` characters."""

    offset: int
    line: int
    column: int
    length: int = 1


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """What is wrong in a document: a kebab-case code, one line, the JSON path (`Statement[1].Effect`) and the place.

    `place` is `None` for a document that came as a mapping: it has no text of its own.
    """

    code: str
    message: str
    path: str
    place: Place | None = None
    fatal: bool = True


class Condition(msgspec.Struct, frozen=True, kw_only=True):
    """One key under one operator: `operator` and `key` as written, `values` as text (`true` for JSON true)."""

    operator: str
    key: str
    values: tuple[str, ...]


class Statement(msgspec.Struct, frozen=True, kw_only=True):
    """One statement. An element that is not there is `None`; `raw` is the JSON object with all that it holds.

    `usable` is false where the statement is so malformed that nobody can say what it does: the engine then answers unknown.
    """

    index: int
    effect: Effect
    sid: str | None = None
    principal: Principals | None = None
    not_principal: Principals | None = None
    action: tuple[str, ...] | None = None
    not_action: tuple[str, ...] | None = None
    resource: tuple[str, ...] | None = None
    not_resource: tuple[str, ...] | None = None
    condition: tuple[Condition, ...] = ()
    raw: Mapping[str, Any] = {}
    usable: bool = True


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """A policy document: `text` byte for byte as it came (made by `json.dumps(indent=2)` where it came as a mapping).

    `version` is `None` where the element is missing, which means 2008-10-17. `data` is the parsed JSON, unknown elements kept.
    """

    text: str
    data: Mapping[str, Any]
    version: str | None = None
    id: str | None = None
    statements: tuple[Statement, ...] = ()
    problems: tuple[Problem, ...] = ()
    from_mapping: bool = False

    @property
    def variables(self) -> bool:
        """Whether policy variables are substituted: only in version 2012-10-17."""
        return self.version == "2012-10-17"
