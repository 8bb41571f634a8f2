"""The same case after a fix: edits applied to the evidence and the call, everything decided again. Pure."""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from undeny import calls, decide
from undeny import evidence as evidence_room
from undeny.calls.model import ContextValue, Request
from undeny.diagnose.model import Case
from undeny.evidence.model import Evidence, Level, LevelSet, Policies, Policy, PolicySet, Resource
from undeny.fix import values
from undeny.fix.model import CallEdit, Edit, Fix, PolicyEdit, SettingEdit
from undeny.iam import document
from undeny.iam.arn import Arn


def carried_out(case: Case, fix: Fix) -> Case:
    """Give the case as it would be with the fix in force. A change with placeholders changes nothing: nobody knows what it becomes."""
    return with_edits(case, tuple(edit for edit in fix.changes if decidable(edit)))


def with_edits(case: Case, edits: Iterable[Edit]) -> Case:
    """Give the case with only these edits made, in order, and every request decided again."""
    edits = tuple(edits)
    evidence, main = edited(case, edits)
    requests = _requests(case, main, evidence) if any(not isinstance(e, PolicyEdit) for e in edits) else case.requests
    verdicts = tuple(decide.decide(request, evidence, main=requests[0]) for request in requests)
    return msgspec.structs.replace(case, requests=requests, verdicts=verdicts, evidence=evidence)


def edited(case: Case, edits: Iterable[Edit]) -> tuple[Evidence, Request | None]:
    """Give the evidence and the user's own request with these edits made; nothing is decided."""
    evidence = case.evidence
    main = case.requests[0] if case.requests else None
    for edit in edits:
        match edit:
            case PolicyEdit():
                evidence = _with_policy(evidence, edit, main)
            case SettingEdit():
                evidence = _with_setting(evidence, edit)
            case CallEdit():
                main = _called(main, edit) if main else None
    return evidence, main


def _requests(case: Case, main: Request | None, evidence: Evidence) -> tuple[Request, ...]:
    """Expand the changed call anew; requests that only the text told of stay."""
    if main is None or not case.requests:
        return case.requests
    before = {arn: thing.settings for arn, thing in case.evidence.resources.items()}
    known = {_key(r) for r in calls.expand(case.requests[0], before)}
    told = tuple(r for r in case.requests[1:] if _key(r) not in known)
    return calls.expand(main, {arn: thing.settings for arn, thing in evidence.resources.items()}) + told


def _key(request: Request) -> tuple[str, str, str | None]:
    return request.action.lower(), request.resource, request.principal


def _called(main: Request, edit: CallEdit) -> Request:
    context = _merged(main.context, edit.context)
    named = {key.lower() for key in edit.context}
    return msgspec.structs.replace(
        main,
        principal=edit.principal or main.principal,
        action=edit.action or main.action,
        resource=edit.resource or main.resource,
        resource_account=_account(edit.resource) or main.resource_account,
        parameters={**main.parameters, **edit.parameters},
        context=context,
        unknown_keys=tuple(key for key in main.unknown_keys if key.lower() not in named),
    )


def _account(arn: str | None) -> str | None:
    """Give the account in the ARN of the other thing that the call is then on, `None` where it names none."""
    parsed = Arn.parse(arn) if arn else None
    return parsed.account if parsed and parsed.account.isdigit() else None


def _merged(context: Mapping[str, ContextValue], changed: Mapping[str, ContextValue]) -> dict[str, ContextValue]:
    """Give the context with the changed keys; names compare without case, and `None` says that the call does not carry the key."""
    named = {key.lower() for key in changed}
    return {key: value for key, value in context.items() if key.lower() not in named} | dict(changed)


def _with_policy(evidence: Evidence, edit: PolicyEdit, main: Request | None) -> Evidence:
    policies = evidence.policies
    match edit.layer:
        case "identity" | "boundary" | "session" | "endpoint":
            changed = _set(getattr(policies, edit.layer), edit)
            return _with(evidence, msgspec.structs.replace(policies, **{edit.layer: changed}))
        case "scp" | "rcp":
            levels = _levels(getattr(policies, edit.layer), edit)
            return _with(evidence, msgspec.structs.replace(policies, **{edit.layer: levels}))
        case "resource":
            return _with_resource_policy(evidence, edit, main)


def _with(evidence: Evidence, policies: Policies) -> Evidence:
    return msgspec.structs.replace(evidence, policies=policies)


def _set(there: PolicySet, edit: PolicyEdit) -> PolicySet:
    """Give the layer with the policy of that name replaced, added or (with `after` none) gone; a layer not read stays a gap."""
    if there is not None and not isinstance(there, tuple):
        return there
    held = there or ()
    if edit.after is None:
        return tuple(p for p in held if p.name != edit.policy)
    if any(p.name == edit.policy for p in held):
        return tuple(_policy(p, edit.after) if p.name == edit.policy else p for p in held)
    return (*held, Policy(name=edit.policy or "undeny", document=document.read(edit.after), attached_to=edit.target, inline=True))


def _policy(there: Policy, after: Mapping[str, Any]) -> Policy:
    return msgspec.structs.replace(there, document=document.read(after))


def _levels(there: LevelSet, edit: PolicyEdit) -> LevelSet:
    if not isinstance(there, tuple):
        return there
    return tuple(_level(level, edit) if level.target == edit.target else level for level in there)


def _level(level: Level, edit: PolicyEdit) -> Level:
    held = _set(level.policies, edit)
    return msgspec.structs.replace(level, policies=() if held is None else held)


def _with_resource_policy(evidence: Evidence, edit: PolicyEdit, main: Request | None) -> Evidence:
    """Put the document where the thing's policy is looked up: as the main request's own, among the things by ARN, or both."""
    new = None if edit.after is None else Policy(name=edit.target, document=document.read(edit.after), attached_to=edit.target)
    if main is not None and edit.target in (main.resource, evidence_room.holder_of_policy(main.action, main.resource)):
        there = evidence.policies.resource
        named = there.name if isinstance(there, Policy) else edit.target
        kept = None if new is None else msgspec.structs.replace(new, name=named)
        evidence = _with(evidence, msgspec.structs.replace(evidence.policies, resource=kept))
        if edit.target not in evidence.resources:
            return evidence
    thing = evidence.resources.get(edit.target) or Resource(arn=edit.target, policy=None)
    return msgspec.structs.replace(evidence, resources={**evidence.resources, edit.target: msgspec.structs.replace(thing, policy=new)})


def _with_setting(evidence: Evidence, edit: SettingEdit) -> Evidence:
    thing = evidence.resources.get(edit.target) or Resource(arn=edit.target, policy=None)
    settings = {**thing.settings, **facts(edit.after or {})}
    return msgspec.structs.replace(
        evidence, resources={**evidence.resources, edit.target: msgspec.structs.replace(thing, settings=settings)}
    )


DECIDED_SETTINGS = ("s3:PutPublicAccessBlock", "s3:PutBucketOwnershipControls", "s3:PutBucketEncryption", "s3:PutObjectAcl")
"""Operations whose effect the local decision knows; others are AWS's to carry out."""


def decidable(edit: Edit) -> bool:
    """Whether the local decision can see the edit: a document without placeholders, a call that differs, a setting that it knows."""
    match edit:
        case PolicyEdit():
            return "<" not in f"{edit.target}{edit.policy}{msgspec.json.encode(edit.after).decode()}"
        case CallEdit():
            return not idle(edit) and "<" not in (edit.principal or "") and not any(values.LIKE in str(v) for v in edit.context.values())
        case SettingEdit():
            return edit.operation in DECIDED_SETTINGS


def idle(edit: Edit) -> bool:
    """Whether an edit only says how a person goes about it: nothing of the request differs."""
    return isinstance(edit, CallEdit) and not (edit.context or edit.action or edit.resource or edit.principal or edit.parameters)


def facts(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Give the facts that an operation's parameters set, under the names of AWS's answers.

    Most are the parameter itself (`PublicAccessBlockConfiguration`); object ownership is one level down in its rules.
    https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketOwnershipControls.html
    """
    found = dict(parameters)
    rules = (found.get("OwnershipControls") or {}).get("Rules") or ()
    if rules:
        found["ObjectOwnership"] = rules[0].get("ObjectOwnership")
    return found
