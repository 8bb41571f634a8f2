"""How the layers make a decision, in Kleene's logic: what must allow, what gets past what, and which layers are in the way.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html
"""

from collections.abc import Callable, Iterable
from typing import Literal

import msgspec

from undeny.decide.rules import Answer, Ways

Mode = Literal["alone", "same", "must", "cross"]
"""The resource's policy alone (the caller has no identity side); one account, where either side is enough; one account and a policy that
must always allow (a key's, a role's trust policy); two accounts, where both must."""


class Sides(msgspec.Struct, frozen=True):
    """What each side allows: identity policies, boundary, session policy, and the resource's policy by the way that it names the caller."""

    identity: Answer
    boundary: Answer
    session: Answer
    ways: Ways

    @property
    def limits(self) -> Answer:
        """Whether boundary and session policy both let it through."""
        return both(self.boundary, self.session)

    def way(self, name: str) -> Answer:
        """Whether the resource's policy lets the caller in by this way of naming it."""
        return self.ways.get(name, False)

    @property
    def any_way(self) -> Answer:
        """Whether the resource's policy lets the caller in at all."""
        return either(*self.ways.values())


def both(one: Answer, other: Answer) -> Answer:
    """Kleene's AND."""
    if one is False or other is False:
        return False
    return True if one and other else None


def either(*answers: Answer) -> Answer:
    """Kleene's OR."""
    if True in answers:
        return True
    return None if None in answers else False


def _alone(sides: Sides) -> Answer:
    return sides.any_way


def _same(sides: Sides) -> Answer:
    if not sides.ways:
        return both(sides.identity, sides.limits)
    return either(both(sides.identity, sides.limits), _let_in(sides))


def _must(sides: Sides) -> Answer:
    return either(both(both(sides.way("account"), sides.identity), sides.limits), _let_in(sides))


def _let_in(sides: Sides) -> Answer:
    """Take what a resource policy grants without an identity policy's help, by the table of EVALUATION.

    Whether boundary and session limit a grant to `*` or a KMS grant AWS does not say: unknown where it would decide.
    """
    limits = sides.limits
    unsaid = True if limits else None
    return either(
        sides.way("self"), both(sides.way("role"), limits), both(sides.way("everyone"), unsaid), both(sides.way("grant"), unsaid)
    )  # fmt: skip


def _cross(sides: Sides) -> Answer:
    granted = both(both(sides.identity, sides.limits), sides.any_way)
    return either(granted, both(sides.way("grant"), True if sides.limits else None)) if "grant" in sides.ways else granted


FORMULAS: dict[Mode, Callable[[Sides], Answer]] = {"alone": _alone, "same": _same, "must": _must, "cross": _cross}


def granted(mode: Mode, sides: Sides) -> Answer:
    """Whether caller's and resource's side together let the call through, all gates aside."""
    return FORMULAS[mode](sides)


def missing(mode: Mode, sides: Sides, *, identity_applies: bool) -> set[str]:
    """Name the layers whose allow is required and missing, where `granted` is false."""
    found = {name for name in ("boundary", "session") if getattr(sides, name) is False}
    if mode == "alone":
        return {"resource"}
    if mode == "cross":
        found |= {"identity"} if sides.identity is False else set()
        return found | ({"resource"} if sides.any_way is False else set())
    if sides.identity is False and _nothing_without_identity(sides):
        delegated = mode == "same" or sides.way("account") is not False
        return found | ({"identity"} if delegated and identity_applies else {"resource"})
    if mode == "must" and sides.any_way is False:
        return found | {"resource"}
    return found


def _nothing_without_identity(sides: Sides) -> bool:
    return all(sides.way(name) is False for name in ("self", "role", "everyone", "grant"))


def agree(answers: Iterable[Answer]) -> Answer:
    """Give the answer that all give; `None` where they differ."""
    found = set(answers)
    return found.pop() if len(found) == 1 else None
