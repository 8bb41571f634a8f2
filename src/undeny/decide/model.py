"""The decision and its reasons."""

from collections.abc import Mapping
from typing import Literal

import msgspec

from undeny.iam.model import Effect

Decision = Literal["allowed", "implicitly_denied", "explicitly_denied", "unknown"]
LayerName = Literal["rcp", "scp", "endpoint", "resource", "identity", "boundary", "session", "scope_down"]
LAYERS: tuple[LayerName, ...] = ("rcp", "scp", "endpoint", "resource", "identity", "boundary", "session", "scope_down")
LayerDecision = Literal["allowed", "implicitly_denied", "explicitly_denied", "not_applicable", "unknown"]
Element = Literal["principal", "action", "resource", "condition"]


class Miss(msgspec.Struct, frozen=True, kw_only=True):
    """The first element of a statement that did not match: what the policy wanted, what the request had.

    For a condition `operator` and `key` are as written, and `got` is `None` where the key was absent. `wanted` are the policy's own
    texts, so that they can be found in its document.
    """

    element: Element
    wanted: tuple[str, ...]
    got: tuple[str, ...] | None
    operator: str | None = None
    key: str | None = None
    unknown: bool = False


class StatementResult(msgspec.Struct, frozen=True, kw_only=True):
    """Why one statement applied or did not. `applies` is `None` where that is unknown."""

    layer: LayerName
    policy: str | None
    sid: str | None
    index: int
    effect: Effect
    applies: bool | None
    why: str
    target: str | None = None
    """For an SCP or RCP the level that it is attached to."""
    matched: tuple[Element, ...] = ()
    """The elements that did match, in order: the more, the nearer the miss."""
    miss: Miss | None = None
    held: tuple[Miss, ...] = ()
    """For a statement that applies: the conditions that held, with what they wanted and got."""


class Need(msgspec.Struct, frozen=True, kw_only=True):
    """What would settle an unknown: a policy that was not read, or a context key whose value nobody knows."""

    kind: Literal["policy", "context", "setting", "rule"]
    what: str
    how: str | None = None


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """The decision on one request: each layer read alone, all layers that block, the statements that decide, what is missing.

    `statements` holds the deciding statements first, then, when explained, every other one, nearest miss first.
    """

    decision: Decision
    layers: Mapping[LayerName, LayerDecision]
    blocked_by: tuple[LayerName, ...]
    statements: tuple[StatementResult, ...] = ()
    needs: tuple[str, ...] = ()
    open: tuple[Need, ...] = ()
    id: str | None = None
    action: str | None = None
    resource: str | None = None
    principal: str | None = None
    notes: tuple[str, ...] = ()
    """Rules beyond statements that decided, each a sentence: `root user has no identity side`, `Block Public Access switched it off`."""
    why: str | None = None
    """For a hidden request: who makes it and why."""


class Compared(msgspec.Struct, frozen=True, kw_only=True):
    """One layer as AWS checked it, beside what is decided here. `agrees` is `None` where the layer was not read here.

    `statements` are the statements that matched at AWS, as `policy: sid`.
    """

    layer: str
    aws: str
    here: str
    agrees: bool | None
    statements: tuple[str, ...] = ()
