"""One side decided: the call's own request and those behind it, as `explain` decides them."""

import msgspec

from undeny import calls, decide
from undeny import evidence as evidence_room
from undeny.calls.model import Request
from undeny.decide.model import Decision, Verdict
from undeny.prove.comparing.model import Outcome, Side

DENIED = ("implicitly_denied", "explicitly_denied")


class Decided(msgspec.Struct, frozen=True, kw_only=True):
    """Every request of a call with its verdict; `at` is the one that speaks for the call."""

    requests: tuple[Request, ...]
    verdicts: tuple[Verdict, ...]
    decision: Decision
    at: int

    @property
    def verdict(self) -> Verdict:
        """The verdict that speaks for the call."""
        return self.verdicts[self.at]

    @property
    def outcome(self) -> Outcome:
        """The same in short."""
        request = self.requests[self.at]
        return Outcome(
            decision=self.decision,
            blocked_by=self.verdict.blocked_by,
            principal=request.principal,
            action=request.action,
            resource=request.resource,
            why=request.why,
        )


def decided(side: Side, *, explain: bool = False) -> Decided:
    """Decide a call: denied where a request that it surely makes is, unknown where one of these is unknown."""
    main = evidence_room.complete(side.request, side.evidence)
    requests = calls.expand(main, {arn: thing.settings for arn, thing in side.evidence.resources.items()})
    verdicts = tuple(decide.decide(one, side.evidence, main=requests[0], explain=explain) for one in requests)
    at, decision = _speaks(requests, verdicts)
    return Decided(requests=requests, verdicts=verdicts, decision=decision, at=at)


def _speaks(requests: tuple[Request, ...], verdicts: tuple[Verdict, ...]) -> tuple[int, Decision]:
    sure = [(i, verdict.decision) for i, (request, verdict) in enumerate(zip(requests, verdicts, strict=True)) if request.certain]
    for wanted in (DENIED, ("unknown",)):
        found = next(((i, decision) for i, decision in sure if decision in wanted), None)
        if found is not None:
            return found
    return 0, verdicts[0].decision
