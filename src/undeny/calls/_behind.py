"""The tools with which service files write the requests behind a call: what the caller needs beside, what a service does for it."""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from undeny.calls._place import Place, dig, place_of, value
from undeny.calls.model import ContextValue, Request
from undeny.iam import arn as arns
from undeny.iam import principal as principals

Settings = Mapping[str, Mapping[str, Any]]
FAS = "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_forward_access_sessions.html"
CALLED_VIA = frozenset(
    {"aoss", "athena", "backup", "cloud9", "cloudformation", "databrew", "dataexchange", "dynamodb", "imagebuilder", "kms", "mgn"}
)
"""Services that set aws:CalledVia: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-calledvia."""
_CARRIED = (
    "aws:principal", "aws:userid", "aws:username", "aws:multifactor", "aws:tokenissue", "aws:sourceidentity", "aws:federatedprovider",
    "aws:assumedroot", "aws:securetransport", "aws:currenttime", "aws:epochtime",
)  # fmt: skip
_SOURCE = ("aws:sourcearn", "aws:sourceaccount", "aws:sourceowner", "aws:sourceorg")
UNSOURCED = frozenset({"events.amazonaws.com"})
"""Services whose own calls to KMS carry no aws:SourceArn and aws:SourceAccount.

https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html#compatibility-with-aws-services
"""
_NETWORK = ("aws:sourceip", "aws:sourcevpc", "aws:sourcevpce", "aws:vpcsourceip")


class Reason(msgspec.Struct, frozen=True):
    """Why a call makes a request, where AWS says so, and whether it surely does."""

    why: str
    source: str
    certain: bool = True


class KeyUse(msgspec.Struct, frozen=True, kw_only=True):
    """What a service does with a KMS key for a caller: `via` is the service as kms:ViaService names it, `key` an ARN, id or alias.

    `region` and `account` are where the key is, for an id or alias; without them where the request's own resource is.
    """

    via: str
    key: str | None
    actions: tuple[str, ...]
    context: Mapping[str, ContextValue] = {}
    region: str | None = None
    account: str | None = None


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """A request with what is known around it."""

    request: Request
    settings: Settings
    place: Place

    @classmethod
    def of(cls, request: Request, settings: Settings) -> "Call":
        """Take a request and the facts of things by ARN."""
        return cls(request=request, settings=settings, place=place_of(request))

    @property
    def caller_account(self) -> str | None:
        """The caller's account; `None` for AWS services and anonymous callers."""
        return self.place.account

    @property
    def by_service(self) -> bool:
        """Whether an AWS service makes the call itself."""
        return self.request.principal is not None and principals.parse(self.request.principal).kind == "service"

    def facts(self, arn: str | None = None) -> Mapping[str, Any] | None:
        """Give the facts of a thing, the request's own resource by default; `None` where nothing of it was read."""
        return self.settings.get(self.request.resource if arn is None else arn) or None

    def fact(self, path: str, arn: str | None = None) -> Any:
        """Give one parameter of the call, or else one fact of its resource or of another thing; `None` where neither says it."""
        for source in (self.request.parameters if arn is None else None, self.facts(arn)):
            found = next(dig(source, path), None)
            if found is not None:
                return found
        return None

    def key(self, name: str) -> str | None:
        """Give the one value of a context key of the request; `None` where it is absent."""
        found = value(self.request.context, name)
        return found if isinstance(found, str) else None

    def arn(self, prefix: str, resource: str, *, region: str | None = None, account: str | None = None) -> str | None:
        """Write an ARN in the place of the call; `None` where Region or account is not known and not given."""
        where, whose = self.place.region if region is None else region, self.place.account if account is None else account
        return None if where is None or whose is None else f"arn:{self.place.partition}:{prefix}:{where}:{whose}:{resource}"

    def account_settings(self) -> Mapping[str, Any]:
        """Give the settings of the account as a whole."""
        return self.settings.get(f"arn:{self.place.partition}:iam::{self.place.account}:root", {})


Context = Mapping[str, ContextValue]


def behind(call: Call, action: str, resource: str | None, reason: Reason, context: Context | None = None) -> Request:
    """Make a request that a service makes with the caller's credentials. `resource` is `None` where it is not known."""
    kept, unknown = _forwarded(call.request)
    made = _make(call, action, resource, reason)
    return msgspec.structs.replace(made, role="hidden", context={**kept, **(context or {})}, unknown_keys=(*made.unknown_keys, *unknown))


def beside(call: Call, action: str, resource: str | None, reason: Reason, context: Context | None = None) -> Request:
    """Make a request that the same call also needs, from the same caller in the same context.

    In another service's request only what tells of the caller and the network stays.
    """
    own = action.partition(":")[0] == call.request.action.partition(":")[0]
    kept = {key: one for key, one in call.request.context.items() if _stays(key.lower(), own_service=own)}
    made = _make(call, action, resource, reason)
    same = resource == call.request.resource
    unknown = (key for key in call.request.unknown_keys if key != "action" and (same or key != "resource"))
    return msgspec.structs.replace(made, role="dependent", context={**kept, **(context or {})}, unknown_keys=(*made.unknown_keys, *unknown))


def _stays(key: str, *, own_service: bool) -> bool:
    if key.startswith("aws:resource"):
        return False
    return own_service or (key.startswith("aws:") and not key.startswith(("aws:requesttag", "aws:tagkeys")))


def by_service(principal: str, made: Request, context: Context) -> Request:
    """Turn a request into one that an AWS service makes as itself, or in a role, with nothing of the caller in it."""
    unknown = tuple(key for key in made.unknown_keys if key == "resource")
    return msgspec.structs.replace(made, principal=principal, role="hidden", context=context, unknown_keys=unknown)


def _make(call: Call, action: str, resource: str | None, reason: Reason) -> Request:
    parsed = arns.parse(resource) if resource is not None else None
    owner = parsed.account if parsed is not None and parsed.account.isdigit() else None
    if parsed is None:
        owner = call.caller_account
    elif parsed.service_prefix == "s3" and not parsed.account:
        owner = call.request.resource_account
    return Request(
        principal=call.request.principal,
        action=action,
        resource=resource if resource is not None else "*",
        resource_account=owner,
        unknown_keys=() if resource is not None else ("resource",),
        why=reason.why,
        source=reason.source,
        certain=reason.certain,
    )


def _forwarded(request: Request) -> tuple[dict[str, ContextValue], tuple[str, ...]]:
    """Give the context that a service's call with the caller's credentials keeps, and what nobody knows of it.

    Who the caller is stays; where the call comes from is the service's now, and what the user passed was for the first call.
    """
    if request.principal in UNSOURCED:
        return {}, ()
    if request.principal is not None and principals.parse(request.principal).kind == "service":
        return {key: one for key, one in request.context.items() if key.lower().startswith(_SOURCE)}, ()
    kept = {key: one for key, one in request.context.items() if key.lower().startswith(_CARRIED)}
    network = tuple(key for key in request.context if key.lower() in _NETWORK)
    untold = tuple(key for key in request.unknown_keys if key.lower().startswith((*_CARRIED, *_NETWORK)))
    return {**kept, "aws:ViaAWSService": "true"}, tuple(dict.fromkeys((*network, *untold)))


def key_arn(call: Call, key: str | None, *, region: str | None = None, account: str | None = None) -> str | None:
    """Give the ARN of a KMS key by ARN, id or alias; `None` where the key behind an alias was not read.

    https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#key-id
    """
    if key is None:
        return None
    parsed = arns.parse(key)
    name = parsed.resource if parsed is not None else key
    if not name.startswith("alias/"):
        return (
            key if parsed is not None else call.arn("kms", f"key/{key.removeprefix('key/')}", region=region, account=account or owner(call))
        )
    for arn, facts in call.settings.items():
        thing = arns.parse(arn)
        if thing is not None and thing.service_prefix == "kms" and name in {facts.get("AliasName"), *_aliases(facts.get("Aliases"))}:
            return arn
    return None


def owner(call: Call) -> str | None:
    """Give the account whose resource it is, the caller's where nobody said: an alias means a key of that account."""
    return call.request.resource_account or call.caller_account


def _aliases(told: object) -> Iterator[str]:
    if isinstance(told, list | tuple):
        for one in told:
            found = one.get("AliasName") if isinstance(one, Mapping) else one
            if isinstance(found, str):
                yield found


def kms(call: Call, use: KeyUse, reason: Reason) -> Iterator[Request]:
    """Make the requests to KMS that a service makes for the caller.

    A service principal that calls the service calls KMS as itself, without kms:ViaService.
    """
    arn = key_arn(call, use.key, region=use.region, account=use.account)
    parsed = arns.parse(arn) if arn is not None else None
    region = parsed.region if parsed is not None else use.region or call.place.region
    told: dict[str, ContextValue] = dict(use.context)
    if region is not None:
        told.setdefault("aws:RequestedRegion", region)
    if not call.by_service:
        told.update(_via(call, use.via, region))
    sentence = reason.why if arn is not None or use.key is None else f"{reason.why} ({use.key})"
    for action in use.actions:
        made = behind(call, f"kms:{action}", arn, Reason(sentence, reason.source, reason.certain), told)
        if arn is None:
            made = msgspec.structs.replace(made, resource=_some_key(call, use, region), resource_account=use.account or owner(call))
        yield made


def _some_key(call: Call, use: KeyUse, region: str | None) -> str:
    """Write a key that is not known as an ARN all the same, so that its policy counts as unread: the alias's, or `key/*`."""
    parsed = arns.parse(use.key) if use.key is not None else None
    if parsed is not None:
        return str(parsed)
    name = use.key if use.key is not None and use.key.startswith("alias/") and region is not None else "key/*"
    return f"arn:{call.place.partition}:kms:{region or '*'}:{use.account or owner(call) or '*'}:{name}"


def _via(call: Call, via: str, region: str | None) -> Iterator[tuple[str, ContextValue]]:
    """Give the keys that say through which service a call came, and whose it was.

    https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service
    """
    if region is not None:
        yield "kms:ViaService", f"{via}.{region}.amazonaws.com" + (".cn" if call.place.partition == "aws-cn" else "")
    if call.caller_account is not None:
        yield "kms:CallerAccount", call.caller_account
    if via in CALLED_VIA:
        name = f"{via}.amazonaws.com"
        yield from (("aws:CalledVia", (name,)), ("aws:CalledViaFirst", name), ("aws:CalledViaLast", name))
