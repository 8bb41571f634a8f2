"""Under which condition a call would be allowed that is refused, or not known, only for its context.

Each statement that fits the call but for its conditions is taken as held or not held, whole: the engine says which of them must hold and
which must not. Those are written as conditions, simplified, and every alternative is decided again, over contexts that meet it.
"""

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from undeny.calls.model import Request
from undeny.decide.demands import PROBE, Demand, Demands, block, demand_of, meeting, merged, negated, order, together, words
from undeny.decide.engine import decide
from undeny.decide.model import StatementResult, Verdict
from undeny.evidence.model import Evidence, Gap, Level, Policies, Policy
from undeny.iam import document as documents
from undeny.iam.model import Condition, Document, Statement

MOST_STATEMENTS, MOST_TOGETHER, MOST_ALTERNATIVES, MOST_CONTEXTS = 9, 3, 12, 24
_FIXED = frozenset(
    {
        # What follows from who calls and from the thing: with another value it would be another call.
        # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
        *("aws:principalarn", "aws:principalaccount", "aws:principaltype", "aws:principalorgid", "aws:principalorgpaths", "aws:userid"),
        *("aws:username", "aws:principalisawsservice", "aws:resourceaccount", "aws:resourceorgid", "aws:resourceorgpaths"),
    }
)


class AllowedIf(msgspec.Struct, frozen=True, kw_only=True):
    """Any one of the alternatives is enough; all demands of it must be met, the rest of the call being as it is.

    `checked` counts the contexts that meet an alternative and were decided: all of them are allowed.
    """

    alternatives: tuple[tuple[Demand, ...], ...]
    words: str
    checked: int


Id = tuple[str, str | None, str | None, int]
"""A statement by layer, level, policy and position."""


def allowed_if(request: Request, evidence: Evidence) -> AllowedIf | None:
    """Give the condition under which the request would be allowed; `None` where it is already, or where no context would do."""
    verdict = decide(request, evidence)
    if verdict.decision == "allowed":
        return None
    case = _Case(request, evidence, verdict)
    found: dict[Demands, int] = {}
    for demands in case.candidates():
        checked = case.check(demands)
        if checked:
            found[demands] = checked
        if len(found) >= MOST_ALTERNATIVES:
            break
    least = [one for one in found if not any(other < one for other in found)]
    if not least:
        return None
    joined = merged(least)
    checked = sum(found.get(one, 0) or case.check(one) for one in joined)
    ordered = sorted((tuple(sorted(one, key=order)) for one in joined), key=lambda one: (len(one), [order(d) for d in one]))
    return AllowedIf(alternatives=tuple(ordered), words=words(ordered), checked=checked)


class _Case:
    """One refused request with the statements that fit it but for their conditions."""

    def __init__(self, request: Request, evidence: Evidence, verdict: Verdict) -> None:
        self.request = request
        self.evidence = evidence
        near: dict[Id, StatementResult] = {(one.layer, one.target, one.policy, one.index): one for one in verdict.statements}
        fitting = {
            name: one
            for name, one in near.items()
            if (one.held or one.miss is not None) and (one.miss is None or one.miss.element == "condition")
        }
        every = {name: statement for name, statement in _statements(evidence.policies) if name in fitting and statement.condition}
        self.statements = dict(itertools.islice(every.items(), MOST_STATEMENTS * 2))
        self.known = {key.lower() for key in request.unknown_keys}

    def candidates(self) -> Iterator[Demands]:
        """Give sets of demands under which the engine should allow the request, few statements first."""
        allows = [name for name, one in self.statements.items() if one.effect == "Allow"][:MOST_STATEMENTS]
        denies = [name for name, one in self.statements.items() if one.effect == "Deny"]
        if self._decision(on=allows, off=denies) != "allowed":
            return
        must_not = [name for name in denies if self._decision(on=[*allows, name], off=[one for one in denies if one != name]) != "allowed"]
        enough: list[set[Id]] = []
        for size in range(min(len(allows), MOST_TOGETHER) + 1):
            for chosen in itertools.combinations(allows, size):
                if any(one <= set(chosen) for one in enough):
                    continue
                rest = [name for name in allows if name not in chosen]
                if self._decision(on=list(chosen), off=[*denies, *rest]) == "allowed":
                    enough.append(set(chosen))
                    yield from self._demands(chosen, must_not)

    def _decision(self, *, on: Sequence[Id], off: Sequence[Id]) -> str:
        forced = _forced(self.evidence, dict.fromkeys(on, True) | dict.fromkeys(off, False), self._met)
        return decide(self.request, forced, explain=False).decision

    def _met(self, statement: Statement) -> list[Condition]:
        """Give the conditions on keys that cannot change: they stay when the others are taken as held."""
        return [one for one in statement.condition if one.key.lower() in _FIXED and one.key.lower() not in self.known]

    def _demands(self, allows: Iterable[Id], must_not: Iterable[Id]) -> Iterator[Demands]:
        """Write what must hold as demands: all conditions of the allows, of each deny the opposite of one."""
        asked = [demand_of(one) for name in allows for one in self.statements[name].condition]
        ways = [[negated(one) for one in self.statements[name].condition] for name in must_not]
        for chosen in itertools.islice(itertools.product(*ways), 200):
            if None in chosen:
                continue
            every = frozenset([*asked, *(one for several in chosen for one in several or ())])
            if not any(self._another_call(one) for one in every):
                yield self._plain(every)

    def _another_call(self, demand: Demand) -> bool:
        """Whether a demand asks for another caller or thing than the call has."""
        key = demand.key.lower()
        return key in _FIXED and key not in self.known and self._already(demand) is False

    def _already(self, demand: Demand) -> bool:
        """Whether a demand is met as the call is."""
        statement = {"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*", "Condition": block([demand])}
        asks = Policy(name=PROBE, document=documents.read({"Version": documents.VERSIONS[0], "Statement": [statement]}))
        policies = Policies(
            identity=(), boundary=None, session=None, endpoint=(asks,), resource=None, **_organization(self.evidence.policies)
        )
        held = msgspec.structs.replace(self.evidence, policies=policies)
        return decide(self.request, held, explain=False).layers["endpoint"] == "explicitly_denied"

    def _plain(self, demands: Demands) -> Demands:
        """Leave out what is so already, of keys of which nothing else is asked, and what another demand says too."""
        open_ = {one.key.lower() for one in demands if not self._already(one)}
        return together(one for one in demands if one.key.lower() in open_)

    def check(self, demands: Demands) -> int:
        """Count the contexts that meet the demands, each decided and allowed; 0 where one is not, or none meets them."""
        by_key: dict[str, list[Demand]] = {}
        for one in demands:
            by_key.setdefault(one.key.lower(), []).append(one)
        choices = [[(several[0].key, value) for value in meeting(several)] for several in by_key.values()]
        count = 0
        for chosen in itertools.islice(itertools.product(*choices), MOST_CONTEXTS):
            told = dict(chosen)
            names = {key.lower() for key in told}
            context = {key: value for key, value in self.request.context.items() if key.lower() not in names} | told
            unknown = tuple(key for key in self.request.unknown_keys if key.lower() not in names)
            request = msgspec.structs.replace(self.request, context=context, unknown_keys=unknown)
            if decide(request, self.evidence, explain=False).decision != "allowed":
                return 0
            count += 1
        return count


def _organization(policies: Policies) -> dict[str, Any]:
    """Give levels that say nothing but whether there is an organisation: some condition keys follow from that."""
    return {name: () if getattr(policies, name) == () else Gap(what=PROBE) for name in ("scp", "rcp")}


def _sets(policies: Policies) -> Iterator[tuple[str, str | None, Policy]]:
    for layer in Policies.__struct_fields__:
        held = getattr(policies, layer)
        for one in held if isinstance(held, tuple) else (held,):
            if isinstance(one, Policy):
                yield layer, None, one
            elif isinstance(one, Level) and isinstance(one.policies, tuple):
                for policy in one.policies:
                    yield layer, one.target, policy


def _statements(policies: Policies) -> Iterator[tuple[Id, Statement]]:
    for layer, target, policy in _sets(policies):
        for statement in policy.document.statements:
            yield (layer, target, None if layer == "resource" else policy.name, statement.index), statement


def _forced(evidence: Evidence, truth: Mapping[Id, bool], met: Callable[[Statement], list[Condition]]) -> Evidence:
    """Give the evidence with some statements as if their conditions held, or as if the statements were not there."""

    def policy(layer: str, target: str | None, held: Policy) -> Policy:
        name = None if layer == "resource" else held.name
        kept = []
        changed = False
        for statement in held.document.statements:
            said = truth.get((layer, target, name, statement.index))
            changed = changed or said is not None
            if said is None:
                kept.append(dict(statement.raw))
            elif said:
                left = [demand_of(one) for one in met(statement)]
                raw = {element: value for element, value in statement.raw.items() if element != "Condition"}
                kept.append(raw | ({"Condition": block(left)} if left else {}))
        if not changed:
            return held
        return msgspec.structs.replace(held, document=_document(held.document, kept))

    def level(layer: str, held: Level) -> Level:
        if isinstance(held.policies, Gap):
            return held
        return msgspec.structs.replace(held, policies=tuple(policy(layer, held.target, one) for one in held.policies))

    def several(layer: str, held: Any) -> Any:
        if isinstance(held, Policy):
            return policy(layer, None, held)
        if not isinstance(held, tuple):
            return held
        return tuple(level(layer, one) if isinstance(one, Level) else policy(layer, None, one) for one in held)

    policies = Policies(**{layer: several(layer, getattr(evidence.policies, layer)) for layer in Policies.__struct_fields__})
    return msgspec.structs.replace(evidence, policies=policies)


def _document(old: Document, statements: list[dict[str, Any]]) -> Document:
    return documents.read({**old.data, "Statement": statements})
