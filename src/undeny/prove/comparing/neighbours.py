"""Requests that may tell two sets of policies apart: made of the statements that one has and the other does not, near the call first."""

import itertools
from collections.abc import Iterator, Sequence

import msgspec

from undeny import catalog
from undeny.calls.model import ContextValue, Request
from undeny.evidence.model import Policy
from undeny.iam import wildcard
from undeny.iam.arn import Arn
from undeny.iam.conditions import read_operator
from undeny.iam.model import Condition, Statement
from undeny.iam.principal import Principal
from undeny.prove.comparing import canonical

MOST = 400
PROBE = "undeny-probe"
_STRANGE = ("iam:CreateUser", "s3:GetObject", "ec2:TerminateInstances", "sts:AssumeRole", "kms:Decrypt")
_STRANGERS = ("arn:aws:iam::999988887777:role/undeny-probe", "anonymous")
_KINDS = ("AWS", "Service", "Federated")


def requests(base: Request, a: Sequence[Policy], b: Sequence[Policy]) -> tuple[Request, ...]:
    """Give requests derived from what differs, each once."""
    found: dict[tuple[object, ...], Request] = {}
    for statement in (*_only(a, b), *_only(b, a)):
        for one in itertools.islice(_of(base, statement), MOST // 4):
            key = (one.principal, one.action.lower(), one.resource, tuple(sorted(one.context.items(), key=str)))
            found.setdefault(key, one)
            if len(found) >= MOST:
                return tuple(found.values())
    return tuple(found.values())


def _only(mine: Sequence[Policy], theirs: Sequence[Policy]) -> Iterator[Statement]:
    known = canonical.atoms(theirs)
    for policy in mine:
        for statement in policy.document.statements:
            if statement.usable and not known.issuperset(canonical.of(statement, variables=policy.document.variables)):
                yield statement


def _of(base: Request, statement: Statement) -> Iterator[Request]:
    contexts = list(_contexts(base, statement))
    for who, action, resource in itertools.product(_callers(base, statement), _actions(base, statement), _resources(base, statement)):
        arn = Arn.parse(resource)
        account = arn.account if arn and arn.account.isdigit() else base.resource_account
        for context in contexts:
            yield msgspec.structs.replace(
                base, principal=who, action=action, resource=resource, resource_account=account, context=context, unknown_keys=()
            )


def _callers(base: Request, statement: Statement) -> list[str | None]:
    named = [value for kind in _KINDS for value in (statement.principal or {}).get(kind, ()) if value != "*"]
    read = [who for who in map(Principal.parse, named) if who.kind != "unknown"]
    real = [f"arn:{who.partition}:iam::{who.account}:role/{PROBE}" if who.kind == "root" else who.text for who in read]
    everyone = statement.not_principal is not None or any("*" in values for values in (statement.principal or {}).values())
    return list(dict.fromkeys([base.principal, *real[:3], *(_STRANGERS if everyone else ())]))


def _actions(base: Request, statement: Statement) -> list[str]:
    """Give actions that the statement speaks of; for `NotAction` some that it does not name."""
    if statement.action is None:
        return [base.action, *_STRANGE]
    found = [one for pattern in statement.action for one in _expanded(pattern, base)]
    return list(dict.fromkeys(found))[:8]


def _expanded(pattern: str, base: Request) -> Sequence[str]:
    if wildcard.matches(pattern, base.action, ignore_case=True):
        prefix = base.action.partition(":")[0]
        return (base.action, *catalog.expand(f"{prefix}:*" if pattern in ("*", "*:*") else pattern)[:2])
    if pattern in ("*", "*:*"):
        return _STRANGE
    return catalog.expand(pattern)[:3] if wildcard.has_wildcard(pattern) else (catalog.canonical(pattern),)


def _resources(base: Request, statement: Statement) -> list[str]:
    patterns = statement.resource if statement.resource is not None else statement.not_resource or ()
    found = [base.resource] if statement.not_resource is not None or any(wildcard.arn_matches(p, base.resource) for p in patterns) else []
    for pattern in patterns:
        found += [_filled(pattern, filling) for filling in (PROBE, "") if pattern != "*" and "${" not in pattern]
    return list(dict.fromkeys(found))[:6] or [base.resource]


def _filled(pattern: str, filling: str) -> str:
    return pattern.replace("*", filling).replace("?", "x")


def _contexts(base: Request, statement: Statement) -> Iterator[dict[str, ContextValue]]:
    """Give contexts in which the conditions hold, the call's own, and those in which one of them does not."""
    own = dict(base.context)
    holding = own
    for condition in statement.condition:
        holding = _with(holding, condition.key, next(_meeting(condition), None))
    yield holding
    yield own
    for condition in statement.condition:
        for value in (*_meeting(condition), None, PROBE):
            yield _with(holding, condition.key, value)


def _with(context: dict[str, ContextValue], key: str, value: ContextValue) -> dict[str, ContextValue]:
    return {name: held for name, held in context.items() if name.lower() != key.lower()} | {key: value}


def _meeting(condition: Condition) -> Iterator[ContextValue]:
    """Give values that meet a condition, or are near to."""
    written = read_operator(condition.operator)
    if written is None:
        return
    several = written.quantifier is not None
    if written.operator.type == "null":
        yield None if "true" in condition.values else PROBE
        return
    for value in [PROBE] * written.operator.negated + list(condition.values[:4]):
        text = _filled(value, PROBE) if written.operator.wildcards else value.partition("/")[0] if written.operator.type == "ip" else value
        yield (text,) if several else text
    if written.operator.type == "bool":
        yield "true"
        yield "false"
    if written.operator.type == "numeric":
        yield "0"
        yield "999999999"
    if written.operator.type == "date":
        yield "1970-01-02T00:00:00Z"
        yield "2099-01-01T00:00:00Z"
