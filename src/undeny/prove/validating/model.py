"""A finding, and what a rule gives for one."""

from typing import Literal

import msgspec

from undeny.iam.model import Place

Kind = Literal["identity", "resource", "scp", "rcp"]
Level = Literal["error", "warning"]


class Spot(msgspec.Struct, frozen=True, kw_only=True):
    """What a rule found at a path of the document; `name` marks the name at the path, not its value."""

    code: str
    message: str
    path: tuple[str | int, ...]
    help: tuple[str, ...] = ()
    level: Level = "error"
    name: bool = False
    source: str | None = None
    """AWS's page where it is another than the rule's."""


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One finding. `error`: AWS refuses it, or the statement cannot do what it says; `warning`: it does something else than it seems to.

    `path` reads as people write it (`Statement[1].Action[0]`); `place` is `None` where the document has no text of its own.
    """

    code: str
    level: Level
    message: str
    path: str
    place: Place | None
    help: tuple[str, ...]
    source: str
