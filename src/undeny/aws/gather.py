"""From requests to evidence: the caller's side, the thing's side, and the things behind the call, until nothing new is named."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from types import ModuleType
from typing import Any

import msgspec

from undeny import calls, dropins
from undeny.aws.collect import cloudtrail, ec2, iam, iamtoolbox, organizations, s3
from undeny.aws.keys import key_arn, named_keys, plain
from undeny.aws.permissions import SERVICES, Read, permissions
from undeny.aws.reader import Reader
from undeny.aws.session import Session
from undeny.calls.model import Request
from undeny.denial.model import Denial
from undeny.errors import UndenyError
from undeny.evidence import complete, gaps, holder_of_policy
from undeny.evidence.layers import endpoint_layer, identity_side, in_organization, session_layer
from undeny.evidence.model import Change, Evidence, Gap, LevelSet, Policies, Policy, PolicySet, Resource
from undeny.iam.arn import Arn
from undeny.iam.principal import Principal

_ROUNDS = 4


def collect(
    session: Session,
    requests: Sequence[Request],
    *,
    now: datetime | None = None,
    clock: Callable[[], datetime] | None = None,
) -> Evidence:
    """Read what the requests need. The first is the call itself; those behind it are found as the things' facts become known.

    `now` is the time of the denial. Raises `UndenyError` (exit 3) where AWS cannot be reached or does not know the reader; a read
    that is refused is a gap.
    """
    return collect_with(Reader(session, clock), requests, now=now)


def collect_with(reader: Reader, requests: Sequence[Request], *, now: datetime | None = None) -> Evidence:
    """Read as `collect` does, with a reader that may have read before."""
    if not requests:
        raise UndenyError("there is no request to collect evidence for", help=("give --action and --resource",), exit_status=4)
    main = requests[0]
    things: dict[str, Resource] = {}
    identity, boundary = _caller(reader, main, things)
    endpoint = _endpoint(reader, main, things)
    _accounts(reader, requests, things)
    _things(reader, requests, things)
    caller = Policies(
        identity=identity,
        boundary=boundary,
        session=_session(reader, main, now),
        endpoint=endpoint,
        resource=_resource(main, things),
        scp=_scp(reader, main),
        rcp=(),
    )
    known = Evidence(policies=caller, resources=things)
    policies = msgspec.structs.replace(caller, rcp=_rcp(reader, complete(main, known), things))
    lately = _lately(reader, main, now, _bearing(caller, things))
    assumed = cloudtrail.assumed(reader, main.principal, now, _told_region(main)) if now is not None else ()
    gaps_ = tuple(reader.gaps)
    return Evidence(
        policies=policies, resources=dict(things), now=now, source=reader.source, gaps=gaps_, changed_lately=lately, assumed=assumed
    )


def _bearing(caller: Policies, things: Mapping[str, Resource]) -> tuple[str, ...]:
    """Give the ARNs of what else bears on a call: the managed policies of the caller, and the keys that were read."""
    layers = [layer for layer in (caller.identity, caller.boundary) if isinstance(layer, tuple)]
    policies = [policy.arn for layer in layers for policy in layer if policy.arn]
    parsed = [Arn.parse(arn) for arn in things]
    return (*policies, *(str(arn) for arn in parsed if arn is not None and arn.service_prefix == "kms"))


def _lately(reader: Reader, main: Request, now: datetime | None, bearing: tuple[str, ...]) -> tuple[Change, ...]:
    """Give the writes in the day before; where event history names who made one, what the thing itself tells is left out."""
    if now is None:
        return ()
    named = cloudtrail.changes(reader, main.principal, main.resource, now, bearing)
    told = {change.event for change in named}
    seen = {(change.event, change.on): change for change in reader.changes if now - cloudtrail.LATELY <= change.time <= now}
    rest = [change for change in seen.values() if change.event not in told]
    return tuple(sorted([*named, *rest], key=lambda change: change.time))


def _session(reader: Reader, main: Request, now: datetime | None) -> PolicySet:
    """Give the session layer: from the event that made the session, where the time of the denial is known."""
    layer = session_layer(main.principal)
    who = Principal.parse(main.principal) if main.principal else None
    if not isinstance(layer, Gap) or who is None or now is None or who.kind != "role_session" or who.account != reader.me.account:
        return layer
    return cloudtrail.session(reader, who.text, now, _told_region(main))


def _caller(reader: Reader, main: Request, things: dict[str, Resource]) -> tuple[PolicySet, PolicySet]:
    who = Principal.parse(main.principal) if main.principal else None
    if who is None:
        return reader.gap(gaps.identity(None, "nobody said who called")), gaps.boundary(None, "nobody said who called")
    if not identity_side(main.principal):
        return None, None
    if who.account != reader.me.account:
        why = _elsewhere(reader, who.account)
        return reader.gap(gaps.identity(who.text, why)), gaps.boundary(who.text, why)
    if who.kind not in ("role", "role_session", "user"):
        why = f"whose policies {who.text} has, its name does not say"
        return reader.gap(gaps.identity(who.text, why)), gaps.boundary(who.text, why)
    held, thing = iam.caller(reader, who)
    if thing is not None:
        things[thing.arn] = thing
    elif held.arn is not None:
        things[held.arn] = Resource(arn=held.arn, policy=None, settings=held.settings, exists=True)
    return held.identity, held.boundary


def _elsewhere(reader: Reader, account: str | None) -> str:
    return f"it is in account {account}; read with a profile of that account, this one is of {reader.me.account}"


def _endpoint(reader: Reader, main: Request, things: dict[str, Resource]) -> PolicySet:
    named = endpoint_layer(main)
    if not isinstance(named, str):
        return named
    layer, thing = ec2.endpoint(reader, named, _told_region(main) or _region(main))
    if thing is not None:
        things[thing.arn] = thing
    return layer


def _told_region(main: Request) -> str | None:
    told = next((value for key, value in main.context.items() if key.lower() == "aws:requestedregion"), None)
    return told if isinstance(told, str) else None


def _region(main: Request) -> str | None:
    arn = Arn.parse(main.resource)
    return arn.region or None if arn else None


def _accounts(reader: Reader, requests: Sequence[Request], things: dict[str, Resource]) -> None:
    """Read what holds for the reader's account as a whole, as far as the requests need it."""
    me = reader.me.account
    whose = {request.resource_account for request in requests} | {Principal.parse(r.principal).account for r in requests if r.principal}
    own = organizations.organization(reader)
    settings: dict[str, Any] = {}
    if isinstance(own, Mapping):
        settings = {
            "MasterAccountId": own["MasterAccountId"],
            "Organization": plain({k: own[k] for k in ("Id", "Arn", "FeatureSet") if k in own}),
        }
    if any(request.action.lower().startswith("s3:") for request in requests):
        settings |= s3.account(reader, me)
    volumes = next((request for request in requests if ec2.encrypts_volumes(request.action)), None)
    if volumes is not None:
        settings |= ec2.volumes(reader, _region(volumes))
    if settings and (me in whose or None in whose):
        things[reader.account_arn] = Resource(arn=reader.account_arn, policy=None, settings=settings)


def _things(reader: Reader, requests: Sequence[Request], things: dict[str, Resource]) -> None:
    """Read the things of the requests, then of those behind the first as its things' facts tell more, until nothing is new."""
    for _ in range(_ROUNDS):
        settings = {arn: thing.settings for arn, thing in things.items()}
        known = complete(requests[0], Evidence(policies=_NOTHING, resources=things))
        all_ = [*requests, *calls.expand(known, settings)]
        wanted = {str(arn): arn for request in all_ for arn in _wanted(request) if str(arn) not in things}
        for arn in wanted.values():
            _read(reader, arn, requests, things)
        if not wanted:
            return


_NOTHING = Policies(identity=None, boundary=None, session=None, endpoint=None, resource=None, scp=(), rcp=())


def _wanted(request: Request) -> Iterator[Arn]:
    arn = Arn.parse(request.resource)
    module = _service(arn.service_prefix) if arn else None
    if arn is None or module is None:
        return
    text = module.thing(arn)
    parsed = Arn.parse(text) if text else None
    if parsed is not None:
        yield parsed


def _service(prefix: str) -> ModuleType | None:
    return next((module for module in dropins.load_all(SERVICES) if getattr(module, "SERVICE", None) == prefix), None)


def _read(reader: Reader, arn: Arn, requests: Sequence[Request], things: dict[str, Resource]) -> None:
    module = _service(arn.service_prefix)
    if module is None or str(arn) in things:
        return
    owner = arn.account or _owner(arn, requests)
    if owner is not None and owner != reader.me.account:
        gap = reader.gap(gaps.resource(str(arn), _elsewhere(reader, owner)))
        things[str(arn)] = Resource(arn=str(arn), policy=gap)
        return
    thing: Resource = module.read(reader, arn)
    things[thing.arn] = thing
    things.setdefault(str(arn), thing) if isinstance(thing.policy, Gap) else None
    region = thing.settings.get("LocationConstraint") or arn.region
    named = getattr(module, "keys", lambda _: ())(thing)
    found = [key_arn(text, arn.partition, region, reader.me.account) for text in named]
    if arn.service_prefix != "kms":
        found.extend(named_keys(thing.settings, arn.partition, region, reader.me.account))
    for text in found:
        key = Arn.parse(text)
        if key is not None and _known_alias(key, things) is None:
            _read(reader, key, requests, things)


def _known_alias(key: Arn, things: Mapping[str, Resource]) -> str | None:
    return next((arn for arn, thing in things.items() if thing.settings.get("AliasName") == key.resource), None)


def _owner(arn: Arn, requests: Sequence[Request]) -> str | None:
    """Give the account that the requests say owns a bucket, whose ARN names none."""
    same = (r for r in requests if r.resource_account and holder_of_policy(r.action, r.resource) == str(arn))
    found = next(same, None)
    return found.resource_account if found else None


def _resource(main: Request, things: Mapping[str, Resource]) -> Policy | Gap | None:
    holder = holder_of_policy(main.action, main.resource)
    if holder is None:
        return None
    if holder in things:
        return things[holder].policy
    arn = Arn.parse(holder)
    alias = _known_alias(arn, things) if arn else None
    return things[alias].policy if alias else gaps.resource(holder)


def _scp(reader: Reader, main: Request) -> LevelSet:
    who = Principal.parse(main.principal) if main.principal else None
    if not in_organization(main.principal):
        return ()
    if who is None or who.account is None:
        return gaps.organization("scp", None)
    return organizations.levels(reader, "scp", who.account)


def _rcp(reader: Reader, main: Request, things: Mapping[str, Resource]) -> LevelSet:
    if main.resource_account is not None:
        return organizations.levels(reader, "rcp", main.resource_account)
    if main.resource == "*":
        return ()
    holder = holder_of_policy(main.action, main.resource)
    thing = things.get(holder) if holder else None
    owned = thing is not None and thing.exists is False
    return () if holder is None or owned else gaps.organization("rcp", None)


def plan(requests: Sequence[Request], denial: Denial | None = None) -> tuple[Read, ...]:
    """List the reads that these requests need, before any is made; what a thing's facts then name is read as well.

    `denial` is the denial itself: what AWS recorded of it is read first.
    """
    out: list[Read] = [_read_of("sts:GetCallerIdentity", "whose credentials read")]
    if denial is not None and denial.encoded_message and not denial.encoded_truncated:
        out.append(_read_of("sts:DecodeAuthorizationMessage", "the encoded message"))
    if denial is not None and denial.authorization_id:
        out.extend(_read_of(action, f"authorization id {denial.authorization_id}") for action in iamtoolbox.PERMISSIONS)
    for request in requests:
        who = Principal.parse(request.principal) if request.principal else None
        if request is requests[0] and who is not None:
            out.extend(_read_of(action, who.role_arn or who.text) for action in iam.planned_caller(who))
            out.extend(_read_of(action, who.account or "*") for action in organizations.PERMISSIONS)
            out.append(_read_of("cloudtrail:LookupEvents", who.role_arn or who.text))
            endpoint = next((v for k, v in request.context.items() if k.lower() == "aws:sourcevpce"), None)
            out.extend([_read_of("ec2:DescribeVpcEndpoints", endpoint)] if isinstance(endpoint, str) else [])
        for arn in _wanted(request):
            module = _service(arn.service_prefix)
            planned = getattr(module, "planned", None)
            out.extend(_read_of(action, str(arn)) for action in (planned(arn) if planned else getattr(module, "PERMISSIONS", ())))
        if ec2.encrypts_volumes(request.action):
            out.extend(_read_of(a, "*") for a in ("ec2:GetEbsEncryptionByDefault", "ec2:GetEbsDefaultKmsKeyId"))
    return tuple(dict.fromkeys(out))


def _read_of(action: str, target: str) -> Read:
    return Read(action=action, target=target, why=permissions()[action][0])
