"""The cause of a denial, with how sure it is and what was ruled out."""

from collections.abc import Mapping
from typing import Any, Literal

import msgspec

from undeny.calls.model import Request
from undeny.decide.model import Verdict
from undeny.denial.model import Denial
from undeny.evidence.model import Evidence

Bucket = Literal["permission", "network", "quota", "credentials", "propagation", "account", "call", "service", "unknown"]
_DENIED = ("implicitly_denied", "explicitly_denied")
Certainty = Literal["proven", "stated", "likely", "unknown"]


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """All that is known when a cause is looked for: the denial, the requests that the call makes, a verdict for each, the evidence.

    `requests` and `verdicts` run in parallel; `verdicts` is empty where nothing was read, both where nothing says which action was called.
    `evidence.from_text` is true where nothing but the text is there.
    """

    denial: Denial
    requests: tuple[Request, ...]
    verdicts: tuple[Verdict, ...]
    evidence: Evidence
    path: Any = None
    """The network path from where the call was sent, a `reach.model.Reach`; `None` where none was walked."""

    @property
    def failing(self) -> int | None:
        """The index of the first request that is denied, `None` where none is.

        One that the call only perhaps makes counts where every one that it surely makes is allowed.
        """
        pairs = list(enumerate(zip(self.requests, self.verdicts, strict=False)))
        denied = [i for i, (request, verdict) in pairs if request.certain and verdict.decision in _DENIED]
        if denied:
            return denied[0]
        if any(request.certain and verdict.decision == "unknown" for _, (request, verdict) in pairs):
            return None
        return next((i for i, (_, verdict) in pairs if verdict.decision in _DENIED), None)


class StatementRef(msgspec.Struct, frozen=True, kw_only=True):
    """A statement of a policy, by layer, policy name, level and position: what a page shows and a fix edits."""

    layer: str
    policy: str | None
    sid: str | None
    index: int
    target: str | None = None


class Cause(msgspec.Struct, frozen=True, kw_only=True):
    """A candidate cause. `summary` is one line that answers the question by itself.

    `statement` is the statement at fault or nearest to allowing; `key`, `wanted`, `got` say which element failed (texts of the policy and
    of the call). `request` is the index of the request it speaks of. `weight` orders candidates, higher first; it is not a probability.
    """

    code: str
    certainty: Certainty
    summary: str
    layer: str | None = None
    policy: str | None = None
    statement: StatementRef | None = None
    element: Literal["principal", "action", "resource", "condition"] | None = None
    key: str | None = None
    wanted: tuple[str, ...] = ()
    got: tuple[str, ...] | None = None
    because: tuple[str, ...] = ()
    """The reasoning as a short proof: `because ...`, `and ...`, `so ...`; empty where one step says it."""
    request: int | None = None
    weight: float = 0.0
    facts: Mapping[str, Any] = {}


class RuledOut(msgspec.Struct, frozen=True, kw_only=True):
    """A cause that is not it, and why."""

    code: str
    why: str


class Missing(msgspec.Struct, frozen=True, kw_only=True):
    """Evidence that would settle more, and how to get it."""

    what: str
    how: str


class Diagnosis(msgspec.Struct, frozen=True, kw_only=True):
    """The answer: the bucket that follows from the code, the likeliest cause, the others, what is ruled out and what is missing.

    `disagreement` says where AWS's message and the local decision differ and the likely reasons; empty where they agree. `why` says in
    half a sentence why it is this bucket and no other, `settles` what would settle it; both empty where nothing is to be said.
    """

    bucket: Bucket
    cause: Cause
    other_causes: tuple[Cause, ...] = ()
    ruled_out: tuple[RuledOut, ...] = ()
    missing_evidence: tuple[Missing, ...] = ()
    disagreement: tuple[str, ...] = ()
    why: str = ""
    settles: str = ""
