"""The answer to a question about what a policy lets in."""

from collections.abc import Mapping
from typing import Literal

import msgspec

CheckName = Literal["no-new-access", "access-not-granted", "no-public-access"]


class Witness(msgspec.Struct, frozen=True, kw_only=True):
    """One request that shows that the property does not hold; `principal` is `None` where anyone who has the policy can make it.

    A key whose value is `None` is absent from it.
    """

    principal: str | None
    action: str
    resource: str
    context: Mapping[str, str | tuple[str, ...] | None] = {}


class StatementOf(msgspec.Struct, frozen=True, kw_only=True):
    """A statement that lets the witness in, by policy (`old`, `new`), id and position."""

    policy: str
    sid: str | None
    index: int


class CheckResult(msgspec.Struct, frozen=True, kw_only=True):
    """Whether the property holds: `None` where the question leaves the decidable part, and `needs` says why."""

    check: CheckName
    holds: bool | None
    witness: Witness | None = None
    statements: tuple[StatementOf, ...] = ()
    needs: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    """What was taken for granted, such as names that the catalogue does not know."""
