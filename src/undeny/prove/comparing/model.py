"""The answer to `why does it work in A and not in B`."""

from collections.abc import Mapping
from typing import Any, Literal

import msgspec

from undeny.calls.model import ContextValue, Request
from undeny.decide.model import Decision, LayerDecision, LayerName, StatementResult
from undeny.evidence.model import Evidence, Gap, Level, Policy

Where = LayerName | Literal["context", "setting", "call"]
"""A layer of policies, or what is no policy: a condition key's value, a setting of a thing, the call itself."""


class Side(msgspec.Struct, frozen=True, kw_only=True):
    """One call with all its evidence."""

    request: Request
    evidence: Evidence


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What becomes of the call on one side: the first request of it that is denied, else its own. `why`: of a request behind the call."""

    decision: Decision
    blocked_by: tuple[LayerName, ...]
    principal: str | None
    action: str
    resource: str
    why: str | None = None


class Witness(msgspec.Struct, frozen=True, kw_only=True):
    """One request as it would be made on each side, with the layer's decision (`a`, `b`) and that over all layers (`call_a`, `call_b`).

    `found`: it is the call itself, a neighbour of call and policies, or what containment gave.
    """

    request_a: Mapping[str, Any]
    request_b: Mapping[str, Any]
    a: LayerDecision
    b: LayerDecision
    call_a: Decision
    call_b: Decision
    found: Literal["call", "search", "containment"]


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """Something that differs in meaning. `place_a` and `place_b` name the level of an SCP or RCP, or the thing; `None`: there is none.

    For a condition key or setting `key` and its values, `None` where it is absent. `decides`: with A's in its place (or, where A fails,
    B's) the failing call works, alone or together with the others that decide.
    """

    layer: Where
    what: str
    decides: bool
    place_a: str | None = None
    place_b: str | None = None
    key: str | None = None
    value_a: Any = None
    value_b: Any = None
    witness: Witness | None = None
    statements_a: tuple[StatementResult, ...] = ()
    statements_b: tuple[StatementResult, ...] = ()


class Mapped(msgspec.Struct, frozen=True, kw_only=True):
    """A name of A and the name of B that is taken for the same thing."""

    kind: Literal["account", "name", "id"]
    a: str
    b: str


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """Whether A and B decide the call alike (`None`: one of them is unknown), and what differs.

    `layer` and `level` name what makes the call fail where it fails; `looks_different` names what differs to the eye alone,
    `undecided` where neither sameness nor a difference could be shown, `needs` what was not read.
    """

    alike: bool | None
    summary: str
    a: Outcome
    b: Outcome
    layer: Where | None = None
    level: str | None = None
    differences: tuple[Difference, ...] = ()
    looks_different: tuple[str, ...] = ()
    undecided: tuple[str, ...] = ()
    mapped: tuple[Mapped, ...] = ()
    needs: tuple[str, ...] = ()


Value = tuple[Policy, ...] | Policy | Level | Gap | Mapping[str, Any] | ContextValue | Request | bool
"""What stands in one place on one side."""


class Unit(msgspec.Struct, frozen=True, kw_only=True):
    """One place that may differ, with what stands there on each side (`missing` where there is no such place)."""

    layer: Where
    slot: str
    a: Any
    b: Any
    place_a: str | None = None
    place_b: str | None = None
    key: str | None = None


MISSING: Any = msgspec.UNSET
"""There is no such place on this side: no such level, thing or key."""
